"""Crashes of a single call that got something of the wrong kind: a list for a tensor, a tensor with a gradient for NumPy, a
whole batch for one number."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from nnwhy.api.crash_frames import UNKNOWN, Crash, crash_of, same, user_places
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceArgument, SourceCall, SourceFacts


def in_values(error: BaseException, sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """What the user's innermost call got that it does not take, with fixes that were not tried; () where nothing is known."""
    crash = crash_of(error, sources)
    if crash is None:
        return ()
    for explain in _EXPLAINING:
        found = explain(crash)
        if found is not None:
            return (replace(found, fixes=tuple(_tried(crash, fix) for fix in found.fixes)),)
    return ()


def _tried(crash: Crash, fix: Fix) -> Fix:
    """The failed expression once more with the fix, where it stands in one line and calls nothing but torch."""
    place = crash.place
    inside = [
        edit for edit in fix.edits if edit.place.line == place.line == edit.place.end_line == place.end_line
    ]
    if len(fix.edits) != 1 or len(inside) != 1 or inside[0].place.column < place.column:
        return fix
    (edit,) = inside
    line = crash.source.line(place.line)
    text = (
        line[place.column - 1 : edit.place.column - 1]
        + edit.text
        + line[edit.place.end_column - 1 : place.end_column - 1]
    )
    return fix if crash.value(text) is UNKNOWN else replace(fix, proof=Proof(True, (), False))


def _finding(
    check: str,
    place: Place,
    title: str,
    because: tuple[str, ...] = (),
    fixes: tuple[Fix, ...] = (),
    **values: Any,
) -> Finding:
    return Finding(check, "error", place, values, because=because, fixes=fixes, title=title)


def _fix(place: Place, text: str, means: str) -> Fix:
    return Fix(text, (Edit(place, text),), means)


def _last(call: SourceCall) -> str:
    return call.function.rpartition(".")[2]


def _receiver(crash: Crash, *methods: str) -> tuple[SourceCall, torch.Tensor] | None:
    """The failed call of one of a tensor's methods, and the tensor."""
    call = crash.call
    if call is None or call.receiver is None or _last(call) not in methods:
        return None
    value = crash.value(crash.source.at(call.receiver))
    return (call, value) if isinstance(value, torch.Tensor) else None


def _tensor_for_numpy(crash: Crash) -> Finding | None:
    """`out.numpy()`, `np.mean(loss)`: NumPy takes no tensor that a gradient goes through, nor one on another device."""
    found = _receiver(crash, "numpy", "__array__")
    text, value, place = "", None, None
    if found is not None and found[0].receiver is not None:
        place, value = found[0].receiver, found[1]
    elif crash.call is not None and next(crash.frames("__array__"), None) is not None:
        for argument in crash.call.arguments:
            given = crash.value(argument.text)
            if isinstance(given, torch.Tensor):
                place, value = argument.place, given
                break
    if place is None or value is None or not (value.requires_grad or value.device.type != "cpu"):
        return None
    text = bracketed(crash.source.at(place))
    away = f"{'.detach()' if value.requires_grad else ''}{'.cpu()' if value.device.type != 'cpu' else ''}"
    where = f", and it is on {value.device}" if value.device.type != "cpu" else ""
    return _finding(
        "tensor-for-numpy", crash.place, "NumPy gets a tensor that a gradient goes through: {name}" if value.requires_grad
        else "NumPy gets a tensor that is on {device}: {name}",
        (f"NumPy cannot follow gradients{where}.",) if value.requires_grad else ("NumPy reads the memory of the CPU alone.",),
        (_fix(place, text + away, "the values alone, without the gradient" if value.requires_grad else "a copy on the CPU"),),
        name=crash.source.at(place), device=str(value.device),
    )  # fmt: skip


def _backward_of_many(crash: Crash) -> Finding | None:
    """`loss.backward()` where the loss is not one number."""
    found = _receiver(crash, "backward")
    if found is None or found[0].arguments or found[1].numel() == 1 or found[0].receiver is None:
        return None
    call, loss = found
    text = bracketed(crash.source.at(found[0].receiver))
    fixes = tuple(
        _fix(call.place, f"{text}.{way}().backward()", means)
        for way, means in (
            ("mean", "one number: the mean over the samples"),
            ("sum", "one number: their sum"),
        )
    )
    return _finding(
        "backward-of-many", call.place, "backward starts from one number, and {name} has {count}: its shape is {shape}",
        ("A gradient says how one number changes; reduction='none' or a loss of your own leaves one for each sample.",),
        fixes, name=text, count=loss.numel(), shape=shape_text(tuple(loss.shape)),
    )  # fmt: skip


