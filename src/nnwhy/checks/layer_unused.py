"""A layer is made and never called.

## What it finds
A layer with parameters that no pass calls. Where its class never reads the attribute either, it is a warning; where some
branch might (an auxiliary head, another mode), a note.

## Why it matters
Its parameters take memory, appear in every count, and never get a gradient; in distributed training they are an error.
Often a line of `forward` is missing, or another layer is called twice in its place.

## Example
    self.conv3 = nn.Conv2d(64, 64, 3)           # forward calls conv1, conv2, conv2

## Use instead
Call it, or delete it.

## When it is fine
Layers for another task or mode. `# nnwhy: ignore[layer-unused]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html (find_unused_parameters)
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.layers import assignment_around
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Module, Trace


@check(
    name="layer-unused",
    severity="warning",
    summary="A layer is made and never called.",
    title="{layer} is made and never called: {count} parameters that are not trained",
)
def layer_unused(subject: Subject) -> Iterator[Finding]:
    trace = subject.trace
    if trace is None or not trace.complete or any(f.call is None for f in trace.failures):
        return
    told: set[str] = set()
    seen: list[Finding] = []
    for module in trace.modules:
        own = [m for m in trace.modules if m.path == module.path or m.path.startswith(f"{module.path}.")]
        count = sum(_size(trace, tensor) for part in own for tensor in part.parameters.values())
        if not module.path or module.same_as or not count or any(module.path.startswith(f"{above}.") for above in told):
            continue
        if _used(subject, trace, own) or subject.evaluation is not None and _used(subject, subject.evaluation, own):
            continue
        told.add(module.path)
        place = module.constructed[0] if module.constructed else None
        if not subject.owned(place) or place is None:
            continue
        assignment = assignment_around(subject.sources[place.path], place)
        target = assignment.target if assignment else ""
        read = not target.startswith("self.") or any(use.text == target for use in subject.sources[place.path].uses)
        seen.append(
            Finding(
                check="layer-unused",
                severity="note" if read or trace.failures else "warning",
                place=place,
                values={"layer": module.path, "count": f"{count:,}"},
                because=() if read else (f"{target} is read nowhere in the class",),
                module=module.path,
            )
        )
    yield from seen


def _used(subject: Subject, trace: Trace, parts: list[Module]) -> bool:
    paths = {part.path for part in parts}
    ids = {tensor for part in parts for tensor in part.parameters.values()}
    return any(call.module in paths or not ids.isdisjoint(call.inputs) for call in trace.calls)


def _size(trace: Trace, tensor: int) -> int:
    count = 1
    for size in trace.tensors[tensor].shape:
        count *= size
    return count


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return nn.functional.linear(x, self.fc.weight)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(4, 4)
                self.fc2 = nn.Linear(4, 4)

            def forward(self, x):
                return self.fc1(x)
        """,
        "3,4",
        at="nn.Linear(4, 4)",
        nth=1,
    ),
)
