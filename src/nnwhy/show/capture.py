"""One pass through the live network, during which one call is kept: what went in, what came out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.overrides import TorchFunctionMode

from nnwhy.errors import InputError, QuestionError, nearest
from nnwhy.load.running import told
from nnwhy.show.functions import layer_for
from nnwhy.trace.naming import named_arguments, short_name
from nnwhy.trace.tape import user_frame
from nnwhy.trace.untouched import untouched


@dataclass
class Call:
    """A kept call. `finished` is set when it has returned; `output` is then a copy of what it gave."""

    layer: nn.Module
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    output: Any = None
    finished: bool = False
    written: str = ""


@dataclass
class Kept:
    """The kept call of a pass, how many such calls there were, and what ended the pass early ("" where nothing did)."""

    wanted: int
    call: Call | None = None
    calls: int = 0
    ended: str = ""
    functions: list[str] = field(default_factory=list[str])


def capture(
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    path: str,
    *,
    training: bool = False,
    call: int = 0,
    seed: int = 0,
) -> Kept:
    """Run `module(*args, **kwargs)` once and keep call number `call` of the layer or function `path`.

    `path` is a layer's path ("features.3"), a function that forward calls ("F.max_pool2d"), or its line ("net.py:22").
    The module, its mode and buffers and all random states are as before afterwards.
    Raises QuestionError where there is no such layer or it is not called that often, UserCodeError where the pass fails before it.
    """
    layers = dict(module.named_modules())
    kept = Kept(call)
    raised: BaseException | None = None
    with untouched(module), ExitStack() as stack:
        _prepare(stack, module, training, seed)
        if path in layers:
            stack.enter_context(_watching_layer(layers[path], kept))
        else:
            stack.enter_context(_watching_functions(path, kept))
        try:
            functional_call(module, _buffers(module), tuple(args), dict(kwargs), tie_weights=False)
        except (Exception, SystemExit) as error:
            raised = error
    if kept.call is None or not kept.call.finished:
        if raised is not None:
            with told("the network"):
                raise raised
        _refuse(path, layers, kept)
    if raised is not None:
        first = (str(raised).strip().splitlines() or [""])[0]
        kept.ended = f"after this layer the pass ended with {type(raised).__name__}: {first}"
    return kept


def again(call: Call, training: bool, seed: int, first: torch.Tensor | None = None, **changed: Any) -> Any:
    """What the layer gives for the same input in this mode with this seed; everything is as before afterwards.

    first: another tensor in place of the first input; changed: other keyword arguments
    """
    with untouched(call.layer), ExitStack() as stack:
        _prepare(stack, call.layer, training, seed)
        args, kwargs = copied((call.args, {**call.kwargs, **changed}))
        args = args if first is None else (first, *args[1:])
        return functional_call(call.layer, _buffers(call.layer), args, kwargs, tie_weights=False)


def _prepare(stack: ExitStack, module: nn.Module, training: bool, seed: int) -> None:
    stack.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")
    stack.enter_context(torch.no_grad())
    for part in module.modules():
        # Not train(): a user's own train() may do more than set the flag, and would not be undone.
        part.training = training
    torch.manual_seed(seed)


def _buffers(module: nn.Module) -> dict[str, torch.Tensor]:
    """Copies, as a pass in training mode writes to running statistics; a shared buffer stays shared."""
    made: dict[int, torch.Tensor] = {}
    return {
        name: made.setdefault(id(buffer), buffer.detach().clone())
        for name, buffer in module.named_buffers(remove_duplicate=False)
    }


@contextmanager
def _watching_layer(layer: nn.Module, kept: Kept) -> Generator[None]:
    running: list[Call | None] = []

    def before(part: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        # Copies: the layer itself or a later one may write into its input or output.
        wanted = kept.calls == kept.wanted
        running.append(Call(part, *copied((args, kwargs))) if wanted else None)
        kept.calls += 1

    def after(part: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        call = running.pop()
        if call is not None:
            call.output, call.finished = copied(output), True
            kept.call = call

    handles = (
        layer.register_forward_pre_hook(before, with_kwargs=True),
        layer.register_forward_hook(after, with_kwargs=True),
    )
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _watching_functions(path: str, kept: Kept) -> Generator[None]:
    """Functions that the user's own code calls, not those inside the layers of torch."""
    inside: list[nn.Module] = []

    def enter(part: nn.Module, args: Any) -> None:
        if _is_torchs(part):
            inside.append(part)

    def leave(part: nn.Module, args: Any, output: Any) -> None:
        if inside and inside[-1] is part:
            inside.pop()

    handles = (register_module_forward_pre_hook(enter), register_module_forward_hook(leave, always_call=True))
    try:
        with _Functions(path, kept, lambda: not inside):
            yield
    finally:
        for handle in handles:
            handle.remove()


