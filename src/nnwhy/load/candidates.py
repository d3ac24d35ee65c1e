"""Which networks a loaded file offers, the most likely first."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import nn

from nnwhy.errors import TargetError, nearest
from nnwhy.load.reading import FileNames

Kind = Literal["instance", "class", "function"]


@dataclass(frozen=True)
class Candidate:
    """A network of a file: an instance that is there, or a class or function that makes one.

    `root`: no other class of the file uses it. `needed`: the arguments without default.
    """

    name: str
    kind: Kind
    thing: Any
    root: bool
    needed: tuple[str, ...]


def candidates_in(module: types.ModuleType, names: FileNames) -> list[Candidate]:
    """The networks of a module: instances, then classes (roots first, those that need nothing first), then functions."""
    found: list[Candidate] = []
    for name, thing in vars(module).items():
        if name.startswith("__"):
            continue
        if isinstance(thing, nn.Module) and not _is_loss(thing):
            if not any(other.thing is thing for other in found):
                found.append(Candidate(name, "instance", thing, True, ()))
        elif isinstance(thing, type) and issubclass(thing, nn.Module) and thing.__module__ == module.__name__:
            if name == thing.__name__ and not _abstract(thing):
                found.append(Candidate(name, "class", thing, name not in names.used_inside, needed(thing)))
        elif (
            inspect.isfunction(thing)
            and thing.__module__ == module.__name__
            and (name in names.makers or _gives_module(thing))
        ):
            found.append(Candidate(name, "function", thing, True, needed(thing)))
    order = {"instance": 0, "class": 1, "function": 2}
    return sorted(found, key=lambda c: (order[c.kind], not c.root, bool(c.needed)))


def named(module: types.ModuleType, name: str, candidates: list[Candidate], place: str) -> Candidate:
    """The candidate that was asked for by name. Raises TargetError where there is none, or it is something else."""
    thing: Any = module
    for part in name.split("."):
        if not hasattr(thing, part):
            known = [candidate.name for candidate in candidates]
            hint = nearest(name, known) or (
                f"it has {_listed(known)}" if known else "there is no network in it"
            )
            raise TargetError(f"{place} has no {name}; {hint}")
        thing = getattr(thing, part)
    if isinstance(thing, nn.Module):
        return Candidate(name, "instance", thing, True, ())
    if isinstance(thing, type) and issubclass(thing, nn.Module):
        return Candidate(name, "class", thing, True, needed(thing))
    if callable(thing) and not isinstance(thing, type):
        return Candidate(name, "function", thing, True, needed(thing))
    raise TargetError(
        f"{name} in {place} is {_kind(thing)}, and neither a network nor a class or function that makes one"
    )


def needed(maker: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments without default."""
    try:
        parameters = inspect.signature(maker).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(
        p.name for p in parameters
        if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    )  # fmt: skip


def choices(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates among which a target without a name has to choose: the best of one kind only.

    An instance that the file made is what its author uses; else the classes that no other class uses; functions count
    only where no class can be made without arguments.
    """
    instances = [c for c in candidates if c.kind == "instance"]
    if instances:
        inner = {id(part) for c in instances for part in c.thing.modules() if part is not c.thing}
        outer = [c for c in instances if id(c.thing) not in inner]
        return [c for c in outer if _has_layers(c.thing)] or outer
    classes = [c for c in candidates if c.kind == "class"]
    roots = [c for c in classes if c.root] or classes
    ready = [c for c in roots if not c.needed]
    if ready:
        return ready
    makers = [c for c in candidates if c.kind == "function" and not c.needed]
    return makers or roots


def _has_layers(module: nn.Module) -> bool:
    return next(module.parameters(), None) is not None or len(list(module.children())) > 0


def _is_loss(module: nn.Module) -> bool:
    return isinstance(module, nn.modules.loss._Loss)


def _abstract(cls: type[nn.Module]) -> bool:
    """A class without a forward of its own is the base of others."""
    return cls.forward is nn.Module.forward or inspect.isabstract(cls)


def _gives_module(function: Callable[..., Any]) -> bool:
    annotation = inspect.get_annotations(function).get("return")
    if isinstance(annotation, str):
        return annotation.endswith("Module")
    return isinstance(annotation, type) and issubclass(annotation, nn.Module)


def _kind(thing: Any) -> str:
    if isinstance(thing, types.ModuleType):
        return "a module"
    name = thing.__name__ if isinstance(thing, type) else type(thing).__name__
    if isinstance(thing, type):
        return f"the class {name}, which is no nn.Module"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
