"""The numbers that the user wrote into a view: which of them are wrong, what they should be, and who else repeats them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import isqrt, prod

from nnwhy.checks.basis.before_linear import ELEMENTWISE
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.mending import distinct
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.solving import Equals, candidates
from nnwhy.checks.basis.subject import Subject, integer, integers, traced
from nnwhy.checks.basis.ways import Way, ways_to_set
from nnwhy.checks.basis.words import times
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Call

Shape = tuple[int, ...]


def makes_up(shape: Shape, wanted: Shape) -> bool:
    """Whether a view of `shape` to `wanted`, with at most one −1, is possible."""
    known = prod(size for size in wanted if size != -1)
    if wanted.count(-1) == 1:
        return known != 0 and prod(shape) % known == 0
    return prod(wanted) == prod(shape)


def asked_for(call: Call, shape: Shape) -> Shape:
    """The whole shape that a `view`, `reshape` or `unflatten` of a tensor of `shape` asks for; () where it is not known."""
    if call.name != "unflatten":
        return integers(call.arguments.get("shape"))
    axis, sizes = _unflattened(call, shape), integers(call.arguments.get("sizes"))
    return (*shape[:axis], *sizes, *shape[axis + 1 :]) if sizes else ()


def stated(call: Call, shape: Shape, wanted: Shape) -> list[int]:
    """The positions of the sizes that the user stated as numbers, rather than took from another tensor."""
    given = call.arguments.get("sizes" if call.name == "unflatten" else "shape")
    items = given if isinstance(given, tuple) else (given,)
    first = _unflattened(call, shape) if call.name == "unflatten" else 0
    return [index for index, item in enumerate(items, start=first) if wanted[index] > 1 and not traced(item)]


def size_setting(subject: Subject, call: Call, shape: Shape, index: int) -> Setting:
    """Where the user wrote the size at position `index` of the shape that is asked for."""
    if call.name != "unflatten":
        return call_setting(subject, call, "shape", index)
    module, at = subject.layer(call), index - _unflattened(call, shape)
    if module is not None:
        return module_setting(subject, module, "unflattened_size", at)
    return call_setting(subject, call, "sizes", at)


def _unflattened(call: Call, shape: Shape) -> int:
    return (integer(call.arguments.get("dim")) or 0) % max(len(shape), 1)


def map_meant(call: Call, shape: Shape, wanted: Shape) -> dict[int, int]:
    """Other sides for a map that the view states, by position: those that the tensor has there, or the side of a square
    that makes up its elements; {} where the view states no such map.

    `view(-1, 128, 19, 19)` of (…, 128, 14, 14), `view(n, 128, 9, 9)` of (n, 128, 196).
    """
    plain = stated(call, shape, wanted)
    back = range(1, min(len(shape), len(wanted)) + 1)
    differ = {len(wanted) - i: shape[-i] for i in back if wanted[-i] > 1 and shape[-i] != wanted[-i]}
    alike = [i for i in back if wanted[-i] > 1 and shape[-i] == wanted[-i]]
    changed = tuple(differ.get(index, size) for index, size in enumerate(wanted))
    if alike and differ and set(differ) <= {i for i in plain if i > 0} and makes_up(shape, changed):
        return dict(sorted(differ.items()))
    for side in dict.fromkeys(wanted[index] for index in plain if index > 1):
        square = [index for index in plain if index > 1 and wanted[index] == side]
        rest = prod(size for index, size in enumerate(wanted) if index not in square and size > 0)
        total = prod(shape) if wanted[0] > 0 else prod(shape[1:])
        if len(square) != 2 or total % rest:
            continue
        root = isqrt(total // rest)
        if root * root * rest == total:
            return dict.fromkeys(square, root)
    return {}


def turned_axes(subject: Subject, call: Call, shape: Shape, wanted: Shape) -> tuple[int, Fix] | None:
    """Where a view asks for two axes in the other order and has the size of one of them wrong: the position of that size,
    and the axes swapped, since a view with the right number would only cut the memory anew.

    `view(-1, 30, 64)` of (n, 64, 29).
    """
    written = subject.source_call(call.place)
    if call.name == "unflatten" or written is None or written.receiver is None or len(shape) != 3:
        return None
    if len(wanted) != 3 or wanted[0] not in (-1, shape[0]) or shape[1] == shape[2]:
        return None
    swapped = (shape[0], shape[2], shape[1])
    odd = [index for index in stated(call, shape, wanted) if index and wanted[index] != swapped[index]]
    alike = [index for index in (1, 2) if wanted[index] == swapped[index]]
    if len(odd) != 1 or len(alike) != 1 or wanted[odd[0]] in shape:
        return None
    text = f"{bracketed(subject.text(written.receiver))}.transpose(1, 2)"
    means = f"axes 1 and 2 swap places: {times(swapped)}"
    return odd[0], labelled(subject, [Edit(written.place, text)], means=means, safe=False)


def map_fixes(subject: Subject, call: Call, shape: Shape, meant: Mapping[int, int]) -> list[Fix]:
    """Edits that give the view's map the sides that it has."""
    edits: list[Edit] = []
    for index, value in meant.items():
        ways = ways_to_set(subject, size_setting(subject, call, shape, index), value)
        edits.extend(ways[0].edits if ways else ())
    means = f"the map is {' × '.join(map(str, meant.values()))}"
    return [labelled(subject, list(dict.fromkeys(edits)), means=means)] if edits else []