def _is_torchs(part: nn.Module) -> bool:
    name = type(part).__module__
    return name.startswith("torch.nn.modules.") and not name.startswith("torch.nn.modules.container")


class _Functions(TorchFunctionMode):
    """Keeps the wanted call of a function."""

    def __init__(self, path: str, kept: Kept, here: Callable[[], bool]) -> None:
        super().__init__()
        self.wanted = path.split("(")[0].strip().rpartition(".")[2]
        self.line = path if ":" in path else ""
        self.kept, self.here = kept, here

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if not self.here() or not callable(func):
            return func(*args, **kwargs)
        name = short_name(func)
        if name in _PLAIN:
            return func(*args, **kwargs)
        self.kept.functions.append(name)
        if not (_line().endswith(self.line) if self.line else name == self.wanted):
            return func(*args, **kwargs)
        number = self.kept.calls
        self.kept.calls += 1
        if number != self.kept.wanted:
            return func(*args, **kwargs)
        bound = named_arguments(func, args, kwargs)
        tensors = [value for value in args if isinstance(value, torch.Tensor)]
        layer = layer_for(name, func, copied(bound)) or _Called(func, copied(args), copied(kwargs))
        call = Call(layer, copied(tuple(tensors[:1])), {}, written=_written(name, bound))
        output = func(*args, **kwargs)
        call.output, call.finished = copied(output), True
        self.kept.call = call
        return output


_PLAIN = {"size", "dim", "shape", "__get__", "device", "dtype", "requires_grad", "is_floating_point", "numel"}


class _Called(nn.Module):
    """A function that no layer stands for, with the arguments of its call."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        super().__init__()
        self.function, self.args, self.named = function, args, kwargs

    def forward(self, *ignored: Any) -> Any:
        return self.function(*copied(self.args), **copied(self.named))


def _line() -> str:
    """The line of the user's code that calls a function, as "/path/net.py:22"."""
    frame = user_frame(sys._getframe(2))
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else ""


def _written(name: str, bound: dict[str, Any]) -> str:
    parts = [
        "x" if isinstance(value, torch.Tensor) else f"{key}={value!r}"
        for key, value in bound.items()
        if not isinstance(value, torch.Tensor) or key in ("input", "self")
    ]
    return f"{name}({', '.join(parts)})"


def _refuse(path: str, layers: dict[str, nn.Module], kept: Kept) -> None:
    if kept.calls:
        times = "once" if kept.calls == 1 else f"{kept.calls} times"
        raise QuestionError(
            f"{path} is called {times} in this pass; --call counts from 0 to {kept.calls - 1}"
        )
    if path in layers:
        raise QuestionError(f"the layer {path} is never called in this pass")
    known = [name for name in layers if name]
    called = list(dict.fromkeys(kept.functions))
    hint = nearest(path, known + called) or (
        f"it has {', '.join(known[:12]) or 'none'}, and calls {', '.join(called[:8]) or 'no function'}"
    )
    raise QuestionError(f"the network has no layer {path!r} and calls no such function; {hint}")


def copied(thing: Any) -> Any:
    """The same with copies of all tensors, in tuples, lists and mappings."""
    if isinstance(thing, torch.Tensor):
        return thing.detach().clone()
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return type(thing)(*(copied(part) for part in thing))
    if isinstance(thing, tuple | list):
        return type(thing)(copied(part) for part in thing)
    if type(thing) is dict:
        return {key: copied(part) for key, part in thing.items()}
    return thing


def moved(thing: Any, module: nn.Module) -> Any:
    """Inputs on the device of the network's first parameter. Raises InputError where that has no values (meta)."""
    first = next(module.parameters(), None)
    if first is None:
        return thing
    if any(tensor.is_meta for tensor in module.parameters()):
        raise InputError(
            "this network is so large that it was built as shapes only, and shapes have no values to show; "
            "build it smaller, or give --weights"
        )

    def move(part: Any) -> Any:
        if isinstance(part, torch.Tensor):
            return part.to(first.device)
        if isinstance(part, tuple | list):
            return type(part)(move(item) for item in part) if not hasattr(part, "_fields") else part
        if type(part) is dict:
            return {key: move(item) for key, item in part.items()}
        return part

    return move(thing)
