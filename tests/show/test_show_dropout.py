"""Dropout: what is dropped as one, how much, and what becomes of the rest."""

import pytest
import torch
from torch import nn

from nnwhy.examples.recipe import Net
from nnwhy.show import show
from nnwhy.show.measures import neighbour_correlation


def smooth(*shape):
    """Maps whose neighbouring pixels are alike, with zeros of their own as after a ReLU."""
    noise = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    return nn.functional.avg_pool2d(noise, 5, 1, 2).relu()


def shown(layer, x, **how):
    return show(nn.Sequential(layer), (x,), {}, "0", **how)


def values(answer, label):
    return next(row.values for table in answer.numbers for row in table.rows if row.label.strip() == label)


MAPS = smooth(8, 40, 12, 12)


def test_dropout2d_drops_whole_maps():
    answer = shown(nn.Dropout2d(0.25), MAPS)
    assert "a map is black as a whole" in answer.see and "1.33 = 1 / (1 − 0.25)" in answer.see
    before, *draws, evaluation = answer.pictures
    assert evaluation.title == "evaluation: unchanged" and evaluation.tiles == before.tiles
    assert any(tile.marked for draw in draws for tile in draw.tiles)
    for draw in draws:
        for tile, original in zip(draw.tiles, before.tiles, strict=True):
            factor = 0 if tile.marked else 4 / 3
            assert torch.allclose(
                torch.tensor(tile.values), torch.tensor(original.values) * factor, rtol=2e-3
            )
    kept, dropped = values(answer, "kept"), values(answer, "dropped")
    assert all(one + other == 320 for one, other in zip(kept, dropped, strict=True))
    assert all(50 <= count <= 110 for count in dropped)
    assert len(set(dropped)) > 1
    assert set(values(answer, "dropped along with a neighbour")[1:4]) == {"100.0%"}


def test_dropout_drops_single_values_and_neighbours_no_longer_agree():
    answer = shown(nn.Dropout(0.5), MAPS, draws=2)
    assert "single values are dropped" in answer.see
    draw = answer.pictures[1]
    for tile in draw.tiles:
        assert not tile.marked and 40 <= len(tile.spots) <= 104
        assert all(tile.values[row][column] == 0 for row, column in tile.spots)
    before, first, second, _ = values(answer, "neighbours' correlation")
    assert before > 0.7 and first < 0.4 and second < 0.4
    assert all(48 <= float(text[:-1]) <= 52 for text in values(answer, "dropped along with a neighbour")[1:3])


def test_the_correlation_of_kept_maps_does_not_change_under_dropout2d():
    answer = shown(nn.Dropout2d(0.5), MAPS)
    before, after = (values(answer, f"of the kept maps, {when}")[1:4] for when in ("before", "after"))
    assert before == pytest.approx(after, abs=1e-6)
    assert all(value > 0.7 for value in before)


def test_numbers_are_those_of_torch():
    answer = shown(nn.Dropout2d(0.25), MAPS, draws=1, seed=5)
    torch.manual_seed(5)
    expected = nn.functional.dropout2d(MAPS, 0.25, True)
    assert values(answer, "mean") == pytest.approx(
        (MAPS.mean().item(), expected.mean().item(), MAPS.mean().item())
    )
    assert values(answer, "neighbours' correlation")[1] == pytest.approx(neighbour_correlation(expected))
    dropped = int((expected.flatten(2) == 0).all(-1).sum() - (MAPS.flatten(2) == 0).all(-1).sum())
    assert values(answer, "dropped") == (dropped,)


@pytest.mark.parametrize(
    "layer, x",
    [(nn.Dropout1d(0.5), torch.ones(30, 20)), (nn.Dropout3d(0.5), torch.ones(30, 4, 5, 5))],
)
def test_whole_samples_that_vanish_are_said_to(layer, x):
    answer = shown(layer, x)
    assert "whole samples are erased" in answer.see
    assert "erases whole samples" in answer.notes[0]
    assert any(tile.marked for tile in answer.pictures[1].tiles)


def test_the_recipes_second_dropout_has_no_maps():
    answer = show(Net(), (torch.randn(4, 1, 28, 28),), {}, "dropout2")
    assert "single values" in answer.see
    assert answer.notes == (
        "Dropout2d was given 2 axes (4×128), which have no maps: it drops single values, as nn.Dropout does.",
    )


def test_a_channel_dropout_on_images_has_nothing_to_warn_of():
    assert shown(nn.Dropout2d(0.5), MAPS).notes == ()
    assert shown(nn.Dropout1d(0.5), torch.ones(4, 20, 6)).notes == ()


def test_alpha_dropout_keeps_mean_and_deviation():
    x = torch.randn(64, 400, generator=torch.Generator().manual_seed(0))
    answer = shown(nn.AlphaDropout(0.3), x, draws=1)
    assert "mean and deviation stay" in answer.see
    assert values(answer, "mean")[1] == pytest.approx(0, abs=0.05)
    assert values(answer, "standard deviation")[1] == pytest.approx(1, abs=0.05)
    assert float(values(answer, "share dropped")[0][:-1]) == pytest.approx(30, abs=1)


def test_dropout_by_a_function_is_shown_as_well():
    class Functional(nn.Module):
        def forward(self, x):
            return nn.functional.dropout2d(x, 0.5, self.training)

    answer = show(Functional(), (MAPS,), {}, "F.dropout2d")
    assert "a map is black as a whole" in answer.see
    assert answer.type == "dropout2d"


def test_stochastic_depth_of_other_libraries_is_known_by_its_name():
    class DropPath(nn.Module):
        def __init__(self):
            super().__init__()
            self.drop_prob = 0.5

        def forward(self, x):
            keep = torch.rand(len(x), 1, 1, 1) > self.drop_prob
            return x * keep / 0.5 if self.training else x

    assert "whole samples are erased" in shown(DropPath(), MAPS).see


def test_neighbours_of_noise_do_not_correlate_and_those_of_a_gradient_do():
    noise = torch.randn(1, 1, 200, 200, generator=torch.Generator().manual_seed(0))
    assert abs(neighbour_correlation(noise)) < 0.02
    rising = torch.arange(50.0).repeat(50, 1)[None]
    assert neighbour_correlation(rising) > 0.95
    assert neighbour_correlation(torch.ones(3, 4, 4)) is None
    assert neighbour_correlation(torch.ones(3)) is None
