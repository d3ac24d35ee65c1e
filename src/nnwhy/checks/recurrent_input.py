"""A recurrent layer gets features or axes that it was not built for.

## What it finds
`LSTM`, `GRU`, `RNN` and their cells whose `input_size` is not the last axis of the input, or whose input has too many or
too few axes.

## Why it matters
The pass stops there. The last axis of the input are the features of one step: behind an embedding its `embedding_dim`.

## Example
    self.embed = nn.Embedding(5000, 50)
    self.lstm = nn.LSTM(5000, 64)

## Use instead
    self.lstm = nn.LSTM(50, 64)

## When it is fine
Never: the call raises. `# nnwhy: ignore[recurrent-input]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import Demand, mended
from nnwhy.checks.basis.recurrent import CELLS, LAYERS, STEPS
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call, Module


@check(
    name="recurrent-input",
    severity="error",
    summary="A recurrent layer gets features or axes that it was not built for.",
    title="{layer} {problem}",
)
def recurrent_input(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*LAYERS, *CELLS, *STEPS, "lstm", "gru", "rnn_tanh", "rnn_relu"):
        module = subject.modules.get(call.module)
        if module is not None and call.inputs:
            yield from _layer(subject, call, module)


def _layer(subject: Subject, call: Call, module: Module) -> Iterator[Finding]:
    tensor = call.inputs[0]
    shape = subject.shape(tensor)
    size = integer(module.arguments.get("input_size")) or 0
    outer = subject.user_call(call).place
    cell = module.type in CELLS
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
        if size == 1 and len(shape) == 2 and not cell:
            fixes = [*in_front(subject, call, ".unsqueeze(-1)", "", means="one number at each step"), *fixes]
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
                self.embed = nn.Embedding(20, 16)
                self.gru = nn.GRU(32, 8, batch_first=True)

            def forward(self, ids):
                return self.gru(self.embed(ids))[0]
        """,
        "3,6:int64",
        at="32",
        fixed="self.gru = nn.GRU(16, 8, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.RNN(1, 8, batch_first=True)

            def forward(self, series):
                return self.rnn(series)[0]
        """,
        "3,30",
        at="series)[0]",
        fixed="return self.rnn(series.unsqueeze(-1))[0]",
    ),
)
