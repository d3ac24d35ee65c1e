"""An input that was guessed, and that the network did not take, is weak evidence against the network."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import nn

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in
from nnwhy.why.unavoidable import arguments_stay, numbers_disagree

_OF_THE_CODE = ("missing-return", "name-missing")
"""What no input changes: a forward that returns nothing, a name that nothing has."""


def believable(
    subject: Subject, findings: tuple[Finding, ...], module: nn.Module, specs: tuple[InputSpec, ...]
) -> tuple[Finding, ...]:
    """The findings without errors at calls that an input other than the first one reaches, unless they are there with any input.

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
        if finding.severity != "error"
        or finding.call is None
        or not _reached(subject, finding.call, later)
        or _of_any_input(subject, finding, module, specs)
    )


def certain(
    subject: Subject, findings: tuple[Finding, ...], module: nn.Module, specs: tuple[InputSpec, ...]
) -> tuple[Finding, ...]:
    """The errors that the network has with any input, of those seen with one that it does not take."""
    return tuple(
        finding
        for finding in findings
        if finding.severity == "error" and _of_any_input(subject, finding, module, specs)
    )


def _of_any_input(
    subject: Subject, finding: Finding, module: nn.Module, specs: tuple[InputSpec, ...]
) -> bool:
    if subject.trace is None or finding.call is None:
        return False
    call = subject.calls[finding.call]
    failure = call.failure
    if finding.check in _OF_THE_CODE:
        return True
    if finding.check == "attribute-missing":
        owners = [part for part in module.modules() if type(part).__name__ == finding.values.get("cls")]
        return bool(owners) and not any(hasattr(part, finding.actual) for part in owners)
    if finding.check == "forward-arguments":
        return failure is not None and arguments_stay(module, specs, subject.trace, call)
    if finding.check == "pair-as-tensor":  # a network's own class may give a pair for this input alone
        giver = subject.modules.get(finding.module)
        return giver is not None and giver.qualified_type.startswith("torch.nn.")
    makers = list(_makers(subject, call.id))
    if any(_stretches(subject, one) for one in makers):
        return False
    # The size behind a failed call is that of a stand-in: it counts where that call fails with any input too.
    failed = [one for one in makers if one.failure is not None]
    return all(numbers_disagree(module, specs, subject.derivations, one) for one in (*failed, call))


def _stretches(subject: Subject, call: Call) -> bool:
    """Whether a call brings two tensors to one shape, and one of them is, or may have been meant to be, the larger one."""
    assert subject.trace is not None
    tensors = subject.trace.tensors
    shapes = [tensors[one].shape for one in call.inputs if tensors[one].origin.kind in ("call", "input")]
    if len(shapes) < 2 or not call.outputs:
        return False
    if len(set(shapes)) == 1 and 1 not in shapes[0]:
        return False
    try:
        return tuple(torch.broadcast_shapes(*shapes)) == subject.shape(call.outputs[0])
    except RuntimeError:
        return False


def _reached(subject: Subject, call: int, inputs: set[int]) -> bool:
    return any(not inputs.isdisjoint(one.inputs) for one in (subject.calls[call], *_makers(subject, call)))


def _makers(subject: Subject, call: int) -> Iterator[Call]:
    """The calls that made what a call takes, directly or not."""
    todo, seen = list(subject.calls[call].inputs), set[int]()
    while todo:
        tensor = todo.pop()
        maker = subject.maker(tensor)
        if tensor not in seen and maker is not None:
            seen.add(tensor)
            todo += maker.inputs
            yield maker
