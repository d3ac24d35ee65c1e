"""Crashes because of two devices are explained; the meta device stands for the second one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nnwhy.api.crash import crash_findings


def test_a_network_and_its_input_on_two_devices() -> None:
    net = nn.Sequential(nn.Linear(6, 16), nn.Linear(16, 1)).to("meta")
    with pytest.raises(Exception, match="device") as raised:
        net(torch.randn(8, 6))
    (finding,) = crash_findings(raised.value)
    assert finding.check == "device-mismatch"
    assert finding.sentence == "the weights of Sequential are on meta, the input of Sequential is on cpu"


def test_a_crash_of_another_kind_is_not_taken_for_one() -> None:
    net = nn.Sequential(nn.Linear(6, 16), nn.Linear(8, 1))
    with pytest.raises(RuntimeError) as raised:
        net(torch.randn(8, 6))
    assert "device-mismatch" not in [finding.check for finding in crash_findings(raised.value)]
