"""Whether a call that failed with a guessed input fails with any: then the network is wrong, and not the guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from torch import nn

from nnwhy.facts.contract import InputSpec
from nnwhy.facts.trace import Call, Trace
from nnwhy.why.attempts import attempt
from nnwhy.why.derive import Derivations
from nnwhy.why.requirements import disagrees


def numbers_disagree(
    module: nn.Module, specs: Sequence[InputSpec], derivations: Derivations, call: Call
) -> bool:
    """Whether two numbers of the network itself disagree at `call`, for inputs with more or fewer axes too.

    Which axis a layer reads depends on how many there are, so a pass that reaches the call with other axes must fail
    there for the same reason; one that ends before it says nothing.
    """
    return disagrees(derivations, call) and all(
        there.failure is not None and disagrees(Derivations(trace), there)
        for trace, there in _elsewhere(module, specs, derivations.trace, call)
    )


def arguments_stay(module: nn.Module, specs: Sequence[InputSpec], trace: Trace, call: Call) -> bool:
    """Whether `call` fails with as many arguments for other sizes too: `self.block(*x)` gives what x has."""
    return all(
        there.failure is not None and len(there.arguments) == len(call.arguments)
        for _, there in _elsewhere(module, specs, trace, call)
    )


def _elsewhere(
    module: nn.Module, specs: Sequence[InputSpec], trace: Trace, call: Call
) -> Iterator[tuple[Trace, Call]]:
    """The same call in the passes with other inputs that reach it, with those passes."""
    index = _alike(trace, call).index(call)
    for varied in _varied(tuple(specs)):
        made = attempt(module, varied)
        if made is None:
            continue
        again = _alike(made.trace, call)
        if index < len(again) and made.progress >= again[index].id:
            yield made.trace, again[index]


def _alike(trace: Trace, call: Call) -> list[Call]:
    return [
        one
        for one in trace.calls
        if (one.kind, one.name, one.module, one.place) == (call.kind, call.name, call.module, call.place)
    ]


def _varied(specs: tuple[InputSpec, ...]) -> Iterator[tuple[InputSpec, ...]]:
    """One input, or all of them, with an axis less, one or two more, or one more in the batch."""
    groups = [{index} for index in range(len(specs))]
    for group in [*groups, set(range(len(specs)))] if len(specs) > 1 else groups:
        for change in (_without_first, _with_one, _with_two, _larger):
            yield tuple(
                replace(spec, sizes=change(spec.sizes)) if index in group else spec
                for index, spec in enumerate(specs)
            )


Sizes = tuple[int | str, ...]


def _without_first(sizes: Sizes) -> Sizes:
    return sizes[1:] if len(sizes) > 1 else sizes


def _with_one(sizes: Sizes) -> Sizes:
    return (2, *sizes)


def _with_two(sizes: Sizes) -> Sizes:
    return (2, 3, *sizes)


def _larger(sizes: Sizes) -> Sizes:
    first = sizes[0] if sizes else ""
    return (first + 1, *sizes[1:]) if isinstance(first, int) else sizes
