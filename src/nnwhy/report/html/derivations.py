"""A derivation as a tree that unfolds: a number, what makes it, where that stands, and below it where its terms come from."""

from __future__ import annotations

from markupsafe import Markup

from nnwhy.facts.derivation import Derivation
from nnwhy.facts.place import Place
from nnwhy.report.derivation import Branch, derivation_tree
from nnwhy.report.words import where

_OPEN_DEPTH = 3


def derivation_html(derivation: Derivation) -> Markup:
    """The whole derivation, its first levels unfolded."""
    return _branch(derivation_tree(derivation), 0)


def place_html(place: Place | None) -> Markup:
    """ "net.py:22", nothing where there is no place."""
    return _beside(where(place))


def _branch(branch: Branch, depth: int) -> Markup:
    """A step; where it has terms with stories of their own, they unfold below it."""
    line = Markup("<code>{}</code><span class='nnwhy-reason'>{}</span>{}").format(
        branch.line.number, branch.line.reason, _beside(branch.line.place)
    )
    if not branch.below:
        return Markup("<div class='nnwhy-leaf'>{}</div>").format(line)
    below = Markup("").join(_branch(part, depth + 1) for part in branch.below)
    is_open = " open" if depth < _OPEN_DEPTH else ""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(is_open, line, below)


def _beside(text: str) -> Markup:
    return Markup("<span class='nnwhy-place'>{}</span>").format(text) if text else Markup("")
