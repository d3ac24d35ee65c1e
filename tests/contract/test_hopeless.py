"""A network that no input can mend is not tried with every kind of input."""

from __future__ import annotations

import pytest
from torch import nn

from nnwhy.why import infer
from nnwhy.why.infer import infer_inputs


def test_one_kind_of_input_is_enough_where_two_layers_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[object, ...]] = []
    plain = infer.attempt

    def counted(module, specs, **options):
        tried.append(tuple(spec.sizes for spec in specs))
        return plain(module, specs, **options)

    monkeypatch.setattr(infer, "attempt", counted)
    found = infer_inputs(nn.Sequential(nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(16, 8, 3)))
    assert not found.fits
    assert [len(spec.sizes) for spec in found.inputs] == [4]
    assert {len(sizes[0]) for sizes in tried} == {4}
