"""Passes of ours through the script's own networks, of which the script must not notice anything."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import nn

_OF_A_CALL = ("_forward_hooks", "_forward_pre_hooks")


@contextmanager
def unnoticed(*networks: nn.Module) -> Generator[bool, None, None]:
    """What is printed or logged inside is not shown, hooks of the script on `networks` are not called (those of torch, which make
    weights, are), and what a `forward` adds to the script's own lists is taken out again. Gives whether there are hooks of the
    script's: a pass without them may be another one."""
    parts = [part for network in networks for part in network.modules()]
    with ExitStack() as stack:
        stack.enter_context(_unheard())
        stack.enter_context(_as_long_as_before(parts))
        unhooked = [stack.enter_context(_without(hooks)) for part in parts for hooks in _hooks_of(part)]
        yield bool(unhooked)


def _hooks_of(part: nn.Module) -> Iterator[dict[int, Any]]:
    """The part's registries that have hooks of the script."""
    for name in _OF_A_CALL:
        hooks: dict[int, Any] = getattr(part, name)
        if any(not _of_torch(hook) for hook in hooks.values()):
            yield hooks


def _of_torch(hook: Any) -> bool:
    module = getattr(hook, "__module__", None) or type(hook).__module__
    return module.partition(".")[0] == "torch"


@contextmanager
def _without(hooks: dict[int, Any]) -> Generator[None, None, None]:
    before = dict(hooks)
    for key, hook in before.items():
        if not _of_torch(hook):
            del hooks[key]
    try:
        yield
    finally:
        hooks.clear()
        hooks.update(before)


@contextmanager
def _as_long_as_before(parts: list[nn.Module]) -> Generator[None, None, None]:
    """Lists and dictionaries of the modules in which the networks' classes stand lose what was added to them."""
    forwards = [getattr(type(part), "forward", None) for part in parts if not _of_torch(type(part))]
    spaces = {
        id(space): space for one in forwards if (space := getattr(one, "__globals__", None)) is not None
    }
    things = [thing for space in spaces.values() for thing in space.values()]
    lists = [(thing, len(thing)) for thing in things if type(thing) is list]
    dicts = [(thing, len(thing)) for thing in things if type(thing) in (dict, defaultdict)]
    try:
        yield
    finally:
        for thing, length in lists:
            del thing[length:]
        for thing, length in dicts:
            while len(thing) > length:
                thing.popitem()


class _Nowhere(io.TextIOBase):
    """Takes what one thread writes; what others write goes where it went before."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._thread = threading.get_ident()

    def write(self, text: str, /) -> int:
        if threading.get_ident() == self._thread:
            return len(text)
        written: int = self._stream.write(text)
        return written

    def flush(self) -> None:
        if threading.get_ident() != self._thread:
            self._stream.flush()


@contextmanager
def _unheard() -> Generator[None, None, None]:
    streams, disabled = (sys.stdout, sys.stderr), logging.root.manager.disable
    sys.stdout, sys.stderr = _Nowhere(sys.stdout), _Nowhere(sys.stderr)
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(disabled)
        sys.stdout, sys.stderr = streams
