"""A layer put into a finished network from outside, `model.fc = nn.Linear(512, 2)`, under a name that its forward does not know."""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment
from nnwhy.facts.trace import Module


def attached(subject: Subject, module: Module) -> SourceAssignment | None:
    """The assignment from outside that gave the network this layer with weights; None where there is none."""
    name = module.path.rpartition(".")[2]
    if (
        not name
        or name.isdigit()
        or module.same_as
        or not module.constructed
        or not _weighted(subject, module)
    ):
        return None
    for place in module.constructed:
        source = subject.sources.get(place.path)
        for a in source.assignments if source is not None else ():
            owner, _, attribute = a.target.rpartition(".")
            if attribute == name and owner not in ("", "self") and contains(a.value, place):
                return a
    return None


def still_in_place(subject: Subject, module: Module) -> Iterator[str]:
    """What the network goes on using, with the numbers of what it gives."""
    other = _in_use(subject, module)
    if other is not None:
        given = other.arguments.get("out_features")
        what = f" and gives {given} numbers" if isinstance(given, int) else ""
        yield f"forward uses {other.path}, which is as it was{what}"


def under_other_name(subject: Subject, module: Module, held: SourceAssignment) -> Iterator[Fix]:
    """The layer in the place of the one that forward calls last and that takes as many features."""
    other = _in_use(subject, module)
    if other is None:
        return
    name = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in other.path.split("."))
    owner, start = held.target.rpartition(".")[0], held.place
    place = Place(
        start.path, start.line, start.column, start.line, start.column + len(held.target), start.function
    )
    if subject.text(place) == held.target:
        edit = Edit(place, f"{owner}{name}")
        yield labelled(subject, [edit], means=f"in the place of {other.path}", safe=False)


def _in_use(subject: Subject, module: Module) -> Module | None:
    """The part that runs last and takes what the unused one takes."""
    wanted = _takes(subject, module)
    for call in reversed(subject.calls):
        other = subject.modules.get(call.module)
        if call.kind != "module" or other is None or not other.path or "." in module.path:
            continue
        if wanted is not None and _takes(subject, other) == wanted and _last(other) == _last(module):
            return other
    return None


def _takes(subject: Subject, module: Module) -> int | None:
    """How many features or channels the first layer with weights takes."""
    for other in subject.modules.values():
        if other.path == module.path or other.path.startswith(f"{module.path}."):
            for name in ("in_features", "in_channels"):
                size = other.arguments.get(name)
                if isinstance(size, int):
                    return size
    return None


def _last(module: Module) -> bool:
    """Whether it may stand for one layer, or for several."""
    return module.type in ("Linear", "Sequential") or not module.qualified_type.startswith("torch.nn.")


def _weighted(subject: Subject, module: Module) -> bool:
    return any(
        other.parameters
        for other in subject.modules.values()
        if other.path == module.path or other.path.startswith(f"{module.path}.")
    )
