"""The numbers that the user chose: layer arguments and arguments of function calls, with their places in the source."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nnwhy.checks.basis.definitions import definition
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.expression import Argument
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Module

# What an argument that was left out is taken from.
_FOLLOWS = {"stride": "kernel_size"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of one layer (`owner` is its path) or of one function call (`call`).

    `index` is the element, where the user wrote a tuple. `place` is the number's own expression, None where the number is
    a default that was not written down. `written` is the name to write it by where it must be added.
    """

    owner: str | None
    call: int | None
    name: str
    index: int | None
    value: int
    place: Place | None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for settings of one layer that stand in one place of the source. Two layers may share a place, with two values."""
        return (self.owner, self.call if self.owner is None else None, self.place or self.name)


def setting_of(subject: Subject, argument: Argument) -> Setting:
    """The setting behind a leaf of a derivation."""
    module, call = _owner(subject, argument)
    if module is not None:
        return module_setting(subject, module, argument.name, argument.index)
    assert call is not None
    return call_setting(subject, call, argument.name, argument.index)


def module_setting(subject: Subject, module: Module, name: str, index: int | None = None) -> Setting:
    """The setting of a layer's constructor argument."""
    value = module.arguments.get(name)
    place = module.argument_places.get(name)
    if place is None and "Pool" in module.type and _FOLLOWS.get(name) in module.argument_places:
        name = _FOLLOWS[name]
        place = module.argument_places[name]
    number = value[index] if isinstance(value, tuple) and index is not None and index < len(value) else value
    if not subject.owned(place) and not subject.owned(next(iter(module.constructed), None)):
        place = _handed_down(subject, module, name, integer(number))
    element = _element(subject, place, index)
    return Setting(
        module.path, None, name, index if element is not place or (place is None and isinstance(value, tuple)) else None,
        integer(number) or 0, element,
    )  # fmt: skip


# Where factories of layers (torchvision's Conv2dNormActivation, for one) take these, when they are not named.
_USUAL_PLACE = {"in_channels": 0, "out_channels": 1, "in_features": 0, "out_features": 1, "kernel_size": 2}


def _handed_down(subject: Subject, module: Module, name: str, value: int | None) -> Place | None:
    """A layer that a library's factory made: the argument of the user's call of that factory, by its name or usual place."""
    for place in module.constructed[1:]:
        call = subject.source_call(place)
        if call is None:
            continue
        for argument in call.arguments:
            usual = not argument.name and argument.index == _USUAL_PLACE.get(name)
            if argument.name == name or (usual and argument.text.strip() == str(value)):
                return argument.place
        return None
    return None


def call_setting(subject: Subject, call: Call, name: str, index: int | None = None) -> Setting:
    """The setting of an argument of a function that the user called."""
    value = call.arguments.get(name)
    if name in _FOLLOWS and value in (None, ()):
        name = _FOLLOWS[name]
        value = call.arguments.get(name)
    number = value[index] if isinstance(value, tuple) and index is not None and index < len(value) else value
    place, alone = argument_place(subject, call, name, index)
    return Setting(None, call.id, name, None if alone else index, integer(number) or 0, place)


def argument_place(
    subject: Subject, call: Call, name: str, index: int | None = None
) -> tuple[Place | None, bool]:
    """The place of an argument's expression in the call as written, and whether that expression is not an element of a tuple."""
    written = subject.source_call(call.place)
    if written is None:
        return None, True
    for argument in written.arguments:
        if argument.name == name:
            element = _element(subject, argument.place, index)
            return element, element is argument.place
    names = list(call.arguments)
    if name not in names:
        return None, True
    position = names.index(name)
    if is_method(subject, call, written):
        position -= 1
    positional = [argument for argument in written.arguments if not argument.name]
    if any(argument.starred for argument in positional):
        return None, True
    spread = (
        index is not None and name in ("shape", "dims", "size", "repeats") and len(positional) > position + 1
    )
    if spread:
        assert index is not None
        found = position + index
        return (positional[found].place, False) if found < len(positional) else (None, True)
    if 0 <= position < len(positional):
        place = positional[position].place
        element = _element(subject, place, index)
        return element, element is place
    return None, True


def is_method(subject: Subject, call: Call, written: SourceCall) -> bool:
    """Whether the call is written as a method of its tensor: `x.view(…)` rather than `torch.flatten(x, 1)`."""
    return call.function.startswith("torch.Tensor.") or (
        written.receiver is not None
        and not written.resolved.startswith("torch.")
        and "input" in call.arguments
        and not any(argument.name == "input" for argument in written.arguments)
        and written.function.rpartition(".")[2] == call.name
        and call.function.startswith("torch._C")
    )


def _owner(subject: Subject, argument: Argument) -> tuple[Module | None, Call | None]:
    if argument.call is None:
        return subject.modules.get(argument.owner), None
    call = subject.calls[argument.call]
    layer = subject.layer(call)
    if layer is not None and (argument.name in layer.arguments or call.kind == "module"):
        return layer, None
    return None, call


def _literal(subject: Subject, place: Place) -> Place:
    """The list or tuple behind a name that stands at `place`, the place itself where it is no such name."""
    text, source = subject.text(place), subject.sources.get(place.path)
    if source is None or not text.isidentifier():
        return place
    found = definition(source, text, place)
    written = found is not None and found.kind == "assignment" and found.text.startswith(("(", "["))
    return found.place if found is not None and found.place is not None and written else place


def _element(subject: Subject, place: Place | None, index: int | None) -> Place | None:
    """The place of one element where the expression is a tuple as written, else the place itself."""
    if place is None or index is None:
        return place
    place = _literal(subject, place)
    text = subject.text(place)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return place
    if (
        not isinstance(tree, ast.Tuple | ast.List)
        or index >= len(tree.elts)
        or "\n" in text
        or not text.isascii()
    ):
        return place
    node = tree.elts[index]
    return Place(
        place.path, place.line, place.column + node.col_offset, place.line,
        place.column + (node.end_col_offset or 0), place.function,
    )  # fmt: skip
