"""Which arguments a class or function takes: of torch by its card, of the user's own by its definition."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.checks.basis.layers import class_at, is_layer
from nnwhy.checks.basis.subject import Subject
from nnwhy.errors import NnwhyError
from nnwhy.facts.source import SourceCall
from nnwhy.layers import card

_EVERYWHERE = ("device", "dtype")
_ANY = ("Sequential", "ModuleList", "ModuleDict", "Module")


@dataclass(frozen=True, slots=True)
class Signature:
    """The names in order, those that must be given, whether others are taken too (`**options`), and whether it is a layer of torch."""

    names: tuple[str, ...]
    needed: tuple[str, ...]
    open: bool
    layer: bool


def signature_of(subject: Subject, call: SourceCall) -> Signature | None:
    """The signature of what a call constructs or calls; None where the files and the cards do not tell."""
    if is_layer(call.resolved):
        name = call.resolved.rpartition(".")[2]
        if name in _ANY:
            return None
        try:
            arguments = card(call.resolved).arguments
        except NnwhyError:
            return None
        names = tuple(argument.name for argument in arguments)
        needed = tuple(argument.name for argument in arguments if not argument.default)
        return Signature((*names, *_EVERYWHERE), needed, False, True)
    cls = call.function.rpartition(".")[2]
    if cls == "__init__" and call.function.startswith("super("):
        own = class_at(subject.sources[call.place.path], call.place)
        cls = own.bases[0].rpartition(".")[2] if own is not None and own.bases else ""
    function = subject.functions.get(f"{cls}.__init__")
    if function is None:
        return None
    source = subject.sources[function.place.path]
    head = source.text.split("\n")[function.place.line - 1 : function.first.line]
    written = "\n".join(head).partition(")")[0]
    taken = function.parameters[1:]
    return Signature(
        tuple(parameter.name for parameter in taken),
        tuple(parameter.name for parameter in taken if parameter.default is None),
        "*" in written.replace("*,", ""),
        False,
    )
