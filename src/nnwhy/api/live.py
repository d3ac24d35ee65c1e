"""The verbs on a network that is there already: in a script, a notebook, a debugger."""

from __future__ import annotations

from typing import Any

from torch import nn

from nnwhy.errors import InputError, QuestionError
from nnwhy.facts.explanation import Answer, Explanation
from nnwhy.facts.trace import Trace
from nnwhy.report.answer import answer_text
from nnwhy.report.explanation import explanation_text
from nnwhy.report.shown import Shown
from nnwhy.trace import record
from nnwhy.why import questions, steps


def explain(module: nn.Module, *inputs: Any, unfold: bool = False, **keywords: Any) -> Shown[Explanation]:
    """What every step of `module(*inputs, **keywords)` does: words, shapes, costs, receptive fields, places.

    The module is not changed. `unfold` tells repeated blocks one by one.
    Raises InputError where no input was given, or where the first argument is no network.
    """
    trace = _recorded(module, inputs, keywords)
    return Shown(steps.explain(trace, unfold=unfold), explanation_text)


def why(module: nn.Module, *inputs_and_question: Any, **keywords: Any) -> Shown[Answer]:
    """Where a number comes from: `why(net, x, "fc1.in_features")`, `why(net, x, "9216")`, `why(net, x, "net.py:22")`.

    Raises QuestionError where the network has no such thing, with the nearest that it has.
    """
    *inputs, question = inputs_and_question or ("",)
    if isinstance(question, int) and not isinstance(question, bool):
        question = str(question)
    if not isinstance(question, str) or not question:
        raise QuestionError('the question comes last, as text: why(net, x, "fc1.in_features")')
    trace = _recorded(module, tuple(inputs), keywords)
    return Shown(questions.answer(trace, question), answer_text)


def _recorded(module: Any, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Trace:
    if not isinstance(module, nn.Module):
        raise InputError(f"the first argument must be an nn.Module, not {type(module).__name__}")
    if not inputs and not keywords:
        raise InputError("an input is needed: explain(net, torch.randn(1, 1, 28, 28))")
    return record(module, inputs, keywords)
