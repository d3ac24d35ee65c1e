"""Two numbers disagree: which of them stands alone, and the edits that bring them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.forgotten import with_the_rest
from nnwhy.checks.basis.settings import Setting, module_setting
from nnwhy.checks.basis.sharing import named_like_maker, shared_with_others
from nnwhy.checks.basis.solving import Candidate, Equals, candidates, factors_of, numbers_behind
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.finding import Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Module


@dataclass(frozen=True, slots=True)
class Demand:
    """`setting`, the argument of a layer, wants the size `size` to be `wanted`; it is another number."""

    setting: Setting | None
    size: Size
    wanted: int


def mended(subject: Subject, demand: Demand) -> list[Fix]:
    """The fixes for a demand that is not met: at the place that stands alone first, then the others."""
    here = at_consumer(subject, demand)
    producer = producer_stands_alone(subject, demand)
    if subject.brief and here and not producer:
        return here[:1]
    there = at_producer(subject, demand)
    if producer:
        return distinct([*there[:2], *here, *there[2:]])
    return distinct([*here[:1], *there[:1], *here[1:], *there[1:]])


def at_consumer(subject: Subject, demand: Demand) -> list[Fix]:
    """The layer takes what it gets."""
    if demand.setting is None:
        return []
    hints = numbers_behind(subject, demand.size)
    ways = ways_to_set(
        subject, demand.setting, demand.size.value, factors=factors_of(subject, demand.size), hints=hints
    )
    if shared_with_others(subject, demand.setting.place, demand.setting.value) and not _tied_to_groups(
        subject, demand.setting
    ):
        named = named_like_maker(subject, demand.setting, demand.size)
        ways = [*([named] if named else []), *sorted(ways, key=lambda way: way.kind == "definition")]
    rest = with_the_rest(subject, demand.setting, demand.size)
    joined = [labelled(subject, rest.edits, means="what is joined to it counted as well")] if rest else []
    return [*joined, *(labelled(subject, way.edits) for way in ways)]


def _tied_to_groups(subject: Subject, setting: Setting) -> bool:
    """Whether the layer has as many groups as channels by the same name: one of them alone cannot change."""
    module = subject.modules.get(setting.owner) if setting.owner is not None else None
    groups = module.argument_places.get("groups") if module is not None else None
    return groups is not None and subject.text(groups).strip() == subject.text(setting.place).strip()


def at_producer(subject: Subject, demand: Demand, most: int = 4) -> list[Fix]:
    """What comes before makes the size that the layer wants."""
    root = subject.derivations.resolved(demand.size)
    found: list[Fix] = []
    for candidate in candidates(subject, [root], Equals(demand.wanted)):
        if demand.setting is not None and candidate.setting.place == demand.setting.place:
            continue
        if not plausible(candidate):
            continue
        found.extend(candidate_fixes(subject, candidate, demand.wanted))
        if len(found) >= most:
            break
    return found


def plausible(candidate: Candidate) -> bool:
    """Whether somebody may have meant that value: a window or a stride changes by little, and nobody means a dilation by chance."""
    name, change = candidate.setting.name, abs(candidate.value - candidate.setting.value)
    if name in ("dilation", "output_padding", "groups"):
        return candidate.setting.place is not None and change <= 2
    if name in ("padding", "stride", "kernel_size"):
        twice = candidate.value in (candidate.setting.value * 2, candidate.setting.value // 2)
        return change <= 4 or twice
    return True


def candidate_fixes(subject: Subject, candidate: Candidate, wanted: int) -> Iterator[Fix]:
    """The fixes that give a setting the candidate's value."""
    name = layer_name(candidate.setting)
    for way in ways_to_set(subject, candidate.setting, candidate.value):
        means = (
            f"{name}.{candidate.setting.name} {candidate.setting.value} → {candidate.value}" if name else ""
        )
        yield labelled(subject, way.edits, means=means)


def producer_stands_alone(subject: Subject, demand: Demand) -> bool:
    """Whether several places want the size to be the same other number and none is content with it."""
    root = subject.derivations.resolved(demand.size)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if not isinstance(expression, Argument):
        return False
    content, other = votes(subject, root, demand.wanted)
    return len(other) > 1 and not content


def votes(subject: Subject, root: Size, wanted: int) -> tuple[set[Place], set[Place]]:
    """The places of layer arguments that are content with the size `root`, and of those that want it to be `wanted`."""
    content: set[Place] = set()
    other: set[Place] = set()
    for pair in subject.consumers:
        if (
            subject.derivations.resolved(Size(pair.tensor, pair.axis, subject.shape(pair.tensor)[pair.axis]))
            != root
        ):
            continue
        setting = module_setting(subject, pair.module, pair.argument, pair.index)
        place = setting.place or (pair.module.constructed[0] if pair.module.constructed else None)
        if place is None:
            continue
        if pair.value == root.value:
            content.add(place)
        elif pair.value == wanted:
            other.add(place)
    return content, other


def layer_name(setting: Setting) -> str:
    """The path of a setting's layer, "" for a function call's."""
    return setting.owner or ""


def distinct(fixes: list[Fix]) -> list[Fix]:
    """Fixes without those that make the same edits as an earlier one."""
    found: dict[tuple[object, ...], Fix] = {}
    for fix in fixes:
        found.setdefault((fix.edits, fix.inputs) if fix.edits else (fix.label,), fix)
    return list(found.values())


def only(condition: Callable[[Candidate], bool], found: Iterator[Candidate]) -> Iterator[Candidate]:
    """The candidates that pass a condition."""
    return (candidate for candidate in found if condition(candidate))


def shown_name(module: Module | None, fallback: str) -> str:
    """How a layer is called in a sentence: its path, or the function's name."""
    if module is None:
        return fallback
    return module.path or module.type
