"""Where numbers of another kind came into a network: a table of float64 that was added to float32 makes everything float64."""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Call, Tensor

_FAR = 64


def met(subject: Subject, x: Tensor, wanted: str) -> tuple[Call, Tensor] | None:
    """The call in which numbers of the wanted kind met those of the kind of `x`, and these; None where there was none."""
    tensor = x
    for _ in range(_FAR):
        maker = subject.maker(tensor.id)
        if maker is None or subject.trace is None:
            return None
        given = [subject.trace.tensors[one] for one in maker.inputs]
        odd = [one for one in given if one.dtype == x.dtype]
        if not odd:
            return None
        if any(one.dtype == wanted for one in given):
            return maker, odd[0]
        tensor = odd[0]
    return None


def source_of(subject: Subject, tensor: Tensor) -> Tensor:
    """The tensor that it is a part or a form of."""
    for _ in range(_FAR):
        maker = subject.maker(tensor.id)
        if maker is None or subject.trace is None or not maker.inputs:
            break
        tensor = subject.trace.tensors[maker.inputs[0]]
    return tensor


def brought_over(
    subject: Subject, call: Call, odd: Tensor, method: str, origin: Tensor, means: str
) -> Iterator[Fix]:
    """The table in the wanted kind where it is registered, else where the two meet."""
    name = origin.origin.name.rpartition(".")[2]
    for source in subject.sources.values():
        for written in source.calls if origin.origin.kind == "buffer" else ():
            first, table = argument_written(written, "name", 0), argument_written(written, "tensor", 1)
            if not written.function.endswith("register_buffer") or first is None or table is None:
                continue
            if subject.text(first).strip("\"'") == name:
                edit = Edit(table, f"{bracketed(subject.text(table))}{method}")
                yield labelled(subject, [edit], means=means)
    outer = subject.user_call(call)
    assert subject.trace is not None
    for place, index in zip(operands(subject, outer), outer.inputs, strict=False):
        if subject.trace.tensors[index].id == odd.id:
            yield labelled(subject, [Edit(place, f"{bracketed(subject.text(place))}{method}")], means=means)
