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
Activations and pools hold nothing and know no mode: a plain list of them is left alone. So is a module that is meant to be
hidden, such as a frozen teacher, once it is told:
`# nnwhy: ignore[modules-unregistered]`.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
- https://github.com/pytorch/pytorch/issues/59925
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.containers import subscripts, wrapped
from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import (
    assignment_around,
    is_dropout,
    is_layer,
    made_in_forward,
    namespace,
    unregistered,
    weighted,
)
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts
from nnwhy.facts.trace import Module

_DICTIONARIES = ("Dict", "DictComp")
_LISTS = ("List", "ListComp", "Tuple", "BinOp", "Call")
_ADDING = (".append", ".extend", ".insert")
_EMPTY = ("[]", "{}", "list()", "dict()", "OrderedDict()", "()")


@check(
    name="modules-unregistered",
    severity="warning",
    summary="Layers are kept in a plain list, tuple or dictionary, where the network does not see them.",
    title="{holder} is a plain {kind}: the layers in it are not registered, {consequence}",
)
def modules_unregistered(subject: Subject) -> Iterator[Finding]:
    held: dict[object, tuple[SourceAssignment, list[tuple[Module, SourceCall]]]] = {}
    for module in unregistered(subject):
        if made_in_forward(module) or _stateless(subject, module):
            continue
        # Where a function makes the layer, one of the calls around it stands in the list.
        calls = [call for place in module.constructed if (call := subject.source_call(place)) is not None]
        for call in calls:
            source = subject.sources[call.place.path]
            holder = _holder(source, call) or (_given_back(source, call) if call is not calls[0] else None)
            if holder is not None:
                held.setdefault(holder.place, (holder, []))[1].append((module, call))
                break
    for holder, layers in held.values():
        source = subject.sources[holder.value.path]
        keyed = [a for a in source.assignments if a.target.startswith(f"{holder.target}[")]
        dictionary = holder.form in _DICTIONARIES or bool(keyed) or "ict()" in holder.text
        trained = not all(is_dropout(module) for module, _ in layers)
        name = f"nn.{'ModuleDict' if dictionary else 'ModuleList'}"
        yield Finding(
            check="modules-unregistered",
            severity="warning",
            place=holder.value,
            values={
                "holder": holder.target,
                "kind": "dictionary" if dictionary else {"Tuple": "tuple"}.get(holder.form, "list"),
                "consequence": "so parameters() lacks them and they are not trained" if trained
                else "so net.eval() does not reach them, and evaluation stays random",
            },
            because=(f"{name} registers what is in it; without any other parameters the optimiser gets an empty list",)
            if trained else (f"{name} registers what is in it, and net.train() and net.eval() reach it",),
            fixes=tuple(_fixes(subject, source, holder, layers[0][1], dictionary)),
            also=(layers[0][1].place,),
        )  # fmt: skip


def _stateless(subject: Subject, module: Module) -> bool:
    """A layer of torch that holds nothing and behaves alike in both modes: an activation, a pool."""
    return (
        module.qualified_type.startswith("torch.nn.")
        and not is_dropout(module)
        and "Norm" not in module.type
        and not weighted(subject, module)
    )


def _fixes(
    subject: Subject, source: SourceFacts, holder: SourceAssignment, call: SourceCall, dictionary: bool
) -> Iterator[Fix]:
    """The container of torch around the plain one, and around the plain lists in it."""
    prefix = namespace(call) if is_layer(call.resolved) and namespace(call) else _torch_nn(source)
    kind = f"{prefix}{'ModuleDict' if dictionary else 'ModuleList'}"
    means = f"{'ModuleDict' if dictionary else 'ModuleList'} registers its layers"
    if holder.text.strip() in _EMPTY:
        text = f"{kind}()"
    else:
        text = f"{kind}({wrapped(holder.text, prefix, outermost=False)})"
    parts = [(a.value, True) for a in source.assignments if a.target.startswith(f"{holder.target}[")]
    parts += [
        (added.arguments[-1].place, not added.function.endswith(".extend"))
        for added in source.calls
        if added.function in [f"{holder.target}{ending}" for ending in _ADDING] and added.arguments
    ]
    edits = [Edit(holder.value, text)]
    for place, outermost in parts:
        text = wrapped(source.at(place), prefix, outermost=outermost)
        if text != source.at(place):
            edits.append(Edit(place, text))
    yield labelled(subject, edits, means=means)
    if dictionary:
        keys = subscripts(source, holder)
        if keys:
            words = [Edit(key, f"str({source.at(key)})") for key in keys]
            yield labelled(subject, [*edits, *words], means=f"{means}, by keys that are strings")


