"""A call around a network that got other arguments than it takes: one too many or too few, a method that was not called, a whole
batch as a list."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from types import FrameType
from typing import Any

import torch
from torch import nn

from nnwhy.api.crash_frames import UNKNOWN, fix_of, same, user_places, value_in
from nnwhy.checks.basis.editing import added_argument, bracketed
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceArgument, SourceCall, SourceFacts


def method_as_value(
    error: Exception, frame: FrameType, source: SourceFacts, call: SourceCall
) -> Finding | None:
    """`Adam(model.parameters)`, a method that was not called, and `net.apply(init())`, a function that was."""
    if not isinstance(error, TypeError):
        return None
    for argument in call.arguments:
        value = value_in(frame, argument.text)
        if inspect.ismethod(value) and isinstance(value.__self__, nn.Module) and not _needed(value):
            return Finding(
                "method-not-called", "error", argument.place, {"text": argument.text, "call": call.function},
                title="{text} is the method itself, and {call} takes what it gives",
                fixes=(fix_of([Edit(argument.place, f"{argument.text}()")], "calls it"),),
                also=(call.place,),
            )  # fmt: skip
    called = value_in(frame, source.at(call.callee))
    if (
        call.arguments
        or not call.within.endswith("(")
        or not inspect.isfunction(called)
        or not _needed(called)
    ):
        return None
    text = source.at(call.callee)
    return Finding(
        "method-not-called", "error", call.place, {"text": text, "needed": ", ".join(_needed(called))},
        title="{text}() is called without {needed}, where the function itself is handed over",
        fixes=(fix_of([Edit(call.place, text)], "hands it over"),),
    )  # fmt: skip


def _needed(called: Any) -> list[str]:
    kinds = inspect.signature(called).parameters.values()
    return [
        p.name
        for p in kinds
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]


def list_for_tensor(error: BaseException, sources: dict[str, SourceFacts]) -> Finding | None:
    """A whole batch of a loader, which is a list, given to a network."""
    places = user_places(error)
    for frame, place in places if isinstance(error, TypeError) else []:
        source = sources.get(place.path)
        call = next((c for c in source.calls if same(c.place, place)), None) if source is not None else None
        if (
            source is None
            or call is None
            or not isinstance(value_in(frame, source.at(call.callee)), nn.Module)
        ):
            continue
        for argument in call.arguments:
            value = value_in(frame, argument.text)
            if not isinstance(value, list | tuple) or not value or not isinstance(value[0], torch.Tensor):
                continue
            fixes = [
                fix_of(
                    [Edit(argument.place, f"{bracketed(argument.text)}[0]")], "the first tensor of the batch"
                )
            ]
            loop = [
                a for a in source.assignments
                if a.form == "for" and a.target == argument.text and a.place.line < argument.place.line
            ]  # fmt: skip
            names = f"({argument.text},)" if len(value) == 1 else f"{argument.text}, *_"
            target = _loop_target(source, loop[-1].value, argument.text) if loop else None
            if target is not None:
                fixes.insert(0, fix_of([Edit(target, names)], "takes the batch apart"))
            return Finding(
                "pair-as-tensor", "error", argument.place,
                {"name": argument.text, "count": len(value), "call": call.function},
                title="{name} is a list of {count}, as a loader gives it, and {call} takes a tensor",
                fixes=tuple(fixes),
                also=(call.place,),
            )  # fmt: skip
        return None
    return None


def _loop_target(source: SourceFacts, iterable: Place, name: str) -> Place | None:
    """The place of `x` in `for x in loader`."""
    line = source.line(iterable.line)
    start = line.find(f"for {name} in ")
    if start < 0 or start > iterable.column:
        return None
    return Place(iterable.path, iterable.line, start + 5, iterable.line, start + 5 + len(name))


def wrong_arguments(
    error: Exception, frame: FrameType, source: SourceFacts, call: SourceCall
) -> Finding | None:
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
            yield fix_of(
                [Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "the name it has"
            )
        elif not missing:
            words = [_written(a) for a in kept]
            yield fix_of([Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "what it takes")
        return
    if missing and not unknown:
        known = {**frame.f_globals, **frame.f_locals}
        if all(name in known and not inspect.ismodule(known[name]) for name in missing):
            plain = not call.arguments or not any(a.name for a in call.arguments)
            plain = plain and list(missing) == list(positional[len(given) : len(given) + len(missing)])
            words = [name if plain else f"{name}={name}" for name in missing]
            yield fix_of([added_argument(call, ", ".join(words))], "gives what it needs")
        return
    if len(given) > len(positional) and not unknown:
        kept = [*given[: len(positional)], *(a for a in call.arguments if a.name)]
        words = [_written(a) for a in kept]
        yield fix_of(
            [Edit(call.place, f"{source.at(call.callee)}({', '.join(words)})")], "as many as it takes"
        )


def _written(argument: SourceArgument) -> str:
    return f"{argument.name}={argument.text}" if argument.name else argument.text


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(words)})"
