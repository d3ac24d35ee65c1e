"""Crashes on an attribute that a layer does not have, in code around a network: what the layer is by now, and who made it so."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from nnwhy.checks.basis.editing import contains
from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts
from nnwhy.watch.frames import Spot, user_frame

if TYPE_CHECKING:
    from nnwhy.watch.constructed import Constructed

_AGAIN = "head-replaced-twice"


def in_attribute(
    error: Exception,
    frames: list[FrameType],
    sources: dict[str, SourceFacts],
    constructed: Constructed | None,
) -> tuple[Finding, ...]:
    """The finding on an AttributeError of a module or of a class of modules, its fixes evaluated in the frames that are still there; () for every other."""
    inner = frames[-1] if frames else None
    if isinstance(error, AttributeError) and isinstance(error.obj, type) and issubclass(error.obj, nn.Module):
        return _of_class(error.obj, error.name or "", frames, sources)
    if not isinstance(error, AttributeError) or inner is None or inner.f_code.co_name != "__getattr__":
        return ()
    owner, name = inner.f_locals.get("self"), inner.f_locals.get("name")
    user = next((frame for frame in reversed(frames) if user_frame(frame) is frame), None)
    place = Spot(user.f_code, user.f_lasti).place if user is not None else None
    if not isinstance(owner, nn.Module) or not isinstance(name, str) or user is None or place is None:
        return ()
    again = _replaced_again(place, frames, sources)
    if again is not None:
        return (_with_number(again, owner, name),)
    source = sources.get(place.path)
    text = source.at(place) if source is not None else ""
    if source is None or not text.endswith(f".{name}"):
        return ()
    holder = text.removesuffix(f".{name}")
    made = constructed.places(owner) if constructed is not None else ()
    here = next((one for one in made if one.path in sources), None)
    kind = type(owner).__name__
    fixes = tuple(_tried(fix, user) for fix in _fixes(source, place, holder, owner, name))
    return (
        Finding(
            "attribute-missing", "error", place,
            {"holder": holder, "kind": kind, "name": name, "made": f", made in line {here.line}," if here else ""},
            because=tuple(_reasons(source, place, owner, name)),
            fixes=fixes,
            also=(here,) if here is not None else (),
            title="{holder} is a {kind}{made} and has no {name}",
        ),
    )  # fmt: skip


def _of_class(
    cls: type[nn.Module], name: str, frames: list[FrameType], sources: dict[str, SourceFacts]
) -> tuple[Finding, ...]:
    """`nn.Linear.in_features`: the class has no such number, the layers in sight that are made of it have."""
    user = next((frame for frame in reversed(frames) if user_frame(frame) is frame), None)
    place = Spot(user.f_code, user.f_lasti).place if user is not None else None
    source = sources.get(place.path) if place is not None else None
    text = source.at(place) if source is not None and place is not None else ""
    if user is None or place is None or source is None or not text.endswith(f".{name}"):
        return ()
    layers = [(at, layer) for at, layer in _layers_in_sight(user, cls) if hasattr(layer, name)]
    # The layer that this function is about to replace stands first.
    named = {a.target for a in source.assignments if a.scope == place.function}
    layers.sort(key=lambda found: found[0] not in named)
    fixes = [
        _tried(Fix(f"{at}.{name}", (Edit(place, f"{at}.{name}"),), "the number of the layer itself"), user)
        for at, _ in layers[:2]
        if len(layers) == 1 or at in named
    ]
    return (
        Finding(
            "attribute-missing", "error", place,
            {"holder": text.removesuffix(f".{name}"), "kind": cls.__name__, "name": name},
            because=tuple(f"{at}, a {cls.__name__}, has {name} {getattr(layer, name)}" for at, layer in layers[:3]),
            fixes=tuple(fixes),
            title="{holder} is the class and has no {name}: each {kind} that is made of it has its own",
        ),
    )  # fmt: skip


def _layers_in_sight(frame: FrameType, cls: type[nn.Module]) -> list[tuple[str, nn.Module]]:
    """The layers of a class in the networks that the frame's variables hold, as the code there would write them."""
    found: dict[int, tuple[str, nn.Module]] = {}
    for variable, root in {**frame.f_globals, **frame.f_locals}.items():
        if isinstance(root, nn.Module):
            for path, module in root.named_modules():
                if isinstance(module, cls) and id(module) not in found:
                    parts = [
                        f"[{part}]" if part.isdigit() else f".{part}" for part in path.split(".") if part
                    ]
                    found[id(module)] = (variable + "".join(parts), module)
    return list(found.values())


