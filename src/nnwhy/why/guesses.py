"""First guesses of a network's input: from hints in its file, from the names of forward's arguments, from its layers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import nn

from nnwhy.facts.contract import InputSpec

BATCH = 2
LENGTH = 16

# By rank: the sizes to start with. 64 can be halved six times, and small enough to be quick.
START = {
    1: (LENGTH,),
    2: (BATCH, LENGTH),
    3: (BATCH, LENGTH, LENGTH),
    4: (BATCH, 3, 64, 64),
    5: (BATCH, 3, 16, 64, 64),
}
SIGNAL = (BATCH, LENGTH, 256)

_TOKENS = re.compile(
    r"(input_)?ids|.*(tokens?|token_ids|words?|chars?|indices|captions?)|idx|src|tgt|trg|source|target_seq|text|sentences?"
)
_MASK = re.compile(r".*mask.*")
_EDGES = re.compile(r"edge_?index|edges|adj_t")
_COUNTS = re.compile(
    r"(.*_)?(lengths?|lens?|offsets?|t|time|timesteps?|steps?|labels?|y|class_labels?|segment_ids|token_type_ids|positions?)"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of forward that must be given. `annotation` is its text, "" where there is none."""

    name: str
    annotation: str
    keyword_only: bool


class Hint(Protocol):
    """What a file says about the input (`nnwhy.load.hints.InputHint`)."""

    @property
    def specs(self) -> tuple[InputSpec, ...]: ...
    @property
    def source(self) -> str: ...
    @property
    def certain(self) -> bool: ...


def needed_inputs(module: nn.Module) -> tuple[Parameter, ...]:
    """The arguments of `module.forward` without default, the first one where all have None; `*inputs` counts as one."""
    try:
        parameters = inspect.signature(module.forward).parameters.values()
    except (TypeError, ValueError):
        return (Parameter("input", "", False),)
    found: list[Parameter] = []
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD or parameter.default is not parameter.empty:
            continue
        note = parameter.annotation
        text = (
            ""
            if note is parameter.empty
            else note
            if isinstance(note, str)
            else getattr(note, "__name__", str(note))
        )
        found.append(Parameter(parameter.name, text, parameter.kind is parameter.KEYWORD_ONLY))
    if not found:
        # transformers' networks default every argument to None, and need the first
        first = next((p for p in parameters if p.default is None and p.kind is p.POSITIONAL_OR_KEYWORD), None)
        found = [Parameter(first.name, "", False)] if first is not None else []
    variadic = [p for p in parameters if p.kind is p.VAR_POSITIONAL]
    if variadic and len(found) > 1:
        found = [p for p in found if p.name != variadic[0].name]
    return tuple(found)


def is_edges(parameter: Parameter) -> bool:
    """Whether the argument is a graph's list of edges, by its name: two rows of node numbers."""
    return _EDGES.fullmatch(parameter.name.lower()) is not None


