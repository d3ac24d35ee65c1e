"""All units of a layer start with the same weights.

## What it finds
A `Linear` or convolution whose rows are all equal when the network is first called, and still are after the watched steps. Zeros in
single layers (the last one of a residual branch, the second matrix of a low-rank adapter) become different with the first steps.

## Why it matters
Units with equal weights get equal gradients: they stay equal for ever, and the layer counts as one unit.

## Example
    nn.init.constant_(layer.weight, 0.1)

## Use instead
    nn.init.kaiming_uniform_(layer.weight)       # or leave PyTorch's own initialisation

## When it is fine
Where all following layers differ between the units, or the weights are fixed (an average).

## References
- https://docs.pytorch.org/docs/stable/nn.init.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place

_FILLING = ("constant_", "zeros_", "ones_", "fill_", "zero_")


@training_check(
    name="identical-initialisation",
    severity="warning",
    summary="All units of a layer start with the same weights.",
    title="all rows of {names} are the same",
)
def identical_initialisation(watched: Watched) -> Iterator[Finding]:
    trained = {one.network for one in watched.trainings}
    for network in watched.session.networks:
        if not network.alike or network.id not in trained:
            continue
        names = ", ".join(network.alike[:3]) + (
            f" and {len(network.alike) - 3} more" if len(network.alike) > 3 else ""
        )
        yield Finding(
            "identical-initialisation", "warning", _filled(watched) or (network.constructed or (None,))[0], {"names": names},
            because=("Equal weights get equal gradients, so these units never become different: after the watched steps they are not.",),
            fixes=(advice("nn.init.kaiming_uniform_(…), or PyTorch's own initialisation"),),
        )  # fmt: skip


def _filled(watched: Watched) -> Place | None:
    """The line that fills weights with one number."""
    for ending in _FILLING:
        for call in watched.calls(ending):
            if "weight" in call.function or any("weight" in argument.text for argument in call.arguments):
                return call.place
    return None
