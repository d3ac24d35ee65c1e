"""The cheapest faithful pass: real values for small networks, the meta device for large ones, fake tensors where
values decide, and real values again where nothing else works and memory allows."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.modules.lazy import LazyModuleMixin
from torch.nn.parameter import is_lazy

from nnwhy.errors import NnwhyError
from nnwhy.facts.trace import Pass, PassKind
from nnwhy.trace.constructions import Constructions, watching_constructions
from nnwhy.trace.fake import fake_mode, needs_values
from nnwhy.trace.recorder import Recorder, TooSlow, recording
from nnwhy.trace.standin import stand_in
from nnwhy.trace.untouched import untouched
from nnwhy.trace.unwarned import unwarned
from nnwhy.trace.values import tensors

REAL_PARAMETERS = 30_000_000
REAL_INPUT = 4_000_000
REAL_SECONDS = 6.0
ALONE_PARAMETERS = 3_000_000
ALONE_INPUT = 300_000
"""So small a pass is quicker with one thread: the others would be started, and wait, for longer than they help."""
REAL_BYTES = 8 * 2**30


@dataclass
class Recording:
    """A finished pass with its live tape."""

    recorder: Recorder
    how: Pass
    state: dict[str, torch.Tensor]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any
    error: BaseException | None
    constructions: Constructions


def run(
    module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], *, how: PassKind | None = None
) -> Recording:
    """Run `module` once, recorded, in the way that fits; `how` asks for one way.

    A call that fails is replaced by a stand-in and the pass goes on; an exception that has no stand-in ends the
    pass and is in the recording. The module is as it was afterwards.
    """
    if how is not None:
        return _attempt(module, args, kwargs, how, "asked for", carry_on=True)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    given = sum(tensor.numel() for tensor in tensors((args, kwargs)))
    on_meta = any(tensor.is_meta for tensor in _all_state(module).values())
    if not on_meta and parameters <= REAL_PARAMETERS and given <= REAL_INPUT:
        reason = "the network is small, so real values are cheapest"
        alone = parameters <= ALONE_PARAMETERS and given <= ALONE_INPUT
        try:
            with _one_thread() if alone else nullcontext():
                return _attempt(module, args, kwargs, "real", reason, carry_on=True, seconds=REAL_SECONDS)
        except TooSlow:
            large = f"a real pass takes longer than {REAL_SECONDS:.0f} s"
    else:
        large = "its parameters are on the meta device" if on_meta else f"large: {parameters:,} parameters"
    return _without_values(module, args, kwargs, large)


@contextmanager
def _one_thread() -> Generator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _without_values(
    module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], large: str
) -> Recording:
    first = _attempt(module, args, kwargs, "meta", f"{large}; shapes are enough", carry_on=False)
    if first.error is None:
        return first
    second = _attempt(
        module, args, kwargs, "fake", f"{large}, and the meta device lacked a value", carry_on=False
    )
    if second.error is None:
        return second
    if not needs_values(second.error):
        return _attempt(module, args, kwargs, "fake", f"{large}; the pass fails", carry_on=True)
    needed = sum(tensor.numel() * tensor.element_size() for tensor in _all_state(module).values())
    if needed > REAL_BYTES:
        return _attempt(
            module, args, kwargs, "fake",
            f"{large}; a real pass would need {needed / 2**30:.0f} GB", carry_on=True,
        )  # fmt: skip
    return _attempt(module, args, kwargs, "real", "its code asks for values of tensors", carry_on=True)


def _attempt(
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    how: PassKind,
    reason: str,
    *,
    carry_on: bool,
    seconds: float | None = None,
) -> Recording:
    with ExitStack() as stack:
        stack.enter_context(untouched(module))
        stack.enter_context(unwarned())
        stack.enter_context(torch.no_grad())
        stack.enter_context(_eager(module))
        mode = stack.enter_context(fake_mode()) if how == "fake" else None
        convert = _converter(how, mode)
        original = _all_state(module)
        state = _converted(original, convert)
        moved_args, moved_kwargs = _replace((args, kwargs), lambda tensor: convert(tensor, False))
        recorder = Recorder(
            stand_in=stand_in if carry_on else None,
            deadline=time.perf_counter() + seconds if seconds else None,
            move=_stray_to_meta() if how == "meta" else None,
        )
        constructions = stack.enter_context(watching_constructions())
        result, error = None, None
        try:
            with recording(recorder):
                if isinstance(module, torch.jit.ScriptModule):
                    result = module(*moved_args, **moved_kwargs)
                else:
                    swapped = {name: tensor for name, tensor in state.items() if tensor is not original[name]}
                    result = functional_call(module, swapped, moved_args, moved_kwargs, tie_weights=False)
        except (Exception, SystemExit) as raised:
            error = raised
        return Recording(
            recorder, Pass(how, reason), state, moved_args, moved_kwargs, result, error, constructions
        )


def _all_state(module: nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and buffers by every name they have."""
    parts = list(module.named_modules(remove_duplicate=False))
    return {
        f"{path}.{name}" if path else name: tensor
        for registry in ("_parameters", "_buffers")
        for path, part in parts
        for name, tensor in getattr(part, registry).items()
        if tensor is not None
    }


