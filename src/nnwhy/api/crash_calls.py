"""Crashes of single calls around a network: what the innermost call of the user's got, evaluated in the frames that are
still there."""

from __future__ import annotations

from types import FrameType

import torch

from nnwhy.api.crash_arguments import list_for_tensor, method_as_value, wrong_arguments
from nnwhy.api.crash_frames import UNKNOWN, Crash, crash_of, fix_of, same, user_places, value_in
from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.editing import added_argument, argument_written, bracketed, contains
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

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
        or (_one_hot_of_axis(frame, source, call) if name == "permute" else None)
        or _time_second(crash)
        or (_unsorted(frame, call) if name in ("pack_padded_sequence", "pack_sequence") else None)
        or (_pair_for_array(error, frame, source, call) if name in _OF_ARRAYS else None)
        or method_as_value(error, frame, source, call)
        or list_for_tensor(error, sources)
        or wrong_arguments(error, frame, source, call)
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
        fixes=(fix_of([Edit(where, text + "".join(methods))], "one index for each row"),),
    )  # fmt: skip


def _one_hot_of_axis(frame: FrameType, source: SourceFacts, call: SourceCall) -> Finding | None:
    """`F.one_hot(masks, 4).permute(0, 3, 1, 2)` of masks that still have an axis of one channel."""
    inner = next(
        (c for c in source.calls if call.receiver is not None and same(c.place, call.receiver)), None
    )
    if inner is None or inner.function.rpartition(".")[2] != "one_hot" or not inner.arguments:
        return None
    first, given = inner.arguments[0], len(call.arguments)
    value = value_in(frame, first.text)
    if not isinstance(value, torch.Tensor) or value.dim() != given or 1 not in value.shape[1:]:
        return None
    axis = next(a for a in range(1, value.dim()) if value.shape[a] == 1)
    shape = tuple(value.shape)
    return Finding(
        "loss-target", "error", first.place,
        {"shape": shape_text(shape), "count": given + 1, "given": given},
        title="one_hot of {shape} has {count} axes, and permute names {given}: the axis of one channel is still there",
        expected=shape_text(shape[:axis] + shape[axis + 1 :]),
        actual=shape_text(shape),
        fixes=(fix_of([Edit(first.place, f"{bracketed(first.text)}.squeeze({axis})")], "class numbers without a channel"),),
        also=(call.place,),
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
        fixes=(fix_of([Edit(first.place, f"{bracketed(first.text)}.transpose(0, 1)")], "time first, then the batch"),),
    )  # fmt: skip


def _unsorted(frame: FrameType, call: SourceCall) -> Finding | None:
    """`pack_padded_sequence(x, lengths)` of a batch that does not begin with its longest sample."""
    where = argument_written(call, "lengths", 1) or argument_written(call, "sequences", 0)
    given = value_in(frame, next(a.text for a in call.arguments if a.place == where)) if where else UNKNOWN
    if isinstance(given, torch.Tensor):
        given = given.tolist()
    if not isinstance(given, list | tuple) or not given:
        return None
    lengths = [len(one) if isinstance(one, torch.Tensor) else one for one in given]
    if not all(isinstance(one, int) for one in lengths) or lengths == sorted(lengths, reverse=True):
        return None
    told = argument_written(call, "enforce_sorted", 3)
    edit = Edit(told, "False") if told is not None else added_argument(call, "enforce_sorted=False")
    shown = ", ".join(map(str, lengths[:6])) + (", …" if len(lengths) > 6 else "")
    return Finding(
        "packed-order", "error", call.place, {"name": call.function, "lengths": shown},
        title="{name} wants the longest sequence first and gets the lengths {lengths}",
        because=("unless enforce_sorted is False, the samples of the batch must be sorted by length",),
        fixes=(
            Fix("enforce_sorted=False", (edit,), "it sorts them itself, and what comes out is in the old order"),
        ),
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
            fix_of(
                [Edit(made, f"{name}, {rest} = {source.at(made).partition('=')[2].lstrip()}")],
                "keeps the array alone",
            )
        )
    fixes.append(fix_of([Edit(first.place, f"{bracketed(first.text)}[0]")], "the array of the tuple"))
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
