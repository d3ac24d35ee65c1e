"""How a card is written down: prose that may wrap, arguments and pitfalls as small tables.

An argument is one line, `name = default | meaning | what a larger value does`; a pitfall is one line,
`text | check`, where the last field may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nnwhy.facts.card import Card, CardArgument, Pitfall, Reference

PROSE = (
    "sentence",
    "here",
    "data",
    "why",
    "shape_note",
    "modes",
    "initialisation",
    "parameters",
    "multiply_adds",
    "formula",
)

# What PyTorch's manual has no page of its own for.
SHARED_PAGES = {
    "torch.nn.Container": "nn",
    "torch.nn.CrossMapLRN2d": "nn",
    "torch.nn.NLLLoss2d": "nn",
    "torch.nn.RNNCellBase": "nn",
    "torch.nn.functional.channel_shuffle": "nn.functional",
    "torch.nn.functional.linear_cross_entropy": "nn.functional",
    "torch.Tensor.__getitem__": "tensors",
    "torch.Tensor.__setitem__": "tensors",
}


def module(name: str, family: str, *, references: tuple[Reference, ...] = (), **fields: Any) -> Card:
    """The card of `torch.nn.<name>`; prose is unwrapped, the tables are read, PyTorch's page is added."""
    path = f"torch.nn.{name}"
    return Card(name, family, path=path, references=(*references, page(path)), **_read(fields))


def function(path: str, family: str, *, references: tuple[Reference, ...] = (), **fields: Any) -> Card:
    """The card of a function or tensor method, by its full name ("torch.Tensor.view")."""
    name = path.rsplit(".", 1)[1].strip("_")
    return Card(name, family, path=path, references=(*references, page(path)), **_read(fields))


def mirror(path: str, layer: Card, *, inputs: str = "input | the data", **fields: Any) -> Card:
    """The card of a function that does what `layer` does, with the differences given as `fields`.

    `inputs` are the arguments that stand before those of the layer. Unless `arguments` is among the fields,
    the layer's own arguments follow, without those that only a module has (`without` names more of them).
    """
    without = {"device", "dtype", *fields.pop("without", ())}
    changes = _read(fields)
    if "arguments" not in changes:
        own = tuple(argument for argument in layer.arguments if argument.name not in without)
        changes["arguments"] = (*read_arguments(inputs), *own)
    parameters = "0" if layer.parameters == "0" else "none of its own: the weights are given to it"
    sources = tuple(source for source in layer.references if not source.title.startswith("PyTorch: "))
    return replace(
        layer,
        name=path.rsplit(".", 1)[1],
        path=path,
        references=(*sources, page(path)),
        **{"initialisation": "", "parameters": parameters, **changes},
    )


def page(path: str) -> Reference:
    """PyTorch's page of what is named `path`."""
    own = SHARED_PAGES.get(path, f"generated/{path}")
    return Reference(title=f"PyTorch: {path}", link=f"https://docs.pytorch.org/docs/stable/{own}.html")


def paper(title: str, author: str, year: int, link: str = "") -> Reference:
    """A paper; `link` may be an arXiv number ("1411.4280")."""
    if link and not link.startswith("http"):
        link = f"https://arxiv.org/abs/{link}"
    return Reference(title=title, author=author, year=year, link=link)


def read_arguments(table: str) -> tuple[CardArgument, ...]:
    """The arguments of `name = default | meaning | larger` lines."""
    return tuple(_argument(line) for line in _lines(table))


def read_pitfalls(table: str) -> tuple[Pitfall, ...]:
    """The pitfalls of `text | check` lines."""
    return tuple(_pitfall(line) for line in _lines(table))


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with prose unwrapped and tables read."""
    read = dict(fields)
    for name in PROSE:
        if name in read:
            read[name] = " ".join(read[name].split())
    if "arguments" in read:
        read["arguments"] = read_arguments(read["arguments"])
    if "pitfalls" in read:
        read["pitfalls"] = read_pitfalls(read["pitfalls"])
    if "neighbours" in read:
        read["neighbours"] = "\n".join(line.strip() for line in read["neighbours"].strip().splitlines())
    return read


def _lines(table: str) -> Iterator[str]:
    """The entries of a table, one a line."""
    return (" ".join(line.split()) for line in table.splitlines() if line.strip())


def _argument(line: str) -> CardArgument:
    head, meaning, *larger = (part.strip() for part in line.split(" | "))
    name, _, default = (part.strip() for part in head.partition("="))
    return CardArgument(name, meaning, larger[0] if larger else "", default)


def _pitfall(line: str) -> Pitfall:
    text, *check = (part.strip() for part in line.split(" | "))
    return Pitfall(text, check[0] if check else "")
