"""An input that was guessed, and that the network did not take, is weak evidence against the network."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding
from nnwhy.facts.value import tensors_in


def believable(subject: Subject, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings without errors at calls that an input other than the first one reaches.

    Sizes of a single input are tried until one fits, so a failure says something about the network. Of several inputs
    the later ones are often not plain tensors (a state of two, a mask that may be None, a list): there it is the guess
    that fails.
    """
    if subject.trace is None or len(subject.trace.inputs) < 2:
        return findings
    later = {tensor for given in subject.trace.inputs[1:] for tensor in tensors_in(given.value)}
    return tuple(
        finding
        for finding in findings
        if finding.severity != "error" or finding.call is None or not _reached(subject, finding.call, later)
    )


def _reached(subject: Subject, call: int, inputs: set[int]) -> bool:
    todo, seen = list(subject.calls[call].inputs), set[int]()
    while todo:
        tensor = todo.pop()
        if tensor in inputs:
            return True
        maker = subject.maker(tensor)
        if tensor not in seen and maker is not None:
            seen.add(tensor)
            todo += maker.inputs
    return False
