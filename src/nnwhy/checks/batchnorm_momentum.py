"""A batch norm forgets its running averages with every batch.

## What it finds
A batch norm with a momentum of 0.9 to 1, not 1 itself.

## Why it matters
torch's momentum is the weight of the new batch, 0.1 by default; in Keras it is the weight of the old average, 0.99 by default. With
0.99 in torch the running mean and variance are those of the last batch, and evaluation depends on which one that was.

## Example
    nn.BatchNorm2d(64, momentum=0.99)

## Use instead
    nn.BatchNorm2d(64, momentum=0.01)

## When it is fine
Where the last batch alone is meant to count. `# nnwhy: ignore[batchnorm-momentum]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place


@check(
    name="batchnorm-momentum",
    severity="warning",
    summary="A batch norm forgets its running averages with every batch.",
    title="momentum={momentum} of {layer} gives the last batch {share} % of the running averages",
)
def batchnorm_momentum(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for module in subject.modules.values():
        momentum = module.arguments.get("momentum")
        if (
            not module.type.startswith("BatchNorm")
            or not isinstance(momentum, float)
            or not 0.9 <= momentum < 1
        ):
            continue
        written = module.argument_places.get("momentum")
        place = written or next(iter(module.constructed), None)
        if place is None or place in told or not subject.owned(place):
            continue
        told.add(place)
        own = f"{1 - momentum:.4g}"
        plain = written is not None and subject.text(written) == f"{momentum:g}"
        yield Finding(
            check="batchnorm-momentum",
            severity="warning",
            place=place,
            values={"momentum": momentum, "layer": module.path or module.type, "share": round(100 * momentum, 1)},
            expected=own,
            actual=f"{momentum:g}",
            because=("in torch momentum is the weight of the new batch, not of the old average",),
            fixes=(Fix(f"momentum={own}", (Edit(written, own),), "averages over many batches"),) if plain and written else (),
            module=module.path,
        )  # fmt: skip


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, momentum=0.01), nn.BatchNorm2d(4))
        """,
        "5,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, momentum=0.99))
        """,
        "5,3,8,8",
        at="0.99",
        fixed="net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4, momentum=0.01))",
        entry="net",
    ),
)
