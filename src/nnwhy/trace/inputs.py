"""Inputs as the user writes them ("N,3,H,W:float32"), and the tensors that they mean."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cache
from math import prod
from typing import Any

import torch
from torch import nn

from nnwhy.errors import InputError, nearest
from nnwhy.facts.contract import InputSpec

DEFAULT_SIZE = 2
"""What a letter stands for where nobody says it: the smallest batch that batch normalisation takes in training."""

_DRAWN = 262_139
"""Random numbers that one input gets; drawing more takes longer than most passes. A prime, so that rows differ where it is repeated."""

_SHORT = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int64",
    "short": "int16",
}
_NAME = re.compile(r"[^\W\d]\w*")
_LENGTHS = re.compile(r"(^|_)(len(gth)?s?|seqlens?)$", re.IGNORECASE)


def parse_input(text: str) -> InputSpec:
    """One input: sizes with commas between them (numbers or letters), then ":dtype", before them "name=".

    "N,3,224,224", "N,128:int64", "mask=N,128:bool", ":float32" (a single number). The default dtype is float32.
    Raises InputError.
    """
    body, name = text.strip(), ""
    if "=" in body:
        name, body = (part.strip() for part in body.split("=", 1))
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} in the input {text!r} is no name of an argument; write name=N,3,32,32"
            )
    sizes, colon, dtype = body.partition(":")
    if colon and not dtype.strip():
        raise InputError(f"the input {text!r} ends with a colon; a dtype such as float32 belongs behind it")
    sizes = (
        sizes.strip()
        .removeprefix("(")
        .removesuffix(")")
        .removeprefix("[")
        .removesuffix("]")
        .strip()
        .rstrip(",")
    )
    if re.fullmatch(r"\d+([x×]\d+)+", sizes):
        sizes = re.sub("[x×]", ",", sizes)
    words = [word.strip() for word in sizes.split(",")] if sizes else []
    return InputSpec(
        tuple(_size(word, text) for word in words), _dtype_name(dtype.strip() or "float32"), name
    )


def parse_inputs(texts: Sequence[str]) -> tuple[InputSpec, ...]:
    """Several inputs, in the order of forward's arguments; those with a name after those without. Raises InputError."""
    specs = tuple(parse_input(text) for text in texts)
    names = [spec.name for spec in specs if spec.name]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"the input {name} is given twice")
    late = next(
        (spec for index, spec in enumerate(specs) if not spec.name and any(s.name for s in specs[:index])),
        None,
    )
    if late is not None:
        raise InputError(
            f"the input {written(late)} has no name and follows one that has; put it first or name it"
        )
    return specs


def written(spec: InputSpec) -> str:
    """A spec as `parse_input` reads it; the dtype only where it is not float32."""
    sizes = ",".join(str(size) for size in spec.sizes)
    dtype = "" if spec.dtype == "float32" and sizes else f":{spec.dtype}"
    return f"{spec.name + '=' if spec.name else ''}{sizes}{dtype}"


def make_inputs(
    specs: Sequence[InputSpec], module: nn.Module, *, sizes: Mapping[str, int] | None = None
) -> tuple[tuple[Any, ...], dict[str, Any], tuple[tuple[str | None, ...], ...]]:
    """Real tensors for `specs`: positional, by keyword, and the letter of each size (None where it is a number).

    Floats are random normal (of a large tensor the first 262,139, repeated); whole numbers are below the smallest `num_embeddings` of the network, 1 where it has none;
    they are the same at every call. An argument that is named for lengths (`lengths`, `x_len`) gets lengths that fit. Letters are 2 unless `sizes` says otherwise. Raises InputError where the specs do not fit forward's arguments.
    """
    known = dict(sizes or {})
    for spec in specs:
        for size in spec.sizes:
            if isinstance(size, str):
                known.setdefault(size, DEFAULT_SIZE)
    names = _argument_names(specs, module)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    letters: list[tuple[str | None, ...]] = []
    below = smallest_embedding(module)
    chance = torch.Generator().manual_seed(0)
    for spec, name in zip(specs, names, strict=True):
        shape = tuple(known[size] if isinstance(size, str) else size for size in spec.sizes)
        made = _tensor(shape, spec.dtype, name, below, chance)
        if _LENGTHS.search(name) and len(shape) == 1 and not made.is_floating_point() and args:
            made = _lengths(made, args[0])
        letters.append(tuple(size if isinstance(size, str) else None for size in spec.sizes))
        if spec.name:
            kwargs[spec.name] = made
        else:
            args.append(made)
    return tuple(args), kwargs, tuple(letters)