def _replaced_again(place: Place, frames: list[FrameType], sources: dict[str, SourceFacts]) -> Finding | None:
    """The finding of the files' syntax that explains it, its fix evaluated in the frame of the call."""
    for finding in findings_of(Subject(sources)):
        if finding.check == _AGAIN and any(contains(one, place) for one in finding.also):
            fixes = tuple(_called(fix, frames, sources) for fix in finding.fixes)
            return replace(finding, fixes=fixes)
    return None


def _called(fix: Fix, frames: list[FrameType], sources: dict[str, SourceFacts]) -> Fix:
    """The mended call once more: it raises no longer, or the fix is only a hint."""
    if len(fix.edits) != 1:
        return fix
    (edit,) = fix.edits
    source = sources[edit.place.path]
    call = next((c for c in source.calls if any(a.place == edit.place for a in c.arguments)), None)
    frame = next((f for f in frames if f.f_code.co_filename == source.path and call is not None and f.f_code.co_qualname.endswith(call.scope or "<module>")), None)  # fmt: skip
    if call is None or frame is None:
        return fix
    text = source.at(call.place)
    where = edit.place
    if where.line != call.place.line or where.end_line != where.line:
        return fix
    start, end = where.column - call.place.column, where.end_column - call.place.column
    text = text[:start] + edit.text + text[end:]
    try:
        with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng(devices=[]):
            eval(compile(text, source.path, "eval"), frame.f_globals, dict(frame.f_locals))
    except Exception:
        return fix
    return replace(fix, proof=Proof(True, (), False))


def _with_number(finding: Finding, owner: nn.Module, name: str) -> Finding:
    parts = [
        f"{type(part).__name__} ({at}) has {name} {getattr(part, name)}" for at, part in _having(owner, name)
    ]
    return replace(finding, because=(*finding.because, *parts[:2]))


def _having(owner: nn.Module, name: str) -> list[tuple[str, nn.Module]]:
    return [(at, part) for at, part in owner.named_children() if not callable(getattr(part, name, print))]


def _reasons(source: SourceFacts, place: Place, owner: nn.Module, name: str) -> Iterator[str]:
    for at, part in [*_having(owner, name), *_having(owner, _next_name(source, place))][:3]:
        number = name if hasattr(part, name) else _next_name(source, place)
        yield f"its {at}, a {type(part).__name__}, has {number} {getattr(part, number)}"


def _next_name(source: SourceFacts, place: Place) -> str:
    """The attribute that is read from the missing one: in_features of `model.classifier.in_features`."""
    rest = source.line(place.end_line)[place.end_column - 1 :]
    word = rest[1:].split("(")[0].split(",")[0].split(")")[0].strip() if rest.startswith(".") else ""
    return word if word.isidentifier() else " "


def _fixes(source: SourceFacts, place: Place, holder: str, owner: nn.Module, name: str) -> Iterator[Fix]:
    for at, _ in _having(owner, name):
        text = f"{holder}[{at}].{name}" if at.isdigit() else f"{holder}.{at}.{name}"
        yield Fix(text, (Edit(place, text),), "the number of the layer inside")
    further = _next_name(source, place)
    names = [at for at, _ in owner.named_children()]
    near = get_close_matches(name, names, 1, 0.6) or [at for at, _ in _having(owner, further)]
    for other in near[:2]:
        edits = [Edit(place, f"{holder}.{other}")]
        for assignment in source.assignments:
            start = assignment.place
            line = source.line(start.line)[start.column - 1 :]
            if contains(start, place) and line.startswith(f"{holder}.{name}"):
                end = start.column + len(f"{holder}.{name}")
                edits.append(
                    Edit(Place(start.path, start.line, start.column, start.line, end), f"{holder}.{other}")
                )
        yield Fix(
            f"{holder}.{other}{f'.{further}' if further.strip() else ''}",
            tuple(edits),
            "the layer that it has",
        )


def _tried(fix: Fix, frame: FrameType) -> Fix:
    """A fix whose expression can be read in the frame that raised is proved."""
    names: dict[str, Any] = {**frame.f_globals, **frame.f_locals}
    try:
        eval(compile(fix.label, "<fix>", "eval"), names)
    except Exception:
        return fix
    return replace(fix, proof=Proof(True, (), False))
