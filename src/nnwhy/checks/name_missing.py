"""The code reads a name that nothing defines.

## What it finds
A NameError while the network is built or runs: a slip of the pen, `self.` left out, a module that was not imported, a
parameter of another function.

## Why it matters
The pass stops there.

## Example
    def forward(self, x):
        return self.fc(X)

## Use instead
    def forward(self, x):
        return self.fc(x)

## When it is fine
Never: the line raises. `# nnwhy: ignore[name-missing]` silences it.

## References
- https://docs.python.org/3/library/exceptions.html#NameError
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from difflib import get_close_matches

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import contains, imported, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts, SourceUse

_USUAL = {
    "F": "import torch.nn.functional as F", "nn": "from torch import nn", "torch": "import torch", "math": "import math",
    "np": "import numpy as np", "optim": "from torch import optim", "random": "import random", "copy": "import copy",
    "partial": "from functools import partial", "OrderedDict": "from collections import OrderedDict",
    "Variable": "from torch.autograd import Variable", "init": "from torch.nn import init",
    "pack_padded_sequence": "from torch.nn.utils.rnn import pack_padded_sequence",
    "pad_packed_sequence": "from torch.nn.utils.rnn import pad_packed_sequence",
    "pad_sequence": "from torch.nn.utils.rnn import pad_sequence",
}  # fmt: skip


@check(
    name="name-missing",
    severity="error",
    summary="The code reads a name that nothing defines.",
    title="{name} is not defined here{hint}",
)
def name_missing(subject: Subject) -> Iterator[Finding]:
    failures = [(f.type, f.place, f.call) for f in subject.trace.failures] if subject.trace else []
    if subject.construction is not None:
        failures.append((subject.construction.type, subject.construction.place, None))
    for kind, place, call in failures:
        if (
            kind not in ("NameError", "UnboundLocalError")
            or place is None
            or place.path not in subject.sources
        ):
            continue
        source = subject.sources[place.path]
        known = _known(source, place)
        for use in source.uses:
            name = use.text
            inside = contains(place, use.place) or contains(use.place, place)
            if not inside or not name.isidentifier() or name in known or name in _BUILTIN:
                continue
            own = _attributes(source, place)
            near = get_close_matches(name, sorted(known - {"self"}), 1, 0.6)
            hint = f"; self.{name} is" if name in own else f"; {near[0]} is" if near else ""
            yield Finding(
                check="name-missing",
                severity="error",
                place=use.place,
                values={"name": name, "hint": hint},
                expected=f"self.{name}" if name in own else near[0] if near else "",
                actual=name,
                fixes=tuple(_fixes(subject, source, use, name in own, near)),
                call=call,
            )
            break


_BUILTIN = frozenset(dir(builtins))


def _known(source: SourceFacts, place: Place) -> set[str]:
    """The names that may have a value at a place."""
    function = function_at(source, place)
    scope = function.name if function else ""
    around = {scope.rsplit(".", part)[0] for part in range(scope.count(".") + 1)} | {""}
    names = {a.target for a in source.assignments if a.scope in around and a.target.isidentifier()}
    names |= {p.name for f in source.functions if f.name in around for p in f.parameters}
    names |= {f.name for f in source.functions if "." not in f.name} | {c.name for c in source.classes}
    return names | set(source.imports)


def _attributes(source: SourceFacts, place: Place) -> set[str]:
    cls = class_at(source, place)
    if cls is None:
        return set()
    held = [a.target for a in source.assignments if a.scope.startswith(f"{cls.name}.")]
    return {target.removeprefix("self.") for target in held if target.startswith("self.")} | set(cls.methods)


def _fixes(
    subject: Subject, source: SourceFacts, use: SourceUse, own: bool, near: list[str]
) -> Iterator[Fix]:
    name = use.text
    function = function_at(source, use.place)
    same = [
        other.place for other in source.uses
        if other.text == name and (function is None or contains(function.place, other.place))
    ]  # fmt: skip
    if own:
        edits = [Edit(where, f"self.{name}") for where in same]
        yield labelled(subject, edits, means="the network's own")
    if name in _USUAL:
        yield Fix(_USUAL[name], (imported(source, _USUAL[name]),), "imports it")
    for other in near:
        yield labelled(subject, [Edit(where, other) for where in same], means="the name that is defined")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(n, n) for n in (width, width)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x
        """,
        "3,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, hidden_size=8):
                super().__init__()
                self.fc = nn.Linear(4, hiden_size)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="hiden_size",
        fixed="self.fc = nn.Linear(4, hidden_size)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return F.relu(self.fc(x))
        """,
        "3,4",
        at="F.relu",
        fixed="import torch.nn.functional as F",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return fc(x)
        """,
        "3,4",
        at="fc(x)",
        fixed="return self.fc(x)",
    ),
)
