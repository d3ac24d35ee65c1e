"""What all tests share: no test leaves a warm worker behind, none takes part in the user's own, and
none is timed: a busy machine is no failure."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def no_warm_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that tests run start a worker of their own; the tests of the warm worker set this back."""
    monkeypatch.setenv("NNWHY_NO_DAEMON", "1")
