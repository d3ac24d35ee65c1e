"""The schema describes what is printed, and refuses what is not."""

import jsonschema
import pytest
import torch

from nnwhy.examples.recipe import Net
from nnwhy.facts.codec import to_json
from nnwhy.facts.schema import schema
from nnwhy.report.shown import documented
from nnwhy.trace import record
from nnwhy.why.questions import answer
from nnwhy.why.steps import explain


@pytest.fixture(scope="module")
def trace():
    return record(Net(), (torch.zeros(2, 1, 28, 28),))


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def test_traces_explanations_and_answers_fit_the_schema(trace, validator):
    for fact in (trace, explain(trace), answer(trace, "9216")):
        validator.validate(documented(fact))


def test_a_field_of_the_wrong_type_does_not_fit(trace, validator):
    data = documented(explain(trace))
    data["result"]["steps"][0]["shape"] = "2, 32"
    assert not validator.is_valid(data)


def test_an_unknown_fact_does_not_fit(validator):
    assert not validator.is_valid({"schema": 1, "result": {"is": "Guess"}})


def test_only_facts_become_json():
    with pytest.raises(TypeError, match="is not a fact"):
        to_json(torch.zeros(1))
