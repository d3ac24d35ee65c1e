"""What the warm worker loads while nobody asks: every verb that runs on a target, and what their registries find in folders.

And what a worker that stands by goes through: the first pass and the first look of a process take a third longer than the next.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from nnwhy import layers
from nnwhy.api import check, check_targets, contract, targets
from nnwhy.checks.basis.registry import all_checks
from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.load import arguments, candidates, hints, large, literal, reading, running
from nnwhy.load.source import read_source
from nnwhy.trace import record
from nnwhy.trace.naming import full_name
from nnwhy.trace.unwarned import unwarned
from nnwhy.why.registry import rules

VERBS = (check, check_targets, contract, targets)
LOADING = (arguments, candidates, hints, large, literal, reading, running)

layers.cards()
all_checks()
rules()
full_name(torch.relu)  # has torch list its functions once, without running one


def rehearsal() -> Iterator[None]:
    """A look at a small network with two mistakes, step by step; nothing is kept of it. For a worker that stands by."""
    with unwarned():
        network = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(3, 8, 3), nn.MaxPool2d(2),
            nn.Dropout(), nn.Flatten(), nn.Linear(10, 5), nn.LogSoftmax(1),
        )  # fmt: skip
        image = torch.zeros(2, 1, 16, 16)
        yield
        network[0](image)
        yield
        trace = record(network, (image,))
        yield
        source = read_source(__file__)
        yield
        reading.names_in(ast.parse(Path(__file__).read_text(encoding="utf-8")))
        yield
        findings_of(Subject({source.path: source} if source is not None else {}, trace))
