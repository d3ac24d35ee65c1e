"""The demonstration: the recipe's network, trained on real digits, and what dropout does to its feature maps."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from nnwhy.data import digits, normalised
from nnwhy.examples.recipe import Net
from nnwhy.facts.explanation import Answer, Explanation
from nnwhy.facts.picture import LayerShown
from nnwhy.show import show
from nnwhy.trace import record
from nnwhy.why.questions import answer
from nnwhy.why.steps import explain

TRAINING, BATCH, EPOCHS, SEED = 4000, 64, 2, 0
_SHOWN = 8


@dataclass(frozen=True)
class Trained:
    """The trained network, its accuracy on the pictures it has not seen (0…1), and how many those were."""

    net: nn.Module
    accuracy: float
    tested: int
    images: torch.Tensor


def train(progress: Callable[[int, int, float], None]) -> Trained:
    """Train the recipe's network on 4,000 digits for two epochs; `progress` gets the step, all steps and the loss."""
    torch.manual_seed(SEED)
    images, labels = digits()
    order = torch.randperm(len(labels))
    x = torch.from_numpy(normalised(images))[order]
    y = torch.from_numpy(labels.astype("int64"))[order]
    net = Net()
    # The recipe's second Dropout2d gets a flat tensor, about which torch warns at every step; the demonstration says it once, in words.
    warnings.filterwarnings("ignore", message="dropout2d: Received a 2-D input")
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    steps = EPOCHS * -(-TRAINING // BATCH)
    step = 0
    for _ in range(EPOCHS):
        for batch in torch.randperm(TRAINING).split(BATCH):
            optimizer.zero_grad()
            loss = F.nll_loss(net(x[batch]), y[batch])
            loss.backward()
            optimizer.step()
            step += 1
            progress(step, steps, loss.item())
    net.eval()
    with torch.no_grad():
        right = sum(
            int((net(x[part]).argmax(1) == y[part]).sum())
            for part in torch.arange(TRAINING, len(y)).split(250)
        )
    return Trained(net, right / (len(y) - TRAINING), len(y) - TRAINING, x[TRAINING:])


def explained(trained: Trained) -> tuple[Explanation, Answer]:
    """What each layer of the trained network does, and where its 9216 comes from."""
    trace = record(trained.net, (torch.zeros(2, 1, 28, 28),), letters=(("N", None, None, None),))
    return explain(trace), answer(trace, "fc1.in_features")


def dropout_shown(trained: Trained) -> tuple[LayerShown, LayerShown]:
    """What dropout1 does to eight unseen digits, and what nn.Dropout with the same p would do in its place."""
    single: Any = copy.deepcopy(trained.net)
    single.dropout1 = nn.Dropout(single.dropout1.p)
    images = trained.images[:_SHOWN]
    source = f"{_SHOWN} digits that the network has not seen"
    channels, values = (
        show(net, (images,), {}, "dropout1", draws=2, seed=SEED, source=source)
        for net in (trained.net, single)
    )
    # The maps that go in are the same as in the first answer: one draw is enough.
    draw = next(picture for picture in values.pictures if "draw 1" in picture.title)
    return channels, replace(values, pictures=(draw,))


@dataclass(frozen=True)
class SmallExample:
    """A (2, 2, 4, 4) tensor of ones through Dropout2d and Dropout, in training, and Dropout2d in evaluation."""

    dropout2d: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]
    dropout: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]
    unchanged_in_eval: bool


def small_example() -> SmallExample:
    """The example that people meet in forum answers, with p = 0.5 and a fixed seed."""
    ones = torch.ones(2, 2, 4, 4)
    layer = nn.Dropout2d(0.5)
    torch.manual_seed(SEED + 3)
    channels = layer(ones)
    values = nn.Dropout(0.5)(ones)
    return SmallExample(_nested(channels), _nested(values), bool(torch.equal(layer.eval()(ones), ones)))


def _nested(tensor: torch.Tensor) -> Any:
    return tuple(_nested(part) for part in tensor) if tensor.dim() else float(tensor)
