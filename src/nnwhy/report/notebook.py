"""What a notebook shows of an answer: derivations that unfold, tables, pictures; all in one element with its own styles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from nnwhy.facts.card import Card
from nnwhy.facts.explanation import Answer, ExplainedStep, Explanation, LayerHere, Occurrence
from nnwhy.facts.picture import LayerShown
from nnwhy.report.html.derivations import derivation_html, place_html
from nnwhy.report.html.drawings import drawing_html, numbers_html
from nnwhy.report.html.style import STYLE
from nnwhy.report.shown_layer import origins
from nnwhy.report.words import count, memory, short, sizes


def html(facts: object, text: Callable[[], str]) -> str:
    """`facts` as HTML that stands by itself; kinds without a drawing of their own as the plain text that `text` gives."""
    draw = _DRAWINGS.get(type(facts))
    body = draw(facts) if draw is not None else Markup("<pre>{}</pre>").format(text())
    return str(Markup("<div class='nnwhy-out'><style>{}</style>{}</div>").format(Markup(STYLE), body))


def _answer(answer: Answer) -> Markup:
    occurrences = Markup("").join(_occurrence(part) for part in answer.occurrences)
    notes = Markup("").join(Markup("<p>{}</p>").format(note) for note in answer.notes)
    return occurrences + notes


def _occurrence(occurrence: Occurrence) -> Markup:
    head = Markup("<h3>{}{}</h3>").format(occurrence.what, place_html(occurrence.place))
    derivation = occurrence.derivation
    if derivation is None or derivation.steps[0].about == occurrence.argument:
        return head
    tree = derivation_html(derivation)
    closed = Markup("<p class='nnwhy-closed'>for any input: {}</p>").format(derivation.closed or "")
    return head + tree + (closed if derivation.closed else Markup(""))


def _explanation(explanation: Explanation) -> Markup:
    inputs = Markup("").join(Markup("<p>{}</p>").format(line) for line in explanation.inputs)
    rows = Markup("").join(_step(step) for step in explanation.steps)
    table = Markup(
        "<table class='nnwhy-steps'><thead><tr><th>step</th><th>what it does</th><th>gives</th><th>parameters</th>"
        "<th>multiply-adds</th><th>sees</th><th></th></tr></thead><tbody>{}</tbody></table>"
    ).format(rows)
    total = explanation.total
    per = " per sample" if explanation.per_sample else ""
    end = [
        f"{count(total.parameters, 'parameter')} ({memory(explanation.parameter_bytes)}), "
        f"{total.multiply_adds or 0:,} multiply-adds{per}",
        *([f"never called: {', '.join(explanation.unused)}"] if explanation.unused else []),
        *([f"the pass ended early: {explanation.failed_by}"] if explanation.failed_by else []),
        f"a {explanation.how.kind} pass in {'training' if explanation.training else 'evaluation'} mode: "
        f"{explanation.how.reason}",
    ]
    foot = Markup("").join(Markup("<p class='nnwhy-dim'>{}</p>").format(line) for line in end)
    return Markup("<h3>{}</h3>{}{}{}").format(explanation.root, inputs, table, foot)


def _step(step: ExplainedStep) -> Markup:
    name = step.written if len(step.written) <= 40 else step.name
    if step.repeats > 1:
        name = f"{step.repeated[0]} … {step.repeated[1]}, the same {step.repeats} times"
    note = Markup("<br><b>{}</b>").format(step.note) if step.note else ""
    return Markup(
        "<tr><td style='padding-left:{}em'><code>{}</code></td><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td></tr>"
    ).format(
        0.4 + min(step.depth, 6),
        name,
        step.what,
        note,
        sizes(step.shape, step.axes, step.letters) if step.shape is not None else "",
        f"{step.cost.parameters:,}" if step.cost.parameters else "",
        short(step.cost.multiply_adds) if step.cost.multiply_adds else "",
        "×".join(map(str, step.field.sizes)) if step.field is not None else "",
        place_html(step.place),
    )


def _card(card: Card) -> Markup:
    sections = [
        ("What it does to the data", _paragraphs(card.data)),
        ("Why it is there", _paragraphs(card.why)),
        ("Arguments", _arguments(card)),
        ("Output shape", _paragraphs(card.shape_note)),
        ("Training and evaluation", _paragraphs(card.modes)),
        ("Initialisation", _paragraphs(card.initialisation)),
        ("Formula", _paragraphs(card.formula)),
        ("Pitfalls", _list([f"{p.text}{f' [{p.check}]' if p.check else ''}" for p in card.pitfalls])),
        ("Which one when", _markdown_table(card.neighbours)),
        ("References", _list([f"{r.author + ', ' if r.author else ''}{r.title}{f' ({r.year})' if r.year else ''} {r.link}" for r in card.references])),
    ]  # fmt: skip
    shown = Markup("").join(
        Markup("<details{}><summary>{}</summary>{}</details>").format(
            " open" if index < 2 else "", title, body
        )
        for index, (title, body) in enumerate(sections)
        if body
    )
    return Markup("<h3>{}</h3><p>{}</p>{}").format(card.path or card.name, card.sentence, shown)


def _paragraphs(text: str) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in text.splitlines() if line.strip())


def _list(items: list[str]) -> Markup:
    if not items:
        return Markup("")
    return Markup("<ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(item.strip()) for item in items)
    )


def _arguments(card: Card) -> Markup:
    if not card.arguments:
        return Markup("")
    rows = Markup("").join(
        Markup("<tr><td><code>{}{}</code></td><td>{}</td></tr>").format(
            argument.name,
            f" = {argument.default}" if argument.default else "",
            argument.meaning + (f". Larger: {argument.larger}" if argument.larger else ""),
        )
        for argument in card.arguments
    )
    return Markup("<table>{}</table>").format(rows)


def _markdown_table(markdown: str) -> Markup:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in markdown.strip().splitlines()
    ]
    rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    if not rows:
        return Markup("")

    def line(cells: list[str], tag: str) -> Markup:
        made = (Markup("<{0}>{1}</{0}>").format(Markup(tag), cell) for cell in cells)
        return Markup("<tr>{}</tr>").format(Markup("").join(made))

    head = line(rows[0], "th")
    return Markup("<table>{}{}</table>").format(head, Markup("").join(line(row, "td") for row in rows[1:]))


def _layer(layer: LayerHere) -> Markup:
    facts = [("built with", ", ".join(f"{name} {value}" for name, value in layer.arguments.items()))]
    step = layer.step
    if step is None:
        facts.append(("called", "not in this pass"))
    else:
        facts += [
            ("here", step.what),
            ("takes", ", ".join(layer.inputs)),
            ("gives", sizes(step.shape, step.axes, step.letters) if step.shape is not None else ""),
            ("comes after", ", ".join(layer.before)),
            ("goes to", ", ".join(layer.after) or "the network's output"),
            ("parameters", f"{step.cost.parameters:,} ({layer.parameter_share:.1%} of the network)"),
            ("multiply-adds", f"{step.cost.multiply_adds or 0:,} ({layer.cost_share:.1%} of the network)"),
            ("called", f"{layer.calls} times" if layer.calls > 1 else ""),
        ]
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td></tr>").format(name, text)
        for name, text in facts
        if text
    )
    head = Markup("<h3>{}: {}{}</h3><table>{}</table>").format(
        layer.path, layer.type, place_html(layer.place), rows
    )
    return head + _card(layer.card) if layer.card is not None else head


def _shown(shown: LayerShown) -> Markup:
    notes = Markup("").join(Markup("<p class='nnwhy-note'>{}</p>").format(note) for note in shown.notes)
    pictures = Markup("").join(drawing_html(picture) for picture in shown.pictures)
    tables = Markup("").join(numbers_html(table) for table in shown.numbers)
    foot = Markup("").join(Markup("<p class='nnwhy-dim'>{}</p>").format(line) for line in origins(shown))
    return Markup("<h3>{} <code>{}</code>{}</h3><p>{}</p>{}{}{}{}").format(
        shown.path, shown.written, place_html(shown.place), shown.see, notes, pictures, tables, foot
    )


_DRAWINGS: dict[type, Callable[[Any], Markup]] = {
    Answer: _answer,
    Explanation: _explanation,
    Card: _card,
    LayerHere: _layer,
    LayerShown: _shown,
}
