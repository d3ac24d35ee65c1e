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
Where it is made once, under `if self.fc is None:`, this is a note: an optimizer has to be made after the first pass then.
Layers without parameters and without a mode (`nn.ReLU()(x)`) are left alone. `# nnwhy: ignore[module-made-in-forward]` on
the line silences it, where random weights are meant.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
- https://github.com/yangze0930/NTS-Net/issues/14
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.layers import (
    constructed_call,
    functional,
    is_dropout,
    made_in_forward,
    unregistered,
    weighted,
)
from nnwhy.checks.basis.moved_to_init import made_once, only_once, whole_layer
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Module


@check(
    name="module-made-in-forward",
    severity="warning",
    summary="A layer is made anew in every forward pass.",
    title="{layer} is made anew in every call of forward: {consequence}",
)
def module_made_in_forward(subject: Subject) -> Iterator[Finding]:
    found: dict[Place, tuple[SourceCall, list[Module]]] = {}
    for module in unregistered(subject):
        call = constructed_call(subject, module)
        if call is not None and made_in_forward(module) and module.qualified_type.startswith("torch.nn."):
            whole = whole_layer(subject.sources[call.place.path], call)
            found.setdefault(whole.place, (whole, []))[1].append(module)
    for whole, modules in found.values():
        drops = [module for module in modules if is_dropout(module)]
        weights = [module for module in modules if not is_dropout(module) and weighted(subject, module)]
        if not drops and not weights:
            continue
        once = only_once(subject.sources[whole.place.path], whole)
        yield Finding(
            check="module-made-in-forward",
            severity="note" if once else "warning",
            place=whole.place,
            values={"layer": whole.function, "consequence": " and ".join(_consequences(drops, weights))},
            because=tuple(_because(drops, weights)) if not once else ("nn.Lazy… layers take their sizes from the first call, and are registered from the start",),
            fixes=tuple(_fixes(subject, whole, modules, drops)) if not once else (),
            title="{layer} is made by the first call of forward: an optimizer that was made before does not hold it" if once else "",
            call=None,
        )  # fmt: skip


def _consequences(drops: list[Module], weights: list[Module]) -> Iterator[str]:
    if weights:
        yield "its weights are random every time and are not trained"
    if drops:
        yield f"net.eval() does not reach {'its dropout' if weights else 'it'}, so evaluation stays random"


def _because(drops: list[Module], weights: list[Module]) -> Iterator[str]:
    if weights:
        yield "a layer made in __init__ is registered: it is trained, saved and moved with the network"
    elif drops:
        yield (
            "a module that is made inside forward starts in training mode; make it in __init__, "
            "or give F.dropout training=self.training"
        )


def _fixes(subject: Subject, call: SourceCall, modules: list[Module], drops: list[Module]) -> Iterator[Fix]:
    source = subject.sources[call.place.path]
    applied = next((other for other in source.calls if other.callee == call.place), None)
    if (
        drops
        and len({module.constructed[0] for module in modules}) == 1
        and applied is not None
        and applied.arguments
        and drops[0].type in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout")
    ):
        name = {"AlphaDropout": "alpha_dropout"}.get(drops[0].type, drops[0].type.lower())
        given = ", ".join(
            [
                applied.arguments[0].text,
                *(_written(a.name, a.text) for a in call.arguments if a.name != "inplace"),
            ]
        )
        text = f"{functional(source)}{name}({given}, training=self.training)"
        yield labelled(subject, [Edit(applied.place, text)], means="follows the network's mode")
    once = made_once(subject, call, modules)
    if once is not None:
        yield once


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
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)

            def forward(self, x):
                x = torch.relu(self.conv(x)).flatten(1)
                self.head = nn.Sequential(nn.Linear(x.shape[1], 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2))
                return self.head(x)
        """,
        "2,3,8,8",
        at="nn.Sequential",
        fixed="self.head = nn.Sequential(nn.Linear(144, 8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 2))",
    ),
)
