"""The facts of a page as the compact data that its scripts read. What is empty is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nnwhy.facts.card import Card
from nnwhy.facts.codec import Json
from nnwhy.facts.contract import Contract
from nnwhy.facts.explanation import Explanation
from nnwhy.facts.expression import Argument, Constant, Expression, Operation, Size
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.page import Maps, Page, PageDemand, PageFinding, PageInput, PageNumber, PageStep, Sight
from nnwhy.facts.place import Place
from nnwhy.report.expressions import with_numbers
from nnwhy.report.words import file, memory


def page_data(page: Page) -> Json:
    """All that the scripts need, as JSON data."""
    return _Encoder(page).data()


class _Encoder:
    def __init__(self, page: Page) -> None:
        self.page = page
        paths = [shown.path for shown in page.files]
        self.files = {path: index for index, path in enumerate(paths)}
        self.input_sizes = {
            (number.step.tensor, number.step.axis): position
            for position, number in enumerate(page.numbers)
            if number.step.kind == "input"
        }

    def data(self) -> Json:
        page = self.page
        return _full(
            target=page.target,
            summary=_summary(page.explanation),
            how=_how(page.explanation),
            failed=page.explanation.failed_by,
            reason=page.explanation.input_reason,
            unused=list(page.explanation.unused),
            per=" per sample" if page.explanation.per_sample else "",
            totals=[page.explanation.total.parameters, page.explanation.total.multiply_adds or 0],
            training=page.explanation.training,
            data=page.data,
            files=[
                {"name": file(shown.path), "stretches": [list(part) for part in shown.stretches]}
                for shown in page.files
            ],
            inputs=[self._input(given) for given in page.inputs],
            steps=[self._step(step) for step in page.steps],
            numbers=[self._number(number) for number in page.numbers],
            demands=[self._demand(demand) for demand in page.demands],
            cards={card.name: _card(card) for card in page.cards},
            findings=[self._finding(about) for about in page.findings],
            contract=_contract(page.contract) if page.contract else None,
            sample=_maps(page.sample),
        )

    def _place(self, place: Place | None) -> Json:
        """File, line, column, end line, end column; None for a file that the page does not show."""
        if place is None or place.path not in self.files:
            return None
        return [self.files[place.path], place.line, place.column, place.end_line, place.end_column]

    def _input(self, given: PageInput) -> Json:
        return _full(
            name=given.name,
            dtype=given.dtype,
            sizes=list(given.sizes),
            letters=list(given.letters),
            free=list(given.free),
            maps=_maps(given.maps) if given.maps else None,
        )

    def _step(self, about: PageStep) -> Json:
        step, cost, seen = about.step, about.step.cost, about.step.field
        return _full(
            name=step.name,
            written=step.written,
            what=step.what,
            note=step.note,
            parent=about.parent,
            takes=list(about.takes),
            sizes=list(about.sizes),
            letters=list(step.letters),
            axes=list(step.axes),
            dtype=step.dtype,
            parameters=cost.parameters,
            multiplyAdds=cost.multiply_adds or 0,
            bytes=memory(cost.activation_bytes) if cost.activation_bytes else "",
            field=list(seen.sizes) if seen else None,
            place=self._place(step.place),
            constructed=self._place(about.constructed),
            module=step.module,
            type=about.type,
            card=about.card,
            repeats=step.repeats if step.repeats > 1 else None,
            repeated=list(step.repeated),
            arguments=[
                _full(name=a.name, text=a.text, number=a.number, fixed=a.fixed, value=a.value)
                for a in about.arguments
            ],
            weights=[[parameter.name, list(parameter.sizes)] for parameter in about.parameters],
            sight=_sight(about.sight) if about.sight else None,
            maps=_maps(about.maps) if about.maps else None,
        )  # fmt: skip

    def _number(self, number: PageNumber) -> Json:
        step = number.step
        call = self.page.calls[step.call] if step.call is not None else None
        return _full(
            value=step.value,
            kind=step.kind,
            about=step.about,
            made=None
            if step.kind in ("input", "argument")
            else _expression(step.expression, iter(step.terms)),
            full=with_numbers(step.full) if step.full is not None else "",
            place=self._place(step.place),
            axis=step.axis,
            axisName=step.axis_name,
            step=call if call is not None and call >= 0 else None,
            module=step.module,
            names=list(step.names) if step.kind == "argument" else None,
            cause=step.cause,
            closed=number.closed,
        )

    def _demand(self, demand: PageDemand) -> Json:
        return _full(
            left=self._closed(demand.left),
            relation=demand.relation,
            right=self._closed(demand.right),
            cause=demand.cause,
            kind=demand.kind,
            step=demand.step,
            place=self._place(demand.place),
        )

    def _closed(self, expression: Expression) -> Json:
        """A closed form, its input sizes as positions of numbers."""
        if isinstance(expression, Operation):
            return [expression.operator, *(self._closed(part) for part in expression.operands)]
        if isinstance(expression, Size):
            position = self.input_sizes.get((expression.tensor, expression.axis))
            return expression.value if position is None else ["#", position]
        return expression.value

    def _finding(self, about: PageFinding) -> Json:
        finding = about.finding
        return _full(
            check=finding.check,
            severity=finding.severity,
            sentence=finding.sentence,
            step=about.step,
            place=self._place(finding.place),
            expected=finding.expected,
            actual=finding.actual,
            because=list(finding.because),
            fits=list(finding.fits),
            fixes=[self._fix(fix, finding) for fix in finding.fixes],
        )

    def _fix(self, fix: Fix, finding: Finding) -> Json:
        return _full(
            label=fix.label,
            means=fix.means,
            proved=fix.proof is not None and fix.proof.holds,
            edits=[{"place": self._place(edit.place), "text": edit.text} for edit in fix.edits],
        )


def _full(**fields: Any) -> dict[str, Json]:
    """The fields that say something: None, empty texts and lists, zeros and False are the scripts' defaults."""
    return {name: value for name, value in fields.items() if value or (value == 0 and name in _ZERO_SAYS)}


