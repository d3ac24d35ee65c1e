"""The door to torch's own symbolic shapes: one recorded call, run again on fake tensors whose sizes are symbols."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from nnwhy.facts.expression import (
    Constant,
    Expression,
    Operation,
    Size,
    add,
    ceil_divide,
    floor_divide,
    maximum,
    minimum,
    multiply,
)
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import Opaque, Slice, Symbol, TensorRef, Traced, Value
from nnwhy.trace.naming import positional_names
from nnwhy.why.registry import Sizes

_FIRST = ("input", "tensors", "equation", "size", "shape")


class _CannotReplay(Exception):
    """The call cannot be made again from its facts."""


def symbolic_sizes(trace: Trace, call: Call) -> list[Sizes] | None:
    """The output sizes of `call` as expressions over its inputs' sizes, by torch's ShapeEnv; None where that fails.

    One expression an axis, in the order of `call.outputs`; they are not yet compared with the true sizes.
    """
    import torch

    from nnwhy.trace.fake import fake_mode
    from nnwhy.trace.values import tensors

    try:
        function = _function(call.function)
        mode = fake_mode(symbolic=True)
        symbols: dict[str, Size] = {}
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            made = {id: _fake(mode, trace, id, symbols) for id in dict.fromkeys(call.inputs)}
            args, kwargs = _arguments(function, call, made)
            with mode:
                result = function(*args, **kwargs)
        found = list(tensors(result if call.name != "__setitem__" else args[0]))
        if len(found) != len(call.outputs):
            return None
        sizes: list[Sizes] = [tuple(_expression(size, symbols) for size in tensor.shape) for tensor in found]
        return None if _fixed(made.values()) and _has_constants(sizes) else sizes
    except Exception:  # torch raises many kinds here; whatever it is, this call has no symbolic form
        return None


def _function(name: str) -> Any:
    """The function of a full name such as "torch.Tensor.view"."""
    parts = name.split(".")
    for split in range(len(parts) - 1, 0, -1):
        try:
            thing: Any = importlib.import_module(".".join(parts[:split]))
        except ImportError:
            continue
        for part in parts[split:]:
            thing = getattr(thing, part)
        if hasattr(thing, "__get__") and not callable(thing):
            return thing.__get__
        return thing
    raise _CannotReplay(name)


def _fake(mode: Any, trace: Trace, id: int, symbols: dict[str, Size]) -> Any:
    """A fake tensor with one symbol an axis."""
    import torch
    from torch.fx.experimental.symbolic_shapes import DimDynamic, StatelessSymbolicContext

    fact = trace.tensors[id]
    real = torch.empty(fact.shape, dtype=getattr(torch, fact.dtype), device="meta")
    context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DYNAMIC] * len(fact.shape))
    fake = mode.from_tensor(real, symbolic_context=context)
    for axis, size in enumerate(fake.shape):
        node = getattr(size, "node", None)
        if node is not None:
            symbols[str(node.expr)] = Size(id, axis, fact.shape[axis])
    return fake


def _fixed(inputs: Iterable[Any]) -> bool:
    """Whether torch took some size of an input for the number that it is: a number in the result may then be that size."""
    nodes = [getattr(size, "node", None) for tensor in inputs for size in tensor.shape]
    return any(node is not None and node.expr.is_Integer for node in nodes)


def _has_constants(sizes: list[Sizes]) -> bool:
    return any(isinstance(size, Constant) for shape in sizes for size in shape)


def _arguments(function: Any, call: Call, made: Mapping[int, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Live arguments again: by position as long as they are in the function's own order, the rest by keyword.

    Names are ours, which for the first arguments are not always torch's.
    """
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    names = positional_names(function)
    for position, (name, value) in enumerate(call.arguments.items()):
        live = _live(value, made)
        in_order = position == len(args) and position < len(names) and name == names[position]
        if name == "operands":
            args.extend(live)
        elif (
            in_order
            or name.startswith("argument")
            or name in _FIRST
            or (position == len(args) and call.function.startswith("torch.Tensor."))
        ):
            args.append(live)
        else:
            kwargs[name] = live
    return args, kwargs


def _live(value: Value, made: Mapping[int, Any]) -> Any:
    if isinstance(value, TensorRef):
        return made[value.id]
    if isinstance(value, Traced):
        return value.value
    if isinstance(value, tuple):
        return tuple(_live(item, made) for item in value)
    if isinstance(value, Slice):
        return slice(_live(value.start, made), _live(value.stop, made), _live(value.step, made))
    if isinstance(value, Symbol):
        return _symbol(value.text)
    if isinstance(value, Opaque):
        raise _CannotReplay(value.type)
    if isinstance(value, Mapping):
        return {name: _live(item, made) for name, item in value.items()}
    return value


def _symbol(text: str) -> Any:
    import torch

    if text == "Ellipsis":
        return ...
    if text.startswith("torch."):
        return getattr(torch, text.removeprefix("torch."))
    return torch.device("meta")


def _expression(size: Any, symbols: Mapping[str, Size]) -> Expression:
    """A SymInt's sympy expression as ours. Raises _CannotReplay for what has no counterpart."""
    node = getattr(size, "node", None)
    return Constant(int(size)) if node is None else _from_sympy(node.expr, symbols)


def _from_sympy(expr: Any, symbols: Mapping[str, Size]) -> Expression:
    if expr.is_Integer:
        return Constant(int(expr))
    if expr.is_Symbol:
        if str(expr) not in symbols:
            raise _CannotReplay(f"{expr} depends on data")
        return symbols[str(expr)]
    parts = [_from_sympy(part, symbols) for part in expr.args]
    kind = type(expr).__name__
    if kind == "Add":
        return add(*parts)
    if kind == "Mul":
        return multiply(*parts)
    if kind == "FloorDiv" or kind == "CleanDiv":
        return floor_divide(*parts)
    if kind == "CeilToInt" or kind == "CeilDiv":
        return ceil_divide(*parts) if len(parts) == 2 else parts[0]
    if kind in ("Mod", "PythonMod"):
        return Operation("%", tuple(parts))
    if kind == "Max":
        return maximum(*parts)
    if kind == "Min":
        return minimum(*parts)
    if kind == "Pow":
        return Operation("**", tuple(parts))
    raise _CannotReplay(kind)
