"""The verbs on a network that is there already: in a script, a notebook, a debugger."""

from __future__ import annotations

from typing import Any

from torch import nn

from nnwhy import layers
from nnwhy.errors import InputError, QuestionError
from nnwhy.facts.card import Card
from nnwhy.facts.contract import Contract
from nnwhy.facts.explanation import Answer, Explanation, LayerHere
from nnwhy.facts.trace import Trace
from nnwhy.report.answer import answer_text
from nnwhy.report.card import card_text
from nnwhy.report.contract import contract_text
from nnwhy.report.explanation import explanation_text, layer_text
from nnwhy.report.shown import Shown
from nnwhy.trace import record
from nnwhy.trace.inputs import parse_inputs
from nnwhy.why import contract as contracts
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


def layer(thing: Any, *inputs_and_path: Any, **keywords: Any) -> Shown[Card] | Shown[LayerHere]:
    """What a layer is for: `layer(nn.Dropout2d)`, `layer("F.max_pool2d")`; with its own numbers: `layer(net, x, "dropout1")`.

    Raises QuestionError where there is no such layer, with the nearest names.
    """
    if isinstance(thing, nn.Module) and inputs_and_path:
        *inputs, path = inputs_and_path
        if not isinstance(path, str):
            raise QuestionError('the layer\'s name comes last, as text: layer(net, x, "dropout1")')
        return Shown(steps.layer_here(_recorded(thing, tuple(inputs), keywords), path), layer_text)
    if isinstance(thing, nn.Module):
        thing = type(thing)
    name = thing if isinstance(thing, str) else getattr(thing, "__name__", str(thing))
    return Shown(layers.card(name), card_text)


def contract(module: nn.Module, *inputs: str) -> Shown[Contract]:
    """Which inputs `module` takes: `contract(net)`, or from a first input on: `contract(net, "N,1,28,28")`.

    Letters are free sizes. Every condition was tested by passes. Raises InputError where no input runs.
    """
    if not isinstance(module, nn.Module):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(f"the first argument must be an nn.Module, not {type(module).__name__}")
    for given in inputs:
        if not isinstance(given, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InputError(
                f'an input is given as text, contract(net, "N,1,28,28"), not as {type(given).__name__}'
            )
    return Shown(contracts.contract(module, parse_inputs(inputs) if inputs else None), contract_text)


def _recorded(module: Any, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Trace:
    if not isinstance(module, nn.Module):
        raise InputError(f"the first argument must be an nn.Module, not {type(module).__name__}")
    if not inputs and not keywords:
        raise InputError("an input is needed: explain(net, torch.randn(1, 1, 28, 28))")
    return record(module, inputs, keywords)
