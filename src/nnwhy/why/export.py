"""A contract as `dynamic_shapes` for torch.export and as jaxtyping annotations; both are tried here."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Mapping
from typing import Any

import torch

from nnwhy.facts.contract import Export, InputSpec
from nnwhy.trace.inputs import make_inputs
from nnwhy.trace.untouched import untouched
from nnwhy.why.attempts import Axis
from nnwhy.why.contract import Examined

_KINDS = {"float32": "Float32", "float64": "Float64", "float16": "Float16", "bfloat16": "BFloat16", "int64": "Int64",
          "int32": "Int32", "bool": "Bool", "int16": "Int16", "int8": "Int8", "uint8": "UInt8"}  # fmt: skip


def export(found: Examined) -> Export:
    """The contract for torch.export and jaxtyping, with what came of trying them."""
    names = [given.name for given in found.base.trace.inputs]
    dims = _dims(found)
    text = _shapes_text(found, names, dims)
    says = _tried(found, names, dims)
    annotation = _annotation(found, names)
    annotated, complaint = _annotation_tried(found)
    return Export(text, says == "", says, annotation, annotated, complaint)


def _dims(found: Examined) -> dict[str, tuple[int, int | None, int]]:
    """Least size, largest size and step of each letter; letters that a condition links are left out: they cannot move
    alone."""
    linked = {found.letters[axis] for draft in found.confirmed if draft.joint for axis in draft.axes}
    dims: dict[str, tuple[int, int | None, int]] = {}
    for axis, letter in found.letters.items():
        if letter in linked or letter in dims:
            continue
        mine = [draft for draft in found.confirmed if not draft.joint and axis in draft.axes]
        least = max((draft.least for draft in mine), default=1)
        most = min((draft.most for draft in mine if draft.most is not None), default=None)
        if most is None or most > least:
            dims[letter] = (least, most, max((draft.step for draft in mine), default=1))
    return dims


def _shapes_text(found: Examined, names: list[str], dims: Mapping[str, tuple[int, int | None, int]]) -> str:
    lines = ["from torch.export import Dim", ""]
    for letter, (least, most, step) in dims.items():
        bounds = "".join(
            f", {word}={value}"
            for word, value in (("min", -(-least // step)), ("max", most // step if most else None))
            if value is not None and (word == "max" or value > 1)
        )
        if step > 1:
            lines += [f'_{letter} = Dim("_{letter}"{bounds})', f"{letter} = {step} * _{letter}"]
        else:
            lines.append(f'{letter} = Dim("{letter}"{bounds})')
    entries = [
        f'    "{name}": {{{", ".join(f"{axis}: {letter}" for axis, letter in _moving(found, index, dims).items())}}},'
        for index, name in enumerate(names)
    ]
    return "\n".join([*lines, "dynamic_shapes = {", *entries, "}"])


def _moving(found: Examined, index: int, dims: Mapping[str, object]) -> dict[int, str]:
    return {
        axis: found.letters[(index, axis)]
        for axis in range(len(found.base.specs[index].sizes))
        if found.letters.get((index, axis)) in dims
    }


def _tried(found: Examined, names: list[str], dims: Mapping[str, tuple[int, int | None, int]]) -> str:
    """ "" where torch.export takes the shapes, else the first line of what it says."""
    from torch.export import Dim, export

    made: dict[str, Any] = {}
    for letter, (least, most, step) in dims.items():
        bounds = {"min": max(-(-least // step), 1)} | ({"max": most // step} if most else {})
        made[letter] = step * Dim(f"_{letter}", **bounds) if step > 1 else Dim(letter, **bounds)
    shapes = {
        name: {axis: made[letter] for axis, letter in _moving(found, index, dims).items()}
        for index, name in enumerate(names)
    }
    args, kwargs, _ = make_inputs(found.base.specs, found.probes.module)
    try:
        with untouched(found.probes.module), warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            export(found.probes.module, args, kwargs, dynamic_shapes=shapes)
    except Exception as error:  # torch.export raises many kinds; all of them are its answer
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"{type(error).__name__}: {lines[0] if lines else ''}"
    return ""


def _annotation(found: Examined, names: list[str]) -> str:
    arguments = [
        f'{name}: {_kind(spec)}[Tensor, "{_words(found, index)}"]'
        for index, (name, spec) in enumerate(zip(names, found.base.specs, strict=True))
    ]
    kinds = sorted({_kind(spec) for spec in found.base.specs})
    return "\n".join(
        [
            f"from jaxtyping import {', '.join(kinds)}",
            "from torch import Tensor",
            "",
            f"def forward(self, {', '.join(arguments)}): ...",
        ]
    )


def _words(found: Examined, index: int) -> str:
    """The sizes of one input as jaxtyping writes them."""
    return " ".join(
        str(found.fixed[axis][0]) if axis in found.fixed else found.letters[axis]
        for axis in ((index, position) for position in range(len(found.base.specs[index].sizes)))
    )


def _kind(spec: InputSpec) -> str:
    return _KINDS.get(spec.dtype, "Shaped")


def _annotation_tried(found: Examined) -> tuple[bool | None, str]:
    """Whether jaxtyping takes the inputs that run, and refuses each with one fixed size changed."""
    if importlib.util.find_spec("jaxtyping") is None:
        return None, "jaxtyping is not installed, so the annotation was not tried"
    jaxtyping: Any = importlib.import_module("jaxtyping")
    args, kwargs, _ = make_inputs(found.base.specs, found.probes.module)
    given: list[torch.Tensor] = [*args, *kwargs.values()]
    for index, (spec, tensor) in enumerate(zip(found.base.specs, given, strict=True)):
        kind = getattr(jaxtyping, _kind(spec))[torch.Tensor, _words(found, index)]
        if not isinstance(tensor, kind):
            return False, f"jaxtyping refuses an input that runs: {_words(found, index)}"
        for axis in _fixed_axes(found.fixed, index):
            wrong = tensor.new_zeros([size + (place == axis) for place, size in enumerate(tensor.shape)])
            if isinstance(wrong, kind):
                return False, f"jaxtyping takes an input that fails: {_words(found, index)}"
    return True, ""


def _fixed_axes(fixed: Mapping[Axis, object], index: int) -> list[int]:
    return [axis for input_index, axis in fixed if input_index == index]
