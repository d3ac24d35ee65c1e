"""A map that is enlarged to meet another one: doubling does not give back an odd size that was halved."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor

_ENLARGING = ("interpolate", "upsample")
_MOST = 64


def enlarged_alone(subject: Subject, parts: Sequence[Tensor]) -> bool:
    """Whether of two maps of nearly the same size one comes from a smaller map, and the other does not."""
    if len(parts) != 2 or len({len(part.shape) for part in parts}) != 1 or len(parts[0].shape) < 3:
        return False
    pairs = list(zip(parts[0].shape[2:], parts[1].shape[2:], strict=True))
    near = all(max(pair) < 1.5 * min(pair) or max(pair) - min(pair) < 2 for pair in pairs)
    return near and sum(_enlarged(subject, part) is not None for part in parts) == 1


def given_size(subject: Subject, call: Call, places: Sequence[Place], parts: Sequence[Tensor]) -> list[Fix]:
    """`F.interpolate(x, scale_factor=2)` with the size of the map that it meets in place of the factor."""
    if len(places) != 2 or len(parts) != 2 or call.place is None:
        return []
    for index, part in enumerate(parts):
        maker = _enlarged(subject, part)
        written = subject.source_call(maker.place) if maker is not None and maker.name in _ENLARGING else None
        other = _measured(subject, places[1 - index], parts[1 - index])
        if written is None or not other or written.place.function != call.place.function:
            continue
        if not contains(places[index], written.place) and written.place.line >= call.place.line:
            continue
        factor = next((a for a in written.arguments if a.name == "scale_factor"), None)
        if factor is None:
            factor = next((a for a in written.arguments if not a.name and a.index == 2), None)
        if factor is None or factor.place.line != factor.place.end_line:
            continue
        edit = _in_place_of(subject, factor.place, f"size={other}.shape[2:]")
        return [labelled(subject, [edit], means="as large as the map that it meets")]
    return []


def meeting(subject: Subject, places: Sequence[Place], parts: Sequence[Tensor]) -> list[Fix]:
    """An enlarged map that came out smaller than the one it meets, stretched to that one's size; so the result keeps it."""
    if len(places) != 2 or len(parts) != 2:
        return []
    for index, part in enumerate(parts):
        other = parts[1 - index]
        sides = list(zip(part.shape[2:], other.shape[2:], strict=True))
        if _enlarged(subject, part) is None or any(mine > its for mine, its in sides):
            continue
        measured, functional = (
            _measured(subject, places[1 - index], other),
            _functional(subject, places[index]),
        )
        if measured and functional:
            text = f"{functional}.interpolate({subject.text(places[index])}, size={measured}.shape[2:])"
            return [labelled(subject, [Edit(places[index], text)], means="as large as the map that it meets")]
    return []


def stretched(subject: Subject, places: Sequence[Place], parts: Sequence[Tensor]) -> list[Fix]:
    """The smaller of two maps stretched to the larger, where every side of the larger is several times as long."""
    if (
        len(places) != 2
        or len(parts) != 2
        or len(parts[0].shape) != len(parts[1].shape)
        or len(parts[0].shape) < 3
    ):
        return []
    small = min((0, 1), key=lambda index: parts[index].shape[2:])
    pairs = list(zip(parts[small].shape[2:], parts[1 - small].shape[2:], strict=True))
    if parts[0].shape[:2] != parts[1].shape[:2] or any(a < 2 or b % a or b == a for a, b in pairs):
        return []
    other = _measured(subject, places[1 - small], parts[1 - small])
    functional = _functional(subject, places[small])
    if not other or not functional:
        return []
    text = f"{functional}.interpolate({subject.text(places[small])}, size={other}.shape[2:])"
    return [
        labelled(subject, [Edit(places[small], text)], means="stretches the smaller map to the larger one")
    ]


def _functional(subject: Subject, place: Place) -> str:
    """How the file calls torch's functions of layers; "" where it does not name them."""
    source = subject.sources.get(place.path)
    text = source.text if source is not None else ""
    if "import torch.nn.functional as F" in text or "from torch.nn import functional as F" in text:
        return "F"
    if "import torch.nn as nn" in text or "from torch import nn" in text:
        return "nn.functional"
    return "torch.nn.functional" if "import torch\n" in text else ""


def _in_place_of(subject: Subject, value: Place, text: str) -> Edit:
    """The argument with its name, where it has one, replaced."""
    source = subject.sources[value.path]
    head = source.line(value.line)[: value.column - 1]
    name = head.rstrip().removesuffix("=").rstrip().removesuffix("scale_factor")
    column = (
        len(name) + 1
        if name != head and len(name) < len(head) and "scale_factor" in head[len(name) :]
        else value.column
    )
    return Edit(Place(value.path, value.line, column, value.end_line, value.end_column, value.function), text)


def _measured(subject: Subject, place: Place, tensor: Tensor) -> str:
    """How the size of an operand can be asked for: its own text where that is a plain one, else that of the tensor which a
    layer that keeps the size is called on."""
    tree = parsed(subject.text(place))
    if _plain(tree):
        return subject.text(place).strip()
    maker = subject.maker(tensor.id)
    outer = subject.user_call(maker) if maker is not None else None
    if isinstance(tree, ast.Call) and len(tree.args) == 1 and _plain(tree.args[0]) and outer is not None:
        kept = [subject.shape(given) for given in outer.inputs]
        if len(kept) == 1 and kept[0][2:] == tensor.shape[2:]:
            return ast.unparse(tree.args[0])
    return ""


def _plain(tree: ast.expr | None) -> bool:
    return isinstance(tree, ast.Name | ast.Attribute | ast.Subscript) and not any(
        isinstance(node, ast.Call) for node in ast.walk(tree)
    )


def _enlarged(subject: Subject, tensor: Tensor) -> Call | None:
    """The call that gave a map its size, where it made it larger."""
    current = tensor
    for _ in range(_MOST):
        maker = subject.maker(current.id)
        if maker is None or not maker.inputs:
            return None
        before = subject.shape(maker.inputs[0])
        if len(before) != len(current.shape):
            return None
        if before[2:] != current.shape[2:]:
            larger = all(a <= b for a, b in zip(before[2:], current.shape[2:], strict=True))
            enlarging = maker.name in _ENLARGING or maker.name.startswith("conv_transpose")
            return maker if larger and enlarging else None
        assert subject.trace is not None
        current = subject.trace.tensors[maker.inputs[0]]
    return None
