"""The names of torch's functions and of their arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.overrides import get_testing_overrides, resolve_name

from nnwhy.trace.signatures import GATHERED, METHODS, RENAMED, VARIADIC, chosen
from nnwhy.trace.unwarned import unwarned


def full_name(function: Any) -> str:
    """The importable name of a torch function: "torch.conv2d", "torch.Tensor.view"."""
    name = _resolver()(function)
    if name:
        return _own(function, name.removesuffix(".__get__"))
    module = getattr(function, "__module__", None) or "torch"
    return f"{module}.{getattr(function, '__qualname__', None) or getattr(function, '__name__', type(function).__name__)}"


@cache
def _resolver() -> Callable[[Any], str | None]:
    """`resolve_name` without its guard: that changes the filters for warnings and back at every call, which is slow and has
    Python tell the user's warnings again. What it guards against is only the making of torch's table, at the first call."""
    with unwarned():
        resolve_name(torch.relu)
    return getattr(resolve_name, "__wrapped__", resolve_name)


def _own(function: Any, name: str) -> str:
    """Of several names of one function, its own: torch's table calls `torch.mm` by its alias `torch.spmm`."""
    space, _, last = name.rpartition(".")
    own = getattr(function, "__name__", last)
    if own != last and space == "torch" and getattr(torch, own, None) is function:
        return f"torch.{own}"
    return name


def short_name(function: Any) -> str:
    """The name that a rule or card is found by: no namespace, no trailing underscore of in-place twins, no dunder of operators."""
    name = full_name(function).rsplit(".", 1)[-1]
    if name.startswith("__") and name.endswith("__"):
        return name if name in ("__getitem__", "__setitem__") else _operator(name[2:-2])
    return name[:-1] if name.endswith("_") and not name.startswith("_") else name


def _operator(name: str) -> str:
    """`__radd__` and `__iadd__` compute what `add` computes."""
    base = name[1:] if name[:1] in "ri" and name[1:] in _OPERATORS else name
    return _OPERATORS.get(base, base)


_OPERATORS = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "floordiv": "floor_divide", "matmul": "matmul",
    "pow": "pow", "mod": "remainder", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift", "div": "div", "neg": "neg",
}  # fmt: skip


def named_arguments(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by their names; the defaults that were not given are left out."""
    name = short_name(function)
    if name in VARIADIC:
        return _with_sizes(function, name, args, kwargs)
    if name in GATHERED:
        *first, last = GATHERED[name]
        named = dict(zip(first, args, strict=False))
        rest = args[len(first) :]
        named[last] = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple | list) else rest
        return {**named, **kwargs}
    names = positional_names(function, args)
    named = {
        names[index] if index < len(names) else f"argument{index}": value for index, value in enumerate(args)
    }
    named.update({_keyword(key, names): value for key, value in kwargs.items()})
    return named


def positional_names(function: Any, args: tuple[Any, ...] = ()) -> tuple[str, ...]:
    """The names of the arguments that may be given by position; a few functions' depend on what was given."""
    return chosen(short_name(function), full_name(function), args) or _parameter_names(function)


def _with_sizes(function: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """A function that takes its sizes one by one or as one tuple."""
    named: dict[str, Any] = {}
    rest: Any = args
    if args and (name in METHODS or full_name(function).startswith("torch.Tensor.")):
        named["input"], rest = args[0], args[1:]
    sizes = VARIADIC[name]
    if rest:
        named[sizes] = rest[0] if len(rest) == 1 and not isinstance(rest[0], int) else rest
    given = {"size": sizes, "shape": sizes, "dims": sizes, "sizes": sizes, "repeats": sizes}
    named.update({given.get(key, RENAMED.get(key, key)): value for key, value in kwargs.items()})
    return named


def _keyword(key: str, names: tuple[str, ...]) -> str:
    return key if key in names else RENAMED.get(key, key)


@cache
def _parameter_names(function: Any) -> tuple[str, ...]:
    stand_in: Any = _overrides().get(function)
    for candidate in (stand_in, function):
        if candidate is None:
            continue
        try:
            parameters = inspect.signature(candidate).parameters.values()
        except (TypeError, ValueError):
            continue
        names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        if names:
            return tuple(RENAMED.get(name, name) for name in names)
    return ("input",)


@cache
def _overrides() -> dict[Any, Any]:
    return get_testing_overrides()
