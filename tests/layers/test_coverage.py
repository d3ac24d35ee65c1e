"""The cards cover PyTorch: every public layer has one, and every argument of it is explained."""

from __future__ import annotations

import inspect

import pytest
import torch
from torch import nn

from nnwhy import layers
from nnwhy.facts.card import Card
from nnwhy.facts.codec import from_json, to_json

# Subclasses of nn.Module aside, torch.nn exports these: tensors and options, not layers.
NOT_LAYERS = {
    "Parameter",
    "Buffer",
    "UninitializedParameter",
    "UninitializedBuffer",
    "LinearCrossEntropyOptions",
}
# Not in every release that we support.
NEWER = {"LinearCrossEntropyLoss"}
MODULES = tuple(card for card in layers.cards() if card.is_module)
FUNCTIONS = tuple(card for card in layers.cards() if not card.is_module)


def exported() -> set[str]:
    """The names of the public classes of torch.nn and torch.nn.modules."""
    names = {**vars(nn), **vars(nn.modules)}
    return {name for name, value in names.items() if inspect.isclass(value) and not name.startswith("_")}


def without_card(names: set[str]) -> set[str]:
    return names - NOT_LAYERS - {card.name for card in MODULES}


def test_every_public_class_of_torch_nn_has_a_card() -> None:
    missing = without_card(exported())
    assert not missing, f"torch {torch.__version__} has layers without a card: {sorted(missing)}"


def test_a_class_without_a_card_would_be_named() -> None:
    assert without_card({*exported(), "Quuxify3d"}) == {"Quuxify3d"}


def test_every_card_of_a_module_is_of_a_class_that_exists() -> None:
    assert {card.name for card in MODULES} - exported() <= NEWER


def test_at_least_forty_functions_have_cards_and_all_exist() -> None:
    assert len(FUNCTIONS) >= 40
    for card in FUNCTIONS:
        target = torch
        for part in card.path.split(".")[1:]:
            if not hasattr(target, part) and card.name == "linear_cross_entropy":
                break
            target = getattr(target, part)


def constructor_arguments(name: str) -> dict[str, inspect.Parameter]:
    """The constructor's parameters, without those that every layer has."""
    found = dict(inspect.signature(getattr(nn, name)).parameters)
    if name in ("RNN", "LSTM", "GRU"):
        found = dict(inspect.signature(nn.RNNBase).parameters)
        del found["mode"]
        if name == "RNN":
            found["nonlinearity"] = inspect.Parameter(
                "nonlinearity", inspect.Parameter.POSITIONAL_OR_KEYWORD, default="tanh"
            )
        if name != "LSTM":
            del found["proj_size"]
    if name == "NLLLoss2d":
        found = dict(inspect.signature(nn.NLLLoss).parameters)
    return {key: value for key, value in found.items() if key not in ("device", "dtype")}


@pytest.mark.parametrize("card", MODULES, ids=lambda card: card.name)
def test_every_argument_is_explained_with_its_default(card: Card) -> None:
    if card.name in NEWER and not hasattr(nn, card.name):
        pytest.skip("not in this torch")
    expected = constructor_arguments(card.name)
    assert {argument.name for argument in card.arguments} == set(expected)
    for argument in card.arguments:
        default = expected[argument.name].default
        if default is inspect.Parameter.empty:
            assert argument.default == "", argument.name
        elif callable(default):
            assert argument.default == default.__name__
        else:
            assert argument.default == repr(default), argument.name


def function_arguments(card: Card) -> dict[str, inspect.Parameter] | None:
    """The parameters of a card's function; None where it is written in C++, an operator or a dispatcher, which name none."""
    target = torch
    for part in card.path.split(".")[1:]:
        target = getattr(target, part, None)
    try:
        parameters = dict(inspect.signature(target).parameters)
    except (TypeError, ValueError):
        return None
    return None if "args" in parameters or card.path.endswith("__") else parameters


NAMED = tuple(card for card in FUNCTIONS if function_arguments(card))


@pytest.mark.parametrize("card", NAMED, ids=lambda card: card.path)
def test_the_arguments_of_python_functions_are_theirs(card: Card) -> None:
    """The card names no argument that the function does not have, and the defaults that it has."""
    parameters = function_arguments(card) or {}
    for argument in card.arguments:
        assert argument.name in parameters, argument.name
        default = parameters[argument.name].default
        if default is not inspect.Parameter.empty and not callable(default):
            assert argument.default and float_equal(argument.default, repr(default)), argument.name


def test_many_functions_can_be_compared_with_their_signatures() -> None:
    assert len(NAMED) > 70


def float_equal(one: str, other: str) -> bool:
    """Equal as text, or as numbers: torch writes `margin: float = 0` in one place and 0.0 in another."""
    try:
        return one == other or float(one) == float(other)
    except ValueError:
        return False


@pytest.mark.parametrize("card", layers.cards(), ids=lambda card: card.path)
def test_a_card_is_a_fact_that_json_can_hold(card: Card) -> None:
    assert from_json(to_json(card)) == card


@pytest.mark.parametrize("card", layers.cards(), ids=lambda card: card.path)
def test_every_heading_is_filled(card: Card) -> None:
    required = ["sentence", "here", "data", "why", "shape_note", "modes", "parameters", "multiply_adds"]
    if card.family != "containers":
        required.append("shape")
    assert not [heading for heading in required if not getattr(card, heading)]
    assert card.sentence.endswith(".") and not card.here.endswith(".")
    assert card.references[-1].title == f"PyTorch: {card.path}"
    assert card.references[-1].link.startswith("https://docs.pytorch.org/docs/stable/")
    assert card.reference or card.formula or not card.is_module, "neither a reference nor a formula"
    assert not card.is_module or card.neighbours
    assert card.is_module or card.name in card.path
