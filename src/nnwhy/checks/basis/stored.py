"""Tables that a network computes in its constructor and keeps: buffers and attributes such as positional encodings."""

from __future__ import annotations

from nnwhy.checks.basis.definitions import constant, definition, names_in
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.finding import Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Tensor

_CUT = (
    "__getitem__",
    "to",
    "detach",
    "type_as",
    "narrow",
    "expand",
    "unsqueeze",
    "transpose",
    "permute",
    "float",
)


def stored_behind(subject: Subject, tensor: Tensor) -> str:
    """The name of the buffer or attribute that `tensor` is a part of ("pos.pe"), "" where it is none."""
    assert subject.trace is not None
    for _ in range(8):
        if tensor.origin.kind in ("buffer", "attribute", "parameter"):
            return tensor.origin.name
        call = subject.calls[tensor.origin.call] if tensor.origin.call is not None else None
        if call is None or call.name not in _CUT or not call.inputs:
            return ""
        tensor = subject.trace.tensors[call.inputs[0]]
    return ""


def made_longer(subject: Subject, name: str, old: int, new: int, means: str) -> list[Fix]:
    """Fixes that change the number `old` in the constructor of the module that keeps the table `name`."""
    module = subject.modules.get(name.rpartition(".")[0])
    if module is None:
        return []
    scope = f"{module.type}.__init__"
    construct = subject.source_call(module.constructed[0] if module.constructed else None)
    found: dict[Place, None] = {}
    for source in subject.sources.values():
        for call in source.calls:
            if call.scope != scope or not call.resolved.startswith("torch."):
                continue
            for argument in call.arguments:
                for word in names_in(argument.text) if not argument.text.isdigit() else [argument.text]:
                    where = _number(subject, word, argument.place, old, construct)
                    if where is not None:
                        found[where] = None
    edits = [ways_to_set_text(subject, place, old, new)[0].edits for place in found]
    return [labelled(subject, [edit for some in edits for edit in some], means=means)] if edits else []


def _number(
    subject: Subject, word: str, place: Place, value: int, construct: SourceCall | None
) -> Place | None:
    """The place of the number `value` behind a word of a constructor: itself, a constant, a default or what the caller gives."""
    source = subject.sources[place.path]
    if word.isdigit():
        return place if int(word) == value else None
    made = definition(source, word, place)
    if made is None:
        return None
    if made.kind in ("parameter", "default") and construct is not None:
        for argument in construct.arguments:
            at = argument.index == made.position - 1 and not argument.name
            if at or argument.name == made.name:
                given = subject.sources[construct.place.path]
                return argument.place if constant(given, argument.text, argument.place) == value else None
    if made.place is None or constant(source, made.text, made.place) != value:
        return None
    return made.place
