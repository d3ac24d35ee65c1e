"""How the user's code cuts its samples into batches: loaders, `split`, and slices in a loop; and what is left over at the end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnwhy.checks.basis.bindings import bindings, entry, number_at
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import added_argument, argument_written, bracketed, contains
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.checks.basis.written_data import batch_size, counted_at, data_at
from nnwhy.checks.basis.written_shapes import written_value
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

# What people call the number of their samples.
_COUNT = re.compile(
    r"(num|n|count|total|size|length|len)(_?(samples|images|train|data|items|examples|rows))?|dataset_size|samples"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Samples cut into batches by `call`: how many there are and how many a batch has, None where the code does not show
    it. `without_rest` leaves an incomplete last batch out; `trained` says whether a loop over it calls backward."""

    call: SourceCall
    count: int | None
    size: int | None
    without_rest: Edit
    trained: bool

    @property
    def rest(self) -> int | None:
        """How many samples the last batch has where it is not full; 0 where it is, None where that is not known."""
        return None if self.count is None or not self.size else self.count % self.size


def cuts(subject: Subject) -> list[Cut]:
    """Where the files cut samples into batches and keep an incomplete last one."""
    found: list[Cut] = []
    for source in subject.sources.values():
        for call in source.calls:
            name = call.function.rpartition(".")[2]
            made = (
                _loader(subject, source, call) if name == "DataLoader"
                else _pieces(subject, source, call) if name == "split"
                else _steps(subject, source, call) if call.function == "range"
                else None
            )  # fmt: skip
            if made is not None and not _passed_over(subject, source, call.place):
                found.append(made)
    return found


def counted(source: SourceFacts, cut: Cut) -> int | None:
    """The number of samples by a name of the same function, such as `count = 1201`, where it leaves one over."""
    for assignment in source.assignments:
        name = assignment.target.lower()
        if (
            assignment.scope == cut.call.scope
            and assignment.text.isdigit()
            and _COUNT.fullmatch(name)
            and cut.size
        ):
            count = int(assignment.text)
            if count > cut.size and count % cut.size == 1:
                return count
    return None


def _loader(subject: Subject, source: SourceFacts, call: SourceCall) -> Cut | None:
    if any(a.name in ("batch_sampler", "sampler") for a in call.arguments):
        return None
    starred = [a.place for a in call.arguments if a.starred]
    if starred and (
        any(entry(source, a, "drop_last") for a in starred)
        or not any(entry(source, a, "batch_size") for a in starred)
    ):
        return None
    told = next((a for a in call.arguments if a.name == "drop_last"), None)
    if told is not None and told.text != "False":
        return None
    place = argument_written(call, "dataset", 0)
    data = data_at(subject, place) if place is not None else None
    edit = Edit(told.place, "True") if told is not None else added_argument(call, "drop_last=True")
    return Cut(
        call,
        data.count if data else None,
        batch_size(subject, call),
        edit,
        _trained(subject, source, call.place),
    )


def _pieces(subject: Subject, source: SourceFacts, call: SourceCall) -> Cut | None:
    """`x.split(16)`, where x is a name: `x[: len(x) // 16 * 16].split(16)` leaves the rest out."""
    method = call.receiver is not None and not call.resolved.startswith("torch.")
    whole = call.receiver if method else argument_written(call, "tensor", 0)
    size = argument_written(call, "split_size", 0 if method else 1)
    if whole is None or size is None:
        return None
    tensor, number = written_value(subject, whole), number_at(source, size)
    if not isinstance(tensor, WrittenTensor) or not tensor.shape or number is None:
        return None
    text, width = source.at(whole), bracketed(source.at(size))
    edit = Edit(whole, f"{bracketed(text)}[: len({text}) // {width} * {width}]")
    return Cut(call, tensor.shape[0], number, edit, _trained(subject, source, call.place))


def _steps(subject: Subject, source: SourceFacts, call: SourceCall) -> Cut | None:
    """`for i in range(0, len(x), 16)`, with slices `x[i : i + 16]` in the loop."""
    loop = next((a for a in source.assignments if a.form == "for" and a.value == call.place), None)
    if loop is None or len(call.arguments) != 3 or call.arguments[0].text != "0":
        return None
    stop, step = call.arguments[1], call.arguments[2]
    body = source.at(loop.place)
    if not re.search(
        rf"\[\s*{re.escape(loop.target)}\s*:\s*{re.escape(loop.target)}\s*\+\s*{re.escape(step.text)}\s*\]",
        body,
    ):
        return None
    if guarded(body):
        return None
    count, size = counted_at(subject, source, stop.place), number_at(source, step.place)
    width = bracketed(step.text)
    return Cut(
        call,
        count,
        size,
        Edit(stop.place, f"{bracketed(stop.text)} // {width} * {width}"),
        ".backward(" in body,
    )


def guarded(body: str) -> bool:
    """Whether a loop passes over batches by their size: `if len(x) == 1: continue`, or trains only `if x.size(0) > 1`."""
    asked = re.search(r"\bif\b[^\n]*(\blen\(|\.size\(|\.shape\b|\.numel\(|batch)[^\n]*[<>=]", body)
    return asked is not None


def _passed_over(subject: Subject, source: SourceFacts, place: Place) -> bool:
    """Whether every loop over what stands at `place` passes over batches by their size."""
    bodies = [
        source.at(one.place)
        for one in source.assignments
        if one.form == "for"
        and (contains(one.value, place) or place in _made(subject, source, one.value))
        and ".backward(" in source.at(one.place)
    ]
    return bool(bodies) and all(guarded(body) for body in bodies)


def _trained(subject: Subject, source: SourceFacts, place: Place) -> bool:
    """Whether a loop over what stands at `place` calls backward."""
    for assignment in source.assignments:
        if assignment.form != "for" or ".backward(" not in source.at(assignment.place):
            continue
        if contains(assignment.value, place) or place in _made(subject, source, assignment.value):
            return True
    return False


def _made(subject: Subject, source: SourceFacts, place: Place, depth: int = 6) -> Iterator[Place]:
    """The places of the calls that give what the expression at `place` names."""
    if depth == 0:
        return
    call = subject.source_call(place)
    if call is not None:
        yield place
        if call.function.rpartition(".")[2] in ("enumerate", "tqdm", "iter", "zip"):
            for argument in call.arguments:
                yield from _made(subject, source, argument.place, depth - 1)
        return
    tree = parsed(source.at(place))
    if isinstance(tree, ast.Name | ast.Attribute):
        for binding in bindings(source, ast.unparse(tree), place):
            if binding.kind == "value" and not binding.path:
                yield from _made(subject, source, binding.place, depth - 1)
