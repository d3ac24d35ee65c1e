"""Inputs as the user writes them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nnwhy.errors import InputError
from nnwhy.facts.contract import InputSpec
from nnwhy.trace import record
from nnwhy.trace.comparisons import watching_comparisons
from nnwhy.trace.inputs import make_inputs, parse_input, parse_inputs, written


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("N,3,224,224", InputSpec(("N", 3, 224, 224))),
        ("N,128:int64", InputSpec(("N", 128), "int64")),
        ("mask=N,L:bool", InputSpec(("N", "L"), "bool", "mask")),
        ("(1, 28, 28)", InputSpec((1, 28, 28))),
        ("2x3x4", InputSpec((2, 3, 4))),
        ("N,max:long", InputSpec(("N", "max"), "int64")),
        (":float64", InputSpec((), "float64")),
        ("7", InputSpec((7,))),
        ("N:torch.half", InputSpec(("N",), "float16")),
    ],
)
def test_an_input_is_read_and_written_back(text: str, spec: InputSpec) -> None:
    assert parse_input(text) == spec
    assert parse_input(written(spec)) == spec


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("N,3,,4", "'' in the input"),
        ("N,3.5", "'3.5'"),
        ("N,0", "a size of 0"),
        ("N,3:float31", "did you mean float32"),
        ("N,3:", "ends with a colon"),
        ("2x=N", "is no name of an argument"),
        ("N,-1", "'-1'"),
    ],
)
def test_what_is_no_input_is_refused_in_one_line(text: str, part: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_input(text)
    assert part in str(raised.value)
    assert "\n" not in str(raised.value)


def test_inputs_with_names_come_last_and_once() -> None:
    with pytest.raises(InputError, match="given twice"):
        parse_inputs(["a=N", "a=N"])
    with pytest.raises(InputError, match="has no name"):
        parse_inputs(["a=N", "N,3"])


class Words(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.large, self.small = nn.Embedding(100, 4), nn.Embedding(5, 4)

    def forward(self, tokens: torch.Tensor, offsets: torch.Tensor | None = None) -> torch.Tensor:
        return self.large(tokens) + self.small(tokens)


def test_tensors_are_real_and_the_same_each_time() -> None:
    specs = parse_inputs(["N,50:int64", "offsets=N:int64"])
    args, kwargs, letters = make_inputs(specs, Words(), sizes={"N": 3})
    assert args[0].shape == (3, 50)
    assert args[0].min() >= 0 and args[0].max() < 5
    assert kwargs["offsets"].tolist() == [0, 0, 0]
    assert letters == (("N", None), ("N",))
    assert torch.equal(args[0], make_inputs(specs, Words(), sizes={"N": 3})[0][0])


def test_making_inputs_leaves_the_random_state_alone() -> None:
    before = torch.get_rng_state()
    make_inputs(parse_inputs(["N,3"]), Guarded())
    assert torch.equal(torch.get_rng_state(), before)


def test_inputs_that_forward_does_not_take_are_refused() -> None:
    with pytest.raises(InputError, match="did you mean tokens"):
        make_inputs(parse_inputs(["token=N,3:int64"]), Words())
    with pytest.raises(InputError, match="3 inputs were given, and forward of Words takes 2"):
        make_inputs(parse_inputs(["N", "N", "N"]), Words())


class Guarded(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[1] // 2 != 4:
            raise ValueError("four pairs, please")
        return x


def test_comparisons_of_sizes_are_recorded_while_watched_and_only_then() -> None:
    with watching_comparisons():
        watched = record(Guarded(), (torch.ones(2, 8),))
    compared = [call for call in watched.calls if call.name == "compare_sizes"]
    assert [call.arguments["relation"] for call in compared] == ["!="]
    assert [call.result for call in compared] == [False]
    unwatched = record(Guarded(), (torch.ones(2, 8),))
    assert not [call for call in unwatched.calls if call.name == "compare_sizes"]
