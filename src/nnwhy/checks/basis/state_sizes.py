"""Where a recurrent layer's first state is made, and the sizes it is made of."""

from __future__ import annotations

from nnwhy.checks.basis.definitions import definition
from nnwhy.checks.basis.each import of_each
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call

_FACTORIES = (
    "zeros",
    "randn",
    "rand",
    "ones",
    "empty",
    "full",
    "new",
    "new_zeros",
    "new_empty",
    "new_ones",
    "new_full",
)
_HANDS_ON = (
    "zero",
    "zero_",
    "to",
    "cuda",
    "cpu",
    "detach",
    "data",
    "float",
    "requires_grad_",
    "contiguous",
    "normal_",
)


def maker_of_state(subject: Subject, tensor: int) -> tuple[Call | None, bool]:
    """The factory that made a state, and whether it holds zeros alone."""
    zeros = False
    call = subject.maker(tensor)
    for _ in range(8):
        if call is None:
            return None, False
        zeros = zeros or call.name in ("zero", "zero_", "zeros", "new_zeros")
        if call.name in _FACTORIES:
            return call, zeros
        if call.name not in _HANDS_ON or not call.inputs:
            return None, False
        call = subject.maker(call.inputs[0])
    return None, False


def resized_state(
    subject: Subject, outer: Call, wrong: list[int], given: tuple[int, ...], wanted: tuple[int, ...]
) -> Fix | None:
    """The sizes that do not fit, written anew where the state is made."""
    edits: list[Edit] = []
    if len(given) != len(wanted):
        return None
    for state in wrong:
        maker, _ = maker_of_state(subject, state)
        if maker is None:
            return None
        for axis, (one, other) in enumerate(zip(given, wanted, strict=True)):
            if one == other:
                continue
            place = _size_place(subject, maker, axis)
            if place is None:
                return None
            each = of_each(subject, place)
            dynamic = _batch_text(subject, outer, place) if axis == len(wanted) - 2 else ""
            if each:
                edits.append(Edit(place, each))
            elif dynamic:
                edits.append(Edit(place, dynamic))
            elif axis == len(wanted) - 2 and not subject.text(place).strip().isdigit():
                return None
            elif axis == 0 and other == 2 * one and not subject.text(place).strip().isdigit():
                # Written from the number of layers: each has a state for either direction.
                edits.append(Edit(place, f"{bracketed(subject.text(place))} * 2"))
            else:
                ways = ways_to_set_text(subject, place, one, other)
                if not ways:
                    return None
                edits += ways[-1].edits if axis != 0 else ways[0].edits
    return labelled(subject, edits, means=f"a state of {shape_text(wanted)}") if edits else None


def _size_place(subject: Subject, maker: Call, axis: int) -> Place | None:
    place, alone = argument_place(subject, maker, "size", axis)
    if place is not None and not alone:
        return place
    written = subject.source_call(maker.place)
    positional = [a for a in written.arguments if not a.name] if written else []
    if len(positional) > axis and not any(a.starred for a in positional) and len(positional) > 1:
        return positional[axis].place
    return None


def _batch_text(subject: Subject, outer: Call, place: Place) -> str:
    """`x.size(0)`, where the network's input can be named at `place`; "" where it cannot."""
    if outer.place is None or outer.place.function != place.function:
        return ""
    source = subject.sources[place.path]
    function = subject.functions.get(place.function)
    names = [p.name for p in function.parameters if p.name != "self"] if function else []
    assert subject.trace is not None
    for tensor in outer.inputs[:1]:
        shape = subject.shape(tensor)
        for axis in range(len(shape) - 1):
            root = subject.root(tensor, axis)
            origin = subject.trace.tensors[root.tensor].origin
            if origin.kind == "input" and origin.name in names and definition(source, origin.name, place):
                module = subject.modules.get(outer.module)
                wanted = 0 if module is not None and module.arguments.get("batch_first") is True else 1
                if axis == wanted or len(shape) == 2:
                    return f"{origin.name}.size({root.axis})"
    return ""
