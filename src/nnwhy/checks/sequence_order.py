"""A batch-first tensor goes into a layer that takes the sequence first.

## What it finds
`MultiheadAttention`, `Transformer…`, `LSTM`, `GRU` and `RNN` without `batch_first=True` on data whose first axis is the batch.
Evidence is what happens: one sample of the batch is changed, and another sample's result changes with it. Where the layer's
own order would be consistent throughout, the input's letter (`N,…`) or a comment that names its axes decides.

## Why it matters
Without `batch_first` these layers read (sequence, batch, features). A (batch, words, features) tensor runs without an
error, and every word attends to, or every step follows, the other sentences of the batch.

## Example
    self.attn = nn.MultiheadAttention(dim, 2)
    y, _ = self.attn(x, x, x)                   # x is (batch, words, dim)

## Use instead
    self.attn = nn.MultiheadAttention(dim, 2, batch_first=True)

## When it is fine
Where the first axis really is the sequence. `# nnwhy: ignore[sequence-order]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.inserting import feeding_calls, first_argument, with_keyword
from nnwhy.checks.basis.loss_flow import applied_losses
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.originals import ORDERED, original
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module

_FUNCTIONS = (
    "multi_head_attention_forward",
    "lstm",
    "gru",
    "rnn_tanh",
    "rnn_relu",
    "_transformer_encoder_layer_fwd",
)
_BATCH_FIRST = re.compile(
    r"[\(\[]\s*(batch|batch_size|bs|n|b|bsz|minibatch)\s*,|batch[- _]first|mini-?batch:?\s*[\(\[]",
    re.IGNORECASE,
)


@check(
    name="sequence-order",
    severity="warning",
    summary="A batch-first tensor goes into a layer that takes the sequence first.",
    title="{layer} reads {shape} as (sequence, batch, features), and the batch is its first axis",
)
def sequence_order(subject: Subject) -> Iterator[Finding]:
    seen = subject.evaluated
    told: set[str] = set()
    mixing = subject.mixing_call
    if mixing is not None and mixing.name in _FUNCTIONS and subject.mixing and not subject.mixing.other_axis:
        module = seen.layer(mixing)
        if (
            module is not None
            and module.arguments.get("batch_first") is not True
            and not _one_sample(seen, mixing, module)
        ):
            told.add(module.path)
            yield _finding(
                seen,
                mixing,
                module,
                "changing one sample of the batch changes what the layer makes of the others",
            )
    elif subject.mixing is not None and subject.mixing.other_axis:
        reason = _says_batch_first(subject)
        if reason:
            for call in seen.calls:
                module = seen.modules.get(call.module)
                if (
                    call.kind != "module"
                    or module is None
                    or module.type not in ORDERED
                    or module.path in told
                ):
                    continue
                if module.arguments.get("batch_first") is True or not _straight(seen, call):
                    continue
                told.add(module.path)
                yield _finding(seen, call, module, reason)


def _finding(subject: Subject, call: Call, module: Module, reason: str) -> Finding:
    module = original(subject, module)
    outer = _layer_call(subject, call, module)
    tensor = outer.inputs[0] if outer.inputs else call.inputs[0]
    fixes = list(_fixes(subject, outer, module))
    made = module.constructed[:1]
    place = made[0] if made and subject.owned(made[0]) else outer.place or subject.user_call(call).place
    return Finding(
        check="sequence-order",
        severity="warning",
        place=place,
        values={"layer": module.path or module.type, "shape": shape_text(subject.shape(tensor))},
        expected="(sequence, batch, features)",
        actual="(batch, sequence, features)",
        because=(reason, "with batch_first=True the layer reads (batch, sequence, features)"),
        fixes=tuple(fixes),
        also=(outer.place,) if outer.place else (),
        module=module.path,
    )


def _one_sample(subject: Subject, call: Call, module: Module) -> bool:
    """Whether the network was given a single column, (steps, 1), and hands both axes on as they are: one sequence with its
    batch of one behind it then, as likely as a batch of sequences of a single step."""
    outer = _layer_call(subject, call, module)
    shape = subject.shape(outer.inputs[0]) if outer.inputs else ()
    if len(shape) != 3 or shape[1] != 1:
        return False
    roots = [subject.root(outer.inputs[0], axis) for axis in (0, 1)]
    return roots[0].tensor == roots[1].tensor and all(
        root.tensor in subject.inputs() and root.axis == axis for axis, root in enumerate(roots)
    )


def _layer_call(subject: Subject, call: Call, module: Module) -> Call:
    here = call
    while here.parent is not None and not (here.kind == "module" and here.module == module.path):
        here = subject.calls[here.parent]
    return here


def _fixes(subject: Subject, outer: Call, module: Module) -> Iterator[Fix]:
    edit = with_keyword(subject, module, "batch_first=True")
    there = [labelled(subject, [edit], means="reads (batch, sequence, features)")] if edit is not None else []
    there += _with_its_like(subject, module)
    argument = first_argument(subject, outer)
    here: list[Fix] = []
    if argument is not None and module.type in ("LSTM", "GRU", "RNN"):
        text = f"{bracketed(subject.text(argument))}.transpose(0, 1)"
        here = [labelled(subject, [Edit(argument, text)], means="brings the sequence to the front")]
    steps = _read_by_step(subject, outer)
    if not steps:
        yield from [*there, *here]
        return
    # `out[-1]` takes the last step of a sequence that stands first: it changes with the order.
    places = [_index_place(subject, call) for call in steps]
    edits = [Edit(place, f":, {subject.text(place)}") for place in places if place is not None]
    if edit is not None and len(edits) == len(steps):
        means = "reads (batch, sequence, features), and the step is taken along the second axis"
        yield labelled(subject, [edit, *edits], means=means)
    yield from [*here, *there]


def _with_its_like(subject: Subject, module: Module) -> list[Fix]:
    """The same for all layers of this kind that are made in the same function: each of them alone leaves the others as they are."""
    made = module.constructed[0] if module.constructed else None
    like = [
        other for other in subject.modules.values()
        if other.type == module.type and other.arguments.get("batch_first") is not True and other.constructed
        and made is not None and (other.constructed[0].path, other.constructed[0].function) == (made.path, made.function)
    ]  # fmt: skip
    edits = [edit for other in like if (edit := with_keyword(subject, other, "batch_first=True")) is not None]
    edits = sorted(set(edits), key=lambda edit: (edit.place.line, edit.place.column))
    if len(edits) < 2:
        return []
    names = " and ".join(dict.fromkeys(other.path for other in like))
    means = f"{names} read (batch, sequence, features)" if len(like) < 4 else f"all {len(like)} layers do"
    return [labelled(subject, edits, means=means)]


def _read_by_step(subject: Subject, outer: Call) -> list[Call]:
    """The calls that take one index of the first axis of what a layer gives."""
    found: list[Call] = []
    for call in subject.calls[outer.id + 1 :]:
        if call.name == "__getitem__" and outer.outputs[:1] and outer.outputs[0] in call.inputs:
            index = list(call.arguments.values())[-1]
            first = index[0] if isinstance(index, tuple) and index else index
            if isinstance(first, int) and not isinstance(first, bool):
                found.append(call)
    return found


def _index_place(subject: Subject, call: Call) -> Place | None:
    """Where the first index of `out[-1]` is written."""
    place, text = call.place, subject.text(call.place)
    if place is None or not text.isascii() or "\n" in text:
        return None
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(tree, ast.Subscript):
        return None
    part = tree.slice.elts[0] if isinstance(tree.slice, ast.Tuple) else tree.slice
    return inside(place, part)


def _straight(subject: Subject, call: Call) -> bool:
    """Whether the layer's input still has the network's first axis first."""
    if not call.inputs or len(subject.shape(call.inputs[0])) != 3:
        return False
    root = subject.root(call.inputs[0], 0)
    return root.tensor in subject.inputs() and root.axis == 0


def _says_batch_first(subject: Subject) -> str:
    """The reason to take the input's first axis for the batch, "" where there is none."""
    assert subject.trace is not None
    first = subject.trace.inputs[0] if subject.trace.inputs else None
    if first is not None and first.letters and first.letters[0] in ("N", "B"):
        return f"the input's first axis was named {first.letters[0]}"
    reason = _one_label_each(subject)
    if reason:
        return reason
    root = subject.modules.get("")
    if root is None or root.defined is None or root.defined.path not in subject.sources:
        return ""
    inside = root.defined
    for comment in subject.sources[inside.path].comments:
        if inside.line <= comment.place.line <= inside.end_line and _BATCH_FIRST.search(comment.text):
            return f"the comment says so: {comment.text.splitlines()[0]}"
    return ""


