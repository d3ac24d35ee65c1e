"""The call that made a layer of a Transformer, which copies the layer that it was given."""

from __future__ import annotations

from dataclasses import replace

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.trace import Module

# The layers that read their axes in one of two orders.
ORDERED = (
    "MultiheadAttention",
    "TransformerEncoderLayer",
    "TransformerDecoderLayer",
    "Transformer",
    "LSTM",
    "GRU",
    "RNN",
)


def original(subject: Subject, module: Module) -> Module:
    """`module` with the call that made it; a copy, as `nn.TransformerEncoder` makes of its layer, has that of its original,
    where it is the only one of its kind in the function that constructs what holds it."""
    if module.constructed and subject.owned(module.constructed[0]):
        return module
    kinds = {module.type}
    path = module.path
    while path:
        path = path.rpartition(".")[0]
        outer = subject.modules.get(path)
        if outer is None or not outer.constructed:
            kinds |= {outer.type} & set(ORDERED) if outer is not None else set()
            continue
        if outer.type in ORDERED:
            return outer
        held = subject.source_call(outer.constructed[0])
        calls = subject.sources[held.place.path].calls if held is not None else ()
        made = [
            one
            for one in calls
            if held is not None and one.scope == held.scope and one.resolved.rpartition(".")[2] in kinds
        ]
        if len(made) == 1:
            return replace(module, constructed=(made[0].place,))
    return module