def _many_as_one(crash: Crash) -> Finding | None:
    """`correct.item()`, `if pred == y`: a whole tensor where one value is asked for."""
    found = _receiver(crash, "item", "__bool__", "__float__", "__int__")
    if found is not None and found[1].numel() != 1 and found[0].receiver is not None:
        text = bracketed(crash.source.at(found[0].receiver))
        whole = text if found[1].is_floating_point() else f"{text}.float()"
        return _finding(
            "many-as-one", crash.place, "{name} has {count} values, shape {shape}, and item() takes one", (),
            (
                _fix(crash.place, f"{text}.sum().item()", "their sum"),
                _fix(crash.place, f"{whole}.mean().item()", "their mean"),
            ),
            name=text, count=found[1].numel(), shape=shape_text(tuple(found[1].shape)),
        )  # fmt: skip
    value = crash.value(crash.source.at(crash.place)) if _is_condition(crash) else UNKNOWN
    if not isinstance(value, torch.Tensor) or value.numel() == 1 or not isinstance(crash.error, RuntimeError):
        return None
    text = bracketed(crash.source.at(crash.place))
    return _finding(
        "many-as-one", crash.place, "a condition is one yes or no, and {name} has {count}: its shape is {shape}", (),
        (_fix(crash.place, f"{text}.all()", "all of them"), _fix(crash.place, f"{text}.any()", "at least one of them")),
        name=text, count=value.numel(), shape=shape_text(tuple(value.shape)),
    )  # fmt: skip


def _is_condition(crash: Crash) -> bool:
    """Whether what failed is asked for its truth."""
    conditions: list[ast.expr] = []
    for node in ast.walk(ast.parse(crash.source.text)):
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
            conditions.append(node.test)
        elif isinstance(node, ast.BoolOp):
            conditions += node.values
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            conditions.append(node.operand)
        elif isinstance(node, ast.comprehension):
            conditions += node.ifs
    line, column = crash.place.line, crash.place.column - 1
    return any((one.lineno, one.col_offset) == (line, column) for one in conditions)


def _constructed_with_tensors(crash: Crash) -> Finding | None:
    """`nn.CrossEntropyLoss(out, y)`: the constructor gets what the loss is to be called with."""
    call = crash.call
    called = crash.value(call.function) if call is not None else UNKNOWN
    if call is None or not (isinstance(called, type) and issubclass(called, nn.Module)):
        return None
    if not call.arguments or not all(
        isinstance(crash.value(one.text), torch.Tensor) for one in call.arguments
    ):
        return None
    behind = replace(call.callee, line=call.callee.end_line, column=call.callee.end_column)
    fix = Fix(
        f"{call.function}()(…)", (Edit(behind, "()"),), "makes the layer, then calls it with the tensors"
    )
    return _finding(
        "layer-called-wrong", call.place, "the constructor of {name} gets the tensors that the layer is to be called with",
        (f"{called.__name__}(…) makes a layer; its settings go there, and the tensors into a call of what was made.",), (fix,),
        name=called.__name__,
    )  # fmt: skip


def _sequence_of_others(crash: Crash) -> Finding | None:
    """`torch.cat(list of arrays)`, `torch.stack(list of numbers)`, `torch.tensor(list of tensors or of uneven lists)`."""
    call = crash.call
    if (
        call is None
        or not call.arguments
        or _last(call) not in ("cat", "concat", "concatenate", "stack", "tensor", "vstack", "hstack")
    ):
        return None
    first = call.arguments[0]
    items = crash.value(first.text)
    if not call.resolved.startswith("torch.") or not isinstance(items, list | tuple) or not items:
        return None
    fix = _for_tensor(first, call, items) if _last(call) == "tensor" else _for_joining(first, call, items)
    if fix is None:
        return None
    lengths = [len(item) for item in items if isinstance(item, list | tuple)]
    kinds = ", ".join(dict.fromkeys(type(item).__name__ for item in items))
    rows = f"rows of {min(lengths)} to {max(lengths)} items" if lengths else f"items of the type {kinds}"
    return _finding(
        "sequence-of-others", call.place, "{function} gets a {sequence} with {rows}", (), (fix,),
        function=call.function, sequence=type(items).__name__, rows=rows,
    )  # fmt: skip


def _for_joining(first: SourceArgument, call: SourceCall, items: Any) -> Fix | None:
    if all(isinstance(item, torch.Tensor) for item in items):
        return None
    if all(isinstance(item, np.ndarray) for item in items):
        return _fix(
            first.place, f"[torch.from_numpy(item) for item in {first.text}]", "tensors of the arrays"
        )
    if all(isinstance(item, int | float) for item in items):
        return _fix(call.place, f"torch.tensor({first.text})", "a tensor of the numbers")
    return None


