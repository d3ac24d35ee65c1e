"""From "this number should be that" to edits of the user's source."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from nnwhy.checks.basis.definitions import Definition, constant, definition
from nnwhy.checks.basis.rewriting import Expression, literals_fit, rewritten, solve
from nnwhy.checks.basis.settings import Setting
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

Kind = Literal["here", "definition", "local", "added"]


@dataclass(frozen=True, slots=True)
class Way:
    """Edits that give a setting another value. `kind`: "here", the expression itself was a number; "definition", the value
    comes from elsewhere and is changed there; "local", the expression is replaced by a number; "added", a default is written out.
    `shows` is the new text of the call or assignment that is edited."""

    edits: tuple[Edit, ...]
    kind: Kind

    @property
    def place(self) -> Place:
        """Where it changes the source first."""
        return self.edits[0].place


def ways_to_set(
    subject: Subject,
    setting: Setting,
    value: int,
    *,
    factors: Sequence[int] = (),
    hints: Iterable[int] = (),
) -> list[Way]:
    """The ways, the most natural first; [] where the source does not show the number."""
    callers = _callers(subject, setting)
    if setting.place is None:
        added = _added(subject, setting, value, callers)
        return [added] if added else []
    return list(
        _ways(subject, setting.place, setting.value, value, tuple(factors), frozenset(hints), callers, 4)
    )


def ways_to_set_text(
    subject: Subject,
    place: Place,
    old: int,
    value: int,
    *,
    factors: Sequence[int] = (),
    hints: Iterable[int] = (),
    callers: tuple[Place, ...] = (),
) -> list[Way]:
    """The same for an expression at `place` that is worth `old`; `callers` are the calls around it, the innermost first."""
    return list(_ways(subject, place, old, value, tuple(factors), frozenset(hints), callers, 4))


def _callers(subject: Subject, setting: Setting) -> tuple[Place, ...]:
    module = subject.modules.get(setting.owner) if setting.owner is not None else None
    return module.constructed if module else ()


def _ways(
    subject: Subject,
    place: Place,
    old: int,
    new: int,
    factors: tuple[int, ...],
    hints: frozenset[int],
    callers: tuple[Place, ...],
    depth: int,
) -> Iterator[Way]:
    source = subject.sources.get(place.path)
    if source is None:
        return
    text = source.at(place)
    if _is_number(text):
        yield Way((Edit(place, str(new)),), "here")
        return
    tree = _parsed(text)
    if tree is None:
        return
    if isinstance(tree, ast.Name | ast.Attribute):
        if len(factors) > 1 and factors[0] == old and prod(factors) == new:
            yield Way((Edit(place, " * ".join([text, *map(str, factors[1:])])),), "here")
        yield from _through_name(subject, source, text, place, old, new, factors, hints, callers, depth)
    elif isinstance(tree, ast.Subscript):
        yield from _through_item(source, tree, place, old, new)
    else:
        names = _known_names(source, tree, place)
        form = rewritten(text, old, new, factors=factors, hints=hints, names=names)
        parts = list(_through_parts(subject, source, text, place, old, new, hints, callers, depth))
        if literals_fit(text, old, factors, names):
            yield from parts
            parts = []
        if form is not None:
            yield Way((Edit(place, form),), "here")
        yield from parts
    yield Way((Edit(place, str(new)),), "local")


def _through_name(
    subject: Subject, source: SourceFacts, text: str, place: Place, old: int, new: int, factors: tuple[int, ...],
    hints: frozenset[int], callers: tuple[Place, ...], depth: int,
) -> Iterator[Way]:  # fmt: skip
    found = definition(source, text, place)
    if found is None or depth == 0:
        return
    if found.kind in ("parameter", "default"):
        yield from _through_caller(subject, source, found, old, new, factors, hints, callers, depth)
    elif found.kind == "loop" and found.place is not None:
        yield from _in_list(source, found.text, found.place, old, new)
    elif found.place is not None:
        for way in _ways(subject, found.place, old, new, factors, hints, callers, depth - 1):
            yield Way(way.edits, "definition" if way.kind != "local" else "local")


def _through_caller(
    subject: Subject, source: SourceFacts, found: Definition, old: int, new: int, factors: tuple[int, ...],
    hints: frozenset[int], callers: tuple[Place, ...], depth: int,
) -> Iterator[Way]:  # fmt: skip
    """The argument in the call that built the object, else the parameter's default."""
    given = argument_at_caller(subject, found, callers)
    if given is not None:
        for way in _ways(subject, given[0], old, new, factors, hints, given[1], depth - 1):
            yield Way(way.edits, "definition")
    elif found.place is not None:
        for way in _ways(subject, found.place, old, new, factors, hints, (), depth - 1):
            yield Way(way.edits, "definition")


def argument_at_caller(
    subject: Subject, found: Definition, callers: tuple[Place, ...]
) -> tuple[Place, tuple[Place, ...]] | None:
    """What the call that built the object gives for a parameter, with the calls around that one; None where it gives nothing."""
    position = found.position - (1 if "." in found.function else 0)
    for index, caller in enumerate(callers[1:], start=1):
        call = subject.source_call(caller)
        if call is None or not _calls(call.function, found.function):
            continue
        for argument in call.arguments:
            if argument.name == found.name or (
                not argument.name and argument.index == position and not argument.starred
            ):
                return argument.place, callers[index:]
    return None


