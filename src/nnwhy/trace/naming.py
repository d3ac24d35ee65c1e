"""The names of torch's functions and of their arguments."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

from torch.overrides import get_testing_overrides, resolve_name

# Where torch's table names the arguments of another overload than the one that networks call.
_CORRECTED: dict[str, tuple[str, ...]] = {
    "lstm": ("input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first"),
    "gru": ("input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first"),
    "rnn_tanh": ("input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first"),
    "rnn_relu": ("input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first"),
    "mean": ("input", "dim", "keepdim"),
    "sum": ("input", "dim", "keepdim"),
    "prod": ("input", "dim", "keepdim"),
    "var": ("input", "dim", "unbiased", "keepdim"),
    "std": ("input", "dim", "unbiased", "keepdim"),
    "amax": ("input", "dim", "keepdim"),
    "amin": ("input", "dim", "keepdim"),
    "any": ("input", "dim", "keepdim"),
    "all": ("input", "dim", "keepdim"),
    "max": ("input", "dim", "keepdim"),
    "min": ("input", "dim", "keepdim"),
    "repeat_interleave": ("input", "repeats", "dim"),
    "arange": ("start", "end", "step"),
    "softmax": ("input", "dim", "dtype"),
    "log_softmax": ("input", "dim", "dtype"),
    "unflatten": ("input", "dim", "sizes"),
    "full": ("size", "fill_value"),
    "new_full": ("input", "size", "fill_value"),
    "linspace": ("start", "end", "steps"),
    "randint": ("low", "high", "size"),
    "masked_fill": ("input", "mask", "value"),
    "tensor_split": ("input", "indices_or_sections", "dim"),
}  # fmt: skip
# The rest of these calls' positional arguments, after the named ones, form one tuple.
_GATHERED = {"einsum": ("equation", "operands"), "meshgrid": ("tensors",), "broadcast_tensors": ("tensors",),
             "cartesian_prod": ("tensors",), "block_diag": ("tensors",)}  # fmt: skip
_VARIADIC = {
    "view": "shape",
    "reshape": "shape",
    "permute": "dims",
    "expand": "size",
    "repeat": "repeats",
    "tile": "dims",
    "zeros": "size",
    "ones": "size",
    "empty": "size",
    "rand": "size",
    "randn": "size",
    "new_zeros": "size",
    "new_ones": "size",
    "new_empty": "size",
    "flip": "dims",
    "rot90": "dims",
}
_RENAMED = {"self": "input", "tensor": "input", "x": "input", "y": "other"}


def full_name(function: Any) -> str:
    """The importable name of a torch function: "torch.conv2d", "torch.Tensor.view"."""
    name = resolve_name(function)
    if name:
        return name.removesuffix(".__get__")
    module = getattr(function, "__module__", None) or "torch"
    return f"{module}.{getattr(function, '__qualname__', None) or getattr(function, '__name__', type(function).__name__)}"


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
    named: dict[str, Any] = {}
    variadic = _VARIADIC.get(name)
    if variadic:
        full = full_name(function)
        method = full.startswith("torch.Tensor.") or name in ("permute", "reshape", "tile", "flip", "rot90")
        rest: Any = args
        if method and args:
            named["input"], rest = args[0], args[1:]
        if rest:
            sizes = rest[0] if len(rest) == 1 and not isinstance(rest[0], int) else rest
            named[variadic] = sizes
        aliases = {"size": variadic, "shape": variadic, "dims": variadic, "sizes": variadic}
        named.update({aliases.get(key, _RENAMED.get(key, key)): value for key, value in kwargs.items()})
        return named
    if name in _GATHERED:
        *first, last = _GATHERED[name]
        named = dict(zip(first, args, strict=False))
        rest = args[len(first) :]
        named[last] = rest[0] if len(rest) == 1 and isinstance(rest[0], tuple | list) else rest
        return {**named, **kwargs}
    names = _parameter_names(function)
    if name == "arange" and len(args) == 1:
        names = ("end",)
    if name == "where" and full_name(function).startswith("torch.Tensor."):
        names = ("input", "condition", "other")
    for index, value in enumerate(args):
        named[names[index] if index < len(names) else f"argument{index}"] = value
    named.update({_RENAMED.get(key, key): value for key, value in kwargs.items()})
    return named


@cache
def _parameter_names(function: Any) -> tuple[str, ...]:
    name = short_name(function)
    if name in _CORRECTED:
        return _CORRECTED[name]
    table = _overrides()
    stand_in: Any = table.get(function)
    for candidate in (stand_in, function):
        if candidate is None:
            continue
        try:
            parameters = inspect.signature(candidate).parameters.values()
        except (TypeError, ValueError):
            continue
        names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        if names:
            return tuple(_RENAMED.get(name, name) for name in names)
    return ("input",)


@cache
def _overrides() -> dict[Any, Any]:
    return get_testing_overrides()
