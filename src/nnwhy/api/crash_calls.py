"""Crashes of single calls around a network: what the innermost call of the user's got, evaluated in the frames that are
still there. The script is over, so that its networks may be called once more."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from types import FrameType

import torch
from torch import nn

from nnwhy.api.crash_frames import UNKNOWN, Crash, crash_of, same, user_places, value_in
from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.editing import added_argument, argument_written, bracketed, contains
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceArgument, SourceCall, SourceFacts

_INDEXED = ("gather", "scatter", "scatter_", "scatter_add", "scatter_add_", "take_along_dim")
_OF_ARRAYS = ("from_numpy", "tensor", "as_tensor", "FloatTensor", "LongTensor", "Tensor")


def in_call(error: Exception, sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """The finding on the innermost call of the user's own, its fixes untried; () where nothing is known about it."""
    crash = crash_of(error, sources)
    if crash is None or crash.call is None:
        return ()
    frame, source, call = crash.frame, crash.source, crash.call
    name = call.function.rpartition(".")[2]
    found = (
        (_index(frame, source, call) if name in _INDEXED else None)
        or _time_second(crash)
        or (_pair_for_array(error, frame, source, call) if name in _OF_ARRAYS else None)
        or _arguments(error, frame, source, call)
    )
    return (found,) if found is not None else ()


def _index(frame: FrameType, source: SourceFacts, call: SourceCall) -> Finding | None:
    """`q.gather(1, actions)` with one row of indices for a table of scores, or with indices that are no whole numbers."""
    method = call.receiver is not None and not call.resolved.startswith("torch.")
    whole = call.receiver if method else argument_written(call, "input", 0)
    where = argument_written(call, "index", 1 if method else 2)
    axis = argument_written(call, "dim", 0 if method else 1)
    if whole is None or where is None:
        return None
    data, index = (value_in(frame, source.at(place)) for place in (whole, where))
    dim = value_in(frame, source.at(axis)) if axis is not None else 0
    if not isinstance(data, torch.Tensor) or not isinstance(index, torch.Tensor) or not isinstance(dim, int):
        return None
    text, name = bracketed(source.at(where)), call.function.rpartition(".")[2]
    methods: list[str] = []
    if index.dim() == data.dim() - 1:
        methods.append(f".unsqueeze({dim})")
    if index.dtype != torch.int64:
        methods.append(".long()")
    if not methods:
        return None
    kind = str(index.dtype).removeprefix("torch.")
    return Finding(
        "call-fails", "error", call.place,
        {"name": name, "data": shape_text(tuple(data.shape)), "index": shape_text(tuple(index.shape)), "kind": kind},
        title="{name} of {data} gets an index of {index} {kind}: it takes int64 with as many axes as the data",
        expected=f"{data.dim()} axes of int64",
        actual=f"{index.dim()} of {kind}",
        fixes=(_fix([Edit(where, text + "".join(methods))], "one index for each row"),),
    )  # fmt: skip


def _time_second(crash: Crash) -> Finding | None:
    """CTC takes (time, batch, classes): as many lengths as there are in axis 1."""
    call = crash.call
    given = next((f.f_locals for f in crash.frames("ctc_loss") if "log_probs" in f.f_locals), None)
    if given is None or call is None or not call.arguments:
        return None
    scores, lengths = given["log_probs"], given.get("input_lengths")
    if not isinstance(scores, torch.Tensor) or scores.dim() != 3:
        return None
    count = len(lengths) if isinstance(lengths, torch.Tensor | list | tuple) else None
    shape = tuple(scores.shape)
    if count is None or count == shape[1] or count != shape[0]:
        return None
    first = call.arguments[0]
    return Finding(
        "loss-target", "error", call.place,
        {"shape": shape_text(shape), "batch": shape[1], "count": count},
        title="ctc_loss reads {shape} as (time, batch, classes), a batch of {batch}, and gets {count} lengths",
        expected=shape_text((shape[1], shape[0], shape[2])),
        actual=shape_text(shape),
        fixes=(_fix([Edit(first.place, f"{bracketed(first.text)}.transpose(0, 1)")], "time first, then the batch"),),
    )  # fmt: skip


def _pair_for_array(
    error: BaseException, frame: FrameType, source: SourceFacts, call: SourceCall
) -> Finding | None:
    """`torch.from_numpy(state)` where `state = env.reset()` gives the state and something else."""
    import numpy as np

    first = next(iter(call.arguments), None)
    value = value_in(frame, first.text) if first is not None and not first.starred else UNKNOWN
    if first is None or not isinstance(value, tuple) or len(value) < 2:
        return None
    if not isinstance(value[0], np.ndarray | torch.Tensor) or isinstance(value[1], np.ndarray | torch.Tensor):
        return None
    maker = _maker(error, source, first.text)
    fixes: list[Fix] = []
    if maker is not None:
        name, made = maker
        rest = "_" if len(value) == 2 else "*_"
        fixes.append(
            _fix(
                [Edit(made, f"{name}, {rest} = {source.at(made).partition('=')[2].lstrip()}")],
                "keeps the array alone",
            )
        )
    fixes.append(_fix([Edit(first.place, f"{bracketed(first.text)}[0]")], "the array of the tuple"))
    return Finding(
        "pair-as-tensor", "error", fixes[0].edits[0].place,
        {"name": first.text, "count": len(value), "call": call.function, "type": type(value[1]).__name__},
        title="{name} is a tuple of {count}, an array and a {type}; {call} takes an array",
        fixes=tuple(fixes),
        also=(call.place,),
    )  # fmt: skip


