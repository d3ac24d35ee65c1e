"""Cards are found by any name that a user would type, cheaply, and an unknown one says what is near."""

from __future__ import annotations

import builtins
import dis
import re
import subprocess
import sys
from types import CodeType, FunctionType

import pytest

from nnwhy import layers
from nnwhy.errors import QuestionError
from nnwhy.facts.card import Card


@pytest.mark.parametrize("name", ["Dropout2d", "nn.Dropout2d", "torch.nn.Dropout2d"])
def test_a_layer_is_found_by_its_short_and_full_names(name) -> None:
    assert layers.card(name).path == "torch.nn.Dropout2d"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("F.max_pool2d", "torch.nn.functional.max_pool2d"),
        ("max_pool2d", "torch.nn.functional.max_pool2d"),
        ("view", "torch.Tensor.view"),
        ("x.view", "torch.Tensor.view"),
        ("relu_", "torch.nn.functional.relu"),
        ("__getitem__", "torch.Tensor.__getitem__"),
        ("__add__", "torch.add"),
        ("__iadd__", "torch.add"),
        ("torch.concat", "torch.cat"),
        ("swapaxes", "torch.transpose"),
    ],
)
def test_a_function_is_found_by_the_names_that_code_and_traces_use(name, path) -> None:
    assert layers.card(name).path == path


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Droput2d", "Dropout2d"),
        ("conv2.5", "conv2d"),
        ("batchnorm2d", "BatchNorm2d"),
        ("Maxpool2d", "MaxPool2d"),
        ("LayerNormalization", "LayerNorm"),
    ],
)
def test_an_unknown_name_tells_the_nearest(name, near) -> None:
    with pytest.raises(QuestionError, match=f"named {re.escape(name)} .*did you mean .*{near}"):
        layers.card(name)


def test_a_name_like_nothing_gets_no_guess() -> None:
    with pytest.raises(QuestionError) as error:
        layers.card("zzzzqqq")
    assert "did you mean" not in str(error.value)


def test_names_are_unique_and_families_hold_every_card_once() -> None:
    names = [card.name for card in layers.cards()]
    assert len(names) == len(set(names))
    members = [card for family in layers.families().values() for card in family]
    assert sorted(members, key=lambda card: card.name) == sorted(layers.cards(), key=lambda card: card.name)


def test_every_alias_finds_its_card_unless_a_card_has_that_name() -> None:
    names = {card.name for card in layers.cards()}
    for card in layers.cards():
        for alias in card.aliases:
            assert alias not in names, f"{alias} is a card and an alias of {card.name}"
            assert layers.card(alias) is card


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh process has loaded after `code`."""
    script = f"{code}\nimport sys\nprint(' '.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_cards_and_the_text_of_references_load_neither_torch_nor_numpy() -> None:
    code = "from nnwhy import layers; layers.card('Dropout2d'); layers.reference_source('Conv2d')"
    assert not loaded_by(code) & {"torch", "numpy", "rich", "click"}


def test_a_reference_that_is_called_loads_numpy_and_not_torch() -> None:
    loaded = loaded_by("from nnwhy import layers; layers.reference('Dropout2d')")
    assert "numpy" in loaded and "torch" not in loaded


REFERENCED = tuple(card for card in layers.cards() if card.reference)


@pytest.mark.parametrize("card", REFERENCED, ids=lambda card: card.path)
def test_the_text_of_a_reference_runs_by_itself(card: Card) -> None:
    """Everything that the shown text calls is in it."""
    source = layers.reference_source(card.name)
    scope: dict[str, object] = {}
    exec(compile(source, card.reference, "exec"), scope)
    function = scope[card.reference.split(".")[1]]
    assert callable(function)
    missing = globals_used(scope) - set(scope) - set(dir(builtins))
    assert not missing
    assert layers.reference(card.name).__name__ == card.reference.split(".")[1]


def globals_used(scope: dict[str, object]) -> set[str]:
    """The global names that the functions of `scope` read."""
    codes = [value.__code__ for value in scope.values() if isinstance(value, FunctionType)]
    used: set[str] = set()
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        used |= {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return used


def test_a_text_that_lacks_a_function_would_be_found() -> None:
    scope: dict[str, object] = {}
    exec("def f(x):\n    return [g(y) for y in x]", scope)
    assert globals_used(scope) == {"g"}


def test_a_card_without_reference_says_that_it_has_a_formula() -> None:
    assert layers.card("CTCLoss").formula
    for ask in (layers.reference, layers.reference_source):
        with pytest.raises(QuestionError, match="CTCLoss has no NumPy reference: its card has the formula"):
            ask("CTCLoss")


def test_the_reference_of_dropout2d_is_short() -> None:
    lines = layers.reference_source("Dropout2d").splitlines()
    assert sum(bool(line.strip()) for line in lines) < 16


def test_a_name_with_odd_signs_in_it_is_answered_with_what_begins_like_it():
    with pytest.raises(QuestionError, match=r"[cC]onv1d"):
        layers.card("conv2.5")