_ZERO_SAYS = {"parent", "step", "number", "value", "axis"}


def _expression(expression: Expression, terms: Iterable[int | None]) -> Json:
    """An expression over the page's numbers: a number, ["#", position], or [operator, parts…]; None where it is not known."""
    left = iter(terms)

    def encoded(part: Expression) -> Json:
        if isinstance(part, Operation):
            return [part.operator, *(encoded(operand) for operand in part.operands)]
        term = next(left, None)
        if term is not None and isinstance(part, Size | Argument):
            return ["#", term]
        return part.value if isinstance(part, Constant | Argument) else None

    return encoded(expression)


def _sight(sight: Sight) -> Json:
    first: list[Json] = [list(axis) for axis in sight.first]
    last: list[Json] = [list(axis) for axis in sight.last]
    return [list(sight.steps), first, last, list(sight.whole)]


def _maps(maps: Maps) -> Json:
    return {
        "channels": list(maps.channels), "of": maps.of, "rows": maps.rows, "columns": maps.columns,
        "low": _rounded(maps.low), "high": _rounded(maps.high), "levels": maps.levels, "skip": maps.skip, "kind": maps.kind,
    }  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _summary(explanation: Explanation) -> Json:
    total = explanation.total
    frozen = total.parameters - explanation.trainable
    per = " per sample" if explanation.per_sample else ""
    return [
        [f"{total.parameters:,}", "parameters" + (f", {frozen:,} of them frozen" if frozen else "")],
        [memory(explanation.parameter_bytes), "to store them"],
        [f"{total.multiply_adds or 0:,}", f"multiply-adds{per}"],
        [memory(total.activation_bytes), f"of activations{per}"],
    ]


def _how(explanation: Explanation) -> str:
    mode = "training" if explanation.training else "evaluation"
    return f"a {explanation.how.kind} pass in {mode} mode: {explanation.how.reason}"


def _contract(contract: Contract) -> Json:
    return [
        _full(text=condition.text, cause=condition.cause, examples=list(condition.examples))
        for condition in contract.conditions
    ]


def _card(card: Card) -> Json:
    sections = (
        ("What it does to the data", card.data),
        ("Why it is there", card.why),
        ("Output shape", card.shape_note),
        ("Training and evaluation", card.modes),
        ("Initialisation", card.initialisation),
        ("Formula", card.formula),
    )
    return _full(
        path=card.path or card.name,
        sentence=card.sentence,
        sections=[list(section) for section in sections if section[1]],
        arguments=[[a.name, a.default, a.meaning, a.larger] for a in card.arguments],
        pitfalls=[pitfall.text for pitfall in card.pitfalls],
        neighbours=_rows(card.neighbours),
        references=[
            _full(text=f"{r.author + ', ' if r.author else ''}{r.title}{f' ({r.year})' if r.year else ''}", link=r.link)
            for r in card.references
        ],
    )  # fmt: skip


def _rows(markdown: str) -> list[list[str]]:
    """The cells of a Markdown table, heading first."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in markdown.strip().splitlines()
    ]
    return [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
