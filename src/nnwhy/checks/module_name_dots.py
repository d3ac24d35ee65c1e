"""A layer gets a name with a dot in it.

## What it finds
`layers["head.age"] = nn.Linear(…)` in an `nn.ModuleDict`, `self.add_module("block.1", …)` and their kin.

## Why it matters
torch refuses it: the dot stands between a layer and its part in the names of the state_dict.

## Example
    self.heads[name] = nn.Linear(8, 2)          # name is "head.age"

## Use instead
    self.heads[name.replace(".", "_")] = nn.Linear(8, 2)

and the same where the layer is looked up.

## When it is fine
Never: the constructor raises. `# nnwhy: ignore[module-name-dots]` silences it.

## References
- https://github.com/pytorch/pytorch/issues/11714
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts

_REFUSED = "module name can"
"""What torch says of it: the key itself may come from anywhere."""


@check(
    name="module-name-dots",
    severity="error",
    summary="A layer gets a name with a dot in it.",
    title="a layer gets the name {name}: names of layers have no dots",
)
def module_name_dots(subject: Subject) -> Iterator[Finding]:
    built = subject.construction
    if built is None or built.type != "KeyError" or built.place is None or _REFUSED not in built.message:
        return
    source = subject.sources.get(built.place.path)
    written = parsed(source.line(built.place.line).strip().partition(" = ")[0]) if source else None
    if source is None or not isinstance(written, ast.Subscript):
        return
    holder, key = ast.unparse(written.value), ast.unparse(written.slice)
    edits = list(_edits(source, holder, key))
    name = built.message.rpartition(": ")[2].strip("'" + '"')
    yield Finding(
        check="module-name-dots",
        severity="error",
        place=built.place,
        values={"name": name},
        expected=name.replace(".", "_"),
        actual=name,
        fixes=(
            Fix(f'{holder}[{bracketed(key)}.replace(".", "_")]', tuple(edits), "an underscore for each dot"),
        ),
    )


def _edits(source: SourceFacts, holder: str, key: str) -> Iterator[Edit]:
    """Every place where this dictionary is read or written with this key or another."""
    for number in range(1, source.text.count("\n") + 2):
        line = source.line(number)
        start = line.find(f"{holder}[")
        while start >= 0:
            begin = start + len(holder) + 1
            end = _closing(line, begin)
            inside = line[begin:end] if end else ""
            if inside and not inside.isdigit():
                place = Place(source.path, number, begin + 1, number, end + 1)
                yield Edit(place, f'{bracketed(inside)}.replace(".", "_")')
            start = line.find(f"{holder}[", begin)


def _closing(line: str, begin: int) -> int:
    depth = 1
    for index in range(begin, len(line)):
        depth += {"[": 1, "(": 1, "]": -1, ")": -1}.get(line[index], 0)
        if depth == 0:
            return index
    return 0


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, tasks=("a.b", "c")):
                super().__init__()
                self.heads = nn.ModuleDict()
                for task in tasks:
                    self.heads[task.replace(".", "_")] = nn.Linear(4, 2)

            def forward(self, x):
                return sum(head(x) for head in self.heads.values())
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, tasks=("a.b", "c")):
                super().__init__()
                self.tasks = tasks
                self.heads = nn.ModuleDict()
                for task in tasks:
                    self.heads[task] = nn.Linear(4, 2)

            def forward(self, x):
                return sum(self.heads[task](x) for task in self.tasks)
        """,
        "3,4",
        at="self.heads[task] = nn.Linear(4, 2)",
        fixed='self.heads[task.replace(".", "_")] = nn.Linear(4, 2)',
    ),
)
