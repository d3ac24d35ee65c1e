"""The data's way: words with the network's numbers, folded blocks, what was never called, what failed."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from networks import Encoder, ResNet50
from nnwhy.errors import QuestionError
from nnwhy.examples.recipe import Net
from nnwhy.trace import record
from nnwhy.why.derive import joined_axes
from nnwhy.why.steps import explain, layer_here


def explained(net, x, letters=(), **options):
    return explain(record(net, (x,), letters=(letters,)), **options)


def test_every_step_of_the_recipe_has_words_a_shape_and_a_place():
    explanation = explained(Net(), torch.zeros(2, 1, 28, 28), ("N", None, None, None))
    assert [step.name for step in explanation.steps] == [
        "Conv2d", "relu", "Conv2d", "relu", "max_pool2d", "Dropout2d", "flatten", "Linear", "relu", "Dropout2d", "Linear",
        "log_softmax",
    ]  # fmt: skip
    assert all(step.what and step.place and step.shape for step in explanation.steps)
    assert explanation.steps[2].what == "64 filters, each 3×3 over 32 channels"
    assert {step.letters[0] for step in explanation.steps} == {"N"}


def test_equal_blocks_are_told_once_and_all_on_request():
    net, tokens = Encoder(layers=6), torch.zeros(2, 7, dtype=torch.int64)
    folded = explained(net, tokens)
    blocks = [step for step in folded.steps if step.repeats > 1]
    assert [(step.repeats, step.repeated) for step in blocks] == [
        (6, ("encoder.layers.0", "encoder.layers.5"))
    ]
    unfolded = explained(net, tokens, unfold=True)
    assert (
        sum(
            step.module.startswith("encoder.layers.") and step.module.count(".") == 2
            for step in unfolded.steps
        )
        == 6
    )


def test_a_block_with_another_shape_is_not_folded_into_its_neighbours():
    folded = explained(ResNet50().eval(), torch.zeros(1, 3, 64, 64))
    repeated = {step.repeated: step.repeats for step in folded.steps if step.repeats > 1}
    assert repeated[("layer3.1", "layer3.5")] == 5
    assert not any(first.endswith(".0") for first, _ in repeated)


def test_costs_are_those_of_one_sample_where_the_batch_has_a_letter():
    one = explained(Net(), torch.zeros(1, 1, 28, 28))
    many = explained(Net(), torch.zeros(8, 1, 28, 28), ("N", None, None, None))
    assert many.per_sample and not one.per_sample
    assert many.total.multiply_adds == one.total.multiply_adds


def test_what_is_never_called_is_named_but_not_a_layer_whose_weight_is_used():
    class Forgetful(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used = nn.Linear(4, 4)
            self.borrowed = nn.Linear(4, 4)
            self.forgotten = nn.Linear(4, 4)

        def forward(self, x):
            return nn.functional.linear(self.used(x), self.borrowed.weight, self.borrowed.bias)

    assert explained(Forgetful(), torch.zeros(1, 4)).unused == ("forgotten",)


def test_a_failed_pass_is_explained_up_to_the_end_and_says_where_it_failed():
    net = Net()
    net.fc1 = nn.Linear(1024, 128)
    explanation = explained(net, torch.zeros(2, 1, 28, 28))
    assert explanation.steps[-1].name == "log_softmax"
    assert "linear at recipe.py:26 raised RuntimeError" in explanation.failed_by
    assert [step.name for step in explanation.steps if step.note] == ["Linear"]


def test_an_unknown_layer_is_answered_with_the_nearest():
    trace = record(Net(), (torch.zeros(2, 1, 28, 28),))
    with pytest.raises(QuestionError, match="dropout2"):
        layer_here(trace, "dropout3")


@given(st.lists(st.integers(1, 6), max_size=4), st.randoms())
def test_joined_axes_multiply_to_the_size_they_make(before, random):
    after, position = [], 0
    while position < len(before):
        end = random.randint(position + 1, len(before))
        product = 1
        for size in before[position:end]:
            product *= size
        after.append(product)
        position = end
    for size, axes in zip(after, joined_axes(tuple(before), tuple(after)), strict=True):
        product = 1
        for axis in axes:
            product *= before[axis]
        assert not axes or product == size
