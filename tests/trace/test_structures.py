"""What goes into a network and comes out of it: any structure, any dtype, any size."""

from collections import namedtuple
from dataclasses import dataclass

import pytest
import torch
from torch import nn

from nnwhy.facts.value import TensorRef
from nnwhy.trace import record
from nnwhy.why.derive import Derivations

Pair = namedtuple("Pair", "first second")


@dataclass
class Parts:
    whole: torch.Tensor
    rest: list


class Nested(nn.Module):
    """Takes a dict and a named tuple, gives a dict with a named tuple and a dataclass in it."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 3)

    def forward(self, given, pair, *, extra):
        return {
            "out": self.linear(given["x"]),
            "pair": Pair(pair.first + 1, [pair.second]),
            "parts": Parts(extra, [pair.first * 2]),
        }


def test_nested_structures_come_in_and_go_out():
    trace = record(
        Nested(),
        ({"x": torch.zeros(2, 4)}, Pair(torch.zeros(3), torch.zeros(1))),
        {"extra": torch.zeros(5)},
    )
    assert [given.name for given in trace.inputs] == ["given", "pair", "extra"]
    result = trace.result
    assert trace.tensors[result["out"].id].shape == (2, 3)
    assert trace.tensors[result["pair"][0].id].shape == (3,)
    assert isinstance(result["pair"][1][0], TensorRef)
    assert trace.tensors[result["parts"]["whole"].id].origin.name == "extra"
    assert trace.tensors[result["parts"]["rest"][0].id].origin.kind == "call"


def test_tensors_inside_a_dataclass_are_inputs_with_a_name():
    class Sum(nn.Module):
        def forward(self, parts):
            return parts.whole + parts.rest[0]

    trace = record(Sum(), (Parts(torch.zeros(3), [torch.zeros(3)]),))
    names = [trace.tensors[tensor].origin.name for tensor in trace.calls[-1].inputs]
    assert names == ["parts[0]", "parts[1]"]


@pytest.mark.parametrize("how", ["real", "meta", "fake"])
@pytest.mark.parametrize("dtype", [torch.complex64, torch.bool, torch.int64, torch.float16, torch.float64])
def test_any_dtype_is_taken(how, dtype):
    class Turned(nn.Module):
        def forward(self, x):
            return x.transpose(0, 1).contiguous()

    trace = record(Turned(), (torch.zeros(2, 3, dtype=dtype),), how=how)
    made = trace.tensors[trace.calls[-1].outputs[0]]
    assert (made.shape, made.dtype) == ((3, 2), str(dtype).removeprefix("torch."))


@pytest.mark.parametrize("how", ["real", "meta", "fake"])
def test_tensors_without_elements_and_without_axes_are_tensors_too(how):
    class Through(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 3)

        def forward(self, x, scale):
            return self.linear(x) * scale

    trace = record(Through(), (torch.zeros(0, 4), torch.tensor(2.0)), how=how)
    assert trace.complete
    assert trace.tensors[trace.calls[-1].outputs[0]].shape == (0, 3)


def test_things_that_are_no_tensors_pass_through():
    class Options(nn.Module):
        def forward(self, x, mode, scale=2.5, nothing=None, flags=(True, "a")):
            return (x * scale, mode, nothing, 7, flags)

    trace = record(Options(), (torch.zeros(2), "twice"))
    assert trace.result[1:] == ("twice", None, 7, (True, "a"))
    assert [given.value for given in trace.inputs][1:] == ["twice"]


def test_an_input_that_is_handed_back_stays_itself():
    class Identity(nn.Module):
        def forward(self, x):
            return x

    trace = record(Identity(), (torch.zeros(2, 3),))
    assert trace.result == trace.inputs[0].value
    assert Derivations(trace).of(trace.result.id, 1).steps[0].kind == "input"


def test_a_structure_that_is_changed_later_is_recorded_as_it_was():
    class Giving(nn.Module):
        def forward(self, x):
            return {"first": x.exp()}

    class Changing(nn.Module):
        def __init__(self):
            super().__init__()
            self.part = Giving()

        def forward(self, x):
            parts, listed = self.part(x), [x]
            joined = torch.cat(listed)
            listed.append(joined)
            parts["first"] = parts["first"].sum()
            return parts, torch.cat(listed)

    trace = record(Changing(), (torch.zeros(2, 3),))
    part = next(call for call in trace.calls if call.module == "part")
    assert trace.tensors[part.result["first"].id].shape == (2, 3)
    assert [len(call.arguments["tensors"]) for call in trace.calls if call.name == "cat"] == [1, 2]
    assert trace.tensors[trace.result[0]["first"].id].origin.kind == "call"