def _lengths(made: torch.Tensor, data: torch.Tensor) -> torch.Tensor:
    """Lengths of sequences, the longest first, for `data` that has them along its first or second axis."""
    if data.dim() < 2 or len(made) not in data.shape[:2] or made.dtype is torch.bool:
        return made
    longest = data.shape[1] if data.shape[0] == len(made) else data.shape[0]
    steps = torch.arange(len(made), device="cpu")
    return (longest - steps % longest).sort(descending=True).values.to(made.dtype)


def smallest_embedding(module: nn.Module) -> int | None:
    """The smallest `num_embeddings` of the network, None where it has no embedding."""
    found = [
        part.num_embeddings for part in module.modules() if isinstance(part, nn.Embedding | nn.EmbeddingBag)
    ]
    return min(found, default=None)


@cache
def dtypes() -> dict[str, torch.dtype]:
    """The dtypes that torch names, by name."""
    return {name: thing for name, thing in vars(torch).items() if isinstance(thing, torch.dtype)}


def _tensor(
    shape: tuple[int, ...], dtype_name: str, name: str, below: int | None, chance: torch.Generator
) -> torch.Tensor:
    """Made on the CPU whatever the default device is. Offsets of bags must start at 0, so they are all 0."""
    dtype = dtypes()[dtype_name]
    if dtype is torch.bool:
        return torch.ones(shape, dtype=dtype, device="cpu")
    count = prod(shape)
    drawn = min(count, _DRAWN)
    if dtype.is_floating_point or dtype.is_complex:
        kind = torch.complex64 if dtype.is_complex else torch.float32
        numbers = torch.randn(drawn, dtype=kind, device="cpu", generator=chance)
        return _repeated(numbers, count).view(shape).to(dtype)
    if "offset" in name:
        return torch.zeros(shape, dtype=dtype, device="cpu")
    if below is None:
        return torch.ones(shape, dtype=dtype, device="cpu")
    numbers = torch.randint(0, max(below, 1), (drawn,), device="cpu", generator=chance)
    return _repeated(numbers, count).view(shape).to(dtype)


def _repeated(numbers: torch.Tensor, count: int) -> torch.Tensor:
    """So many numbers, the same ones over and over where there are fewer."""
    return numbers if len(numbers) == count else numbers.repeat(-(-count // len(numbers)))[:count]


def _argument_names(specs: Sequence[InputSpec], module: nn.Module) -> list[str]:
    """The name of the argument of forward that each spec is for, "" where forward does not say."""
    try:
        parameters = list(inspect.signature(module.forward).parameters.values())
    except (TypeError, ValueError):
        return [spec.name for spec in specs]
    by_name = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    in_order = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        for spec in specs:
            if spec.name and spec.name not in by_name:
                hint = nearest(spec.name, by_name) or f"it takes {', '.join(by_name) or 'none'}"
                raise InputError(f"forward of {type(module).__name__} has no argument {spec.name}; {hint}")
    count = sum(not spec.name for spec in specs)
    if count > len(in_order) and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        raise InputError(
            f"{count} inputs were given, and forward of {type(module).__name__} takes {len(in_order)}"
            f" ({', '.join(in_order) or 'none'})"
        )
    return [
        spec.name or (in_order[index] if index < len(in_order) else "") for index, spec in enumerate(specs)
    ]


def _size(word: str, text: str) -> int | str:
    if word.isdigit():
        if int(word) == 0:
            raise InputError(f"a size of 0 in the input {text!r} leaves no data; sizes start at 1")
        return int(word)
    if _NAME.fullmatch(word):
        return word
    raise InputError(
        f"{word!r} in the input {text!r} is no size; write a number or a letter, as in N,3,224,224"
    )


def _dtype_name(word: str) -> str:
    word = word.removeprefix("torch.")
    name = _SHORT.get(word, word)
    if name not in dtypes():
        hint = nearest(word, sorted(dtypes())) or "float32, int64 and bool are the usual ones"
        raise InputError(f"there is no dtype {word}; {hint}")
    return name
