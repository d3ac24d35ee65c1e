"""A token has no row in the embedding table.

## What it finds
An embedding that is asked for more positions than it has rows (`arange` over a sequence longer than the table), a table
that is one too small for its padding index, and a padding value below 0 (`pad_sequence(…, padding_value=-1)`).

## Why it matters
Valid indices are 0 … num_embeddings − 1. On the CPU the call raises; on a GPU the error comes late and says nothing.

## Example
    PAD = -1
    ids = pad_sequence(sentences, padding_value=PAD)
    self.embedding = nn.Embedding(500, 16)

## Use instead
    PAD = 500                                   # a row of its own
    self.embedding = nn.Embedding(501, 16, padding_idx=PAD)

## When it is fine
Where the padded places are masked to a valid index first. `# nnwhy: ignore[embedding-index]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.counted import bounds_of
from nnwhy.checks.basis.definitions import constant
from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.inserting import feeding_calls
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import Setting, module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Module
from nnwhy.facts.value import tensors_in


@check(
    name="embedding-index",
    severity="error",
    summary="A token has no row in the embedding table.",
    title="{layer} has rows 0 to {last}, and {problem}",
)
def embedding_index(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("embedding"):
        ids, weight = subject.argument(call, "input"), subject.argument(call, "weight")
        module = subject.layer(call)
        if ids is None or weight is None or module is None or ids.dtype not in ("int64", "int32"):
            continue
        setting = module_setting(subject, module, "num_embeddings")
        low, high = bounds_of(subject, ids.id) or subject.asked or (0, 0)
        rows = weight.shape[0]
        length = high + 1 if low >= 0 and high >= rows else 0
        problem = f"is asked for {high}" if length else "is asked for another"
        problem = f"is asked for {low}" if low < 0 else problem
        outer = subject.user_call(call).place
        fixes = _larger(subject, setting, length) if length else []
        text = subject.text(setting.place).strip()
        if length == rows + 1 and setting.place is not None and not text.isdigit():
            means = f"a row for each number from 0 to {high}: {length}"
            fixes.insert(0, labelled(subject, [Edit(setting.place, f"{text} + 1")], means=means))
        yield Finding(
            check="embedding-index",
            severity="error",
            place=setting.place or outer,
            values={
                "layer": shown_name(module, "F.embedding"),
                "last": weight.shape[0] - 1,
                "problem": problem,
            },
            expected=f"0 to {rows - 1}: {rows} rows",
            actual=f"up to {high}: {length} rows" if length else "",
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=module.path,
            call=call.id,
        )
    yield from _padding(subject)
    yield from _fed(subject)


def _fed(subject: Subject) -> Iterator[Finding]:
    """The file hands the network numbers that reach beyond a table's last row."""
    if subject.trace is None or subject.trace.failures:
        return
    if not any(module.type == "Embedding" for module in subject.modules.values()):
        return
    given = [next(iter(tensors_in(one.value)), None) for one in subject.trace.inputs]
    told: set[str] = set()
    for call in feeding_calls(subject):
        for index, argument in enumerate(call.arguments):
            if argument.name or argument.starred or index >= len(given) or given[index] is None:
                continue
            drawn = written_tensor(subject, argument.place)
            below = drawn.below if drawn is not None and drawn.dtype in ("int64", "int32") else None
            for module in subject.modules.values():
                rows = integer(module.arguments.get("num_embeddings"))
                looked = any(
                    c.module == module.path and c.inputs[:1] == (given[index],) for c in subject.calls
                )
                if module.type != "Embedding" or not looked or not rows or not below or below <= rows:
                    continue
                if module.path in told:
                    continue
                told.add(module.path)
                setting = module_setting(subject, module, "num_embeddings")
                text = subject.text(setting.place).strip()
                fixes: list[Fix] = []
                if setting.place is not None and below == rows + 1 and not text.isdigit():
                    means = f"a row for each number from 0 to {below - 1}"
                    fixes.append(labelled(subject, [Edit(setting.place, f"{text} + 1")], means=means))
                fixes += _larger(subject, setting, below)
                yield Finding(
                    check="embedding-index",
                    severity="error",
                    place=setting.place or argument.place,
                    values={
                        "layer": module.path, "last": rows - 1, "problem": f"{argument.text} goes up to {below - 1}",
                    },
                    expected=f"0 to {rows - 1}: {rows} rows",
                    actual=f"up to {below - 1}: {below} rows",
                    fixes=tuple(fixes),
                    also=(argument.place,),
                    module=module.path,
                )  # fmt: skip


