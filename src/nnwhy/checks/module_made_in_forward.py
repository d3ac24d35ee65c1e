"""A layer is made anew in every forward pass.

## What it finds
A layer with parameters, or a dropout, that is constructed inside `forward`.

## Why it matters
A fresh layer has fresh random weights on every call; it is not registered, so no optimiser trains it and no checkpoint
holds it. A fresh dropout is always in training mode: `net.eval()` does not reach it, and evaluation stays random.

## Example
    def forward(self, x):
        x = nn.Dropout(0.5)(x)
        return nn.Linear(128, 10)(x)

## Use instead
Make layers once, in `__init__`, and call them in `forward`; or `F.dropout(x, 0.5, training=self.training)`.

## When it is fine
Layers without parameters and without a mode (`nn.ReLU()(x)`) are left alone. `# nnwhy: ignore[module-made-in-forward]` on
the line silences it, where random weights are meant.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
- https://github.com/yangze0930/NTS-Net/issues/14
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import names_in
from nnwhy.checks.basis.editing import labelled, new_statement
from nnwhy.checks.basis.layers import (
    class_at,
    constructed_call,
    constructor_of,
    free_attribute,
    functional,
    is_dropout,
    made_in_forward,
    unregistered,
    weighted,
)
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Module


@check(
    name="module-made-in-forward",
    severity="warning",
    summary="A layer is made anew in every forward pass.",
    title="{layer} is made anew in every call of forward: {consequence}",
)
def module_made_in_forward(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for module in unregistered(subject):
        dropout = is_dropout(module)
        call = constructed_call(subject, module)
        if (
            not made_in_forward(module)
            or call is None
            or call.place in told
            or not (dropout or weighted(subject, module))
        ):
            continue
        if not module.qualified_type.startswith("torch.nn."):
            continue
        told.add(call.place)
        consequence = (
            "net.eval() does not reach it, so evaluation stays random"
            if dropout
            else "its weights are random every time and are not trained"
        )
        yield Finding(
            check="module-made-in-forward",
            severity="warning",
            place=call.place,
            values={"layer": call.function, "consequence": consequence},
            because=(
                "a module that is made inside forward starts in training mode; make it in __init__, "
                "or give F.dropout training=self.training"
                if dropout
                else "a layer made in __init__ is registered: it is trained, saved and moved with the network",
            ),
            fixes=tuple(_fixes(subject, module, call, dropout)),
            call=None,
        )


def _fixes(subject: Subject, module: Module, call: SourceCall, dropout: bool) -> Iterator[Fix]:
    source = subject.sources[call.place.path]
    applied = next((other for other in source.calls if other.callee == call.place), None)
    if (
        dropout
        and applied is not None
        and applied.arguments
        and module.type in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout")
    ):
        name = {"AlphaDropout": "alpha_dropout"}.get(module.type, module.type.lower())
        given = ", ".join(
            [
                applied.arguments[0].text,
                *(_written(a.name, a.text) for a in call.arguments if a.name != "inplace"),
            ]
        )
        text = f"{functional(source)}{name}({given}, training=self.training)"
        yield labelled(subject, [Edit(applied.place, text)], means="follows the network's mode")
    cls = class_at(source, call.place)
    constructor = constructor_of(source, cls) if cls else None
    if cls is None or constructor is None:
        return
    used = {name for argument in call.arguments for name in names_in(argument.text)}
    local = {assignment.target for assignment in source.assignments if assignment.scope == call.scope}
    forward = subject.functions.get(call.scope)
    local |= (
        {parameter.name for parameter in forward.parameters if parameter.name != "self"} if forward else set()
    )
    if any(name.partition(".")[0] in local for name in used):
        return
    attribute = free_attribute(source, cls, re.sub(r"[123]d$", "", module.type).lower())
    edits = [
        Edit(call.place, f"self.{attribute}"),
        new_statement(source, constructor, f"self.{attribute} = {source.at(call.place)}"),
    ]
    yield labelled(subject, edits, means="made once, in __init__")


def _written(name: str, text: str) -> str:
    return f"{name}={text}" if name else text


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return nn.Sigmoid()(self.fc(x))
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
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                x = nn.Dropout(p=0.5)(x)
                return self.fc(x)
        """,
        "3,4",
        at="nn.Dropout(p=0.5)",
        fixed="x = nn.functional.dropout(x, p=0.5, training=self.training)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.width = 4

            def forward(self, x):
                return nn.Linear(self.width, 2)(x)
        """,
        "3,4",
        at="nn.Linear(self.width, 2)",
        fixed="return self.linear(x)",
    ),
)
