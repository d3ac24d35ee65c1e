"""Comparisons of sizes that the user's Python makes during a pass: `if h != self.size: raise`, `assert d % heads == 0`.

While watched, each comparison of a traced number is one more recorded call, named "compare_sizes".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from torch.overrides import handle_torch_function, has_torch_function

from nnwhy.trace.integers import TracedInt

NAME = "compare_sizes"
_COMPARED = {"__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
_MEANING: dict[str, Callable[[int, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def compare_sizes(left: int, relation: str, right: int) -> bool:
    """The outcome of a comparison; this function is what the recorder sees."""
    return _MEANING[relation](int(left), int(right))


@contextmanager
def watching_comparisons() -> Generator[None]:
    """Within this context, comparisons of traced numbers with whole numbers are recorded as calls."""
    plain = {method: getattr(TracedInt, method) for method in _COMPARED}
    for method, relation in _COMPARED.items():
        setattr(TracedInt, method, _recorded(plain[method], relation))
    try:
        yield
    finally:
        for method in _COMPARED:
            delattr(TracedInt, method)


def _recorded(plain: Callable[[Any, Any], Any], relation: str) -> Callable[[Any, Any], Any]:
    def compare(self: TracedInt, other: Any) -> Any:
        if type(other) is not bool and isinstance(other, int) and has_torch_function((self,)):
            return handle_torch_function(compare_sizes, (), self, relation, other)
        return plain(self, other)

    return compare
