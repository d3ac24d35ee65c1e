"""Facts that show themselves: as text where they are printed, as data where a program asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from rich.text import Text

from nnwhy.facts.codec import Json, to_json
from nnwhy.facts.schema import SCHEMA

F = TypeVar("F")


class Shown(Generic[F]):
    """`facts` with their drawing. `str()` is plain text, 100 columns wide; the facts' own fields can be read from it directly."""

    def __init__(self, facts: F, draw: Callable[[F, int], Iterator[Text]]) -> None:
        self.facts = facts
        self._draw = draw

    def text(self, width: int = 100) -> str:
        """Plain text within `width` columns."""
        return "\n".join(line.plain.rstrip() for line in self._draw(self.facts, width))

    def data(self) -> Json:
        """The facts as JSON data, with the version of their schema."""
        return documented(self.facts)

    def _repr_html_(self) -> str:
        """What a notebook shows: scoped styles, nothing from elsewhere, every name escaped."""
        from nnwhy.report.notebook import html

        return html(self.facts, self.text)

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.facts, name)


def documented(facts: object) -> Json:
    """Facts as JSON data under the number of the schema that describes them."""
    return {"schema": SCHEMA, "result": to_json(facts)}
