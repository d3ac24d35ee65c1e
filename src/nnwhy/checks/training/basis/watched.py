"""What a check of training looks at: the session, and the syntax of the user's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.session import Act, Forward, LossCall, Made, OptimizerSeen, OptimizerStep, Session
from nnwhy.facts.source import SourceCall, SourceFacts


@dataclass(frozen=True)
class Watched:
    """A watched script. `sources` are the user's files by path."""

    session: Session
    sources: Mapping[str, SourceFacts]

    @cached_property
    def evaluations(self) -> tuple[Forward, ...]:
        """The passes that were nothing but evaluation: after a first step, no gradient went back from them, nor did a
        trained loss use them; the last pass counts only where gradients were off, or the script went on to its end."""
        session = self.session
        found: list[Forward] = []
        last = len(session.forwards) - 1
        for index, one in enumerate(session.forwards):
            if one.trained or one.used or one.step == 0:
                continue
            if index == last and one.gradients and one.training and session.ended in ("crash", "steps"):
                continue
            found.append(one)
        return tuple(found)

    @cached_property
    def trainings(self) -> tuple[Forward, ...]:
        """The passes from which a gradient went back."""
        return tuple(one for one in self.session.forwards if one.trained)

    @cached_property
    def losses(self) -> tuple[LossCall, ...]:
        """The loss calls that were trained; where no backward pass was seen at all, every call on a network's result."""
        if self.session.backwards:
            return tuple(loss for loss in self.session.losses if loss.trained)
        return tuple(loss for loss in self.session.losses if loss.from_network)

    def acts(self, *kinds: str) -> tuple[Act, ...]:
        """What was done, of these kinds."""
        return tuple(act for act in self.session.acts if act.kind in kinds)

    def optimizer(self, number: int) -> OptimizerSeen | None:
        """The optimizer of that id."""
        return next((one for one in self.session.optimizers if one.id == number), None)

    @cached_property
    def last_steps(self) -> dict[int, OptimizerStep]:
        """The last step of each optimizer that was looked at closely."""
        return {step.optimizer: step for step in self.session.steps if step.parameters}

    def name(self, network: int) -> str:
        """The class of a network."""
        return next((one.type for one in self.session.networks if one.id == network), "the network")

    def text(self, place: Place | None) -> str:
        """The user's text at a place."""
        source = self.sources.get(place.path) if place else None
        return source.at(place) if source and place else ""

    def line(self, place: Place | None) -> str:
        """The line of a place, without the spaces before it."""
        source = self.sources.get(place.path) if place else None
        return source.line(place.line).strip() if source and place else ""

    def call(self, place: Place | None) -> SourceCall | None:
        """The call as written at exactly this place."""
        source = self.sources.get(place.path) if place else None
        if source is None or place is None:
            return None
        return next((call for call in source.calls if same(call.place, place)), None)

    def statement(self, place: Place | None) -> Place | None:
        """The statement that a place lies in, as far as it holds a call."""
        source = self.sources.get(place.path) if place else None
        if source is None or place is None:
            return None
        around = [call.statement for call in source.calls if _holds(call.statement, place)]
        return min(around, key=lambda one: one.end_line - one.line, default=None)

    def calls(self, ending: str) -> Iterator[SourceCall]:
        """The calls in the user's files whose function's text ends so."""
        for source in self.sources.values():
            for call in source.calls:
                if call.function.endswith(ending):
                    yield call

    def before(self, place: Place | None, code: str) -> tuple[Edit, ...]:
        """The edit that puts a line before the statement at `place`; () where its file was not read."""
        statement = self.statement(place)
        if statement is None:
            return ()
        spaces = " " * (statement.column - 1)
        at = Place(statement.path, statement.line, statement.column, statement.line, statement.column)
        return (Edit(at, f"{code}\n{spaces}"),)

    def after(self, place: Place | None, code: str) -> tuple[Edit, ...]:
        """The edit that puts a line behind the statement at `place`."""
        statement = self.statement(place)
        if statement is None:
            return ()
        spaces = " " * (statement.column - 1)
        line = self.sources[statement.path].line(statement.end_line)
        behind = line[statement.end_column - 1 :].lstrip()
        end = len(line) + 1 if behind.startswith("#") else statement.end_column
        at = Place(statement.path, statement.end_line, end, statement.end_line, end)
        return (Edit(at, f"\n{spaces}{code}"),)

    def instead(self, place: Place | None, code: str) -> tuple[Edit, ...]:
        """The edit that writes `code` in the place of what stands there."""
        return (Edit(place, code),) if place is not None and place.path in self.sources else ()

    def silenced(self, finding: Finding) -> bool:
        """Whether a comment on the line says that it is meant."""
        place = finding.place
        source = self.sources.get(place.path) if place else None
        if source is None or place is None:
            return False
        line = source.line(place.line)
        return f"nnwhy: ignore[{finding.check}]" in line or line.rstrip().endswith("# nnwhy: ignore")


def reached(watched: Watched, step: OptimizerStep) -> bool:
    """Whether a backward pass before this step may have reached what its optimizer holds; where it is not known whose the
    parameters are, or what a pass reached, any pass counts."""
    if not step.backwards:
        return False
    networks = {state.network for state in step.parameters if state.optimizer == step.optimizer}
    if None in networks or not networks:
        return True
    passes = watched.session.backwards
    return any(not one.networks or one.cuts or networks & set(one.networks) for one in passes)


def advice(label: str, edits: tuple[Edit, ...] = (), means: str = "") -> Fix:
    """A way out that was not tried."""
    return Fix(label, edits, means)


def first_of(history: tuple[Made, ...], passing: frozenset[str]) -> Made | None:
    """The first call in a history, nearest first, that does more than hand values on."""
    return next((made for made in history if made.name not in passing), None)


HANDS_ON = frozenset({
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "squeeze_", "unsqueeze_", "permute", "transpose", "contiguous", "to",
    "float", "double", "half", "cpu", "cuda", "clone", "__getitem__", "T", "mT", "expand", "chunk", "split", "unbind",
    "index_select", "gather", "masked_select", "cat", "stack", "type", "t", "movedim", "swapaxes", "view_as", "reshape_as",
    "expand_as", "unflatten", "narrow", "select", "requires_grad_", "identity", "take", "concat", "data", "detach",
    "dropout", "type_as", "bfloat16",
})  # fmt: skip


def same(one: Place, other: Place) -> bool:
    """Whether two places are the same part of a file, whatever they say of the function around."""
    return (one.path, one.line, one.column, one.end_line, one.end_column) == (
        other.path, other.line, other.column, other.end_line, other.end_column,
    )  # fmt: skip


def _holds(outer: Place, inner: Place) -> bool:
    return (
        outer.path == inner.path
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
