"""What a layer gives is a tuple of several tensors, and it is used as if it were one.

## What it finds
`out = lstm(x)` handed on or indexed as a tensor: recurrent layers give the outputs and the last state(s), attention the
outputs and its weights; a recurrent layer or an encoder of one's own inside `nn.Sequential`; a packed sequence given to
a layer that takes tensors.

## Why it matters
The pass stops there.

## Example
    x = self.lstm(x)
    return self.fc(x)

## Use instead
    x, _ = self.lstm(x)
    return self.fc(x)

## When it is fine
Never: the call raises. `# nnwhy: ignore[pair-as-tensor]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.definitions import definition, function_at
from nnwhy.checks.basis.editing import after, contains, labelled
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.recurrent import LAYERS
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import TensorRef, Value


@check(
    name="pair-as-tensor",
    severity="error",
    summary="A layer gives a tuple of tensors, and it is used as one tensor.",
    title="{layer} gives a {what}; {name} takes it for one tensor",
)
def pair_as_tensor(subject: Subject) -> Iterator[Finding]:
    if subject.trace is None or not subject.trace.failures:
        return
    givers = [
        call for call in subject.calls
        if call.kind == "module" and isinstance(call.result, tuple) and len(call.result) > 1 and call.failure is None
    ]  # fmt: skip
    if not givers:
        return
    told: set[int] = set()
    for failure in subject.trace.failures:
        call = subject.calls[failure.call] if failure.call is not None else None
        maker = _given(givers, call) if call is not None else None
        if maker is None and failure.place is not None and failure.type in ("TypeError", "AttributeError"):
            maker = _used(subject, givers, failure.place)
        if maker is None and call is not None:
            packed = _packed(subject, givers, call)
            if packed is not None and packed.id not in told:
                told.add(packed.id)
                yield _unpadded(subject, call, packed)
            continue
        if maker is not None and maker.id not in told:
            told.add(maker.id)
            yield _finding(subject, failure.call, failure.place, maker)


def _given(givers: list[Call], call: Call) -> Call | None:
    """The layer whose whole result was given to `call` where one tensor belongs."""
    values = [
        part
        for value in call.arguments.values()
        for part in (value, *(value if isinstance(value, tuple) else ()))
    ]
    for maker in reversed(givers):
        if maker.id < call.id and any(value == maker.result for value in values if isinstance(value, tuple)):
            return maker
    return None


def _used(subject: Subject, givers: list[Call], place: Place) -> Call | None:
    """The layer whose result is held by a name that is read at `place`."""
    source = subject.sources.get(place.path)
    if source is None:
        return None
    for use in source.uses:
        if not use.text.isidentifier() or not contains(place, use.place):
            continue
        rest = source.line(use.place.end_line)[use.place.end_column - 1 :]
        if not rest.startswith((".", "[")):
            continue
        found = definition(source, use.text, use.place)
        for maker in givers:
            if found is not None and found.place is not None and maker.place == found.place:
                return maker
    return None


def _packed(subject: Subject, givers: list[Call], call: Call) -> Call | None:
    """The layer whose outputs, a packed sequence, were given to `call`."""
    for value in call.arguments.values():
        if not isinstance(value, tuple) or len(value) != 4:
            continue
        for maker in givers:
            whole = maker.result
            if isinstance(whole, tuple) and whole and whole[0] == value and maker.name in LAYERS:
                return maker
    return None


def _finding(subject: Subject, call: int | None, failed: Place | None, maker: Call) -> Finding:
    module = subject.modules[maker.module]
    user = subject.user_call(subject.calls[call]) if call is not None else None
    name = user.name if user is not None and user.parent is not None else "what follows"
    place = maker.place if subject.owned(maker.place) else next(iter(module.constructed), None)
    here = user.place if user is not None and subject.owned(user.place) else failed
    return Finding(
        check="pair-as-tensor",
        severity="error",
        place=place,
        values={
            "layer": module.path or module.type,
            "what": _parts(subject, module, maker.result),
            "name": name,
        },
        because=("take it apart where it is made: out, _ = …",),
        fixes=tuple(_unpacked(subject, maker, module)),
        also=(here,) if here else (),
        module=module.path,
        call=call,
    )


def _parts(subject: Subject, module: Module, result: Value) -> str:
    """tuple of two: the outputs (8, 30, 32) and the last state (1, 8, 32)."""
    assert isinstance(result, tuple)
    count = {2: "two", 3: "three", 4: "four"}.get(len(result), str(len(result)))
    names = [""] * len(result)
    if module.type in LAYERS:
        names = ["the outputs ", "the last states (h, c) " if module.type == "LSTM" else "the last state "]
    elif module.type == "MultiheadAttention":
        names = ["the outputs ", "the weights "]
    told = [name + _shape(subject, part) for name, part in zip(names, result, strict=True)]
    return f"tuple of {count}: {', '.join(told[:-1])} and {told[-1]}"


def _shape(subject: Subject, value: Value) -> str:
    if isinstance(value, TensorRef):
        return shape_text(subject.shape(value.id))
    if isinstance(value, tuple):
        shapes = dict.fromkeys(_shape(subject, part) for part in value)
        return " and ".join(shapes) + (" each" if len(shapes) == 1 and len(value) > 1 else "")
    return str(value) if value is None else type(value).__name__


def _unpacked(subject: Subject, maker: Call, module: Module) -> Iterator[Fix]:
    place = maker.place
    if place is None or place.path not in subject.sources:
        yield from _in_sequence(subject, module)
        return
    count = len(maker.result) if isinstance(maker.result, tuple) else 2
    source = subject.sources[place.path]
    assignment = next((a for a in source.assignments if a.value == place and a.form == "Call"), None)
    if assignment is not None and assignment.target.isidentifier():
        line = source.line(assignment.place.line)
        end = assignment.place.column - 1 + len(assignment.target)
        if line[assignment.place.column - 1 : end] == assignment.target:
            target = Place(place.path, assignment.place.line, end + 1, assignment.place.line, end + 1)
            yield labelled(subject, [Edit(target, ", _" * (count - 1))], means="takes the outputs alone")
            return
    yield labelled(subject, [Edit(after(place), "[0]")], means="takes the outputs alone")


def _in_sequence(subject: Subject, module: Module) -> Iterator[Fix]:
    """In a Sequential a small layer behind it that takes the outputs."""
    call = subject.source_call(module.constructed[0] if module.constructed else None)
    prefix = call.function.rpartition(".")[0] if call is not None else ""
    if (
        call is None
        or not prefix
        or not (call.within in ("List", "Tuple") or call.within.endswith("Sequential("))
    ):
        return
    source = subject.sources[call.place.path]
    name, number = "Outputs", 2
    while any(cls.name == name for cls in source.classes):
        name, number = f"Outputs{number}", number + 1
    line = _top(source, call.place)
    text = f"class {name}({prefix}.Module):\n    def forward(self, results):\n        return results[0]\n\n\n"
    edits = (Edit(Place(source.path, line, 1, line, 1), text), Edit(after(call.place), f", {name}()"))
    yield Fix(
        f"{name}() behind it: a layer whose forward returns results[0]", edits, "takes the outputs alone"
    )


def _top(source: SourceFacts, place: Place) -> int:
    """The line where the outermost class, function or statement around a place begins."""
    around = [cls.place for cls in source.classes if contains(cls.place, place)]
    around += [function.place for function in source.functions if contains(function.place, place)]
    around += [call.statement for call in source.calls if contains(call.statement, place)]
    line = min(one.line for one in around)
    while line > 1 and source.line(line - 1).startswith("@"):
        line -= 1
    return line


def _unpadded(subject: Subject, call: Call, maker: Call) -> Finding:
    module = subject.modules[maker.module]
    outer = subject.user_call(call)
    argument = first_argument(subject, outer)
    packing = next(
        (c for c in reversed(subject.calls[: maker.id]) if c.name == "_pack_padded_sequence"), None
    )
    fixes: list[Fix] = []
    if argument is not None and packing is not None and outer.place is not None:
        source = subject.sources[argument.path]
        name = source.imports.get("pad_packed_sequence", "")
        written = "pad_packed_sequence" if name else _reached(source)
        first = ", batch_first=True" if packing.arguments.get("batch_first") is True else ""
        edits = [Edit(argument, f"{written}({subject.text(argument)}{first})[0]")]
        fixes.append(labelled(subject, edits, means="the padded outputs, an ordinary tensor"))
    function = function_at(subject.sources[outer.place.path], outer.place) if subject.owned(outer.place) and outer.place else None  # fmt: skip
    return Finding(
        check="pair-as-tensor",
        severity="error",
        place=fixes[0].edits[0].place if fixes else outer.place,
        values={"layer": module.path or module.type, "what": "PackedSequence, as its input is one", "name": outer.name},
        because=("pad_packed_sequence makes a tensor of it again, and gives the lengths",),
        fixes=tuple(fixes),
        also=tuple(place for place in (maker.place, function.place if function else None) if place),
        module=module.path,
        call=call.id,
    )  # fmt: skip


def _reached(source: SourceFacts) -> str:
    """How `pad_packed_sequence` can be written in a file that does not import it."""
    for short, full in source.imports.items():
        if full == "torch.nn.utils.rnn":
            return f"{short}.pad_packed_sequence"
        if full in ("torch.nn", "torch"):
            rest = "utils.rnn" if full == "torch.nn" else "nn.utils.rnn"
            return f"{short}.{rest}.pad_packed_sequence"
    return "torch.nn.utils.rnn.pad_packed_sequence"


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5, batch_first=True)
                self.fc = nn.Linear(10, 2)

            def forward(self, x):
                both = self.lstm(x)
                return self.fc(torch.cat([both[0][:, -1], both[1][0][0]], dim=1))
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
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                out = self.gru(x)
                return self.fc(out[:, -1, :])
        """,
        "3,6,4",
        at="self.gru(x)",
        fixed="out, _ = self.gru(x)",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.GRU(4, 5, batch_first=True), nn.Linear(5, 2))
        """,
        "3,6,4",
        at="nn.GRU(4, 5, batch_first=True)",
        fixed="class Outputs(nn.Module):",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                lengths = torch.tensor([6, 4, 2])
                packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
                out, _ = self.gru(packed)
                return self.fc(out)
        """,
        "3,6,4",
        at="out)\n",
        fixed="return self.fc(torch.nn.utils.rnn.pad_packed_sequence(out, batch_first=True)[0])",
    ),
)
