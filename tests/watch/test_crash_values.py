"""Crashes of single calls that got something of the wrong kind, a state that does not fit, samples that make no batch."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from nnwhy.api.crash import crash_findings
from nnwhy.facts.finding import Finding
from nnwhy.fix.texts import edited

HEAD = """
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
x, y = torch.zeros(10, 8), torch.zeros(10, dtype=torch.int64)
w = torch.ones(8, 3, requires_grad=True)
arrays, numbers = [np.zeros(3), np.ones(3)], [0.5, 1.5]
prefixed = {f"module.{name}": value for name, value in net.state_dict().items()}
nested = {"epoch": 3, "model": net.state_dict()}
bigger = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 10)).state_dict()


class Uneven(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return torch.zeros(3, 8 + i), i


class Odd(Uneven):
    def __getitem__(self, i):
        return None if i == 2 else torch.zeros(3)
"""

TAIL = """

try:
    learn()
    error = None
except Exception as e:
    error = e
"""


def write(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "loop.py"
    lines = "\n    ".join(body.split("\n"))
    path.write_text(f"{HEAD}\n\ndef learn():\n    {lines}\n{TAIL}")
    return path


def explained(path: Path) -> tuple[Finding, ...]:
    error = runpy.run_path(str(path))["error"]
    assert error is not None
    return crash_findings(error)


CASES = [
    ("return net(x).numpy()", "tensor-for-numpy", "net(x)", "net(x).detach()"),
    ("return np.asarray(net(x))", "tensor-for-numpy", "net(x)", "net(x).detach()"),
    ("loss = F.cross_entropy(net(x), y, reduction='none')\nloss.backward()", "backward-of-many", "(10,)", "loss.mean().backward()"),
    ("return (net(x).argmax(1) == y).item()", "many-as-one", "10 values", "(net(x).argmax(1) == y).sum().item()"),
    ("if net(x).argmax(1) == y:\n    return 1", "many-as-one", "(10,)", "(net(x).argmax(1) == y).all()"),
    ("return nn.CrossEntropyLoss(net(x), y)", "layer-called-wrong", "CrossEntropyLoss", "nn.CrossEntropyLoss()(…)"),
    ("return torch.cat(arrays)", "sequence-of-others", "ndarray", "[torch.from_numpy(item) for item in arrays]"),
    ("return torch.stack(numbers)", "sequence-of-others", "float", "torch.tensor(numbers)"),
    ("return torch.tensor([x, x])", "sequence-of-others", "Tensor", "torch.stack([x, x])"),
    ("return torch.tensor([[1, 2], [3]])", "sequence-of-others", "1 to 2", "torch.nn.utils.rnn.pad_sequence("),
    ("return torch.optim.Adam(net.parameters, lr=0.1)", "method-not-called", "net.parameters", "net.parameters()"),
    ("return torch.optim.SGD(net, lr=0.1)", "method-not-called", "network net", "net.parameters()"),
    ("global w\nw -= 0.1 * torch.ones(3)", "changed-in-place", "w is a parameter", "with torch.no_grad(): …"),
    ("net.load_state_dict(prefixed)", "state-dict", "4 names", '{name.removeprefix("module."): value'),
    ("net.load_state_dict(nested)", "state-dict", "too few", 'nested["model"]'),
    ("net.load_state_dict(bigger)", "state-dict", "2 tensors", "{name: value for name, value in bigger.items()"),
    ("return net(np.zeros((10, 8), dtype=np.float32))", "array-for-tensor", "NumPy array", "torch.from_numpy("),
]  # fmt: skip


@pytest.mark.parametrize(("body", "check", "says", "label"), CASES)
def test_it_is_told_with_a_way_out_that_works(
    tmp_path: Path, body: str, check: str, says: str, label: str
) -> None:
    path = write(tmp_path, body)
    (finding,) = explained(path)
    assert finding.check == check
    assert says in finding.sentence
    assert finding.fixes[0].label.startswith(label)
    mended = edited({str(path): path.read_text()}, finding.fixes[0].edits)[str(path)]
    path.write_text(mended)
    assert runpy.run_path(str(path))["error"] is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("for pair in DataLoader(Uneven(), batch_size=2):\n    pass", "(3, 8) and (3, 9)"),
        ("for one in DataLoader(Odd(), batch_size=4):\n    pass", "sample 2 of a batch of 4 is NoneType"),
    ],
)
def test_samples_that_make_no_batch_are_told_where_they_are_made(
    tmp_path: Path, body: str, says: str
) -> None:
    (finding,) = explained(write(tmp_path, body))
    assert finding.check == "samples-differ"
    assert says in finding.sentence
    assert finding.place is not None
    assert "torch.zeros(3" in (HEAD.split("\n")[finding.place.line - 1])


@pytest.mark.parametrize(
    "body",
    [
        "return {'a': net(x)}['b']",
        "raise ValueError(net(x))",
        "return int('three') + net(x)",
        "global w\nwith torch.no_grad():\n    w -= 'a'",
        "assert len(x) == 3, 'too many'",
    ],
)
def test_other_exceptions_are_left_alone(tmp_path: Path, body: str) -> None:
    assert explained(write(tmp_path, body)) == ()
