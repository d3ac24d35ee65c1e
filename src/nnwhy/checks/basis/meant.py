"""What an author says who wants randomness in evaluation too: in a comment, a docstring or a name."""

from __future__ import annotations

import re

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import contains
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place

_MEANT = re.compile(
    r"monte|\bmc\b|mc[_-]|bayes|uncertain|stochastic|purpose|intend|intent|deliberate|always|infer|test|predict|sampl|\beven\b"
    r"|\bpaper\b|diversity|variety",
    re.IGNORECASE,
)
_MEANT_NAME = re.compile(r"(?<![A-Z])MC|mc_|_mc|(?i:monte|bayes|uncertain|stochastic|always|prenet)")
_NEAR = 2


def random_on_purpose(subject: Subject, place: Place | None) -> bool:
    """Whether the author says that dropping in evaluation is meant: in a comment near by, a docstring around it, or a name."""
    if place is None:
        return False
    source = subject.sources[place.path]
    around = (function_at(source, place), class_at(source, place))
    if any(scope is not None and _MEANT_NAME.search(scope.name) for scope in around):
        return True
    for comment in source.comments:
        first = comment.place.line
        near = place.line - _NEAR <= first <= place.end_line + 1
        inside = any(scope is not None and contains(scope.place, comment.place) for scope in around)
        docstring = comment.text.count("\n") > 0 or source.line(first).lstrip().startswith(
            ('"', "'", 'r"', "r'")
        )
        if (near or (inside and docstring)) and _MEANT.search(comment.text):
            return True
    return False
