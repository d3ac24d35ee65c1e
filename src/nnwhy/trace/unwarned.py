"""Passes of ours whose warnings nobody should see, in a process in which the user's own warnings go on as before."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

_NONE = ("ignore", None, Warning, None, 0)


@contextmanager
def unwarned() -> Generator[None]:
    """No warning is shown inside.

    Python tells a warning once a line as long as nobody changes its filters; `catch_warnings` changes them, so that the
    user would be told everything again. Here what was told stays told. Where no warning is shown anyway, nothing is done.
    """
    if warnings.filters[:1] == [_NONE]:
        yield
        return
    before = _version()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        now = _version()
        loaded: list[object] = list(sys.modules.values())
        for module in loaded:
            told = vars(module).get("__warningregistry__") if isinstance(module, ModuleType) else None
            if told and told.get("version") == before:
                told["version"] = now


class _Probe(Warning):
    """Shown to nobody."""


def _version() -> Any:
    """The state of the filters, as each registry notes it: it has no other way out of the C code."""
    registry: dict[Any, Any] = {}
    shown, warnings.showwarning = warnings.showwarning, lambda *_args, **_kwargs: None
    try:
        with suppress(_Probe):  # where warnings are errors
            warnings.warn_explicit(_Probe(), _Probe, __file__, 1, registry=registry)
    finally:
        warnings.showwarning = shown
    return registry.get("version")
