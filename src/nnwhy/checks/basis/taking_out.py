"""Edits that take a step out of a network."""

from __future__ import annotations

from nnwhy.checks.basis.editing import contains, labelled, line_behind
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.layers import assignment_around, is_layer, namespace
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Module


def taken_out(subject: Subject, call: Call, *, means: str = "hands on the raw scores") -> list[Fix]:
    """Fixes without the step: its argument in its place, or its layer out of a Sequential. They change what is computed."""
    outer = subject.user_call(call)
    layer = subject.layer(call)
    found: list[Fix] = []
    written = subject.source_call(outer.place)
    same = layer is None or outer.module == layer.path
    if written is not None and same and subject.owned(outer.place):
        argument = first_argument(subject, outer)
        text = subject.text(argument)
        if (
            written.receiver is not None
            and outer.kind == "function"
            and written.function.rpartition(".")[2] == call.name
            and not written.resolved.startswith("torch.")
        ):
            text = subject.text(written.receiver)
        if text and outer.place is not None:
            found.append(labelled(subject, [Edit(outer.place, text)], means=means, safe=False))
    constructed = subject.source_call(layer.constructed[0]) if layer and layer.constructed else None
    own = own_construction(subject, layer) if layer is not None else None
    if layer is not None and constructed is not None and subject.source_call(own) != constructed:
        return found or _made_idle(subject, layer, means)
    if constructed is not None and not found:
        place = _with_comma(subject, constructed)
        if place is not None:
            found.append(
                labelled(
                    subject,
                    [Edit(place, "")],
                    means=means,
                    safe=False,
                    label=f"without {constructed.function}()",
                )
            )
        if is_layer(constructed.resolved):
            text = f"{namespace(constructed)}Identity()"
            found.append(labelled(subject, [Edit(constructed.place, text)], means=means, safe=False))
    return found


def own_construction(subject: Subject, layer: Module) -> Place | None:
    """The innermost place where this layer and no other is made: where a class makes it for each of its objects, the one of the
    object that it is in."""
    others = [
        module for module in subject.modules.values() if module.path != layer.path and not module.same_as
    ]
    places = {place for module in others if module.type == layer.type for place in module.constructed}
    return next((place for place in layer.constructed if place not in places), None)


def made_last(subject: Subject, layer: Module) -> SourceCall | None:
    """The call `nn.Sequential(*layers)` that makes the Sequential in which the layer is the last, where a list gives all of it."""
    owner, _, number = layer.path.rpartition(".")
    parent = subject.modules.get(owner)
    if parent is None or parent.type != "Sequential" or not number.isdigit():
        return None
    call = subject.source_call(parent.constructed[0] if parent.constructed else None)
    if call is None or len(call.arguments) != 1 or not call.arguments[0].starred:
        return None
    return call if f"{owner}.{int(number) + 1}" not in subject.modules else None


def _without_last(subject: Subject, whole: SourceCall, means: str) -> list[Fix]:
    place = whole.arguments[0].place
    text = subject.text(place)
    edit = Edit(place, f"{text}[:-1]")
    return [labelled(subject, [edit], means=means, safe=False)] if text.lstrip("*").isidentifier() else []


def _made_idle(subject: Subject, layer: Module, means: str) -> list[Fix]:
    """A statement that puts `nn.Identity()` in the place of a layer whose class makes it for others too; for one that a loop makes
    last, the list without its last item."""
    place, whole = own_construction(subject, layer), made_last(subject, layer)
    source = subject.sources.get(place.path) if place is not None else None
    if place is None or source is None:
        return _without_last(subject, whole, means) if whole is not None else []
    held = assignment_around(source, place)
    first, *inner = layer.path.split(".")
    if held is None or held.target != f"self.{first}" or held.value != place or not inner:
        return []
    path = "".join(f"[{name}]" if name.isdigit() else f".{name}" for name in inner)
    prefix = next((f"{name}." for name, full in source.imports.items() if full == "torch.nn"), "torch.nn.")
    text = f"{held.target}{path} = {prefix}Identity()"
    edit = line_behind(source, held.place, text)
    return [labelled(subject, [edit], means=means, safe=False, label=text)]


def _with_comma(subject: Subject, call: SourceCall) -> Place | None:
    """The layer in a list or Sequential with the comma before it (or behind it, for the first)."""
    if not (call.within in ("List", "Tuple") or call.within.endswith("Sequential(")):
        return None
    source = subject.sources[call.place.path]
    lines = source.text.split("\n")
    line, column = call.place.line, call.place.column - 1
    while line > 0:
        head = lines[line - 1][:column].rstrip()
        if head:
            if not head.endswith(","):
                return None
            start = len(head)
            found = Place(
                call.place.path, line, start, call.place.end_line, call.place.end_column, call.place.function
            )
            return found if contains(found, call.place) else None
        line -= 1
        column = len(lines[line - 1]) if line else 0
    return None