def _converted(
    state: dict[str, torch.Tensor], convert: Callable[[torch.Tensor, bool], torch.Tensor]
) -> dict[str, torch.Tensor]:
    """The state for the pass; a tensor that is registered twice stays one tensor."""
    made: dict[int, torch.Tensor] = {}
    for tensor in state.values():
        if id(tensor) not in made:
            made[id(tensor)] = convert(tensor, True)
    return {name: made[id(tensor)] for name, tensor in state.items()}


def _converter(how: PassKind, mode: Any) -> Callable[[torch.Tensor, bool], torch.Tensor]:
    """How a tensor enters the pass; state that the pass may write to is copied."""
    if how == "meta":
        return _to_meta
    if how == "fake":
        return lambda tensor, _: mode.from_tensor(tensor)

    def real(tensor: torch.Tensor, owned: bool) -> torch.Tensor:
        if tensor.is_meta:
            return _like(tensor, _filled(tensor))
        if owned and not isinstance(tensor, nn.Parameter):
            return tensor.detach().clone()
        return tensor

    return real


def _to_meta(tensor: torch.Tensor, owned: bool) -> torch.Tensor:
    """State that is on the meta device already stays: it has no values that a pass could change."""
    if owned and tensor.is_meta:
        return tensor
    return _like(tensor, torch.empty_like(tensor, device="meta"))


def _filled(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_floating_point() or tensor.is_complex():
        return torch.randn(tensor.shape, dtype=tensor.dtype) * 0.02
    return torch.zeros(tensor.shape, dtype=tensor.dtype)


def _like(original: torch.Tensor, made: torch.Tensor) -> torch.Tensor:
    """User code may ask whether something is a Parameter."""
    if isinstance(original, nn.Parameter):
        return nn.Parameter(made, requires_grad=original.requires_grad)
    return made


def _stray_to_meta() -> Callable[[Any], Any]:
    """Move CPU tensors that meet meta tensors; each is moved once."""
    moved: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def move(arguments: Any) -> Any:
        found = list(tensors(arguments))
        if not any(tensor.is_meta for tensor in found) or all(tensor.is_meta for tensor in found):
            return arguments

        def to_meta(tensor: torch.Tensor) -> torch.Tensor:
            if tensor.is_meta:
                return tensor
            return moved.setdefault(id(tensor), (tensor, tensor.to("meta")))[1]

        return _replace(arguments, to_meta)

    return move


def _replace(thing: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """`thing` with each tensor changed, in tuples, lists and dicts."""
    if isinstance(thing, torch.Tensor):
        return change(thing)
    if isinstance(thing, tuple) and hasattr(thing, "_fields"):
        return type(thing)(*(_replace(item, change) for item in thing))
    if isinstance(thing, tuple | list):
        return type(thing)(_replace(item, change) for item in thing)
    if type(thing) is dict:
        return {key: _replace(item, change) for key, item in thing.items()}
    return thing


def _eager(module: nn.Module) -> Any:
    """Compiled parts run as they were written; without any, torch's compiler is not even imported."""
    if any(type(part).__name__ == "OptimizedModule" for part in module.modules()):
        return torch.compiler.set_stance("force_eager")
    return nullcontext()


def ready(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> nn.Module:
    """`module`, or, where it has lazy layers, a copy in which a plain pass has given them their sizes.

    Raises NnwhyError where a lazy module cannot be copied, or where that pass ends before all have their sizes.
    """
    if not any(isinstance(part, LazyModuleMixin) for part in module.modules()):
        return module
    try:
        copied = copy.deepcopy(module)
    except Exception as error:
        raise NnwhyError(f"the lazy layers of this network cannot be copied: {error}") from error
    failure = ""
    with untouched(module), unwarned(), torch.no_grad():
        try:
            copied(*args, **kwargs)
        except Exception as error:  # the recorded pass will meet it again, if the sizes are there by then
            failure = f": {str(error).strip().splitlines()[0]}" if str(error).strip() else ""
    unknown = next((name for name, tensor in _all_state(copied).items() if is_lazy(tensor)), None)
    if unknown is not None:
        raise NnwhyError(f"the lazy layer {unknown.rpartition('.')[0]} gets no size from this input{failure}")
    return copied
