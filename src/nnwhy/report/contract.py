"""A contract as text: the inputs, then each condition with who asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten, wrap

from rich.text import Text

from nnwhy.facts.contract import Condition, Contract, Export, InputSpec
from nnwhy.report.words import where


def contract_text(contract: Contract, width: int, *, name: str = "the network") -> Iterator[Text]:
    """What `name` takes, within `width` columns."""
    yield Text(f"{name} takes {', '.join(input_text(spec) for spec in contract.inputs)}", style="bold")
    for condition in contract.conditions:
        yield from _condition(condition, width)
    for question in contract.unknown:
        yield from (
            Text(line)
            for line in wrap(
                f"not known: {question}", width - 1, initial_indent="  ", subsequent_indent="    "
            )
        )
    passes = "pass" if contract.tested == 1 else "passes"
    yield Text(
        f"  tested by {contract.tested} {passes}: sizes just inside run, sizes just outside fail", style="dim"
    )


def export_text(export: Export) -> Iterator[Text]:
    """The same for torch.export and jaxtyping, with what came of trying it."""
    yield Text("")
    yield from (Text(line) for line in export.dynamic_shapes.splitlines())
    tried = (
        "torch.export ran with these"
        if export.exported
        else f"torch.export refused these: {export.export_says}"
    )
    yield Text(f"# {tried}", style="dim" if export.exported else "yellow")
    yield Text("")
    yield from (Text(line) for line in export.annotation.splitlines())
    said = (
        "jaxtyping took an input that runs and refused others" if export.annotated else export.annotation_says
    )
    yield Text(f"# {said}", style="dim" if export.annotated else "yellow")


def input_text(spec: InputSpec) -> str:
    """ "x (N, 1, H, W) float32"."""
    sizes = ", ".join(str(size) for size in spec.sizes)
    return f"{spec.name + ' ' if spec.name else ''}({sizes}) {spec.dtype}"


def _condition(condition: Condition, width: int) -> Iterator[Text]:
    named = len(condition.letters) < 2 or condition.text.startswith(condition.letters[0])
    letters = "" if named else f"{', '.join(condition.letters)}: "
    cause = f"   {shorten(condition.cause, 48, placeholder='…')}" if condition.cause else ""
    line = Text(f"  {letters}{condition.text}")
    line.append(cause, style="cyan")
    place = where(condition.place)
    gap = width - line.cell_len - len(place) - 1
    if place and gap >= 2:
        line.append(" " * gap + place, style="dim")
        place = ""
    yield line
    if place:
        yield Text(f"      {place}", style="dim")
    if condition.examples:
        yield from (
            Text(part)
            for part in wrap(
                f"such as {', '.join(condition.examples)}",
                width - 1,
                initial_indent="      ",
                subsequent_indent="      ",
            )
        )
