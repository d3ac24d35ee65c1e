"""Where something stands in the user's source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of source text; lines and columns count from 1, in characters, and the end column is exclusive.

    `function` is the qualified name of the function that the place lies in ("Net.forward"), "" at module level.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    function: str = ""
