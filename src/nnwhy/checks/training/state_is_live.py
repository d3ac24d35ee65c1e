"""The best weights are kept as a reference to the weights that go on training.

## What it finds
`best = net.state_dict()` that is only kept, and loaded into the same network later; also what is no more than another dictionary of the
same tensors: `dict(net.state_dict())`, `net.state_dict().copy()`, `{name: value for name, value in net.state_dict().items()}`.

## Why it matters
`state_dict()` holds the network's own tensors, not copies: each further step changes them too. Loading them later does nothing, so
the last weights are used as the best ones.

## Example
    if loss < best_loss:
        best = net.state_dict()
    ...
    net.load_state_dict(best)

## Use instead
    best = copy.deepcopy(net.state_dict())

## When it is fine
Where the state is loaded into another network, saved to a file at once, or changed before it is loaded.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict
- https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts

_STATE = ".state_dict()"


@training_check(
    name="state-is-live",
    severity="warning",
    summary="The best weights are kept as a reference to those that go on training.",
    title="{name} holds the weights of {network} themselves, not a copy: loading them later changes nothing",
)
def state_is_live(watched: Watched) -> Iterator[Finding]:
    if not watched.session.steps:
        return
    for source in watched.sources.values():
        for kept in source.assignments:
            network = _whose(kept)
            loading = _loading(source, kept, network) if network else None
            if loading is None:
                continue
            copied = f"{{name: value.clone() for name, value in {network}.state_dict().items()}}"
            yield Finding(
                "state-is-live", "warning", kept.value, {"name": kept.target, "network": network},
                because=("Every step after this one changes the kept weights too.",),
                fixes=(advice(copied, watched.instead(kept.value, copied), f"or copy.deepcopy({network}{_STATE})"),),
                also=(loading.place,),
            )  # fmt: skip


def _whose(kept: SourceAssignment) -> str:
    """The network whose state is kept, itself or in another dictionary of the same tensors; "" where it is something else."""
    if _STATE not in kept.text or kept.form not in ("Call", "DictComp"):
        return ""
    try:
        state = _same_tensors(ast.parse(kept.text.strip(), mode="eval").body)
    except SyntaxError:
        return ""
    text = ast.unparse(state)
    network = text.removesuffix(_STATE)
    return network if text.endswith(_STATE) and "(" not in network else ""


def _same_tensors(node: ast.expr) -> ast.expr:
    """The dictionary whose values are those of this one."""
    match node:
        case ast.Call(func=ast.Name("dict") | ast.Name("OrderedDict"), args=[inner], keywords=[]):
            return _same_tensors(inner)
        case ast.Call(func=ast.Attribute(inner, "items"), args=[], keywords=[]):
            return _same_tensors(inner)
        case ast.Call(func=ast.Attribute(ast.Name("collections"), "OrderedDict"), args=[inner], keywords=[]):
            return _same_tensors(inner)
        case ast.Call(func=ast.Attribute(inner, "copy"), args=[], keywords=[]):
            return _same_tensors(inner)
        case ast.Call(func=ast.Attribute(ast.Name("copy"), "copy"), args=[inner], keywords=[]):
            return _same_tensors(inner)
        case ast.DictComp(
            value=ast.Name(value) | ast.Call(func=ast.Attribute(ast.Name(value), "detach"), args=[]) | ast.Attribute(ast.Name(value), "data"),
            generators=[ast.comprehension(ast.Tuple([ast.Name(), ast.Name(second)]), ast.Call(func=ast.Attribute(inner, "items")))],
        ) if value == second:  # fmt: skip
            return _same_tensors(inner)
        case _:
            return node


def _loading(source: SourceFacts, kept: SourceAssignment, network: str) -> SourceCall | None:
    """The call that loads what was kept into the same network, where nothing else is done with it."""
    name = kept.target
    if kept.place.path != source.path:
        return None
    if any(one.target.startswith((f"{name}[", f"{name}.")) for one in source.assignments):
        return None
    loading: SourceCall | None = None
    for call in source.calls:
        inside = any(_is(argument.text, name) for argument in call.arguments)
        if call.function.startswith(f"{name}."):
            return None
        if inside and call.function == f"{network}.load_state_dict" and call.place.line > kept.place.line:
            if _another(source, kept, network, call):
                return None
            loading = call
        elif inside and not call.function.endswith(("torch.save", "save")):
            return None
    uses = sum(use.text == name for use in source.uses)
    calls = sum(any(argument.text == name for argument in call.arguments) for call in source.calls)
    compared = uses - calls
    return loading if compared <= 0 or _only_asked(source, name, compared) else None


def _another(source: SourceFacts, kept: SourceAssignment, network: str, loading: SourceCall) -> bool:
    """Whether the name stands for another network by then. A variable of another function is the same one where that function
    handed it to the object that keeps the weights."""
    for other in source.assignments:
        if other.target != network or other.place.line < kept.place.line:
            continue
        if "." in network or other.scope == kept.scope or loading.scope == kept.scope:
            return True
        keeper = loading.arguments[0].text.rpartition(".")[0]
        if other.scope == loading.scope and not any(
            other.place.line < call.place.line < loading.place.line
            and call.function.partition(".")[0] == keeper
            and any(argument.text == network for argument in call.arguments)
            for call in source.calls
        ):
            return True
    return False


def _is(text: str, name: str) -> bool:
    """Whether a text is the name; what a method keeps as its own, others reach through the object."""
    head, _, last = text.rpartition(".")
    return text == name or (name == f"self.{last}" and head.isidentifier())


def _only_asked(source: SourceFacts, name: str, count: int) -> bool:
    """Whether the other readings of a name only ask whether it is there."""
    asked = sum(
        source.line(use.place.line).count(f"{name} is None")
        + source.line(use.place.line).count(f"{name} is not None")
        for use in source.uses
        if use.text == name
    )
    return asked >= count