def _one_label_each(subject: Subject) -> str:
    """The reason that the file's labels give: as many as the input's first axis is long."""
    for loss in applied_losses(subject):
        if loss.target is None or loss.maker != "network":
            continue
        labels = written_tensor(subject, loss.target)
        for call in feeding_calls(subject):
            given = written_tensor(subject, call.arguments[0].place)
            if labels is None or given is None or not labels.shape or len(given.shape) < 2:
                continue
            if labels.shape[0] == given.shape[0] != given.shape[1]:
                return f"there are {labels.shape[0]} labels for an input of {shape_text(given.shape)}: one for each along its first axis"
    return ""


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5)

            def forward(self, x):
                out, _ = self.lstm(x)
                return out[-1]
        """,
        "6,3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8)
                self.attn = nn.MultiheadAttention(8, 2)
                self.out = nn.Linear(8, 2)

            def forward(self, ids):
                x = self.embed(ids)
                y, _ = self.attn(x, x, x)
                return self.out(y.mean(dim=1))
        """,
        "3,6:int64",
        at="nn.MultiheadAttention(8, 2)",
        fixed="self.attn = nn.MultiheadAttention(8, 2, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5)

            def forward(self, x):
                # x: (batch, words, features)
                out, _ = self.lstm(x)
                return out
        """,
        "3,6,4",
        at="nn.LSTM(4, 5)",
        fixed="self.lstm = nn.LSTM(4, 5, batch_first=True)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5)
                self.out = nn.Linear(5, 2)

            def forward(self, x):
                y, _ = self.gru(x)
                return self.out(y[-1])

        def main():
            net = Net()
            x, labels = torch.rand(7, 12, 4), torch.randint(0, 2, (7,))
            return nn.functional.cross_entropy(net(x), labels)
        """,
        "7,12,4",
        at=")\n        self.out",
        fixed="self.gru = nn.GRU(4, 5, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8)
                self.near = nn.MultiheadAttention(8, 2)
                self.far = nn.MultiheadAttention(8, 2)

            def forward(self, ids):
                x = self.embed(ids)
                return (self.near(x, x, x)[0] + self.far(x, x, x)[0]).mean(dim=1)
        """,
        "3,6:int64",
        at="nn.MultiheadAttention(8, 2)",
        fixed="self.far = nn.MultiheadAttention(8, 2, batch_first=True)",
    ),
)
