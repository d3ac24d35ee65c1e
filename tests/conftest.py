"""What all tests share: no test leaves a warm worker behind, and none takes part in the user's own."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")


@pytest.fixture(autouse=True)
def no_warm_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that tests run start a worker of their own; the tests of the warm worker set this back."""
    monkeypatch.setenv("NNWHY_NO_DAEMON", "1")
