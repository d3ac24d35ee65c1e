"""A recurrent layer's state of several layers, met as if it were one: of the axis (layers · directions) the last entry was meant."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.recurrent import LAYERS, state_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Module
from nnwhy.facts.value import tensors_in


@dataclass(frozen=True, slots=True)
class States:
    """`fixes` take the last layer's state; `because` says what the axis is."""

    because: str
    fixes: tuple[Fix, ...]


def states_behind(subject: Subject, size: Size) -> States | None:
    """What a size has to do with the layers of a recurrent layer; None where it is no first axis of such a state."""
    root = subject.derivations.resolved(size)
    found = state_of(subject, root.tensor)
    module = found[0] if found is not None else _taken_by(subject, root.tensor)
    shape = subject.shape(root.tensor)
    if module is None or root.axis != 0 or len(shape) != 3 or shape[0] < 2:
        return None
    because = (
        f"that is a state of {module.path}, {shape_text(shape)}: one for each of its {shape[0]} layers"
        f"{' and directions' if module.arguments.get('bidirectional') else ''}"
    )
    return States(because, () if module.arguments.get("bidirectional") else _last_ones(subject, root.tensor))


def _taken_by(subject: Subject, tensor: int) -> Module | None:
    """The recurrent layer that begins with it."""
    for call in subject.calls:
        if call.kind == "module" and call.name in LAYERS and tensor in tensors_in(call.arguments.get("hx")):
            return subject.modules.get(call.module)
    return None


def _last_ones(subject: Subject, tensor: int) -> tuple[Fix, ...]:
    for reader in subject.readers.get(tensor, ()):
        outer = subject.user_call(reader)
        argument = first_argument(subject, outer) if outer.inputs[:1] == (tensor,) else None
        if argument is not None:
            edit = Edit(argument, f"{bracketed(subject.text(argument))}[-1:]")
            return (labelled(subject, [edit], means="the state of the last layer", safe=False),)
    return ()
