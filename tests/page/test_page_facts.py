"""The facts behind the page: edges, numbers, folded blocks, and which pixels a pixel sees, held to torch's gradients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from nnwhy.api.page import page_of
from nnwhy.facts.expression import Operation, evaluate, leaves
from nnwhy.facts.page import Page, Sight
from nnwhy.trace import record
from nnwhy.why.requirements import related
from nnwhy.why.sight import Sights


@pytest.mark.parametrize("name", ["resnet", "encoder"])
def test_every_number_is_what_its_terms_make(facts_of: Callable[[str], Page], name: str) -> None:
    page = facts_of(name)
    for number in page.numbers:
        step = number.step
        if step.kind == "call" and isinstance(step.expression, Operation):
            assert evaluate(step.expression) == step.value
            for leaf, term in zip(leaves(step.expression), step.terms, strict=True):
                assert term is None or page.numbers[term].step.value == leaf.value


@pytest.mark.parametrize("name", ["resnet", "encoder"])
def test_the_steps_are_in_order_and_every_step_comes_from_an_input(
    facts_of: Callable[[str], Page], name: str
) -> None:
    page = facts_of(name)
    for position, step in enumerate(page.steps):
        assert all(taken < position for taken in step.takes)
        assert step.parent is None or step.parent < position
        assert step.takes


def test_a_residual_block_takes_twice_and_repeats_are_told_once(facts_of: Callable[[str], Page]) -> None:
    page = facts_of("resnet")
    added = next(step for step in page.steps if step.step.written.startswith("out +="))
    assert [page.steps[taken].step.written for taken in added.takes] == [
        "layer1.0.bn3",
        "layer1.0.downsample.1",
    ]
    assert [step.step.repeats for step in page.steps if step.step.repeats > 1] == [2, 3, 5, 2]


class Branches(nn.Module):
    """Strides, dilation, padding, a skip and a transposed convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 5, stride=2, padding=1)
        self.wide = nn.Conv2d(2, 2, 3, padding=2, dilation=2)
        self.narrow = nn.Conv2d(2, 2, 1)
        self.pool = nn.AvgPool2d(3, 2)
        self.up = nn.ConvTranspose2d(2, 1, 2, stride=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x)
        return self.up(self.pool(torch.relu(self.wide(x)) + self.narrow(x)))


def seen(module: nn.Module, x: torch.Tensor, row: int, column: int) -> tuple[int, int, int, int]:
    """First and last row and column of the input on which this output value depends."""
    for parameter in module.parameters():
        nn.init.constant_(parameter, 0.5)
    x = x.abs().add(1).requires_grad_()
    module(x)[0, :, row, column].sum().backward()
    assert x.grad is not None
    rows, columns = torch.nonzero(x.grad[0].abs().sum(0), as_tuple=True)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


def predicted(sight: Sight, position: int, axis: int, size: int) -> tuple[int, int]:
    ends = [kinds[axis][position % len(kinds[axis])] for kinds in (sight.first, sight.last)]
    first, last = (round(position * sight.steps[axis] + end) for end in ends)
    return max(first, 0), min(last, size - 1)


@pytest.mark.parametrize(
    "module, shape",
    [
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, (3, 5), stride=(1, 2), padding=1)), (1, 1, 20, 23)),
        (Branches(), (1, 1, 37, 40)),
    ],
)  # fmt: skip
def test_a_pixel_sees_just_what_its_gradient_reaches(module: nn.Module, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)
    trace = record(module, (x,))
    made = trace.calls[0].outputs[0]
    sight = Sights(trace).of(made)
    assert sight is not None
    height, width = trace.tensors[made].shape[-2:]
    for row, column in ((0, 0), (height // 2, width // 2), (height - 1, width - 1), (1, width - 2)):
        rows, columns = predicted(sight, row, 0, shape[2]), predicted(sight, column, 1, shape[3])
        assert (*rows, *columns) == seen(module, x, row, column)


def test_after_global_pooling_a_value_sees_everything() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.AdaptiveAvgPool2d(1))
    trace = record(module, (torch.randn(1, 1, 9, 9),))
    sight = Sights(trace).of(trace.calls[0].outputs[0])
    assert sight is not None and sight.whole == (True, True)


def test_a_flat_tensor_sees_no_pixels() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(98, 3))
    trace = record(module, (torch.randn(1, 1, 9, 9),))
    assert Sights(trace).of(trace.calls[0].outputs[0]) is None


def test_maps_are_what_the_step_gave_even_where_a_later_step_writes_over_it() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    x = torch.randn(1, 1, 9, 9)
    page = page_of(module, record(module, (x,)), (x,), {})
    assert [step.maps is not None and step.maps.low < 0 for step in page.steps] == [True, False]


def test_the_network_is_as_it_was_after_its_maps_were_taken() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))
    x = torch.randn(2, 1, 9, 9)
    trace = record(module, (x,))
    state = {name: value.clone() for name, value in module.state_dict().items()}
    chance = torch.get_rng_state()
    page_of(module, trace, (x,), {})
    assert module.training and torch.equal(torch.get_rng_state(), chance)
    assert all(torch.equal(value, state[name]) for name, value in module.state_dict().items())


class Positions(nn.Module):
    """A table of positions, one row for all samples."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(16, 4)
        self.register_buffer("ids", torch.arange(16)[None])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.embedding(self.ids[:, : x.shape[1]])


def test_what_ran_is_not_said_to_break() -> None:
    x = torch.randn(2, 8, 4)
    module = Positions()
    trace = record(module, (x,), letters=(("N", "L", None),))
    page = page_of(module, trace, (x,), {})
    assert page.steps
    for demand in page.demands:
        assert related(evaluate(demand.left), demand.relation, evaluate(demand.right))


def test_a_failed_pass_has_a_page_too() -> None:
    module = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(10, 3))
    x = torch.randn(1, 1, 9, 9)
    page: Page = page_of(module, record(module, (x,)), (x,), {})
    assert page.explanation.failed_by
    assert page.steps[2].step.note
