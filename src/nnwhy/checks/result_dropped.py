"""The result of a layer is thrown away.

## What it finds
A layer, an activation, a normalisation or a dropout that is called in forward and whose result nothing takes: the call is a
statement by itself, or the name that gets the result is never read.

## Why it matters
Layers do not change their input, they return something new. The step is skipped as if it were not there; a layer with weights
is never trained.

## Example
    self.bn(x)
    F.relu(x)

## Use instead
    x = self.bn(x)
    x = F.relu(x)

## When it is fine
Where the call works in place (`inplace=True`), which is left alone. `# nnwhy: ignore[result-dropped]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/modules.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import before, contains, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall, SourceFacts
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import tensors_in

_CHANGING = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softmax", "log_softmax", "softplus", "prelu",
    "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "batch_norm", "layer_norm", "group_norm", "instance_norm",
    "normalize", "max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "linear", "conv1d", "conv2d",
    "conv3d", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool2d", "interpolate", "embedding",
)  # fmt: skip


@check(
    name="result-dropped",
    severity="warning",
    summary="The result of a layer is thrown away.",
    title="the result of {called} is not used: the step does nothing",
)
def result_dropped(subject: Subject) -> Iterator[Finding]:
    trace = subject.trace
    if trace is None or not trace.complete:
        return
    taken = _taken(trace)
    if subject.evaluation is not None:
        taken |= _taken(subject.evaluation, without="dropout")
    told: set[object] = set()
    for call in subject.calls:
        written = subject.source_call(call.place)
        if written is None or call.place in told or call.failure is not None or not _pure(subject, call):
            continue
        where = (written.place.path, written.place.line, written.place.column)
        if where in taken or not written.scope.endswith(".forward"):
            continue
        source = subject.sources[written.place.path]
        if written.within != "Expr" and not _never_read(source, written):
            continue
        told.add(call.place)
        yield Finding(
            check="result-dropped",
            severity="warning",
            place=written.place,
            values={"called": written.function},
            fixes=tuple(_fixes(subject, written)),
            module=call.module,
        )


def _taken(trace: Trace, without: str = "") -> set[tuple[str, int, int]]:
    """Where the calls stand whose results something takes. In evaluation a dropout gives back the very tensor that it got: who
    takes that is not known (`without`)."""
    used = {tensor for call in trace.calls if call.kind != "module" for tensor in call.inputs}
    used |= set(tensors_in(trace.result))
    return {
        (call.place.path, call.place.line, call.place.column)
        for call in trace.calls
        if call.place is not None
        and used & set(call.outputs)
        and not (without and without in call.name.lower())
    }


def _pure(subject: Subject, call: Call) -> bool:
    """Whether it is a call that only gives something new: of a layer of torch, or of a function that changes values."""
    if not call.outputs or set(call.outputs) & set(call.inputs):
        return False
    if call.kind == "function":
        outer = subject.user_call(call)
        inplace = call.arguments.get("inplace") is True or call.function.endswith("_")
        return outer.id == call.id and call.name in _CHANGING and not inplace
    module = subject.modules.get(call.module)
    return (
        call.kind == "module"
        and module is not None
        and module.qualified_type.startswith("torch.nn.")
        and module.arguments.get("inplace") is not True
    )


def _never_read(source: SourceFacts, call: SourceCall) -> bool:
    """Whether the call's result goes to a local name that its function never reads."""
    if call.within != "Assign":
        return False
    held = [a for a in source.assignments if a.value == call.place and a.scope == call.scope]
    return (
        len(held) == 1
        and held[0].target.isidentifier()
        and held[0].target != "_"
        and not any(use.text == held[0].target and use.scope.startswith(call.scope) for use in source.uses)
    )


def _fixes(subject: Subject, call: SourceCall) -> Iterator[Fix]:
    """The result under the name of what the call was given."""
    argument = next((a for a in call.arguments if not a.name and not a.starred), None)
    if call.within != "Expr" or argument is None or not argument.text.isidentifier():
        return
    if contains(call.statement, call.place) and call.statement.line == call.place.line:
        edit = Edit(before(call.place), f"{argument.text} = ")
        yield labelled(
            subject, [edit], means="hands the result on", safe=False, label=f"{argument.text} = {subject.text(call.place)}"
        )  # fmt: skip


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 8)
                self.relu = nn.ReLU(inplace=True)
                self.rnn = nn.GRU(8, 8, batch_first=True)
                self.two = nn.Linear(8, 2)

            def forward(self, x):
                x = self.one(x)
                self.relu(x)
                _, state = self.rnn(x)
                F.relu(state, inplace=True)
                return self.two(state[-1])
        """,
        "3,5,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 8)
                self.drop = nn.Dropout(0.2)
                self.two = nn.Linear(8, 2)

            def forward(self, x):
                x = self.one(x).relu()
                self.drop(x)
                return self.two(x)
        """,
        "3,4",
        at="self.drop(x)",
        fixed="x = self.drop(x)",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 8)
                self.two = nn.Linear(8, 2)

            def forward(self, x):
                x = self.one(x)
                F.relu(x)
                return self.two(x)
        """,
        "3,4",
        at="F.relu(x)",
        fixed="x = F.relu(x)",
    ),
)
