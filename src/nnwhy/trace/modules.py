"""The modules of a network as facts."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import torch
from torch import nn

from nnwhy.facts.place import Place
from nnwhy.facts.trace import Module
from nnwhy.trace.constructions import (
    Constructions,
    argument_places,
    assigned_in_class,
    constructor_arguments,
)
from nnwhy.trace.values import plain_value_of


class ModuleTable:
    """The modules of a root by identity; modules that appear only during the pass join it as "<Conv2d 1>"."""

    def __init__(self, root: nn.Module, constructions: Constructions) -> None:
        self._constructions = constructions
        self._paths: dict[int, str] = {}
        self._entries: list[tuple[str, nn.Module, str]] = []
        self._made_inside = 0
        self._attributes: dict[int, str] = {}
        for path, module in root.named_modules(remove_duplicate=False):
            first = self._paths.setdefault(id(module), path)
            self._entries.append((path, module, "" if first == path else first))
        for path, module, same in self._entries:
            if same:
                continue
            for name, thing in vars(module).items():
                if isinstance(thing, torch.Tensor):
                    self._attributes[id(thing)] = f"{path}.{name}" if path else name

    def called(self, module: nn.Module) -> tuple[str, str, str]:
        """The path, class name and full class name of a called module."""
        if id(module) not in self._paths:
            self._made_inside += 1
            path = f"<{type(module).__name__} {self._made_inside}>"
            self._paths[id(module)] = path
            self._entries.append((path, module, ""))
        cls = written_class(module)
        return self._paths[id(module)], cls.__name__, f"{cls.__module__}.{cls.__qualname__}"

    def attribute_name(self, tensor: torch.Tensor) -> str:
        """The name of a tensor that is a plain attribute of a module, "" for others."""
        return self._attributes.get(id(tensor), "")

    def forward_arguments(
        self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """The arguments of a module call by the names of its `forward`."""
        names = _names(getattr(function, "__func__", None)) if function is not None else ()
        named = {
            names[index] if index < len(names) else f"argument{index}": value
            for index, value in enumerate(args)
        }
        return {**named, **kwargs}

    def facts(self, tensor_ids: dict[str, int]) -> tuple[Module, ...]:
        """All modules, in the order of registration."""
        return tuple(self._fact(path, module, same, tensor_ids) for path, module, same in self._entries)

    def _fact(self, path: str, module: nn.Module, same: str, ids: dict[str, int]) -> Module:
        cls = written_class(module)
        prefix = f"{path}." if path else ""
        constructed = self._constructions.places(module) or self._from_source(path)
        return Module(
            path=path,
            type=cls.__name__,
            qualified_type=f"{cls.__module__}.{cls.__qualname__}",
            arguments={name: plain_value_of(value) for name, value in constructor_arguments(module).items()},
            training=module.training,
            parameters=_owned(module._parameters, prefix, ids),
            buffers=_owned(module._buffers, prefix, ids),
            constructed=constructed,
            argument_places=argument_places(cls, constructed[0]) if constructed else {},
            defined=_defined(cls),
            same_as=same,
        )

    def _from_source(self, path: str) -> tuple[Place, ...]:
        owner_path, _, name = path.rpartition(".")
        if not name or path.startswith("<"):
            return ()
        for entry_path, owner, _ in self._entries:
            if entry_path == owner_path:
                place = assigned_in_class(owner, name)
                return (place,) if place else ()
        return ()


def written_class(module: nn.Module) -> type[nn.Module]:
    """The class that the user wrote: parametrization puts one of its own in front."""
    cls = type(module)
    return cls.__mro__[1] if "parametrizations" in vars(module).get("_modules", {}) else cls


def _owned(registry: dict[str, Any], prefix: str, ids: dict[str, int]) -> dict[str, int]:
    # a scripted module's registry has keys() but cannot be iterated
    return {name: ids[prefix + name] for name in registry.keys() if prefix + name in ids}  # noqa: SIM118


@cache
def _names(function: Any) -> tuple[str, ...]:
    if function is None:
        return ("input",)
    try:
        parameters = list(inspect.signature(function).parameters.values())[1:]
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD))


@cache
def _defined(cls: type) -> Place | None:
    if cls.__module__.startswith("torch."):
        return None
    try:
        path = inspect.getsourcefile(cls)
        lines, first = inspect.getsourcelines(cls)
    except (OSError, TypeError):
        return None
    return Place(path or "", first, 1, first + len(lines) - 1, 1, cls.__qualname__)


def forward_names(module: nn.Module) -> tuple[str, ...]:
    """The names of the positional arguments of `module.forward`."""
    return _names(getattr(module.forward, "__func__", None))
