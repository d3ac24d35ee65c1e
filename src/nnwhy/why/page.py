"""The data's way as a graph of steps, every number on it with what it is made of, and what each step demands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nnwhy.errors import QuestionError
from nnwhy.facts.derivation import Step
from nnwhy.facts.explanation import ExplainedStep, Explanation
from nnwhy.facts.expression import Argument, Size, leaves
from nnwhy.facts.page import PageArgument, PageDemand, PageInput, PageNumber, PageParameter, PageStep
from nnwhy.facts.trace import Call, Module, Trace
from nnwhy.facts.value import Opaque, Symbol, TensorRef, Traced, Value, plain, tensors_in
from nnwhy.layers import card
from nnwhy.why.consumed import Consumed, consumed
from nnwhy.why.derive import Derivations
from nnwhy.why.folding import Group, Node, grouped, inside_words
from nnwhy.why.requirements import requirements
from nnwhy.why.sight import Sights


@dataclass(frozen=True, slots=True)
class Way:
    """The steps with their edges, the numbers, the inputs and the demands; `calls` gives each call's step, −1 where it has none."""

    steps: tuple[PageStep, ...]
    numbers: tuple[PageNumber, ...]
    inputs: tuple[PageInput, ...]
    demands: tuple[PageDemand, ...]
    calls: tuple[int, ...]


def way(trace: Trace, explanation: Explanation) -> Way:
    """The way of the data through `trace`. `explanation` must be its explanation with repeated blocks told one by one."""
    return _Way(trace, explanation).told()


@dataclass
class _Entry:
    """A step before its edges and numbers are known."""

    step: ExplainedStep
    parent: int | None
    takes: list[int] = field(default_factory=list[int])