def stated_wrongly(subject: Subject, tensor: int, axis: int, wanted: int) -> bool:
    """Whether a tensor comes from a view that failed and would be possible with `wanted` at that axis: its number is the
    mistake, not the layer behind that wants `wanted`."""
    maker = subject.maker(tensor)
    while maker is not None and maker.name in ELEMENTWISE and maker.inputs:
        tensor = maker.inputs[0]
        maker = subject.maker(tensor)
    if maker is None or maker.name not in ("view", "reshape") or not maker.stand_in or not maker.inputs:
        return False
    made = list(subject.shape(tensor))
    if axis >= len(made):
        return False
    made[axis] = wanted
    return prod(made) == prod(subject.shape(maker.inputs[0]))


def number_fixes(subject: Subject, call: Call, odd: int, new: int, tensor: int) -> list[Fix]:
    """Another number at position `odd` of the view, in the linear layers behind that repeat it as well; or another map
    before the view that makes up the number as it is."""
    shape = subject.shape(tensor)
    setting = size_setting(subject, call, shape, odd)
    factors = tuple(size for size in shape[1:])
    trailing = factors if prod(factors) == new else ()
    hints = set(shape)
    repeating = layers_repeating(subject, call, setting.value)
    layers = _edits_of(subject, repeating)
    fixes: list[Fix] = []
    ways = ways_to_set(subject, setting, new, factors=trailing, hints=hints)
    for way in sorted(ways, key=lambda way: _used_elsewhere(subject, call, repeating, way)):
        edits = list(way.edits)
        for layer_way in layers(new, trailing, hints, way):
            if layer_way not in edits:
                edits.append(layer_way)
        fixes.append(labelled(subject, edits, means=f"one sample is {times(factors)} = {prod(factors)}"))
    if subject.brief and fixes:
        return fixes[:1]
    producers = _producers(subject, tensor, setting.value)
    if not repeating:
        return distinct([*fixes[:1], *producers, *fixes[1:]])
    # Where the layer behind agrees with the view, two places stand against one: what comes before may be the odd one.
    return distinct([*fixes, *producers])


def _used_elsewhere(subject: Subject, call: Call, repeating: Sequence[str], way: Way) -> bool:
    """Whether the name whose value the way changes is read for other things than the view and the layers that repeat it."""
    source = subject.sources.get(way.place.path)
    if source is None or way.kind != "definition":
        return False
    line = source.line(way.place.line)
    found = re.search(r"([A-Za-z_]\w*)(?:\s*:[^,()=]*)?\s*=\s*$", line[: way.place.column - 1])
    if found is None:
        return False
    name = re.escape(found[1])
    made = [place for path in repeating for place in subject.modules[path].constructed[:1]]
    own = {
        n for place in (call.place, *made) if place is not None for n in range(place.line, place.end_line + 1)
    }
    return any(
        re.search(rf"\b{name}\b", text)
        and number not in own
        and number != way.place.line
        and not re.fullmatch(rf"\s*self\.{name}\s*=\s*{name}\s*", text)
        for number, text in enumerate(source.text.splitlines(), start=1)
    )


def _producers(subject: Subject, tensor: int, wanted: int) -> list[Fix]:
    shape = subject.shape(tensor)
    roots = [Size(tensor, axis, shape[axis]) for axis in range(1, len(shape))]
    found: list[Fix] = []
    for candidate in candidates(subject, roots, Equals(wanted), linear=len(roots) == 1):
        for way in ways_to_set(subject, candidate.setting, candidate.value)[:1]:
            means = f"{candidate.setting.owner or ''} {candidate.setting.name} {candidate.setting.value} → {candidate.value}"
            found.append(labelled(subject, way.edits, means=means.strip()))
        if len(found) > 2:
            break
    return found


def layers_repeating(subject: Subject, call: Call, value: int) -> list[str]:
    """The linear layers straight behind a view that take just the number that it states."""
    outputs = set(call.outputs)
    found: list[str] = []
    for later in subject.calls[call.id + 1 :]:
        if later.kind != "function" or not outputs & set(later.inputs[:1]):
            continue
        if later.name in ELEMENTWISE:
            outputs |= set(later.outputs)
        elif later.name == "linear":
            module, weight = subject.layer(later), subject.argument(later, "weight")
            if module is not None and weight is not None and weight.shape[-1] == value:
                found.append(module.path)
    return found


def _edits_of(subject: Subject, paths: Sequence[str]) -> Callable[[int, Shape, set[int], Way], list[Edit]]:
    """The edits that give these layers the new number as well, written as it is in the view."""

    def edits(new: int, factors: Shape, hints: set[int], way: Way) -> list[Edit]:
        made: list[Edit] = []
        for path in paths:
            setting = module_setting(subject, subject.modules[path], "in_features")
            ways = ways_to_set(subject, setting, new, factors=factors, hints=hints)
            same = next((other for other in ways if other.edits == way.edits), None)
            chosen = same or next(
                (other for other in ways if other.kind == way.kind), ways[0] if ways else None
            )
            made.extend(chosen.edits if chosen else ())
        return made

    return edits
