"""The data's way through a network, two lines a step."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.explanation import ExplainedStep, Explanation, LayerHere
from nnwhy.facts.value import Value
from nnwhy.report.card import card_text
from nnwhy.report.words import count, file, memory, short, sizes, where


def explanation_text(explanation: Explanation, width: int) -> Iterator[Text]:
    """The input, every step with its words, shape and cost, then the totals and what was never called."""
    yield Text(explanation.root, style="bold")
    for line in explanation.inputs:
        yield Text(f"  {line}")
    if explanation.input_reason:
        yield from (Text(f"  {line}", style="dim") for line in wrap(explanation.input_reason, width - 3))
    yield Text("")
    path = ""
    for step in explanation.steps:
        if step.place and step.place.path != path:
            path = step.place.path
            yield Text(file(path), style="dim")
        yield from _step(step, width)
    yield Text("")
    yield from _totals(explanation, width)


def _step(step: ExplainedStep, width: int) -> Iterator[Text]:
    line = f"{step.place.line:>4}" if step.place else "    "
    indent = "  " * min(step.depth, 6)
    name = step.written if len(step.written) <= 30 else step.name
    if step.repeats > 1:
        name = f"{step.repeated[0]} … {step.repeated[1]}"
    head = Text(f"{line} ", style="dim")
    head.append(f"{indent} {name}", style="bold")
    if step.repeats > 1:
        head.append(f"  the same {step.repeats} times", style="cyan")
    what = step.what or (step.name if step.name != name else "")
    column = max(len(head.plain) + 2, 30)
    if what and column + len(what) <= width:
        head.append(" " * (column - len(head.plain)) + what)
        yield head
    else:
        yield head
        margin = f"      {indent}"
        yield from (Text(margin + part) for part in wrap(what, width - len(margin) - 1))
    parts = [part for part in (_shape(step), *_costs(step)) if part]
    if parts:
        body = Text(f"      {indent}{parts[0]}", style="green" if step.shape is not None else "")
        if len(parts) > 1:
            rest = " · ".join(parts[1:])
            gap = max(column - len(body.plain), 2)
            if len(body.plain) + gap + len(rest) <= width:
                body.append(" " * gap + rest, style="dim")
                yield body
            else:
                yield body
                margin = f"      {indent}"
                yield from (Text(margin + part, style="dim") for part in wrap(rest, width - len(margin) - 1))
        else:
            yield body
    if step.note:
        yield Text(f"      {indent}{step.note}", style="red")


def _shape(step: ExplainedStep) -> str:
    return sizes(step.shape, step.axes, step.letters) if step.shape is not None else ""


def _costs(step: ExplainedStep) -> Iterator[str]:
    times = f" × {step.repeats}" if step.repeats > 1 else ""
    if step.cost.parameters:
        yield count(step.cost.parameters, "parameter") + times
    if step.cost.multiply_adds:
        yield f"{short(step.cost.multiply_adds)} multiply-adds{times}"
    if step.field is not None:
        yield f"sees {'×'.join(str(size) for size in step.field.sizes)}"


def _totals(explanation: Explanation, width: int) -> Iterator[Text]:
    total = explanation.total
    frozen = total.parameters - explanation.trainable
    trainable = f", {frozen:,} of them frozen" if frozen else ""
    yield Text(
        f"{count(total.parameters, 'parameter')}{trainable} ({memory(explanation.parameter_bytes)})",
        style="bold",
    )
    per = " per sample" if explanation.per_sample else ""
    yield Text(
        f"{total.multiply_adds or 0:,} multiply-adds{per}, {memory(total.activation_bytes)} of activations{per}"
    )
    if explanation.unused:
        yield Text(f"never called: {', '.join(explanation.unused)}", style="yellow")
    if explanation.findings:
        yield Text("")
    for finding in explanation.findings:
        lines = wrap(f"{where(finding.place)}: {finding.sentence}", width - len(finding.check) - 5)
        for number, line in enumerate(lines):
            check = f"  [{finding.check}]" if number == len(lines) - 1 else ""
            yield Text(f"{line}{check}", style="red" if finding.severity == "error" else "yellow")
    if explanation.findings:
        yield Text("")
    mode = "training" if explanation.training else "evaluation"
    yield Text(f"a {explanation.how.kind} pass in {mode} mode: {explanation.how.reason}", style="dim")


def layer_text(layer: LayerHere, width: int) -> Iterator[Text]:
    """One layer with this network's numbers, then the card of its kind."""
    place = f"  {file(layer.place.path)}:{layer.place.line}" if layer.place else ""
    yield Text(f"{layer.path}: {layer.type}{place}", style="bold")
    rows = [(name, _value(value)) for name, value in layer.arguments.items()]
    yield from _wrapped("built with", ", ".join(f"{name} {value}" for name, value in rows), width)
    step = layer.step
    if step is None:
        yield Text("  it was not called in this pass", style="yellow")
    else:
        yield from _wrapped("here", step.what, width)
        yield from _wrapped("takes", ", ".join(layer.inputs), width)
        yield from _wrapped("gives", _shape(step), width)
        yield from _wrapped("comes after", ", ".join(layer.before), width)
        yield from _wrapped("goes to", ", ".join(layer.after) or "the network's output", width)
        if step.field is not None:
            yield from _wrapped(
                "sees", " × ".join(map(str, step.field.sizes)) + " values of the input", width
            )
        yield from _wrapped(
            "parameters", f"{step.cost.parameters:,} ({layer.parameter_share:.1%} of the network)", width
        )
        yield from _wrapped(
            "multiply-adds",
            f"{step.cost.multiply_adds or 0:,} ({layer.cost_share:.1%} of the network)",
            width,
        )
        if layer.calls > 1:
            yield from _wrapped("called", f"{layer.calls} times", width)
    for finding in layer.findings:
        yield from _wrapped(finding.severity, f"{finding.sentence} [{finding.check}]", width)
    if layer.card is not None:
        yield Text("")
        yield from card_text(layer.card, width)


def _wrapped(label: str, text: str, width: int) -> Iterator[Text]:
    for number, line in enumerate(wrap(text, width - 18)):
        yield Text(f"  {label if number == 0 else '':<14}{line}")


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return "×".join(_value(item) for item in value)
    return str(value)
