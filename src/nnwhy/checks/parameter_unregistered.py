"""A tensor that should be trained is no parameter.

## What it finds
An attribute of a network that is made at random, or with `requires_grad=True`, is used in the pass, and is a plain tensor.

## Why it matters
Only `nn.Parameter` is registered: an optimiser does not get a plain tensor, `.to(device)` does not move it, no checkpoint
holds it.

## Example
    self.weight = torch.randn(8, 8)

## Use instead
    self.weight = nn.Parameter(torch.randn(8, 8))
or, where it stays fixed, `self.register_buffer("weight", torch.randn(8, 8))`.

## When it is fine
Fixed random projections, as buffers. `# nnwhy: ignore[parameter-unregistered]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding

_RANDOM = re.compile(r"torch\.(randn|rand|normal|empty)\b|requires_grad\s*=\s*True")


@check(
    name="parameter-unregistered",
    severity="warning",
    summary="A tensor that should be trained is no parameter.",
    title="{name} is a plain tensor: it is not trained, moved or saved with the network",
)
def parameter_unregistered(subject: Subject) -> Iterator[Finding]:
    if subject.trace is None:
        return
    used = {tensor for call in subject.calls for tensor in call.inputs}
    for tensor in subject.trace.tensors:
        if tensor.origin.kind != "attribute" or tensor.id not in used or not tensor.dtype.startswith("float"):
            continue
        attribute = tensor.origin.name.rpartition(".")[2]
        owner = subject.modules.get(tensor.origin.name.rpartition(".")[0])
        for source in subject.sources.values():
            for assignment in source.assignments:
                cls = assignment.scope.rpartition(".")[0]
                if assignment.target != f"self.{attribute}" or owner is None or cls.rpartition(".")[2] != owner.type:
                    continue
                if not _RANDOM.search(assignment.text) or not assignment.scope.endswith("__init__"):
                    continue
                prefix = next((f"{n}." for n, full in source.imports.items() if full == "torch.nn"), "torch.nn.")
                text = re.sub(r",\s*requires_grad\s*=\s*True", "", assignment.text)
                yield Finding(
                    check="parameter-unregistered",
                    severity="warning",
                    place=assignment.value,
                    values={"name": assignment.target},
                    fixes=(
                        labelled(subject, [Edit(assignment.value, f"{prefix}Parameter({text})")], means="registered and trained"),
                    ),
                )


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = nn.Parameter(torch.randn(4, 4))
                self.scale = torch.ones(4)

            def forward(self, x):
                return x @ self.weight * self.scale
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = torch.randn(4, 4)

            def forward(self, x):
                return x @ self.weight
        """,
        "3,4",
        at="torch.randn(4, 4)",
        fixed="self.weight = nn.Parameter(torch.randn(4, 4))",
    ),
)
