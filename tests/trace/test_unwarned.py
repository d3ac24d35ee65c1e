"""What a pass of ours warns of is not shown, and what the user was told is not told again."""

from __future__ import annotations

import warnings

import pytest

from nnwhy.trace import unwarned as room
from nnwhy.trace.unwarned import unwarned


def test_nothing_is_shown_inside_and_everything_afterwards() -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with unwarned(), unwarned():
            warnings.warn("inside", stacklevel=1)
        warnings.warn("after", stacklevel=1)
    assert [str(warning.message) for warning in shown] == ["after"]


def test_where_nothing_is_shown_anyway_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with unwarned():
        monkeypatch.setattr(room, "_version", lambda: pytest.fail("looked at the filters again"))
        with unwarned():
            warnings.warn("inside", stacklevel=1)
        monkeypatch.undo()
