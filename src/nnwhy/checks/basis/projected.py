"""A block that widens or shrinks its input and adds the input as it came: a 1×1 convolution for the shortcut."""

from __future__ import annotations

import ast

from nnwhy.checks.basis.editing import argument_written, labelled, new_statement, written_anew
from nnwhy.checks.basis.layers import (
    class_at,
    constructed_call,
    constructor_of,
    free_attribute,
    namespace,
)
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.subject import Subject, integer, integers
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Tensor

_CONVOLUTIONS = {3: "Conv1d", 4: "Conv2d", 5: "Conv3d"}


def projected(subject: Subject, call: Call, left: Tensor, right: Tensor) -> list[Fix]:
    """The shortcut through a convolution of its own, for a sum of a block's input and its wider or smaller result.

    Only where the widths or the stride are the block's arguments: numbers written into its layers may themselves be the slip.
    """
    block = subject.calls[call.parent] if call.parent is not None else None
    kind = _CONVOLUTIONS.get(len(left.shape))
    places = operands(subject, call)
    if call.name != "add" or block is None or kind is None or len(places) != 2:
        return []
    if (left.id in block.inputs) == (right.id in block.inputs):
        return []
    skip, made, place = (left, right, places[0]) if left.id in block.inputs else (right, left, places[1])
    steps = _steps(skip.shape, made.shape)
    own = [one for one in subject.children.get(block.id, []) if one.name == kind and one.id < call.id]
    first = next((one for one in own if skip.id in one.inputs), None)
    last = next(
        (one for one in reversed(own) if one.outputs and subject.shape(one.outputs[0])[1] == made.shape[1]),
        None,
    )
    if steps is None or first is None or last is None:
        return []
    begins, ends = _written(subject, first), _written(subject, last)
    # A stride that the block is given is the shortcut's too, also where it is 1 here: other blocks of the class may have another.
    strides = [
        text for one in own if (text := _stride(subject, one, steps)) and (steps > 1 or not _number(text))
    ]
    if begins is None or ends is None or len(strides) > 1 or (steps > 1 and not strides):
        return []
    return _with_shortcut(subject, Edit(place, subject.text(place)), kind, begins, ends, "".join(strides))


def _with_shortcut(
    subject: Subject, operand: Edit, kind: str, first: SourceCall, last: SourceCall, stride: str
) -> list[Fix]:
    source = subject.sources.get(operand.place.path)
    cls = class_at(source, operand.place) if source is not None else None
    constructor = constructor_of(source, cls) if source is not None and cls is not None else None
    taken, given = argument_written(first, "in_channels", 0), argument_written(last, "out_channels", 1)
    if source is None or cls is None or constructor is None or taken is None or given is None:
        return []
    channels, wider = subject.text(taken), subject.text(given)
    ways = [f"{channels} != {wider}"] if channels != wider else []
    ways += [f"{stride} != 1"] if stride else []
    if not ways or all(_number(text) for text in (channels, wider, stride or "1")):
        return []
    if any(one.scope != constructor.name for one in (first, last)):
        return []
    name = f"self.{free_attribute(source, cls, 'shortcut')}"
    layer = f"{namespace(first)}{kind}({channels}, {wider}, 1{f', stride={stride}' if stride else ''})"
    made = f"{name} = {layer} if {' or '.join(ways)} else {namespace(first)}Identity()"
    added = Edit(operand.place, f"{name}({operand.text})")
    label = f"{written_anew(subject, [added])}; {made}"
    means = f"a 1×1 convolution gives the shortcut the block's {'size and ' if stride else ''}channels"
    return [
        labelled(
            subject, [added, new_statement(source, constructor, made)], means=means, safe=False, label=label
        )
    ]


def _steps(skip: tuple[int, ...], made: tuple[int, ...]) -> int | None:
    """The stride that takes the map of the one to that of the other, 1 where they are alike; None where there is none."""
    if len(skip) != len(made) or skip[0] != made[0]:
        return None
    for steps in (1, 2, 3, 4):
        if all((size - 1) // steps + 1 == small for size, small in zip(skip[2:], made[2:], strict=True)):
            return steps
    return None


def _stride(subject: Subject, call: Call, steps: int) -> str:
    """The stride of a convolution as written, where it is that one."""
    module = subject.modules.get(call.module)
    written = _written(subject, call)
    if module is None or written is None:
        return ""
    value = module.arguments.get("stride")
    place = argument_written(written, "stride", 3)
    return subject.text(place) if place is not None and steps in (integer(value), *integers(value)) else ""


def _number(text: str) -> bool:
    """Whether the text is a number as it stands."""
    try:
        return isinstance(ast.literal_eval(text), int)
    except (SyntaxError, ValueError):
        return False


def _written(subject: Subject, call: Call) -> SourceCall | None:
    module = subject.modules.get(call.module)
    return constructed_call(subject, module) if module is not None else None
