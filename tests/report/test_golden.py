"""What a terminal shows, line by line. Golden files are read by a person before they are accepted (NNWHY_ACCEPT=1)."""

import os
from pathlib import Path

import pytest
import torch

from networks import Encoder, ResNet50
from nnwhy.examples import recipe
from nnwhy.facts.expression import evaluate
from nnwhy.report.answer import answer_text
from nnwhy.report.explanation import explanation_text
from nnwhy.trace import record, watching_constructions
from nnwhy.why.questions import answer
from nnwhy.why.steps import explain

GOLDEN = Path(__file__).parent / "golden"
WIDTH = 80


def traced(make, x, letters):
    with watching_constructions() as constructions:
        net = make()
    return record(net, (x,), letters=(letters,), constructions=constructions)


@pytest.fixture(scope="module")
def recipe_trace():
    return traced(recipe.Net, torch.zeros(2, 1, 28, 28), ("N", None, None, None))


def check(name: str, lines) -> None:
    text = "\n".join(line.plain.rstrip() for line in lines) + "\n"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("NNWHY_ACCEPT"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_the_recipe_explained(recipe_trace):
    check("explain_recipe", explanation_text(explain(recipe_trace), WIDTH))


@pytest.mark.parametrize(
    "question", ["fc1.in_features", "9216", "recipe.py:23", "conv2.out_channels", "conv1[2]", "fc2"]
)
def test_answers_about_the_recipe(recipe_trace, question):
    name = question.replace(".", "_").replace(":", "_").replace("[", "_").replace("]", "")
    check(f"why_{name}", answer_text(answer(recipe_trace, question), WIDTH))


def test_the_general_formulas(recipe_trace):
    check("why_full", answer_text(answer(recipe_trace, "fc1.in_features"), WIDTH, full=True))


def test_a_resnet_reads_on_one_screen():
    trace = traced(ResNet50, torch.zeros(2, 3, 64, 64), ("N", None, None, None))
    check("explain_resnet50", explanation_text(explain(trace), WIDTH))


def test_a_transformer_names_its_axes():
    trace = traced(Encoder, torch.zeros(2, 7, dtype=torch.int64), ("N", "L"))
    check("explain_encoder", explanation_text(explain(trace), WIDTH))


@pytest.mark.parametrize("question", ["9216", "conv1[2]", "26", "64", "10"])
def test_every_step_evaluates_to_its_number(recipe_trace, question):
    """The independent check beside the golden files: no shown expression is wrong."""
    for occurrence in answer(recipe_trace, question).occurrences:
        for step in occurrence.derivation.steps if occurrence.derivation else ():
            assert evaluate(step.expression) == step.value
            assert step.full is None or evaluate(step.full) == step.value
