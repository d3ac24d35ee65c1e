"""The search for an input tries no sizes twice and none that a search should not pay for."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
import torch
from torch import nn

from nnwhy.errors import InputError
from nnwhy.facts.contract import InputSpec
from nnwhy.trace.inputs import make_inputs
from nnwhy.why import infer
from nnwhy.why.infer import infer_inputs
from nnwhy.why.probing import LARGEST_INPUT


class Attending(nn.Module):
    """No input fits: its state has an axis too many for one of two layers, whichever it has."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(50, 64)
        self.query = nn.Linear(64, 64)
        self.lstm = nn.LSTM(128, 64, 2, batch_first=True)

    def forward(self, tokens: torch.Tensor, hidden: Any, memory: torch.Tensor) -> torch.Tensor:
        embedded = self.embedding(tokens)
        scores = (self.query(hidden[0]).transpose(0, 1) + memory).sum(2)
        context = torch.bmm(scores.unsqueeze(1), memory)
        return self.lstm(torch.cat((embedded, context), 2), hidden)[0]


def test_no_sizes_are_tried_twice_and_none_is_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[InputSpec, ...]] = []
    attempt = infer.attempt

    def counted(module: nn.Module, specs: Any, **settings: Any) -> Any:
        tried.append(tuple(specs))
        return attempt(module, specs, **settings)

    monkeypatch.setattr(infer, "attempt", counted)
    try:
        found = infer_inputs(Attending())
        assert not found.fits
    except InputError:
        pass
    assert len(tried) > 10
    assert len(set(tried)) == len(tried)
    assert all(prod(map(int, spec.sizes)) <= LARGEST_INPUT for specs in tried for spec in specs)


def test_the_samples_of_a_large_input_differ() -> None:
    args, _, _ = make_inputs([InputSpec((4, 3, 512, 512))], nn.Conv2d(3, 4, 3))
    images = args[0]
    assert images.shape == (4, 3, 512, 512)
    assert all(not torch.equal(images[i], images[j]) for i in range(4) for j in range(i))
    assert abs(float(images.mean())) < 0.01
    assert abs(float(images.std()) - 1) < 0.01


def test_large_tokens_are_below_the_number_of_embeddings() -> None:
    args, _, _ = make_inputs([InputSpec((700, 800), "int64")], nn.Embedding(11, 4))
    assert args[0].shape == (700, 800)
    assert int(args[0].min()) == 0
    assert int(args[0].max()) == 10
