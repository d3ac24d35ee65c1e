"""Layers are kept in a plain list, tuple or dictionary.

## What it finds
Layers that the network calls but does not own: they are elements of a Python list, tuple or dictionary.

## Why it matters
Only a module that is an attribute (or in a `ModuleList`, `ModuleDict`, `Sequential`) is registered. The others are missing
from `parameters()` (an optimiser gets an empty list, or trains the rest only), from `state_dict()`, from `.to(device)` and
from `.eval()`.

## Example
    self.layers = [nn.Linear(8, 8) for _ in range(4)]

## Use instead
    self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

## When it is fine
Where a module is deliberately hidden, such as a frozen teacher. `# nnwhy: ignore[modules-unregistered]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
- https://github.com/pytorch/pytorch/issues/59925
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import (
    assignment_around,
    constructed_call,
    made_in_forward,
    namespace,
    unregistered,
)
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts

_LISTS = ("List", "ListComp", "Tuple", "BinOp", "Call")
_DICTIONARIES = ("Dict", "DictComp")


@check(
    name="modules-unregistered",
    severity="warning",
    summary="Layers are kept in a plain list, tuple or dictionary, where the network does not see them.",
    title="{holder} is a plain {kind}: the layers in it are not registered, so parameters() lacks them and they are not trained",
)
def modules_unregistered(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for module in unregistered(subject):
        call = constructed_call(subject, module)
        if made_in_forward(module) or call is None:
            continue
        source = subject.sources[call.place.path]
        held = _holder(source, call)
        if held is None or held.place in told:
            continue
        told.add(held.place)
        dictionary = held.form in _DICTIONARIES
        kind = "ModuleDict" if dictionary else "ModuleList"
        registered = f"{namespace(call)}{kind}" if namespace(call) else f"{_torch_nn(source)}{kind}"
        empty = held.text.strip() in ("[]", "{}", "list()", "dict()")
        text = f"{registered}()" if empty else f"{registered}({held.text})"
        yield Finding(
            check="modules-unregistered",
            severity="warning",
            place=held.value,
            values={"holder": held.target, "kind": {"Tuple": "tuple"}.get(held.form, "dictionary" if dictionary else "list")},
            because=(f"nn.{kind} registers what is in it; without any other parameters the optimiser gets an empty list",),
            fixes=(labelled(subject, [Edit(held.value, text)], means=f"{kind} registers its layers"),),
            also=(call.place,),
        )  # fmt: skip


def _holder(source: SourceFacts, call: SourceCall) -> SourceAssignment | None:
    """The assignment that makes the attribute which holds the layers."""
    direct = assignment_around(source, call.place)
    if direct is not None and direct.target.startswith("self.") and direct.form in (*_LISTS, *_DICTIONARIES):
        if direct.form == "Call" and direct.value == call.place:
            return None
        return direct
    name = (
        direct.target.partition("[")[0]
        if direct is not None and not direct.target.startswith("self.")
        else ""
    )
    for appended in source.calls:
        if appended.function.endswith((".append", ".extend", ".insert")) and any(
            contains(a.place, call.place) for a in appended.arguments
        ):
            name = appended.function.rpartition(".")[0]
    if direct is not None and direct.target.startswith("self.") and "[" in direct.target:
        name = direct.target.partition("[")[0]
    if not name:
        return None
    if name.startswith("self."):
        return next(
            (
                a
                for a in source.assignments
                if a.target == name and a.scope.partition(".")[0] == call.scope.partition(".")[0]
            ),
            None,
        )
    return next(
        (
            a
            for a in source.assignments
            if a.text == name and a.target.startswith("self.") and a.scope == call.scope
        ),
        None,
    )


def _torch_nn(source: SourceFacts) -> str:
    return next((f"{name}." for name, full in source.imports.items() if full == "torch.nn"), "torch.nn.")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
                self.named = [self.layers[0]]

            def forward(self, x):
                for layer in self.named:
                    x = layer(x)
                return self.layers[1](x)
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
                self.layers = [nn.Linear(4, 4) for _ in range(2)]

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x
        """,
        "3,4",
        at="[nn.Linear(4, 4) for _ in range(2)]",
        fixed="self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.heads = {"a": nn.Linear(4, 4), "b": nn.Linear(4, 2)}

            def forward(self, x):
                return self.heads["a"](x), self.heads["b"](x)
        """,
        "3,4",
        at="{",
        fixed='self.heads = nn.ModuleDict({"a": nn.Linear(4, 4), "b": nn.Linear(4, 2)})',
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = []
                for _ in range(2):
                    self.blocks.append(nn.Linear(4, 4))

            def forward(self, x):
                for block in self.blocks:
                    x = block(x)
                return x
        """,
        "3,4",
        at="[]",
        fixed="self.blocks = nn.ModuleList()",
    ),
)
