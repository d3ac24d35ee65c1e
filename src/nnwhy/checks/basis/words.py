"""Short words for facts, as they stand in findings."""

from __future__ import annotations

from collections.abc import Iterable


def shape_text(shape: Iterable[int | str]) -> str:
    """(2, 64, 7, 7)."""
    sizes = [str(size) for size in shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def times(sizes: Iterable[int]) -> str:
    """64 × 7 × 7."""
    return " × ".join(str(size) for size in sizes)
