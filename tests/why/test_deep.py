"""Deep and long networks: derivations walk without recursion, and their cost grows with the number of calls."""

import time

import torch
from torch import nn
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from nnwhy.trace import record
from nnwhy.why.derive import Derivations


class Long(nn.Module):
    """Each step takes a column away, or puts one there."""

    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def forward(self, x):
        for step in range(self.steps):
            x = functional.pad(x, (1, 0)) if step % 2 else x[:, 1:]
        return x


def test_ten_thousand_steps_are_derived_in_linear_time():
    def derived(steps):
        trace = record(Long(steps), (torch.zeros(2, 5),), how="real")
        start = time.process_time()
        derivation = Derivations(trace).of(trace.calls[-1].outputs[0], 1)
        return derivation, time.process_time() - start

    derived(10)
    _, short = derived(1_000)
    derivation, long = derived(10_000)
    assert derivation.grounded and derivation.value == 5 and len(derivation.steps) > 10_000
    assert long < 40 * short


def test_a_join_that_grows_has_a_closed_form():
    class Growing(nn.Module):
        def forward(self, x):
            parts = [x]
            for step in range(100):
                parts.append(functional.pad(parts[-1], (0, 1)) if step % 2 else parts[-1])
            return torch.cat(parts, 1)

    trace = record(Growing(), (torch.zeros(2, 5),), letters=(("N", "W"),), how="real")
    derivation = Derivations(trace).of(trace.calls[-1].outputs[0], 1)
    assert derivation.grounded and derivation.closed == "101·W + 2500"


def test_a_model_of_126_layers_is_recorded_without_memory():
    config = LlamaConfig(
        hidden_size=16384, intermediate_size=53248, num_attention_heads=128, num_key_value_heads=8,
        num_hidden_layers=126, vocab_size=128256,
    )  # fmt: skip
    with torch.device("meta"):
        net = LlamaForCausalLM(config).eval()
    trace = record(net, (torch.zeros(1, 64, dtype=torch.int64),))
    assert (trace.how.kind, trace.complete) == ("meta", True)
    derivations = Derivations(trace)
    made = trace.calls[-1].outputs[0]
    assert trace.tensors[made].shape == (1, 64, 128256)
    assert [derivations.of(made, axis).steps[0].kind for axis in range(2)] == ["input", "input"]
    assert derivations.of(made, 2).steps[0].about == "lm_head.out_features"
