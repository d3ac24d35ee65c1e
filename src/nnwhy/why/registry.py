"""The dimension rules by function name.

A rule is a function from a `Site` to the sizes of the call's output: a tuple with one expression an axis,
or a list of such tuples where the call gives several tensors. It raises `NoRule` for uses that it does not cover.
An axis may be a `Formula`: the shortened expression with the general one beside it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from nnwhy.facts.expression import Expression
from nnwhy.why.site import Site


@dataclass(frozen=True, slots=True)
class Formula:
    """`short` is the textbook form for the actual arguments, `full` the general formula. Both evaluate to the same."""

    short: Expression
    full: Expression


Axis = Expression | Formula | int
Sizes = tuple[Axis, ...]
Rule = Callable[[Site], Sequence[Axis] | list[Sizes]]

_rules: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register a dimension rule for the functions of these short names ("max_pool2d", "view")."""

    def register(function: Rule) -> Rule:
        for name in names:
            if name in _rules:
                raise ValueError(f"two rules for {name}")
            _rules[name] = function
        return function

    return register


def find_rule(name: str) -> Rule | None:
    """The rule for a function's short name."""
    return rules().get(name)


@cache
def rules() -> dict[str, Rule]:
    """All rules, by function name."""
    from nnwhy.why import rules as folder

    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    return _rules
