"""The watching mode is put on, taken off and put back without a mode of the script losing its place."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode, _len_torch_function_stack

from nnwhy.watch.modes import put_back, put_on, seen_again, take_off, unseen


class Counting(TorchFunctionMode):
    """Counts what it sees."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


@pytest.fixture
def ours() -> Generator[Counting, None, None]:
    mode = Counting()
    put_on(mode)
    yield mode
    take_off(mode)
    assert _len_torch_function_stack() == 0


def test_a_mode_of_the_script_still_ends_itself_after_ours_was_away(ours: Counting) -> None:
    x = torch.ones(2)
    with torch.device("meta"):
        below = take_off(ours)
        assert below == 1
        put_back(ours, below)
    count = ours.count
    assert torch.ones(2).device.type == "cpu"
    torch.add(x, x)
    assert ours.count > count


def test_taking_off_what_is_not_on_changes_nothing(ours: Counting) -> None:
    assert take_off(Counting()) is None
    assert _len_torch_function_stack() == 1
    torch.ones(2)
    assert ours.count == 1


def test_unseen_calls_reach_no_mode_until_seen_again(ours: Counting) -> None:
    x = torch.ones(2)
    ours.count = 0
    with unseen():
        torch.add(x, x)
        assert ours.count == 0
        with seen_again():
            torch.add(x, x)
        assert ours.count == 1
        torch.add(x, x)
    assert ours.count == 1
