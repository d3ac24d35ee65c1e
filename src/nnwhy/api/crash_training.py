"""Crashes between the passes: a backward pass without a graph or with a used one, an optimizer without parameters."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any

from torch import nn

from nnwhy.api.crash_frames import UNKNOWN, value_in
from nnwhy.checks.training.basis.watched import HANDS_ON, Watched, advice, same
from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.facts.place import Place
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.history import Node, ancestors

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_CONTAINERS = (list, tuple, dict, set)


def in_training(
    error: Exception, frames: list[FrameType], sources: dict[str, SourceFacts], watch: Watch | None
) -> tuple[Finding, ...]:
    """The findings on a crash of `backward` or of an optimizer's constructor; () for every other."""
    message = str(error)
    place = _place(frames)
    if isinstance(error, ValueError) and "empty parameter list" in message:
        return _empty(frames, sources)
    if not isinstance(error, RuntimeError) or watch is None or not watch.training.backwards:
        return ()
    watched = Watched(Session(), sources)
    if "does not require grad" in message:
        return _no_graph(watch, watched, place)
    if "backward through the graph a second time" in message:
        return _used_graph(watch, watched, frames, place)
    if "modified by an inplace operation" in message:
        return _changed(watch, place)
    return ()


def _no_graph(watch: Watch, watched: Watched, place: Place | None) -> tuple[Finding, ...]:
    """The loss has no gradient history: where it was cut."""
    last = watch.training.backwards[-1].fact()
    cuts = [cut for cut in last.cuts if cut.name not in ("eq", "__eq__")] + [
        m for m in last.history if m.cuts
    ]
    cut = next((c for c in cuts if c.name in HANDS_ON or not c.no_grad), cuts[0] if cuts else None)
    if cut is None:
        return ()
    what = (
        f"{cut.name} ran where gradients are switched off (no_grad)"
        if cut.no_grad
        else f"{cut.name} lets no gradient through"
    )
    text = watched.text(cut.place)
    fix = text.removesuffix(".detach()").removesuffix(".data").removesuffix(".item()")
    edits = watched.instead(cut.place, fix) if text and fix != text else ()
    label = (
        fix
        if edits
        else "take it out of the no_grad block"
        if cut.no_grad
        else f"leave {cut.name} out of the way to the loss"
    )
    return (
        Finding(
            "parameters-without-gradient", "error", cut.place, {"name": cut.name},
            because=(f"{what}, so the loss has no way back to the parameters.",),
            fixes=(advice(label, edits),),
            also=(place,) if place else (),
            title="the loss does not depend on any parameter: its history ends at {name}",
        ),
    )  # fmt: skip


def _used_graph(
    watch: Watch, watched: Watched, frames: list[FrameType], place: Place | None
) -> tuple[Finding, ...]:
    """A second backward pass through one graph: which tensor carries the old graph into the new one."""
    node = watch.training.last_loss
    if node is None:
        return ()
    before = watch.training.trained_before_last()
    carrier: Node | None = None
    for one in ancestors(node):
        if one.forward < 0 and one.latest < 0:
            continue
        trained = [p for p in one.parents if p.latest in before]
        old = [p for p in trained if p.latest < one.latest]
        if old and one.spot is not None:
            carrier = one
            break
    if carrier is None:
        return (
            Finding(
                "graph-used-twice", "error", place, {},
                because=("backward frees the graph that it has gone through.",),
                fixes=(advice("one backward pass from the sum of the losses"), advice("retain_graph=True on the first one")),
                title="backward goes through the same graph a second time",
            ),
        )  # fmt: skip
    where = carrier.spot.place if carrier.spot else None
    last = watch.forwards[-1].spot if watch.forwards else None
    fix = advice("detach() on what is carried from step to step: hidden = hidden.detach()")
    for carrying in (where, last.place if last is not None else None):
        found = _detached(watched, carrier, frames, carrying, place)
        if found is not None:
            fix, also = found, tuple(one for one in (where, place) if one is not None and one != carrying)
            where = carrying
            break
    else:
        also = (place,) if place else ()
    return (
        Finding(
            "graph-used-twice", "error", where, {"name": carrier.name},
            because=("It was computed in a step whose backward pass is over; this step's backward pass would go through it again.",),
            fixes=(fix,),
            also=also,
            title="{name} takes a tensor of an earlier step together with its history",
        ),
    )  # fmt: skip


