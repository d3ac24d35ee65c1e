"""`load_state_dict` with a state that does not fit: other names, or other sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from nnwhy.api.crash_frames import Crash, crash_of
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceArgument, SourceFacts

_TOLD = 4


def in_state(error: BaseException, sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """What differs between the state and the network; () where it was another call."""
    crash = crash_of(error, sources)
    if crash is None or crash.call is None or crash.call.receiver is None or not crash.call.arguments:
        return ()
    if crash.call.function.rpartition(".")[2] != "load_state_dict":
        return ()
    inner = next((frame for frame in crash.frames("load_state_dict")), None)
    network = inner.f_locals.get("self") if inner is not None else None
    given = inner.f_locals.get("state_dict") if inner is not None else None
    if not isinstance(network, nn.Module) or not isinstance(given, Mapping):
        return ()
    own: dict[str, Any] = dict(network.state_dict())
    state: dict[str, Any] = {str(name): value for name, value in given.items()}
    return tuple(_differences(crash, crash.call.arguments[0], type(network).__name__, own, state))


def _differences(
    crash: Crash, argument: SourceArgument, network: str, own: dict[str, Any], state: dict[str, Any]
) -> Iterator[Finding]:
    missing = [name for name in own if name not in state]
    fix = _renamed(argument, own, state) if missing else None
    unexpected = [name for name in state if name not in own]
    if missing or unexpected:
        yield Finding(
            "state-dict", "error", argument.place, {"network": network, "missing": len(missing), "unexpected": len(unexpected)},
            because=tuple(_names(missing, unexpected)),
            fixes=(fix,) if fix is not None else (),
            title="the state has {missing} names of {network} too few and {unexpected} that {network} does not know",
        )  # fmt: skip
        return
    sizes = [
        (name, tuple(state[name].shape), tuple(own[name].shape))
        for name in own
        if isinstance(state[name], torch.Tensor) and state[name].shape != own[name].shape
    ]
    if sizes:
        alike = [name for name in own if state[name].shape == own[name].shape]
        text = bracketed(argument.text)
        left_out = " or ".join(
            f'name.startswith("{start}")' for start in dict.fromkeys(_layer(n) for n, *_ in sizes)
        )
        some = f"{{name: value for name, value in {text}.items() if not ({left_out})}}"
        yield Finding(
            "state-dict", "error", argument.place, {"network": network, "count": len(sizes)},
            because=tuple(
                f"{name} is {shape_text(there)} in the state and {shape_text(here)} in {network}" for name, there, here in sizes[:_TOLD]
            ),
            expected=shape_text(sizes[0][2]),
            actual=shape_text(sizes[0][1]),
            fixes=(
                Fix(
                    f"{some}, strict=False", (Edit(argument.place, f"{some}, strict=False"),),
                    f"keeps the {len(alike)} that fit; these layers start anew",
                ),
                Fix(f"{network} with the sizes of the state", (), "where the whole state is meant"),
            ),
            title="{count} tensors of the state have other sizes than those of {network}",
        )  # fmt: skip


def _layer(name: str) -> str:
    return name.rpartition(".")[0] + "."


def _renamed(argument: SourceArgument, own: dict[str, Any], state: dict[str, Any]) -> Fix | None:
    """The state under the network's names: what is inside of a checkpoint, or without a prefix or with one."""
    text = bracketed(argument.text)
    for name, value in state.items():
        if isinstance(value, Mapping) and set(own) <= set(value):
            return _fix(argument, f'{text}["{name}"]', "the network's part of the checkpoint")
    first = next(iter(own), "")
    for name in state:
        prefix = name.removesuffix(first)
        if prefix != name and {f"{prefix}{one}" for one in own} <= set(state):
            code = f'{{name.removeprefix("{prefix}"): value for name, value in {text}.items()}}'
            return _fix(argument, code, f"the names without {prefix!r} in front")
    start = next(iter(state), "")
    for name in own:
        prefix = name.removesuffix(start)
        if prefix != name and {f"{prefix}{one}" for one in state} == set(own):
            code = f'{{"{prefix}" + name: value for name, value in {text}.items()}}'
            return _fix(argument, code, f"the names with {prefix!r} in front")
    return None


def _fix(argument: SourceArgument, code: str, means: str) -> Fix:
    return Fix(code, (Edit(argument.place, code),), means)


def _names(missing: list[str], unexpected: list[str]) -> Iterator[str]:
    for names, what in ((missing, "are not in the state"), (unexpected, "are not in the network")):
        if names:
            more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
            yield f"{', '.join(names[:_TOLD])}{more} {what}"