def _maker(error: BaseException, source: SourceFacts, name: str) -> tuple[str, Place] | None:
    """The statement `name = call()` that a name of the innermost frame stands for, through the arguments of the frames above."""
    frames = [one for one in user_places(error) if one[1].path == source.path]
    while frames and name.isidentifier():
        frame, place = frames.pop()
        code = frame.f_code
        assigned = next(
            (one for one in bindings(source, name, place) if one.kind == "value" and not one.path), None
        )
        made = next((one for one in source.calls if assigned and same(one.place, assigned.place)), None)
        if made is not None and not contains(made.statement, place):
            target, equals, _rest = source.at(made.statement).partition("=")
            return (target.strip(), made.statement) if equals and target.strip() == name else None
        parameters = code.co_varnames[: code.co_argcount]
        outer = next((one for one in source.calls if frames and same(one.place, frames[-1][1])), None)
        if name not in parameters or outer is None:
            return None
        bound = parameters[:1] == ("self",) and outer.receiver is not None
        given = argument_written(outer, name, parameters.index(name) - bound)
        name = source.at(given) if given is not None else ""
    return None


def _arguments(error: Exception, frame: FrameType, source: SourceFacts, call: SourceCall) -> Finding | None:
    """A call of a network, loss or function with an argument too many, or without one that it needs."""
    if not isinstance(error, TypeError) or any(a.starred for a in call.arguments):
        return None
    called = value_in(frame, source.at(call.callee))
    if called is UNKNOWN or isinstance(called, type):
        return None
    try:
        signature = inspect.signature(called.forward if isinstance(called, nn.Module) else called)
    except (TypeError, ValueError):
        return None
    kinds = signature.parameters.values()
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in kinds):
        return None
    positional = [p.name for p in kinds if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    given = [a for a in call.arguments if not a.name]
    named = {a.name: a for a in call.arguments if a.name}
    filled = [*positional[: len(given)], *named]
    missing = [p.name for p in kinds if p.default is p.empty and p.name not in filled]
    unknown = [a for name, a in named.items() if name not in signature.parameters]
    if not missing and not unknown and len(given) <= len(positional):
        return None
    fixes = list(_fitting(frame, source, call, missing, unknown, positional, given))
    kind = type(called).__name__ if isinstance(called, nn.Module) else call.function
    return Finding(
        "forward-arguments", "error", call.place,
        {"layer": kind, "given": _listed([a.text for a in call.arguments]), "taken": _listed(list(signature.parameters))},
        title="{layer} is called with {given}, and takes {taken}",
        expected=_listed(list(signature.parameters)),
        actual=_listed([a.text for a in call.arguments]),
        fixes=tuple(fixes),
    )  # fmt: skip


def _fitting(
    frame: FrameType, source: SourceFacts, call: SourceCall, missing: Sequence[str], unknown: Sequence[SourceArgument],
    positional: Sequence[str], given: Sequence[SourceArgument],
) -> Iterator[Fix]:  # fmt: skip
    """Missing arguments from variables of their names; arguments that nothing takes under the nearest name, or left out."""
    if unknown and len(unknown) == 1:
        free = [name for name in positional[len(given) :] if all(a.name != name for a in call.arguments)]
        near = get_close_matches(unknown[0].name, free, 1, 0.6) or (missing if len(missing) == 1 else [])
        kept = [a for a in call.arguments if a is not unknown[0]]
        if near:
            words = [_written(a) if a is not unknown[0] else f"{near[0]}={a.text}" for a in call.arguments]
            yield _fix([Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "the name it has")
        elif not missing:
            words = [_written(a) for a in kept]
            yield _fix([Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "what it takes")
        return
    if missing and not unknown:
        known = {**frame.f_globals, **frame.f_locals}
        if all(name in known and not inspect.ismodule(known[name]) for name in missing):
            plain = not call.arguments or not any(a.name for a in call.arguments)
            plain = plain and list(missing) == list(positional[len(given) : len(given) + len(missing)])
            words = [name if plain else f"{name}={name}" for name in missing]
            yield _fix([added_argument(call, ", ".join(words))], "gives what it needs")
        return
    if len(given) > len(positional) and not unknown:
        kept = [*given[: len(positional)], *(a for a in call.arguments if a.name)]
        words = [_written(a) for a in kept]
        yield _fix([Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "as many as it takes")


def _written(argument: SourceArgument) -> str:
    return f"{argument.name}={argument.text}" if argument.name else argument.text


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(words)})"


def _fix(edits: list[Edit], means: str) -> Fix:
    return Fix(edits[0].text, tuple(edits), means)