def _detached(
    watched: Watched, carrier: Node, frames: list[FrameType], passed: Place | None, back: Place | None
) -> Fix | None:
    """What the call at `passed` takes and gives under one name, cut off from its history behind the backward pass; in another
    function than that, behind the call. None where the call carries nothing so, or it is read again behind the call."""
    call = watched.call(passed)
    if call is None or back is None:
        return None
    source = watched.sources[call.place.path]
    given = {argument.text for argument in call.arguments}
    made = [a for a in source.assignments if a.scope == call.scope and same(a.value, call.place)]
    name = next((a.target for a in made if a.target in given), "")
    if not name:
        return None
    here = [frame for frame in frames if frame.f_code.co_filename == call.place.path]
    value = next(
        (found for frame in reversed(here) if (found := value_in(frame, name)) is not UNKNOWN),
        () if carrier.name.startswith("lstm") else None,
    )
    code = f"{name} = {name}.detach()"
    if isinstance(value, tuple | list):
        if any(isinstance(part, tuple | list) for part in value):
            return None
        kind = "tuple" if isinstance(value, tuple) else "list"
        code = f"{name} = {kind}(part.detach() for part in {name})"
    inner = watched.call(back)
    if (
        inner is not None
        and back.path == call.place.path
        and inner.scope == call.scope
        and back.line > call.statement.end_line
    ):
        return advice(code, watched.after(back, code), "the next step begins with the numbers alone")
    behind = call.statement.end_line
    if any(use.scope == call.scope and use.text == name and use.place.line > behind for use in source.uses):
        return None
    return advice(code, watched.after(call.place, code), "the next step begins with the numbers alone")


def _changed(watch: Watch, place: Place | None) -> tuple[Finding, ...]:
    """Something that backward needs was changed in place."""
    node = watch.training.last_loss
    changing = [
        one
        for one in (ancestors(node) if node is not None else ())
        if one.name == "__setitem__"
        or one.name.startswith("__i")
        or (one.name.endswith("_") and not one.name.startswith("__"))
    ]
    if not changing or changing[0].spot is None:
        return ()
    first = changing[0]
    return (
        Finding(
            "changed-in-place", "error", first.spot.place if first.spot else None, {"name": first.name},
            because=("backward needs the values that were there before.",),
            fixes=(advice("the form that makes a new tensor (x = x + y instead of x += y), or clone() before it"),),
            also=(place,) if place else (),
            title="{name} changes a tensor in place that backward still needs",
        ),
    )  # fmt: skip


def _empty(frames: list[FrameType], sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """An optimizer without parameters: networks in sight whose layers or parameters are in a plain list, their own or one of
    their parts'."""
    for root in _modules_in_sight(frames):
        if next(root.parameters(), None) is not None:
            continue
        for module in root.modules():
            for name, value in vars(module).items():
                if isinstance(value, _CONTAINERS) and name[0] != "_":
                    if _holds(value, nn.Module):
                        return (_unregistered(module, name, value, sources, "Module"),)
                    if _holds(value, nn.Parameter):
                        return (_unregistered(module, name, value, sources, "Parameter"),)
    return ()


def _modules_in_sight(frames: list[FrameType]) -> list[nn.Module]:
    found: list[nn.Module] = []
    for frame in reversed(frames):
        if user_frame(frame) is frame:
            found += [
                value
                for value in {**frame.f_globals, **frame.f_locals}.values()
                if isinstance(value, nn.Module)
            ]
    return found


def _holds(value: Any, kind: type) -> bool:
    items = list(value.values()) if isinstance(value, dict) else list(value)
    return any(isinstance(item, kind) for item in items)


def _unregistered(
    module: nn.Module, name: str, value: Any, sources: dict[str, SourceFacts], what: str
) -> Finding:
    """What `what`, "Module" or "Parameter", says is in the plain container `value`."""
    container = f"nn.{what}{'Dict' if isinstance(value, dict) else 'List'}"
    count = len(value)
    place, edits = None, ()
    for source in sources.values():
        for assignment in source.assignments:
            if assignment.target == f"self.{name}" and assignment.scope.startswith(type(module).__name__):
                place = assignment.place
                edits = (Edit(assignment.value, f"{container}({assignment.text})"),)
    label = f"self.{name} = {edits[0].text}" if edits else f"self.{name} = {container}(…)"
    inside = list(value.values()) if isinstance(value, dict) else list(value)
    made = nn.ModuleList(inside) if what == "Module" else nn.ParameterList(inside)
    gone = next(made.parameters(), None) is not None
    check = "modules-unregistered" if what == "Module" else "parameter-unregistered"
    return Finding(
        check, "error", place,
        {"network": type(module).__name__, "name": name, "count": count, "kind": type(value).__name__, "what": "layers" if what == "Module" else "parameters"},
        because=(f"A {type(value).__name__} is not a module: what is in it is not registered, so parameters() is empty.",),
        fixes=(Fix(label, edits, proof=Proof(gone, (), gone) if edits else None),),
        title="{network} has no parameters: its {count} {what} are in the plain {kind} self.{name}",
    )  # fmt: skip


def _place(frames: list[FrameType]) -> Place | None:
    """The innermost place in the user's code."""
    for frame in reversed(frames):
        if user_frame(frame) is frame:
            return Spot(frame.f_code, frame.f_lasti).place
    return None