def _larger(subject: Subject, setting: Setting, length: int) -> list[Fix]:
    return [
        labelled(subject, way.edits, means=f"a row for each of {length} positions")
        for way in ways_to_set(subject, setting, length)
    ]


def _padding(subject: Subject) -> Iterator[Finding]:
    """A negative padding value beside a network that looks its input up in a table."""
    module = next(
        (m for m in subject.modules.values() if m.type == "Embedding" and _looks_up_input(subject, m)), None
    )
    if module is None:
        return
    rows = integer(module.arguments.get("num_embeddings")) or 0
    for source in subject.sources.values():
        fillings = [call for call in source.calls if call.function.rpartition(".")[2] == "pad_sequence"]
        if len(fillings) > 1:  # labels are filled up too, often with what the loss ignores
            continue
        for call in fillings:
            for argument in call.arguments:
                value = constant(source, argument.text, argument.place)
                if argument.name != "padding_value" or value is None or 0 <= value < rows:
                    continue
                fixes = _own_row(subject, module, argument.place, argument.text, value, rows)
                yield Finding(
                    check="embedding-index",
                    severity="warning",
                    place=fixes[0].edits[0].place if fixes else argument.place,
                    values={
                        "layer": module.path or module.type,
                        "last": rows - 1,
                        "problem": f"padding is {value}",
                    },
                    expected=f"0 to {rows - 1}",
                    actual=str(value),
                    fixes=tuple(fixes),
                    also=(argument.place, *module.constructed[:1]),
                    module=module.path,
                )


def _looks_up_input(subject: Subject, module: Module) -> bool:
    inputs = subject.inputs()
    return any(call.module == module.path and inputs & set(call.inputs) for call in subject.calls)


def _own_row(subject: Subject, module: Module, place: object, text: str, value: int, rows: int) -> list[Fix]:
    """The padding as one more row behind the others: the value, and a table of one row more."""
    from nnwhy.checks.basis.definitions import definition

    source = subject.sources[place.path]  # type: ignore[attr-defined]
    found = definition(source, text, place) if text.isidentifier() else None  # type: ignore[arg-type]
    where = found.place if found is not None and found.place is not None else place
    edits = [Edit(where, str(rows))]  # type: ignore[arg-type]
    setting = module_setting(subject, module, "num_embeddings")
    ways = ways_to_set(subject, setting, rows + 1) if setting.place else []
    constructed = subject.source_call(module.constructed[0] if module.constructed else None)
    if not ways or constructed is None:
        return []
    edits += ways[0].edits
    if "padding_idx" not in module.argument_places:
        edits.append(added_argument(constructed, f"padding_idx={text if text.isidentifier() else rows}"))
    return [labelled(subject, edits, means="padding gets a row of its own")]


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.position = nn.Embedding(10, 4)

            def forward(self, x):
                return x + self.position(torch.arange(x.size(1)))
        """,
        "3,10,4",
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
                self.position = nn.Embedding(8, 4)

            def forward(self, x):
                return x + self.position(torch.arange(x.size(1)))
        """,
        "3,10,4",
        at="8",
        fixed="self.position = nn.Embedding(10, 4)",
    ),
    Bad(
        """
        from torch import nn
        from torch.nn.utils.rnn import pad_sequence

        PAD = -1

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(50, 4)

            def forward(self, ids):
                return self.embed(ids)

        def batch(sentences):
            return pad_sequence(sentences, batch_first=True, padding_value=PAD)
        """,
        "3,10:int64",
        at="-1",
        fixed="PAD = 50",
    ),
    Bad(
        """
        import torch
        from torch import nn

        WORDS = 20

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(WORDS, 4)

            def forward(self, ids):
                return self.embed(ids)

        def main():
            ids = torch.randint(0, 25, (3, 6))
            return Net()(ids)
        """,
        "3,6:int64",
        at="20",
        fixed="WORDS = 25",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, reach=4):
                super().__init__()
                self.reach = reach
                self.distance = nn.Embedding(2 * reach, 8)

            def forward(self, x):
                here = torch.arange(x.size(1))
                far = (here[None, :] - here[:, None]).clamp(-self.reach, self.reach)
                return x + self.distance(far + self.reach).mean(1)
        """,
        "3,12,8",
        at="2 * reach,",
        fixed="self.distance = nn.Embedding(2 * reach + 1, 8)",
    ),
)