class _Way:
    def __init__(self, trace: Trace, explanation: Explanation) -> None:
        self.trace = trace
        self.derivations = Derivations(trace)
        self.modules = {module.path: module for module in trace.modules}
        self.sights = Sights(trace)
        self.entries: list[_Entry] = []
        self.places = [-1] * len(trace.calls)
        self.found: list[Step] = []
        self.known: dict[Size | Argument, int] = {}
        self.inputs = [
            tensor
            for given in trace.inputs
            for tensor in tensors_in(given.value)
            if trace.tensors[tensor].shape or trace.tensors[tensor].origin.kind == "input"
        ]
        self.consumed: dict[str, list[Consumed]] = {}
        for met in consumed(trace):
            self.consumed.setdefault(met.module.path, []).append(met)
        for group in grouped(_nodes(explanation.steps)):
            self._add(group, None)
        self._place_inner_calls()

    def told(self) -> Way:
        """Everything, once the steps are laid out."""
        inputs = tuple(self._inputs())
        steps = tuple(self._step(entry) for entry in self.entries)
        demands = tuple(self._demands())
        numbers = tuple(self._number(step) for step in self.found)
        return Way(steps, numbers, inputs, demands, tuple(self.places))

    def _add(self, group: Group, parent: int | None) -> None:
        step, count = group.first.step, len(group.paths)
        if group.inside:
            step = replace(step, what=inside_words(group.first))
        if count > 1:
            step = replace(step, repeats=count, repeated=(group.paths[0], group.paths[-1]))
        if parent is not None and step.place == self.entries[parent].step.place and not step.module:
            # Inside a layer of torch the nearest line of the user's is the whole layer's: it is not what this call was written as.
            step = replace(step, written=step.name)
        position = len(self.entries)
        self.entries.append(_Entry(step, parent))
        self.places[step.call] = position
        for inner in group.inside:
            self._add(inner, position)
        for other in group.others:
            self._stand_for(group.first, other)

    def _stand_for(self, first: Node, other: Node) -> None:
        """The calls of a repeated block are told by the steps of the first."""
        self.places[other.step.call] = self.places[first.step.call]
        for one, twin in zip(first.inside, other.inside, strict=True):
            self._stand_for(one, twin)

    def _place_inner_calls(self) -> None:
        """A call without a step of its own is told by the step that it is inside of."""
        for call in self.trace.calls:
            if self.places[call.id] < 0 and call.parent is not None:
                self.places[call.id] = self.places[call.parent]

    def _step(self, entry: _Entry) -> PageStep:
        call = self.trace.calls[entry.step.call]
        output = call.outputs[0] if call.outputs else None
        module = self.modules.get(entry.step.module) if entry.step.module else None
        shape = self.trace.tensors[output].shape if output is not None else ()
        return PageStep(
            step=entry.step,
            parent=entry.parent,
            takes=tuple(dict.fromkeys(self._takes(call))),
            sizes=tuple(
                self.derivations.walk(Size(output, axis, size), self.found, self.known)
                for axis, size in enumerate(shape)
                if output is not None
            ),
            arguments=tuple(self._arguments(call, module)),
            type=module.type if module else call.name,
            constructed=module.constructed[0] if module and module.constructed else None,
            card=_card_name(call, module),
            parameters=tuple(self._parameters(module)) if module else (),
            sight=self.sights.of(output) if output is not None else None,
        )

    def _takes(self, call: Call) -> Iterator[int]:
        """The steps that made what the call takes, and the network's inputs."""
        here = self.places[call.id]
        for tensor in call.inputs:
            if tensor in self.inputs:
                yield -1 - self.inputs.index(tensor)
                continue
            origin = self.trace.tensors[tensor].origin
            if origin.kind == "call" and origin.call is not None:
                maker = self.places[origin.call]
                if maker >= 0 and maker < here:
                    yield maker

    def _arguments(self, call: Call, module: Module | None) -> Iterator[PageArgument]:
        values = module.arguments if module is not None else call.arguments
        for name, value in values.items():
            if name.startswith("_") or isinstance(value, TensorRef):
                continue
            if module is None and (value is None or any(tensors_in(value))):
                continue
            yield self._argument(call, module, name, value)

    def _parameters(self, module: Module) -> Iterator[PageParameter]:
        for name, tensor in module.parameters.items():
            sizes = [Size(tensor, axis, size) for axis, size in enumerate(self.trace.tensors[tensor].shape)]
            walked = (self.derivations.walk(size, self.found, self.known) for size in sizes)
            yield PageParameter(name, tuple(walked))

    def _argument(self, call: Call, module: Module | None, name: str, value: Value) -> PageArgument:
        number = plain(value)
        first = number[0] if isinstance(number, tuple) and number else number
        if isinstance(first, bool) or not isinstance(first, int):
            return PageArgument(name, _written(value))
        met = [item for item in self.consumed.get(module.path, ()) if item.argument == name] if module else []
        if met:
            size = Size(met[0].tensor, met[0].axis, self.trace.tensors[met[0].tensor].shape[met[0].axis])
            position = self.derivations.walk(size, self.found, self.known)
            return PageArgument(name, _written(value), position, True, met[0].value)
        if isinstance(value, Traced):
            return PageArgument(name, _written(value))
        index = 0 if isinstance(number, tuple) and len(set(number)) > 1 else None
        if module is None:
            leaf = Argument(call.id, name, first, index)
        else:
            leaf = Argument(None, name, first, index, module.path)
        return PageArgument(name, _written(value), self._position(leaf), False, first)

    def _position(self, leaf: Argument) -> int:
        if leaf not in self.known:
            self.known[leaf] = len(self.found)
            self.found.append(self.derivations.argument_step(leaf))
        return self.known[leaf]

    def _number(self, step: Step) -> PageNumber:
        if step.kind != "call" or step.tensor is None or step.axis is None:
            return PageNumber(step)
        closed = self.derivations.closed(step.tensor, step.axis)
        sizes = [leaf for leaf in leaves(closed) if isinstance(leaf, Size)] if closed is not None else []
        if any(self.trace.tensors[size.tensor].origin.kind != "input" for size in sizes):
            return PageNumber(step)
        return PageNumber(step, self.derivations.closed_text(step.tensor, step.axis) or "")

    def _inputs(self) -> Iterator[PageInput]:
        letters = {
            tensor: given.letters
            for given in self.trace.inputs
            for tensor in list(tensors_in(given.value))[:1]
        }
        for tensor in self.inputs:
            fact = self.trace.tensors[tensor]
            sizes = [Size(tensor, axis, size) for axis, size in enumerate(fact.shape)]
            own = letters.get(tensor, ())
            yield PageInput(
                fact.origin.name,
                fact.dtype,
                tuple(self.derivations.walk(size, self.found, self.known) for size in sizes),
                tuple(self.derivations.letter(size) for size in sizes),
                tuple(axis < len(own) and own[axis] is not None for axis in range(len(sizes))),
            )

    def _demands(self) -> Iterator[PageDemand]:
        """Each demand once, at the first step that makes it. One that a call ran without is no demand."""
        told: set[tuple[object, ...]] = set()
        for demand in requirements(self.derivations):
            key = (demand.left, demand.relation, demand.right)
            failed = self.trace.calls[demand.call].failure is not None
            if key in told or not (failed or demand.holds()):
                continue
            told.add(key)
            place = self.places[demand.call]
            yield PageDemand(
                demand.left, demand.relation, demand.right, demand.cause, demand.kind,
                place if place >= 0 else None, demand.place,
            )  # fmt: skip


def _nodes(steps: tuple[ExplainedStep, ...]) -> list[Node]:
    """The tree of steps that a flat list with depths tells."""

    def below(position: int, depth: int) -> tuple[list[Node], int]:
        nodes: list[Node] = []
        while position < len(steps) and steps[position].depth == depth:
            inside, after = below(position + 1, depth + 1)
            nodes.append(Node(steps[position], tuple(inside)))
            position = after
        return nodes, position

    return below(0, 0)[0]


def _card_name(call: Call, module: Module | None) -> str:
    """The card of torch's own layers and functions, "" for the user's classes."""
    if module is not None and not module.qualified_type.startswith("torch.nn."):
        return ""
    try:
        return card(module.type if module is not None else call.name).name
    except QuestionError:
        return ""


def _written(value: Value) -> str:
    """An argument's value as text: "3 × 3", "0.25", "zeros"."""
    value = plain(value)
    if isinstance(value, tuple):
        return " × ".join(_written(item) for item in value) or "()"
    if isinstance(value, Symbol):
        return value.text
    return value.type if isinstance(value, Opaque) else str(value)
