"""One layer stands in several places of a list that was meant to hold several layers.

## What it finds
`[nn.Linear(8, 8)] * 4`, and `[layer for _ in range(4)]` with a layer that was made once before, or that a function was given,
where the layer has weights.

## Why it matters
Python repeats the reference, not the layer: all places hold the very same weights. The network has a quarter of the
parameters that its author counts, and each step of training moves "all four" at once. Nothing fails.

## Example
    self.layers = nn.ModuleList([nn.Linear(8, 8)] * 4)

## Use instead
    self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

## When it is fine
Where the weights are shared on purpose (ALBERT, a head used for several scales). `# nnwhy: ignore[layers-share-by-accident]`
silences it.

## References
- https://docs.python.org/3/faq/programming.html#how-do-i-create-a-multidimensional-list
- https://discuss.pytorch.org/t/68407
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import Definition, definition
from nnwhy.checks.basis.editing import contains, imported, labelled
from nnwhy.checks.basis.layers import WITHOUT_STATE, is_layer
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Module


@check(
    name="layers-share-by-accident",
    severity="warning",
    summary="One layer stands in several places of a list that was meant to hold several layers.",
    title="the {count} layers of this list are one: {layer} is made once",
)
def layers_share_by_accident(subject: Subject) -> Iterator[Finding]:
    if subject.trace is None:
        yield from _written(subject)
    told: set[Place] = set()
    for first, owner, count in _shared(subject):
        place = first.constructed[0]
        for statement in (*_statements(subject, first), *_around(subject, owner)):
            found = (
                _repeated(subject, statement, place)
                or _comprehended(subject, statement, place)
                or _handed(subject, statement)
            )
            if found is None or found[0] in told:
                continue
            whole, fixes = found
            told.add(whole)
            written = subject.source_call(place)
            yield Finding(
                check="layers-share-by-accident",
                severity="warning",
                place=whole,
                values={
                    "count": count,
                    "layer": " ".join(subject.text(place).split()) if written else first.type,
                },
                expected=f"{count} layers",
                actual="1 layer",
                because=("a list repeats the reference, so every place holds the same weights",),
                fixes=tuple(fixes),
                also=(place,),
                module=first.path,
            )
            break


def _written(subject: Subject) -> Iterator[Finding]:
    """Where there is no pass to look at: multiplied lists of torch's own layers with weights, by syntax."""
    for source in subject.sources.values():
        for call in source.calls:
            kind = call.resolved.rpartition(".")[2]
            if (
                call.within != "List"
                or not is_layer(call.resolved)
                or kind in WITHOUT_STATE
                or kind.startswith(("Dropout", "AlphaDropout"))
            ):
                continue
            found = _repeated(subject, call.statement, call.place)
            if found is not None:
                yield Finding(
                    check="layers-share-by-accident",
                    severity="warning",
                    place=found[0],
                    values={"count": "", "layer": " ".join(subject.text(call.place).split())},
                    title="the layers of this list are one: {layer} is made once",
                    because=("a list repeats the reference, so every place holds the same weights",),
                    fixes=tuple(found[1]),
                )


def _shared(subject: Subject) -> Iterator[tuple[Module, Module, int]]:
    """The layers with weights that are registered under several numbers of one container, with it and with how many."""
    counts: dict[tuple[str, str], int] = {}
    for module in subject.modules.values():
        owner, _, name = module.path.rpartition(".")
        first_owner, _, first_name = module.same_as.rpartition(".")
        if module.same_as and owner == first_owner and name.isdigit() and first_name.isdigit():
            key = (module.same_as, owner)
            counts[key] = counts.get(key, 1) + 1
    for (path, owner), count in counts.items():
        first = subject.modules[path]
        if first.constructed and _weighted(subject, path):
            yield first, subject.modules[owner], count


def _weighted(subject: Subject, path: str) -> bool:
    return any(
        module.parameters
        for module in subject.modules.values()
        if module.path == path or module.path.startswith(f"{path}.")
    )


def _statements(subject: Subject, module: Module) -> Iterator[Place]:
    """The statement that makes the layer, and those of its function that hold a list."""
    place = module.constructed[0]
    source = subject.sources.get(place.path)
    if source is None:
        return
    statements = dict.fromkeys(call.statement for call in source.calls if call.scope == place.function)
    found = [assignment.place for assignment in source.assignments if assignment.scope == place.function]
    for statement in dict.fromkeys([*found, *statements]):
        if contains(statement, place) or statement.line >= place.line:
            yield statement


def _around(subject: Subject, container: Module) -> Iterator[Place]:
    """The statement that makes the container."""
    for place in container.constructed:
        call = subject.source_call(place)
        if call is not None:
            yield call.statement
            return


