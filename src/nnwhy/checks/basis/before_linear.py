"""Mistakes before a linear layer that only show at it: parts joined along the batch, a squeeze that takes nothing away,
rows cut across samples, a sample without a batch axis that was flattened all the same."""

from __future__ import annotations

from math import prod

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.mending import candidate_fixes, plausible
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.shapes import LinearMismatch, without_batch
from nnwhy.checks.basis.solving import Equals, candidates
from nnwhy.checks.basis.subject import Subject, integer, integers
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Call

ELEMENTWISE = (
    "relu", "dropout", "contiguous", "gelu", "leaky_relu", "tanh", "sigmoid", "elu", "selu", "silu", "batch_norm", "layer_norm",
    "feature_dropout", "alpha_dropout", "to", "float", "clone",
)  # fmt: skip
_JOINS = ("cat", "concat", "concatenate")


def made_by(subject: Subject, tensor: int, names: tuple[str, ...]) -> Call | None:
    """The call of one of these names that made a tensor, activations and the like in between aside."""
    for _ in range(12):
        maker = subject.maker(tensor)
        if maker is None or not maker.inputs or maker.failure is not None:
            return None
        if maker.name in names:
            return maker
        if maker.name not in ELEMENTWISE:
            return None
        tensor = maker.inputs[0]
    return None


def joined_along_batch(subject: Subject, linear: LinearMismatch) -> list[Fix]:
    """Parts that were joined along the first axis, and together have just the features that the layer takes."""
    call = made_by(subject, linear.tensor, _JOINS)
    if call is None or integer(call.arguments.get("dim", call.arguments.get("axis"))) not in (0, None):
        return []
    shapes = [subject.shape(tensor) for tensor in _parts(subject, call)]
    if len(shapes) < 2 or any(len(shape) < 2 or shape[:-1] != shapes[0][:-1] for shape in shapes):
        return []
    if sum(shape[-1] for shape in shapes) != linear.wanted:
        return []
    last = len(shapes[0]) - 1
    means = f"{' + '.join(str(shape[-1]) for shape in shapes)} = {linear.wanted} features a sample, not {len(shapes)} times as many rows"
    written = subject.source_call(call.place)
    place = argument_place(subject, call, "dim")[0] or argument_place(subject, call, "axis")[0]
    if place is not None:
        return [labelled(subject, [Edit(place, str(last))], means=means)]
    return [labelled(subject, [added_argument(written, f"dim={last}")], means=means)] if written else []


def _parts(subject: Subject, call: Call) -> list[int]:
    given = call.arguments.get("tensors")
    found = [subject.tensor(item) for item in given] if isinstance(given, tuple) else []
    return [tensor.id for tensor in found if tensor is not None]


def squeezed_in_vain(subject: Subject, linear: LinearMismatch) -> tuple[Size, list[Fix]] | None:
    """An axis that a squeeze was to take away and that is longer than 1, and what would make it 1."""
    call = made_by(subject, linear.tensor, ("squeeze",))
    tensor = call.inputs[0] if call is not None else None
    if call is None or tensor is None:
        return None
    shape = subject.shape(tensor)
    kept = [axis % len(shape) for axis in integers(call.arguments.get("dim")) if shape[axis % len(shape)] > 1]
    if not kept or shape == (linear.wanted,):
        return None
    size = Size(tensor, kept[0], shape[kept[0]])
    if linear.wanted not in shape[: kept[0]] + shape[kept[0] + 1 :]:
        return None
    root = subject.derivations.resolved(size)
    found = [candidate for candidate in candidates(subject, [root], Equals(1)) if plausible(candidate)]
    found.sort(key=lambda candidate: candidate.setting.place is None)  # what was written down was chosen
    return size, [fix for candidate in found[:4] for fix in candidate_fixes(subject, candidate, 1)]


def cut_across(subject: Subject, linear: LinearMismatch) -> Call | None:
    """The view that cut rows of another length than a sample has, where the layer takes just a sample's."""
    call = made_by(subject, linear.tensor, ("view", "reshape"))
    if call is None or not call.outputs:
        return None
    before, after = subject.shape(call.inputs[0]), subject.shape(call.outputs[0])
    if len(before) < 2 or len(after) != 2 or after[0] == before[0] or prod(before[1:]) != linear.wanted:
        return None
    return call


def flattened_sample(subject: Subject, linear: LinearMismatch) -> tuple[int, ...] | None:
    """The shape of a map without a batch axis, of which a flatten made one row a channel; None where that is not so.

    With the axis, the layer would get all of its numbers as one row.
    """
    call = made_by(subject, linear.tensor, ("flatten", "view", "reshape"))
    if call is None or len(linear.shape) != 2:
        return None
    before = subject.shape(call.inputs[0])
    if len(before) < 3 or before[0] != linear.shape[0] or prod(before[1:]) != linear.shape[1]:
        return None
    return before if without_batch(subject, call.inputs[0]) else None
