"""A number that several layers are built with: whether one of them may change it for all."""

from __future__ import annotations

from nnwhy.checks.basis.definitions import definition, names_in
from nnwhy.checks.basis.layers import is_layer
from nnwhy.checks.basis.settings import Setting, setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import Way
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place


def shared_with_others(subject: Subject, place: Place | None, value: int) -> bool:
    """Whether the name that stands at `place` is also an argument of other layers, none of which gets another size than it."""
    name = subject.text(place).strip()
    if place is None or not name.isidentifier() or place.path not in subject.sources:
        return False
    others = [
        argument.place
        for call in subject.sources[place.path].calls
        if call.scope == place.function and is_layer(call.resolved)
        for argument in call.arguments
        if argument.place != place and name in names_in(argument.text)
    ]
    return bool(others) and not any(where in _refused(subject) for where in others)


def _refused(subject: Subject) -> set[Place]:
    """The places of the arguments of layers that get another size than they were built for."""
    return {
        pair.module.argument_places[pair.argument]
        for pair in subject.consumers
        if pair.argument in pair.module.argument_places
        and pair.value != subject.shape(pair.tensor)[pair.axis]
    }


def named_like_maker(subject: Subject, setting: Setting, size: Size) -> Way | None:
    """The setting written by the name that the layer which makes the size was given."""
    root = subject.derivations.resolved(size)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if setting.place is None or not isinstance(expression, Argument):
        return None
    made = setting_of(subject, expression)
    name = subject.text(made.place).strip()
    source = subject.sources.get(setting.place.path)
    if made.place is None or source is None or made.place.function != setting.place.function:
        return None
    if not name.isidentifier() or definition(source, name, setting.place) is None:
        return None
    return Way((Edit(setting.place, name),), "here")
