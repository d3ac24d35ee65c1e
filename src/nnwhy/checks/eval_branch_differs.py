"""A layer with weights takes part in only one of the two modes.

## What it finds
A layer that the network calls in evaluation but never in training, and one that it calls only in training although both modes
give results of the same shapes.

## Why it matters
A layer that is left out while training is never trained: evaluation then runs its random starting values. One that is left out
in evaluation was trained into every other layer, which now gets numbers of another kind.

## Example
    if not self.training:
        x = self.refine(x)

## Use instead
    x = self.refine(x)

## When it is fine
For side outputs that only the loss needs (these give results of their own in training, and are not told), and where the
layer is trained by itself. `# nnwhy: ignore[eval-branch-differs]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import tensors_in


@check(
    name="eval-branch-differs",
    severity="warning",
    summary="A layer with weights takes part in only one of the two modes.",
    title="{layer} is called in {present} only: {effect}",
)
def eval_branch_differs(subject: Subject) -> Iterator[Finding]:
    training, evaluation = subject.trace, subject.evaluation
    if training is None or evaluation is None or not training.training:
        return
    if not all(trace.complete and not trace.failures for trace in (training, evaluation)):
        return
    alike = _shapes(training) == _shapes(evaluation)
    for trace, other, present in ((evaluation, training, "evaluation"), (training, evaluation, "training")):
        if present == "training" and not alike:
            continue
        for call in _alone(trace, other):
            place = call.place
            if not subject.owned(place) or not _asks_for_mode(subject, call):
                continue
            yield Finding(
                check="eval-branch-differs",
                severity="warning",
                place=place,
                values={
                    "layer": call.module, "present": present,
                    "effect": "it is never trained" if present == "evaluation" else "evaluation lacks a step that the others were trained with",
                },
                expected="the same layers in both modes",
                actual=f"only in {present}",
                also=trace.module(call.module).constructed[:1],
                module=call.module,
            )  # fmt: skip


def _alone(trace: Trace, other: Trace) -> Iterator[Call]:
    """The outermost calls of layers with weights that the other trace does not run."""
    weighted = {
        parameter.rpartition(".")[0]
        for tensor in trace.tensors
        for parameter in tensor.names
        if tensor.origin.kind == "parameter"
    }
    run = {call.module for call in other.calls if call.kind == "module"}
    told: set[str] = set()
    for call in trace.calls:
        if (
            call.kind != "module"
            or call.module in run
            or call.module in told
            or not call.module
            or call.module.startswith("<")
        ):
            continue
        above = trace.calls[call.parent].module if call.parent is not None else ""
        if above in told or not any(
            path == call.module or path.startswith(f"{call.module}.") for path in weighted
        ):
            told.update({call.module} if above in told else set())
            continue
        told.add(call.module)
        yield call


def _asks_for_mode(subject: Subject, call: Call) -> bool:
    """Whether the function that calls the layer looks at its mode: layers that are left out by chance are no such case."""
    source = subject.sources[call.place.path] if call.place else None
    function = function_at(source, call.place) if source and call.place else None
    return (
        source is not None
        and function is not None
        and re.search(r"\bself\.training\b", source.at(function.place)) is not None
    )


def _shapes(trace: Trace) -> list[tuple[int, ...]]:
    return [trace.tensors[tensor].shape for tensor in tensors_in(trace.result)]


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(4, 8)
                self.side = nn.Linear(8, 2)
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                x = self.body(x).relu()
                if self.training:
                    return self.head(x), self.side(x)
                return self.head(x).softmax(-1)
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
                self.body = nn.Linear(4, 8)
                self.refine = nn.Linear(8, 8)
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                x = self.body(x).relu()
                if not self.training:
                    x = self.refine(x).relu()
                return self.head(x)
        """,
        "3,4",
        at="self.refine(x)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(4, 8)
                self.norm = nn.BatchNorm1d(8)
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                x = self.body(x).relu()
                if self.training:
                    x = self.norm(x)
                return self.head(x)
        """,
        "3,4",
        at="self.norm(x)",
    ),
)
