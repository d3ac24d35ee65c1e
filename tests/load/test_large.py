"""Networks of any size are built; what is small stays real."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from nnwhy.load import load
from nnwhy.load.large import MetaBeyond


def test_a_small_network_is_real_to_the_last_tensor() -> None:
    with MetaBeyond() as watch:
        made = nn.Sequential(nn.Linear(100, 100), nn.BatchNorm1d(100), nn.LSTM(10, 10))
    assert watch.meta_elements == 0
    assert not any(tensor.is_meta for tensor in made.state_dict().values())


def test_beyond_the_limit_large_tensors_have_no_memory_and_small_ones_have_values() -> None:
    with MetaBeyond(real_bytes=1 << 20) as watch:
        first = nn.Linear(500, 500)
        second = nn.Linear(5000, 5000)
        rates = [rate.item() for rate in torch.linspace(0, 0.5, 3)]
        steps = torch.zeros(10) + 1
    assert not first.weight.is_meta
    assert second.weight.is_meta
    assert not second.bias.is_meta
    assert rates == [0.0, 0.25, 0.5]
    assert steps.sum().item() == 10
    assert watch.meta_elements == 25_000_000


def test_every_factory_is_counted() -> None:
    for make in (
        lambda: torch.empty(2000, 2000),
        lambda: torch.zeros((2000, 2000)),
        lambda: torch.ones(size=(2000, 2000)),
        lambda: torch.full((2000, 2000), 3.0),
        lambda: torch.eye(2000),
        lambda: torch.randn(2000, 2000, dtype=torch.float64),
        lambda: torch.rand(2000, 2000, generator=torch.Generator()),
    ):
        with MetaBeyond(real_bytes=0) as watch:
            assert make().is_meta
        assert watch.meta_elements == 4_000_000


def test_a_device_that_was_asked_for_is_kept() -> None:
    with MetaBeyond(real_bytes=0):
        assert torch.empty(2000, 2000, device="meta").is_meta
    assert not torch.empty(2000, 2000).is_meta


def test_a_constructor_that_computes_with_values_gets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(int(torch.ones(400, 400).sum()) // 40_000, 2)\n"
    )
    monkeypatch.setattr(MetaBeyond.__init__, "__defaults__", (0,))
    loaded = load(f"{path}:Net")
    assert loaded.module.fc.in_features == 4
    assert loaded.device == "cpu"