def _holder(source: SourceFacts, call: SourceCall) -> SourceAssignment | None:
    """The assignment that makes the attribute which holds the layers."""
    direct = assignment_around(source, call.place)
    name = direct.target if direct is not None else ""
    if name.startswith("self.") and "[" not in name and direct is not None:
        made = direct.form == "Call" and direct.value == call.place
        return direct if direct.form in (*_LISTS, *_DICTIONARIES) and not made else None
    added = _added_to(source, call.place)
    if added is None and name and "[" not in name:
        added = _given_to(source, name, call.scope)
    name = added or name.partition("[")[0]
    if not name:
        return None
    if not name.startswith("self."):
        # A local list that an attribute gets.
        held = (
            a
            for a in source.assignments
            if a.text == name and a.target.startswith("self.") and a.scope == call.scope
        )
        return next(held, None)
    owner = call.scope.partition(".")[0]
    return next(
        (a for a in source.assignments if a.target == name and a.scope.partition(".")[0] == owner), None
    )


def _given_back(source: SourceFacts, call: SourceCall) -> SourceAssignment | None:
    """`self.layers = stage(…)`, where the function gives back a list that it filled."""
    held = assignment_around(source, call.place)
    function = next((f for f in source.functions if f.name == call.function), None)
    if held is None or function is None or held.value != call.place or not held.target.startswith("self."):
        return None
    lists = {
        a.target for a in source.assignments if a.scope == function.name and a.form in ("List", "ListComp")
    }
    given = [source.at(place).strip() for place in function.returns]
    return held if given and all(text in lists or text.startswith("[") for text in given) else None


def _added_to(source: SourceFacts, place: Place) -> str | None:
    """What `x.append(…)` and its kin add the expression at `place` to."""
    for added in source.calls:
        if added.function.endswith(_ADDING) and any(contains(a.place, place) for a in added.arguments):
            return added.function.rpartition(".")[0]
    return None


def _given_to(source: SourceFacts, name: str, scope: str) -> str | None:
    """The container that a local name is added to, or put into under a key."""
    for use in source.uses:
        if use.text != name or use.scope != scope:
            continue
        added = _added_to(source, use.place)
        put = assignment_around(source, use.place)
        if added is not None:
            return added
        if put is not None and "[" in put.target:
            return put.target.partition("[")[0]
    return None


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
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.activations = {"relu": nn.ReLU(), "tanh": nn.Tanh()}

            def forward(self, x):
                return self.activations["tanh"](self.fc(x))
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

        def mlp(*sizes):
            layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
            return nn.Sequential(*layers)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.towers = {task: mlp(4, 8, 1) for task in ("click", "buy")}

            def forward(self, x):
                return {task: tower(x) for task, tower in self.towers.items()}
        """,
        "3,4",
        at="{task: mlp(4, 8, 1)",
        fixed='self.towers = nn.ModuleDict({task: mlp(4, 8, 1) for task in ("click", "buy")})',
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
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.heads = {}
                for size in (2, 3):
                    head = nn.Linear(4, size)
                    self.heads[size] = head

            def forward(self, x):
                return self.heads[2](x), self.heads[3](x)
        """,
        "3,4",
        at="{}",
        fixed="self.heads = nn.ModuleDict()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = []
                for _ in range(2):
                    self.blocks.append([nn.Linear(4, 4), nn.ReLU()])

            def forward(self, x):
                for linear, act in self.blocks:
                    x = act(linear(x))
                return x
        """,
        "3,4",
        at="[]",
        fixed="self.blocks = nn.ModuleList()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.drops = [nn.Dropout(0.1), nn.Dropout(0.2)]

            def forward(self, x):
                return self.drops[1](self.fc(self.drops[0](x)))
        """,
        "3,4",
        at="[nn.Dropout(0.1), nn.Dropout(0.2)]",
        fixed="self.drops = nn.ModuleList([nn.Dropout(0.1), nn.Dropout(0.2)])",
    ),
    Bad(
        """
        from torch import nn

        def stage(*sizes):
            layers = []
            for a, b in zip(sizes, sizes[1:]):
                layers.append(nn.Linear(a, b))
            return layers

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = stage(4, 8, 2)

            def forward(self, x):
                for layer in self.down:
                    x = layer(x).tanh()
                return x
        """,
        "3,4",
        at="stage(4, 8, 2)",
        fixed="self.down = nn.ModuleList(stage(4, 8, 2))",
    ),
)