def _for_tensor(first: SourceArgument, call: SourceCall, items: Any) -> Fix | None:
    if all(isinstance(item, torch.Tensor) for item in items):
        if len({tuple(item.shape) for item in items}) == 1:
            return _fix(
                call.place,
                f"torch.stack({first.text})",
                "tensors become one by stack, and keep their gradients",
            )
        return _padded(call, first.text)
    lengths = {len(item) for item in items if isinstance(item, list | tuple)}
    if len(lengths) > 1 and all(isinstance(item, list | tuple) for item in items):
        return _padded(call, f"[torch.tensor(row) for row in {first.text}]")
    return None


def _padded(call: SourceCall, rows: str) -> Fix:
    code = f"torch.nn.utils.rnn.pad_sequence({rows}, batch_first=True)"
    return _fix(call.place, code, "a tensor has rows of one length: the short ones are filled up with 0")


def _network_for_its_parameters(crash: Crash) -> Finding | None:
    """`Adam(net)`: what is asked for are the parameters."""
    call = crash.call
    called = crash.value(call.function) if call is not None else UNKNOWN
    if call is None or not (isinstance(called, type) and issubclass(called, torch.optim.Optimizer)):
        return None
    first = call.arguments[0] if call.arguments else None
    if first is None or not isinstance(crash.value(first.text), nn.Module):
        return None
    return _finding(
        "method-not-called", first.place, "{optimizer} gets the network {name}, and takes its parameters", (),
        (_fix(first.place, f"{first.text}.parameters()", "the parameters"),), optimizer=called.__name__, name=first.text,
    )  # fmt: skip


def _leaf_changed(crash: Crash) -> Finding | None:
    """`w -= rate * w.grad` outside of no_grad: a parameter is changed where gradients are recorded."""
    call = crash.call
    text, place, other = "", crash.place, ""
    for one in crash.source.assignments:
        if one.form == "augmented" and one.place.line == crash.place.line:
            text, place, other = one.target, one.place, one.text
    if call is not None and call.receiver is not None and _last(call).endswith("_"):
        text, place = crash.source.at(call.receiver), call.statement
        other = call.arguments[0].text if call.arguments else "0"
    value, by = (crash.value(one) if one else UNKNOWN for one in (text, other))
    if not isinstance(value, torch.Tensor) or not (
        value.is_leaf and value.requires_grad and _fits(value, by)
    ):
        return None
    if not isinstance(crash.error, RuntimeError):
        return None
    spaces = " " * (place.column - 1)
    code = crash.source.at(place).replace("\n", "\n    ")
    fix = Fix(
        "with torch.no_grad(): …",
        (Edit(place, f"with torch.no_grad():\n{spaces}    {code}"),),
        "changes it without recording that",
    )
    return _finding(
        "changed-in-place", place, "{name} is a parameter, and is changed in place while gradients are recorded",
        ("Its gradient is asked for at the value it had; a change of it is no part of the computation.",), (fix,), name=text,
    )  # fmt: skip


def _fits(value: torch.Tensor, other: Any) -> bool:
    """Whether a change of `value` by `other` is possible as far as sizes go."""
    try:
        return (
            isinstance(other, int | float) or torch.broadcast_shapes(value.shape, other.shape) == value.shape
        )
    except (RuntimeError, AttributeError):
        return False


_EXPLAINING: tuple[Callable[[Crash], Finding | None], ...] = (
    _tensor_for_numpy, _backward_of_many, _leaf_changed, _many_as_one, _constructed_with_tensors, _sequence_of_others,
    _network_for_its_parameters,
)  # fmt: skip


def array_for_tensor(
    args: tuple[Any, ...], error: BaseException, sources: dict[str, SourceFacts]
) -> tuple[Finding, ...]:
    """A network that is called with a NumPy array: `args` are what the outermost one got."""
    index = next((index for index, one in enumerate(args) if isinstance(one, np.ndarray)), None)
    outer = [
        next((one for one in sources[place.path].calls if same(one.place, place)), None)
        for _, place in user_places(error)
        if place.path in sources
    ]
    call = outer[-1] if outer and index is not None else None
    given = [one for one in call.arguments if not one.name and not one.starred] if call is not None else []
    if index is None or len(given) != len(args):
        return ()
    argument, array = given[index], args[index]
    made = f"torch.from_numpy({argument.text})"
    text = made if array.dtype == np.float32 else f"{made}.float()"
    found = _finding(
        "array-for-tensor", argument.place, "{name} is a NumPy array, and the network takes tensors", (),
        (_fix(argument.place, text, "the array as a tensor"),), name=argument.text,
    )  # fmt: skip
    return (found,)
