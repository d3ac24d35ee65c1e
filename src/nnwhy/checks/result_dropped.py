"""The result of a layer is thrown away.

## What it finds
A layer, an activation, a normalisation or a dropout that is called in forward and whose result nothing takes: the call is a
statement by itself, or the name that gets the result is never read, or gets another value before it is.

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
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import tensors_in

_CHANGING = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softmax", "log_softmax", "softplus", "prelu",
    "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "batch_norm", "layer_norm", "group_norm", "instance_norm",
    "normalize", "max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "linear", "conv1d", "conv2d",
    "conv3d", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool2d", "interpolate", "embedding",
)  # fmt: skip

_LONGEST = 50


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
        text = " ".join(subject.text(written.place).split())
        yield Finding(
            check="result-dropped",
            severity="warning",
            place=written.place,
            values={"called": text if len(text) <= _LONGEST else written.function},
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
    """Whether the call's result goes to a local name that its function never reads, or gives another value before it does."""
    held = _held(source, call)
    if held is None:
        return False
    after = _overwritten(source, held)
    return not any(
        use.text == held.target
        and use.scope.startswith(call.scope)
        and (after is None or _between(held.place, use.place, after.place))
        for use in source.uses
    )


def _held(source: SourceFacts, call: SourceCall) -> SourceAssignment | None:
    if call.within != "Assign":
        return None
    held = [a for a in source.assignments if a.value == call.place and a.scope == call.scope]
    return held[0] if len(held) == 1 and held[0].target.isidentifier() and held[0].target != "_" else None


def _overwritten(source: SourceFacts, held: SourceAssignment) -> SourceAssignment | None:
    """The next plain assignment to the same name at the same depth; None in a loop, where what is read first is not sure."""
    if any(a.form == "for" and contains(a.place, held.place) for a in source.assignments):
        return None
    following = [
        a
        for a in source.assignments
        if a.target == held.target
        and a.scope == held.scope
        and a.form not in ("for", "augmented", "item")
        and a.place.line > held.place.end_line
        and a.place.column == held.place.column
    ]
    return min(following, key=lambda a: a.place.line, default=None)


def _between(first: Place, use: Place, last: Place) -> bool:
    return (first.end_line, first.end_column) <= (use.line, use.column) <= (last.end_line, last.end_column)


def _fixes(subject: Subject, call: SourceCall) -> Iterator[Fix]:
    """The result under the name of what the call was given; or read where the next step reads that again."""
    source = subject.sources[call.place.path]
    if call.within == "Expr":
        argument = next((a for a in call.arguments if not a.name and not a.starred), None)
        if argument is not None and argument.text.isidentifier() and call.statement.line == call.place.line:
            text = f"{argument.text} = {subject.text(call.place)}"
            edit = Edit(before(call.place), f"{argument.text} = ")
            yield labelled(subject, [edit], means="hands the result on", safe=False, label=text)
        return
    held = _held(source, call)
    following = _overwritten(source, held) if held is not None else None
    if held is None or following is None:
        return
    given = {use.text for use in source.uses if contains(held.value, use.place)}
    again = [use for use in source.uses if use.text in given and contains(following.value, use.place)]
    names = [use for use in again if use.text.isidentifier() and use.text != "self"]
    if len(names) == 1:
        yield labelled(subject, [Edit(names[0].place, held.target)], means="hands the result on", safe=False)


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
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)

            def forward(self, x):
                out = self.one(x)
                out = self.two(x)
                return out.relu()
        """,
        "3,4",
        at="x)",
        nth=2,
        fixed="out = self.two(out)",
    ),
)