def assumptions(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """What was taken by name only, because nothing in the network can say it."""
    return tuple(
        f"{p.name} was taken as 2 rows of node numbers by its name: how many nodes and edges there are, and which nodes "
        "they join, is in the data and not in the network"
        for p in parameters
        if is_edges(p)
    )


def float_dtype(module: nn.Module) -> str:
    """The dtype of the network's floating-point parameters."""
    for parameter in module.parameters():
        if parameter.is_floating_point():
            return str(parameter.dtype).removeprefix("torch.")
    return str(torch.get_default_dtype()).removeprefix("torch.")


def guesses(module: nn.Module, parameters: Sequence[Parameter]) -> Iterator[tuple[InputSpec, ...]]:
    """Inputs worth a try, the likeliest first: each kind of layer that the network has, in order, then every rank."""
    floats = float_dtype(module)
    seen: set[tuple[InputSpec, ...]] = set()
    kinds = [*_kinds(module, floats), *_all_ranks(floats)]
    for kind in kinds:
        made = tuple(_for(parameter, kind, module) for parameter in parameters)
        if made not in seen:
            seen.add(made)
            yield made


def starts(
    module: nn.Module, parameters: Sequence[Parameter], hints: Sequence[Hint]
) -> list[tuple[tuple[InputSpec, ...], dict[tuple[int, int], int], str]]:
    """The inputs to begin with, the sizes in them that a comment or annotation fixes, and that text."""
    made = list(guesses(module, parameters))
    found: list[tuple[tuple[InputSpec, ...], dict[tuple[int, int], int], str]] = []
    names = [parameter.name for parameter in parameters]
    for hint in hints:
        if hint.certain:
            continue
        known = {names.index(spec.name): spec for spec in hint.specs if spec.name in names}
        if not known:
            continue
        base = made[0]
        specs = tuple(
            replace(started(known[index], spec), name=spec.name) if index in known else spec
            for index, spec in enumerate(base)
        )
        fixed = {
            (index, axis): size
            for index, spec in known.items()
            for axis, size in enumerate(spec.sizes)
            if isinstance(size, int) and axis > 0
        }
        found.append((specs, fixed, hint.source))
        whole = tuple(
            replace(spec, dtype="int64") if index in known else spec for index, spec in enumerate(specs)
        )
        found.append((whole, fixed, hint.source))
    return [*found, *((specs, {}, "") for specs in made)]


def started(spec: InputSpec, start: InputSpec) -> InputSpec:
    """A hint's spec with numbers for its letters: those of a usual start of the same rank."""
    usual = START.get(len(spec.sizes), (BATCH,) + (LENGTH,) * (len(spec.sizes) - 1))
    sizes = tuple(size if isinstance(size, int) else usual[axis] for axis, size in enumerate(spec.sizes))
    return replace(spec, sizes=sizes, dtype=spec.dtype or start.dtype)


def _kinds(module: nn.Module, floats: str) -> list[InputSpec]:
    """What each kind of layer takes, in the order in which the network has them."""
    found: list[InputSpec] = []
    for part in module.modules():
        spec = _taken_by(part, floats)
        if spec is not None and spec not in found:
            found.append(spec)
    # a generator's last layer may be a plain convolution: which of the two takes the input, the pass shows
    found.sort(key=lambda spec: spec.sizes[2:] == (1, 1))
    # a layer at the end says little about the input: linear layers come last, unless they are all there is
    return [s for s in found if len(s.sizes) != 2 or s.dtype == "int64"] + [
        s for s in found if len(s.sizes) == 2 and s.dtype != "int64"
    ]


def _taken_by(part: nn.Module, floats: str) -> InputSpec | None:
    if isinstance(part, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d | nn.MaxPool2d | nn.AvgPool2d):
        if isinstance(part, nn.ConvTranspose2d):
            return InputSpec((BATCH, 3, 1, 1), floats)
        return InputSpec(START[4], floats)
    if isinstance(part, nn.Conv1d | nn.ConvTranspose1d):
        return InputSpec(SIGNAL, floats)
    if isinstance(part, nn.Conv3d | nn.ConvTranspose3d):
        return InputSpec(START[5], floats)
    if isinstance(part, nn.Embedding):
        return InputSpec(START[2], "int64")
    if isinstance(part, nn.EmbeddingBag):
        return InputSpec(START[1], "int64")
    if isinstance(
        part, nn.RNNBase | nn.TransformerEncoderLayer | nn.TransformerDecoderLayer | nn.MultiheadAttention
    ):
        return InputSpec(START[3], floats)
    if isinstance(part, nn.Linear | nn.BatchNorm1d | nn.RNNCellBase | nn.Bilinear):
        return InputSpec(START[2], floats)
    return None


def _all_ranks(floats: str) -> list[InputSpec]:
    return [
        *(InputSpec(START[rank], floats) for rank in (2, 4, 3)),
        InputSpec(SIGNAL, floats),
        *(InputSpec(START[rank], floats) for rank in (5, 1)),
        InputSpec(START[2], "int64"),
        InputSpec(START[1], "int64"),
        InputSpec((), floats),
        InputSpec(START[3], "int64"),
    ]


def _for(parameter: Parameter, kind: InputSpec, module: nn.Module) -> InputSpec:
    """The kind, or what the argument's name or annotation says it is instead."""
    spec = replace(kind, name=parameter.name if parameter.keyword_only else "")
    word = parameter.name.lower()
    has_embedding = any(isinstance(part, nn.Embedding | nn.EmbeddingBag) for part in module.modules())
    note = parameter.annotation.lower()
    if note in ("int", "float"):
        return replace(spec, sizes=(), dtype="int64" if note == "int" else spec.dtype)
    if note == "bool":
        return replace(spec, sizes=(), dtype="bool")
    if "longtensor" in note:
        return replace(spec, sizes=START[2], dtype="int64")
    if _EDGES.fullmatch(word):
        return replace(spec, sizes=(2, LENGTH), dtype="int64")
    if _MASK.fullmatch(word):
        return replace(spec, sizes=START[2], dtype="bool")
    if _COUNTS.fullmatch(word):
        return replace(spec, sizes=(BATCH,), dtype="int64")
    if _TOKENS.fullmatch(word) and has_embedding and kind.dtype != "int64":
        return replace(spec, sizes=START[2], dtype="int64")
    return spec
