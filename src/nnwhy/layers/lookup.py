"""Every card, found by name: a card file is any file of this folder that holds cards, or tuples of them, by name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from nnwhy import errors
from nnwhy.facts.card import Card
from nnwhy.layers.filling import fill

HERE = Path(__file__).parent


@cache
def cards() -> tuple[Card, ...]:
    """All cards, by family in the order of the files, then as written."""
    found: dict[str, Card] = {}
    for path in sorted(HERE.glob("[a-z]*.py")):
        for card in _cards_in(import_module(f"nnwhy.layers.{path.stem}")):
            if found.setdefault(card.name, card) is not card:
                raise ValueError(f"two cards are named {card.name}: the second is in {path.name}")
    return tuple(sorted(found.values(), key=lambda card: (not card.is_module, card.family)))


def families() -> dict[str, tuple[Card, ...]]:
    """The cards of each family, modules first."""
    found: dict[str, list[Card]] = {}
    for card in cards():
        found.setdefault(card.family, []).append(card)
    return {family: tuple(members) for family, members in found.items()}


def card(name: str) -> Card:
    """The card of `name`: "Dropout2d", "nn.Dropout2d", "torch.nn.Dropout2d", "F.max_pool2d", "view", "x.view".

    In-place and operator forms ("relu_", "__add__", "__iadd__") give the plain function's card.

    Raises:
        QuestionError: there is no such card; the nearest names are told.
    """
    known = _known()
    for form in _forms(name):
        if form in known:
            return known[form]
    message = f"there is no layer or function named {name} in the cards"
    letters = "".join(letter for letter in name if letter.isalpha())
    hint = _hint(_short(name), list(known)) or _hint(letters, list(known))
    raise errors.QuestionError(f"{message}: {hint}" if hint else message)


def _hint(word: str, known: list[str]) -> str:
    """What was probably meant: the same but for capitals, else what looks like it, else what begins with it."""
    lower = {name.lower(): name for name in reversed(known)}
    if word.lower() in lower:
        return f"did you mean {lower[word.lower()]}?"
    near = errors.nearest(word, known) or errors.nearest(word.lower(), known) if len(word) > 3 else ""
    begun = [name for key, name in lower.items() if len(word) > 1 and key.startswith(word.lower())]
    return near or (f"did you mean {' or '.join(begun[:3])}?" if begun else "")


@cache
def _known() -> dict[str, Card]:
    """The cards by every name that they have; a card's own name goes before another's alias."""
    aliases = {alias: card for card in cards() for alias in card.aliases}
    return {**aliases, **{card.name: card for card in cards()}}


def sentence(name: str, values: Mapping[str, object]) -> str:
    """What this instance of a layer or call of a function does, in one line without a full stop.

    `values` are argument values by the constructor's or function's names. A function's that is left out has its
    default; a module's is unknown.
    Where a value that the line needs is not there, the card's general sentence is given.

    Raises:
        QuestionError: there is no card of that name.
    """
    return fill(card(name), values)


def reference_source(name: str) -> str:
    """The NumPy reference of a layer as text that can be run: the imports, its function, then what it calls of ours.

    Read from the file, so that numpy is not imported.

    Raises:
        QuestionError: there is no such card, or it has a formula in place of a reference.
    """
    file, function = _reference_of(name)
    parts = _parts(file)
    wanted = [function]
    for part in wanted:
        names = (node.id for node in ast.walk(parts[part][0]) if isinstance(node, ast.Name))
        wanted += sorted({word for word in names if word in parts and word not in wanted})
    wanted = sorted(wanted, key=lambda part: not isinstance(parts[part][0], (ast.Import, ast.ImportFrom)))
    imports = [parts[part][1] for part in wanted if isinstance(parts[part][0], (ast.Import, ast.ImportFrom))]
    defined = [parts[part][1] for part in wanted[len(imports) :]]
    return "\n\n\n".join((["\n".join(sorted(imports))] if imports else []) + defined) + "\n"


def reference(name: str) -> Callable[..., Any]:
    """The NumPy reference of a layer, to be called. Imports numpy.

    Raises:
        QuestionError: there is no such card, or it has a formula in place of a reference.
    """
    file, function = _reference_of(name)
    return getattr(import_module(f"nnwhy.layers.references.{file}"), function)


def _reference_of(name: str) -> tuple[str, str]:
    found = card(name)
    if not found.reference:
        raise errors.QuestionError(f"{found.name} has no NumPy reference: its card has the formula")
    file, function = found.reference.split(".")
    return file, function


@cache
def _parts(file: str) -> dict[str, tuple[ast.stmt, str]]:
    """What the names in a reference file stand for: the statement that defines each, and its text."""
    text = (HERE / "references" / f"{file}.py").read_text(encoding="utf-8")
    found: dict[str, tuple[ast.stmt, str]] = {}
    for node in ast.parse(text).body:
        source = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{__package__}.references."):
            found |= _parts((node.module or "").rsplit(".", 1)[1])
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name: (node, source) for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = (node, source)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = (node, source)
    return found


def _short(name: str) -> str:
    """The last part of a dotted name; "conv2.5" is none, and stays whole."""
    last = name.rsplit(".", 1)[-1]
    return last if last.isidentifier() else name


def _forms(name: str) -> Iterator[str]:
    """The names under which `name` may be known, the most exact first."""
    short = _short(name)
    yield short
    plain = short.strip("_")
    yield plain
    if short.startswith("__") and plain[:1] in ("i", "r"):
        yield plain[1:]


def _cards_in(module: ModuleType) -> Iterator[Card]:
    for value in vars(module).values():
        items = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
        yield from (item for item in items if isinstance(item, Card))
