"""The IPython extension: `%load_ext nnwhy` explains crashes in cells."""

from __future__ import annotations

from typing import Any

from nnwhy.api.install import install, uninstall


def load_ipython_extension(ipython: Any) -> None:
    """Called by `%load_ext nnwhy`."""
    install()


def unload_ipython_extension(ipython: Any) -> None:
    """Called by `%unload_ext nnwhy`."""
    uninstall()
