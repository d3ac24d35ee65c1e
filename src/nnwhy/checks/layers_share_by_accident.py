"""One layer stands several times in a list, where several were meant.

## What it finds
`[nn.Linear(8, 8)] * 4` and `nn.ModuleList([layer] * n)`: a list that repeats one and the same layer.

## Why it matters
Multiplying a list copies references: all four are one layer with one set of weights. It runs, with a quarter of the
parameters that were meant.

## Example
    self.layers = nn.ModuleList([nn.Linear(8, 8)] * 4)

## Use instead
    self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

## When it is fine
Where weights are shared on purpose, as in ALBERT: call one layer in a loop, which says so, or
`# nnwhy: ignore[layers-share-by-accident]`.

## References
- https://docs.python.org/3/faq/programming.html#how-do-i-create-a-multidimensional-list
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import WITHOUT_STATE, is_layer
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts


@check(
    name="layers-share-by-accident",
    severity="warning",
    summary="One layer stands several times in a list, where several were meant.",
    title="the list repeats one {layer} {times} times: they share one set of weights",
)
def layers_share_by_accident(subject: Subject) -> Iterator[Finding]:
    for source in subject.sources.values():
        for call in source.calls:
            kind = call.resolved.rpartition(".")[2]
            if call.within != "List" or not is_layer(call.resolved) or kind in WITHOUT_STATE or kind.startswith("Dropout"):
                continue
            found = _repeated(source, call.statement, call.place)
            if found is None:
                continue
            place, listed, times = found
            text = f"[{listed[1:-1].strip()} for _ in range({times})]"
            yield Finding(
                check="layers-share-by-accident",
                severity="warning",
                place=place,
                values={"layer": call.function, "times": times},
                fixes=(labelled(subject, [Edit(place, text)], means="a layer of its own each time", safe=False),),
            )


def _repeated(source: SourceFacts, statement: Place, layer: Place) -> tuple[Place, str, str] | None:
    """The multiplication around a one-element list with the layer: its place, the list's text and the factor's."""
    text = source.at(statement)
    if not text.isascii():
        return None
    try:
        tree = ast.parse(_dedented(text))
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List) and len(node.left.elts) == 1:
            place, left, right = inside(statement, node), inside(statement, node.left), inside(statement, node.right)
            if place and left and right and contains(left, layer):
                return place, source.at(left), source.at(right)
    return None


def _dedented(text: str) -> str:
    """Only statements on one level are asked for; the first line has lost its indentation already."""
    return text


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])
                self.sizes = [4] * 3

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x
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
                self.layers = nn.ModuleList([nn.Linear(4, 4)] * 3)

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x
        """,
        "3,4",
        at="[nn.Linear(4, 4)] * 3",
        fixed="self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])",
    ),
)
