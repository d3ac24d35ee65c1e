"""The recorder: one pass through a network becomes a Trace."""

from __future__ import annotations

from typing import Any

from torch import nn

from nnwhy.facts.trace import PassKind, Trace
from nnwhy.trace.constructions import Constructions, watching_constructions
from nnwhy.trace.passes import ready, run
from nnwhy.trace.transcribe import transcribe

__all__ = ["Constructions", "record", "watching_constructions"]


def record(
    module: nn.Module,
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
    *,
    letters: tuple[tuple[str | None, ...], ...] = (),
    how: PassKind | None = None,
    constructions: Constructions | None = None,
) -> Trace:
    """Run `module(*args, **kwargs)` once under the recorder and return its facts.

    `letters` names the free sizes of each input tensor, in order ("N" for the batch), None for fixed ones.
    `constructions` tells where the modules were constructed, if that was watched. A pass that fails gives a
    Trace as well: its `failures` say where, `complete` whether the end was reached.
    """
    pass_module = ready(module, args, kwargs or {})
    recording = run(pass_module, args, kwargs or {}, how=how)
    seen = recording.constructions
    if constructions is not None:
        seen.calls.update(constructions.calls)
        seen.parameters.update(constructions.parameters)
    names = _input_names(pass_module, recording.args, recording.kwargs)
    inputs = [
        (name, thing, letters[index] if index < len(letters) else ())
        for index, (name, thing) in enumerate(names)
    ]
    return transcribe(
        recording.recorder.events,
        pass_module,
        state=recording.state,
        inputs=inputs,
        result=recording.result,
        how=recording.how,
        constructions=seen,
        complete=recording.error is None,
    )


def _input_names(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
    from nnwhy.trace.modules import forward_names

    names = forward_names(module)
    positional = [
        (names[index] if index < len(names) else f"input{index}", value) for index, value in enumerate(args)
    ]
    return positional + list(kwargs.items())
