"""Architectures of transformers: the trace succeeds, and nearly every size in it is explained, and truly."""

import warnings

import pytest
import torch
from architectures import ARCHITECTURES, build
from torch import nn

from nnwhy.facts.expression import evaluate
from nnwhy.trace import record
from nnwhy.why.derive import Derivations
from sizes_of_trace import coverage, sample

# Their code asks tensors for values: fake tensors have those of constants, the meta device has none.
FAKE = {
    "Bart", "Blenderbot", "ConvBert", "Deberta", "DebertaV2", "Marian", "Pegasus", "Perceiver", "SqueezeBert",
}  # fmt: skip
# XLM asks for values of its inputs; Mixtral's matrix product has no meta form in float32.
REAL = {"XLM", "Mixtral"}
PASSES = [(name, "real") for name in ARCHITECTURES] + [
    (name, "fake" if name in FAKE else "meta") for name in ARCHITECTURES if name not in REAL
]


@pytest.mark.parametrize("name, how", PASSES)
def test_the_sizes_of_an_architecture_are_explained(name, how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net, inputs = build(name)
        trace = record(net, (), inputs, how=how)
    assert trace.complete and not trace.failures
    derivations = Derivations(trace)
    found = coverage(derivations)
    assert found.dimensions > 100 and not found.wrong
    assert found.share >= 0.99, found.causes
    for tensor, axis in sample(trace, 25):
        derivation = derivations.of(tensor, axis)
        assert derivation.value == trace.tensors[tensor].shape[axis]
        assert all(evaluate(step.expression) == step.value for step in derivation.steps)
        closed = derivations.closed(tensor, axis)
        assert closed is None or evaluate(closed) == derivation.value


def test_a_size_from_nowhere_counts_as_unexplained():
    """The measurement itself can fail."""

    class Outside(nn.Module):
        def forward(self, x):
            return torch.from_numpy(x.numpy()[:, :2]) * 2

    found = coverage(Derivations(record(Outside(), (torch.zeros(2, 4),), how="real")))
    assert found.share < 1 and found.causes
