"""A recurrent layer gets features, axes or a hidden state that it was not built for, or its pair of results is used as one.

## What it finds
`LSTM`, `GRU`, `RNN` and their cells whose `input_size` is not the last axis of the input, whose input has too many axes,
whose hidden state has another shape; and `out = lstm(x)` handed on as if it were a tensor.

## Why it matters
The pass stops there. These layers give two things, the outputs and the last state(s).

## Example
    x = self.lstm(x)
    return self.fc(x)

## Use instead
    x, _ = self.lstm(x)
    return self.fc(x)

## When it is fine
Never: the call raises. `# nnwhy: ignore[recurrent-input]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import after, labelled
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import Demand, mended
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import TensorRef, Value, tensors_in

_LAYERS = ("LSTM", "GRU", "RNN")
_CELLS = ("LSTMCell", "GRUCell", "RNNCell")
_PAIRS = (*_LAYERS, "MultiheadAttention")


@check(
    name="recurrent-input",
    severity="error",
    summary="A recurrent layer gets what it was not built for, or its pair of results is used as one.",
    title="{layer} {problem}",
)
def recurrent_input(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*_LAYERS, *_CELLS, "lstm", "gru", "rnn_tanh", "rnn_relu"):
        module = subject.modules.get(call.module)
        if module is not None and call.inputs:
            yield from _layer(subject, call, module)
    for call, _ in subject.failed():
        maker = _pair_maker(subject, call)
        if maker is not None:
            yield _pair(subject, call, maker)


def _layer(subject: Subject, call: Call, module: Module) -> Iterator[Finding]:
    tensor = call.inputs[0]
    shape = subject.shape(tensor)
    size = integer(module.arguments.get("input_size")) or 0
    outer = subject.user_call(call).place
    cell = module.type in _CELLS
    if len(shape) > (2 if cell else 3):
        fixes = in_front(subject, call, ".flatten(2)", "")
        yield _found(
            subject, call, module, f"takes {2 if cell else 3} axes and gets {shape_text(shape)}", outer, fixes
        )
    elif shape and shape[-1] != size:
        axis = len(shape) - 1
        turned = next((a for a in range(1, axis) if shape[a] == size), None)
        setting = module_setting(subject, module, "input_size")
        demand = Demand(setting, Size(tensor, axis, shape[axis]), size)
        fixes = mended(subject, demand)
        if turned is not None:
            fixes = [
                *in_front(subject, call, f".transpose({turned}, {axis})", "", means="the features go last"),
                *fixes,
            ]
        place = outer if turned is not None else setting.place or outer
        yield _found(
            subject,
            call,
            module,
            f"is built for {size} features and gets {shape[-1]}",
            place,
            fixes,
            Size(tensor, axis, shape[axis]),
        )
    else:
        state = list(tensors_in(call.arguments.get("hx")))
        if state:
            wanted = _state_shape(module, shape)
            given = subject.shape(state[0])
            if given != wanted:
                text = f"wants a hidden state of {shape_text(wanted)} and gets {shape_text(given)}"
                yield _found(subject, call, module, text, outer, [])


def _state_shape(module: Module, shape: tuple[int, ...]) -> tuple[int, ...]:
    hidden = integer(module.arguments.get("hidden_size")) or 0
    if module.type in _CELLS:
        return (*shape[:-1], hidden)
    layers = (integer(module.arguments.get("num_layers")) or 1) * (
        2 if module.arguments.get("bidirectional") else 1
    )
    batch = shape[
        0 if module.arguments.get("batch_first") else 1 : (1 if module.arguments.get("batch_first") else 2)
    ]
    return (layers, *(batch if len(shape) == 3 else ()), integer(module.arguments.get("proj_size")) or hidden)


def _found(
    subject: Subject,
    call: Call,
    module: Module,
    problem: str,
    place: object,
    fixes: list[Fix],
    size: Size | None = None,
) -> Finding:
    outer = subject.user_call(call).place
    return Finding(
        check="recurrent-input",
        severity="error",
        place=place,  # type: ignore[arg-type]
        values={"layer": module.path or module.type, "problem": problem},
        derivations=(subject.derivations.of(size.tensor, size.axis),) if size else (),
        fixes=tuple(fixes),
        also=(outer,) if outer else (),
        module=module.path,
        call=call.id,
    )


def _pair_maker(subject: Subject, call: Call) -> Call | None:
    """The recurrent call whose tuple of results was handed to `call` in place of a tensor."""
    for value in call.arguments.values():
        ids = set(tensors_in(value)) if _nested_pair(value) else set[int]()
        for tensor in ids:
            maker = subject.maker(tensor)
            while maker is not None and maker.kind == "function" and maker.parent is not None:
                above = subject.calls[maker.parent]
                if above.kind == "module" and above.name in _PAIRS and tensor in above.outputs:
                    return above
                maker = None
            for other in subject.calls[: call.id]:
                if (
                    other.kind == "module"
                    and other.name in _PAIRS
                    and tensor in other.outputs
                    and ids <= set(other.outputs)
                ):
                    return other
    return None


def _nested_pair(value: Value) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], TensorRef | tuple)


def _pair(subject: Subject, call: Call, maker: Call) -> Finding:
    module = subject.modules[maker.module]
    what = "(outputs, weights)" if module.type == "MultiheadAttention" else (
        "(outputs, (h, c))" if module.type == "LSTM" else "(outputs, h)"
    )  # fmt: skip
    outer = subject.user_call(call).place
    return Finding(
        check="recurrent-input",
        severity="error",
        place=maker.place,
        values={
            "layer": module.path or module.type,
            "problem": f"gives a pair {what}; {call.name} takes it for one tensor",
        },
        fixes=tuple(_unpacked(subject, maker)),
        also=(outer,) if outer else (),
        module=module.path,
        call=call.id,
    )


def _unpacked(subject: Subject, maker: Call) -> Iterator[Fix]:
    place = maker.place
    if place is None or place.path not in subject.sources:
        return
    source = subject.sources[place.path]
    assignment = next((a for a in source.assignments if a.value == place and a.form == "Call"), None)
    if assignment is not None and assignment.target.isidentifier():
        line = source.line(assignment.place.line)
        end = assignment.place.column - 1 + len(assignment.target)
        if line[assignment.place.column - 1 : end] == assignment.target:
            from nnwhy.facts.place import Place

            target = Place(place.path, assignment.place.line, end + 1, assignment.place.line, end + 1)
            yield labelled(subject, [Edit(target, ", _")], means="takes the outputs alone")
            return
    yield labelled(subject, [Edit(after(place), "[0]")], means="takes the outputs alone")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                x, _ = self.lstm(x)
                return self.fc(x[:, -1])
        """,
        "3,6,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                x = self.lstm(x)
                return self.fc(x)
        """,
        "3,6,4",
        at="self.lstm(x)",
        fixed="x, _ = self.lstm(x)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 16)
                self.gru = nn.GRU(32, 8, batch_first=True)

            def forward(self, ids):
                return self.gru(self.embed(ids))[0]
        """,
        "3,6:int64",
        at="32",
        fixed="self.gru = nn.GRU(16, 8, batch_first=True)",
    ),
)
