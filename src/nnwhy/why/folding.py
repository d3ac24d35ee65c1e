"""Repeated blocks told once: consecutive steps that open into the same steps with the same shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nnwhy.facts.explanation import Cost, ExplainedStep

LINES = 60


@dataclass(frozen=True)
class Node:
    """A step and the steps that it opens into."""

    step: ExplainedStep
    inside: tuple[Node, ...]
    shape: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", hash(self._signature()))

    @property
    def total(self) -> Cost:
        """The cost of the step, with all that is inside it."""
        return self.step.cost

    def flat(self) -> Iterator[ExplainedStep]:
        """The step and all below it, in order."""
        yield self.step
        for node in self.inside:
            yield from node.flat()

    def _signature(self) -> tuple[object, ...]:
        """What makes two steps the same: the kind, the words, the output and what is inside; not the name, nor who pays
        for a shared parameter first."""
        step = self.step
        return (
            step.name,
            step.what,
            step.shape,
            step.letters,
            step.note,
            tuple(node.shape for node in self.inside),
        )


def folded(nodes: list[Node]) -> Iterator[ExplainedStep]:
    """The steps with repeated blocks folded, opened as deep as fits into about LINES lines."""
    groups = grouped(nodes)
    depth = _deepest(groups)
    while depth > 0 and _lines(groups, depth) > LINES:
        depth -= 1
    yield from _told(groups, depth)


@dataclass(frozen=True)
class Group:
    """A run of equal blocks: the first of them, the paths of all, and the groups inside the first."""

    first: Node
    paths: tuple[str, ...]
    inside: tuple[Group, ...]
    others: tuple[Node, ...] = ()


def grouped(nodes: list[Node] | tuple[Node, ...]) -> list[Group]:
    """Runs of equal blocks, also where a block is several steps long ("attention, then feed-forward", six times)."""
    groups: list[Group] = []
    position = 0
    while position < len(nodes):
        here = nodes[position]
        count = 1
        if here.inside:
            while position + count < len(nodes) and nodes[position + count].shape == here.shape:
                count += 1
        paths = tuple(node.step.written for node in nodes[position : position + count])
        others = tuple(nodes[position + 1 : position + count])
        groups.append(Group(here, paths, tuple(grouped(here.inside)), others))
        position += count
    return groups


def _deepest(groups: list[Group] | tuple[Group, ...]) -> int:
    return max((1 + _deepest(group.inside) for group in groups), default=0)


def _lines(groups: list[Group] | tuple[Group, ...], depth: int) -> int:
    if depth == 0:
        return 0
    return sum(1 + _lines(group.inside, depth - 1) for group in groups)


def _told(groups: list[Group] | tuple[Group, ...], depth: int) -> Iterator[ExplainedStep]:
    for group in groups:
        step = group.first.step
        count = len(group.paths)
        closed = bool(group.inside) and depth <= 1
        if closed:
            step = replace(step, what=inside_words(group.first))
        if count > 1:
            step = replace(step, repeats=count, repeated=(group.paths[0], group.paths[-1]))
        yield step
        if not closed:
            yield from _told(group.inside, depth - 1)


def inside_words(node: Node) -> str:
    """What a closed block holds: "2 × Linear, LayerNorm, softmax"."""
    counts: dict[str, int] = {}
    for step in _leaf_steps(node):
        if re.match(r"[A-Z]", step.name) or step.cost.multiply_adds:
            counts[step.name] = counts.get(step.name, 0) + 1
    parts = [name if count == 1 else f"{count} × {name}" for name, count in counts.items()]
    shown = parts if len(parts) <= 5 else [*parts[:4], f"and {len(parts) - 4} more kinds"]
    return ", ".join(shown)


def _leaf_steps(node: Node) -> Iterator[ExplainedStep]:
    if not node.inside:
        yield node.step
    for inner in node.inside:
        yield from _leaf_steps(inner)