def _calls(written: str, function: str) -> bool:
    """Whether a call as written ("BasicBlock", "self._make_layer") may call the function ("BasicBlock.__init__")."""
    name = written.rpartition(".")[2]
    parts = function.split(".")
    if parts[-1] == "__init__":
        return len(parts) > 1 and (
            name == parts[-2] or name in ("cls", "__class__", "block", "Block") or name == "__init__"
        )
    return name == parts[-1]


def _through_parts(
    subject: Subject, source: SourceFacts, text: str, place: Place, old: int, new: int, hints: frozenset[int],
    callers: tuple[Place, ...], depth: int,
) -> Iterator[Way]:  # fmt: skip
    """Another value of the one name in the expression."""
    expression = Expression.parse(text, old, {})
    if expression is None or len(expression.atoms) != 1 or depth == 0:
        return
    ((atom, worth),) = expression.atoms.items()
    wanted = solve(lambda guess: Expression(text, expression.tree, {atom: guess}).value({}), new)
    if wanted is None or wanted < 1 or wanted == worth:
        return
    tree = _parsed(atom)
    if isinstance(tree, ast.Name | ast.Attribute):
        for way in _through_name(subject, source, atom, place, worth, wanted, (), hints, callers, depth):
            if way.kind != "local":
                yield Way(way.edits, "definition")


def _through_item(
    source: SourceFacts, tree: ast.Subscript, place: Place, old: int, new: int
) -> Iterator[Way]:
    """`sizes[1]`, `config["width"]`, `c[i]`: the element of the literal, where it is the only one of that value."""
    found = definition(source, ast.unparse(tree.value), place)
    if found is not None and found.place is not None:
        key = ast.literal_eval(tree.slice) if isinstance(tree.slice, ast.Constant) else None
        yield from _in_list(source, found.text, found.place, old, new, key)


def _in_list(
    source: SourceFacts, text: str, place: Place, old: int, new: int, key: object = None, depth: int = 4
) -> Iterator[Way]:
    """The element of a list, tuple or dictionary literal that is worth `old`, where it is the only one."""
    tree = _parsed(text)
    if isinstance(tree, ast.Name | ast.Attribute) and depth:
        found = definition(source, ast.unparse(tree), place)
        if found is not None and found.place is not None:
            yield from _in_list(source, found.text, found.place, old, new, key, depth - 1)
        return
    if isinstance(tree, ast.Call) and depth:
        for part in tree.args:
            inner = _inside(place, text, part)
            if inner is not None:
                made = list(_in_list(source, source.at(inner), inner, old, new, key, depth - 1))
                if made:
                    yield from made
                    return
        return
    nodes: list[ast.expr] = []
    if isinstance(tree, ast.Dict):
        pairs = zip(tree.keys, tree.values, strict=True)
        nodes = [v for k, v in pairs if key is None or (isinstance(k, ast.Constant) and k.value == key)]
    elif isinstance(tree, ast.List | ast.Tuple):
        nodes = tree.elts
        if isinstance(key, int) and -len(nodes) <= key < len(nodes):
            nodes = [nodes[key]]
    fitting = [
        node
        for node in ast.walk(ast.Tuple(elts=nodes))
        if isinstance(node, ast.Constant) and node.value == old
    ]
    if len(fitting) == 1:
        found_place = _inside(place, text, fitting[0])
        if found_place is not None:
            yield Way((Edit(found_place, str(new)),), "definition")


def _inside(place: Place, text: str, node: ast.expr) -> Place | None:
    """The place of a node of the expression `text` that stands at `place`."""
    if not text.isascii():
        return None

    def column(line: int, offset: int) -> int:
        return place.column + offset if line == 1 else offset + 1

    end = node.end_lineno or node.lineno
    return Place(
        place.path, place.line + node.lineno - 1, column(node.lineno, node.col_offset), place.line + end - 1,
        column(end, node.end_col_offset or 0), place.function,
    )  # fmt: skip


def _added(subject: Subject, setting: Setting, value: int, callers: tuple[Place, ...]) -> Way | None:
    """Write out an argument that was left at its default."""
    place = callers[0] if callers else None
    if setting.call is not None:
        place = subject.calls[setting.call].place
    call = subject.source_call(place)
    if call is None or any(argument.starred for argument in call.arguments):
        return None
    end = Place(
        call.place.path, call.place.end_line, call.place.end_column - 1, call.place.end_line,
        call.place.end_column - 1, call.place.function,
    )  # fmt: skip
    comma = ", " if call.arguments else ""
    text = _named_beside(subject, call, setting.name, value) or str(value)
    return Way((Edit(end, f"{comma}{setting.name}={text}"),), "added")


def _named_beside(subject: Subject, call: SourceCall, name: str, value: int) -> str:
    """The parameter by which another layer of the same function was given that value: `stride`, where blocks differ in it."""
    for module in subject.modules.values():
        place = module.argument_places.get(name)
        text = subject.text(place).strip()
        if place is None or place.function != call.scope or not text.isidentifier():
            continue
        source = subject.sources[place.path]
        found = definition(source, text, place)
        worth = set(integers(module.arguments.get(name)))
        if (
            place.path == call.place.path
            and worth == {value}
            and found is not None
            and found.kind in ("parameter", "default")
        ):
            return text
    return ""


def _known_names(source: SourceFacts, tree: ast.expr, place: Place) -> dict[str, int]:
    names = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
    found = {name: constant(source, name, place) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _is_number(text: str) -> bool:
    return text.strip().replace("_", "").isdigit()
