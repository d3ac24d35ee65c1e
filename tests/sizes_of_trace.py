"""How much of a trace its derivations explain: the measurements that the zoo's tests and benchmarks share."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from nnwhy.facts.expression import Size, Unknown, evaluate, leaves
from nnwhy.facts.trace import Trace
from nnwhy.why.derive import Derivations


@dataclass
class Coverage:
    """Counts over all output dimensions of all calls.

    `grounded`: those that end at inputs, arguments, parameters or literals. `by_symbols`: those whose own call has no
    rule. `wrong`: those whose expression does not give the true size. `causes`: why the others end.
    """

    dimensions: int = 0
    grounded: int = 0
    by_symbols: int = 0
    wrong: list[str] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)
    symbolic: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The part that is grounded, 1.0 where there is nothing to explain."""
        return self.grounded / self.dimensions if self.dimensions else 1.0


def coverage(derivations: Derivations) -> Coverage:
    """Every output dimension of every call, looked at once."""
    trace = derivations.trace
    found = Coverage()
    grounded: dict[tuple[int, int], str] = {}
    for call in trace.calls:
        for tensor in dict.fromkeys(call.outputs):
            for axis, true in enumerate(trace.tensors[tensor].shape):
                size = derivations.size(tensor, axis)
                found.dimensions += 1
                if size.source == "symbolic shapes":
                    found.by_symbols += 1
                    found.symbolic[call.function] += 1
                if evaluate(size.expression) != true:
                    found.wrong.append(f"{call.name}: {size.expression} is not {true}")
                cause = _ungrounded(derivations, (tensor, axis), grounded)
                if cause:
                    found.causes[cause] += 1
                else:
                    found.grounded += 1
    return found


def _ungrounded(derivations: Derivations, key: tuple[int, int], known: dict[tuple[int, int], str]) -> str:
    """Why the derivation of a dimension ends in the unknown; "" where it does not."""
    todo = [key]
    while todo:
        here = todo[-1]
        if here in known:
            todo.pop()
            continue
        expression = derivations.size(*here).expression
        if isinstance(expression, Unknown):
            known[here] = expression.cause
            continue
        below = [(leaf.tensor, leaf.axis) for leaf in leaves(expression) if isinstance(leaf, Size)]
        below = [other for other in below if other != here]
        missing = [other for other in below if other not in known]
        if missing:
            todo.extend(missing)
            continue
        known[here] = next((known[other] for other in below if known[other]), "")
    return known[key]


def sample(trace: Trace, count: int) -> list[tuple[int, int]]:
    """Some of the output dimensions, always the same ones."""
    every = [
        (tensor, axis)
        for call in trace.calls
        for tensor in call.outputs
        for axis in range(len(trace.tensors[tensor].shape))
    ]
    return random.Random(0).sample(every, min(count, len(every)))


def slowest_answer(derivations: Derivations, questions: list[tuple[int, int]]) -> tuple[float, float]:
    """The median and the longest time of one `Derivations.of`, in seconds."""
    times: list[float] = []
    for tensor, axis in questions:
        start = time.perf_counter()
        derivations.of(tensor, axis)
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], max(times)