def _handed(subject: Subject, statement: Place) -> tuple[Place, list[Fix]] | None:
    """`[layer for _ in range(n)]` or `[layer] * n` with a layer that the function was given: of copies it would be n layers."""
    source = subject.sources[statement.path]
    for node in _nodes(subject, statement):
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            item = node.elt
            if any(_binds(loop.target, ast.unparse(item)) for loop in node.generators):
                continue
        elif (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List)
        ):
            if len(node.left.elts) != 1:
                continue
            item = node.left.elts[0]
        else:
            continue
        whole, name = inside(statement, node), inside(statement, item)
        if not isinstance(item, ast.Name) or whole is None or name is None:
            continue
        given = definition(source, item.id, whole)
        if given is None or given.kind not in ("parameter", "default"):
            continue
        copying = next((n for n, full in source.imports.items() if full == "copy.deepcopy"), "copy.deepcopy")
        edits = [Edit(name, f"{copying}({item.id})")]
        if isinstance(node, ast.BinOp):
            times = _text(subject, statement, node.right)
            edits = [Edit(whole, f"[{copying}({item.id}) for _ in range({times})]")]
        if copying == "copy.deepcopy" and "copy" not in source.imports:
            edits.append(imported(source, "import copy"))
        return whole, [labelled(subject, edits, means="a copy for each place", safe=False)]
    return None


def _repeated(subject: Subject, statement: Place, layer: Place) -> tuple[Place, list[Fix]] | None:
    """`[…] * n` around the layer's construction."""
    for node in _nodes(subject, statement):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
            continue
        items, count = (
            (node.left, node.right)
            if isinstance(node.left, ast.List | ast.Tuple)
            else (node.right, node.left)
        )
        whole = inside(statement, node)
        if not isinstance(items, ast.List | ast.Tuple) or not items.elts or whole is None:
            continue
        named = None if contains(whole, layer) else _named_layer(subject, items, layer, whole)
        if named is None and not contains(whole, layer):
            continue
        parts = [_text(subject, statement, part) for part in items.elts]
        times = _text(subject, statement, count)
        if named is not None:
            parts = [named.text if part == named.name else part for part in parts]
        if len(parts) == 1:
            text = f"[{parts[0]} for _ in range({times})]"
        else:
            text = f"[layer for _ in range({times}) for layer in ({', '.join(parts)})]"
        return whole, [labelled(subject, [Edit(whole, text)], means="makes each layer anew", safe=False)]
    return None


def _comprehended(subject: Subject, statement: Place, layer: Place) -> tuple[Place, list[Fix]] | None:
    """`[layer for _ in range(n)]` with a layer made once in the same function."""
    for node in _nodes(subject, statement):
        if not isinstance(node, ast.ListComp | ast.GeneratorExp) or not isinstance(node.elt, ast.Name):
            continue
        whole, name = inside(statement, node), inside(statement, node.elt)
        if whole is None or name is None or any(_binds(loop.target, node.elt.id) for loop in node.generators):
            continue
        source = subject.sources[statement.path]
        made = definition(source, node.elt.id, whole)
        if made is None or made.kind != "assignment" or made.place is None or not contains(made.place, layer):
            continue
        fix = labelled(subject, [Edit(name, made.text)], means="makes each layer anew", safe=False)
        return whole, [fix]
    return None


def _named_layer(
    subject: Subject, items: ast.List | ast.Tuple, layer: Place, whole: Place
) -> Definition | None:
    """The definition of the name in the list that stands for the layer."""
    for part in items.elts:
        if isinstance(part, ast.Name):
            made = definition(subject.sources[whole.path], part.id, whole)
            if made is not None and made.place is not None and contains(made.place, layer):
                return made
    return None


def _nodes(subject: Subject, statement: Place) -> Iterator[ast.expr]:
    text = subject.text(statement)
    if not text.isascii():
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            yield node


def _text(subject: Subject, statement: Place, node: ast.expr) -> str:
    return subject.text(inside(statement, node))


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.Sequential(*[nn.Linear(4, 4) for _ in range(3)], *[nn.ReLU()] * 2)
                self.shared = nn.Linear(4, 4)
                self.heads = nn.ModuleList([self.shared for _ in range(2)])

            def forward(self, x):
                return self.heads[1](self.layers(x))
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
                    x = layer(x).relu()
                return x
        """,
        "3,4",
        at="[nn.Linear(4, 4)] * 3",
        fixed="self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, depth=2):
                super().__init__()
                layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
                self.layers = nn.ModuleList([layer for _ in range(depth)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x
        """,
        "3,5,8",
        at="[layer for _ in range(depth)]",
        fixed="self.layers = nn.ModuleList([nn.TransformerEncoderLayer(8, 2, 16, batch_first=True) for _ in range(depth)])",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4)] * 3)
                self.size = self.width

            def forward(self, x):
                return self.layers[0](x)
        """,
        at="[nn.Linear(4, 4)] * 3",
        fixed="self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])",
    ),
    Bad(
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.fc = nn.Linear(width, width)

            def forward(self, x):
                return x + self.fc(x).relu()

        class Net(nn.Module):
            def __init__(self, depth=3):
                super().__init__()
                block = Block(4)
                self.blocks = nn.Sequential(*[block] * depth)

            def forward(self, x):
                return self.blocks(x)
        """,
        "3,4",
        at="[block] * depth",
        fixed="self.blocks = nn.Sequential(*[Block(4) for _ in range(depth)])",
    ),
    Bad(
        """
        import copy
        from torch import nn

        class Stack(nn.Module):
            def __init__(self, layer, depth):
                super().__init__()
                self.layers = nn.ModuleList([layer for _ in range(depth)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x).relu()
                return x

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.stack = Stack(nn.Linear(4, 4), 3)

            def forward(self, x):
                return self.stack(x)
        """,
        "3,4",
        at="[layer for _ in range(depth)]",
        fixed="self.layers = nn.ModuleList([copy.deepcopy(layer) for _ in range(depth)])",
    ),
)
