"""Messages between our processes: a length of eight bytes, then JSON text. Nothing is ever unpickled."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

LENGTH = struct.Struct(">Q")
LARGEST = 256 << 20
"""No message is longer (bytes): a length above it can only be noise."""


class Broken(Exception):
    """The other side went away, was too slow or sent what is not a message."""


class Gone(Broken):
    """The other side closed its end."""


def send(descriptor: int, data: bytes) -> None:
    """Write one message. Raises OSError where nobody reads any more."""
    view = memoryview(LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(descriptor, view) :]


def receive(descriptor: int, *, within: float | None = None) -> bytes:
    """Read one message, in at most `within` seconds (None: wait for ever). Raises Broken."""
    deadline = None if within is None else time.monotonic() + within
    (size,) = LENGTH.unpack(_exactly(descriptor, LENGTH.size, deadline))
    if size > LARGEST:
        raise Broken(f"a message of {size} bytes was announced")
    return _exactly(descriptor, size, deadline)


def send_json(descriptor: int, data: Any) -> None:
    """Write `data` as one message."""
    send(descriptor, json.dumps(data).encode())


def receive_json(descriptor: int, *, within: float | None = None) -> Any:
    """Read one message of JSON. Raises Broken."""
    text = receive(descriptor, within=within)
    try:
        return json.loads(text)
    except ValueError as error:
        raise Broken(f"a message is not JSON: {error}") from None


def wait_for_data(descriptor: int, seconds: float) -> None:
    """Return as soon as something can be read. Raises Broken where nothing comes in `seconds`. Not on Windows."""
    poll = select.poll()  # not select.select, which refuses descriptors above 1023
    poll.register(descriptor, select.POLLIN)
    if not poll.poll(max(0.0, seconds) * 1000):
        raise Broken("no message came in time")


def _exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while size:
        if deadline is not None:
            wait_for_data(descriptor, deadline - time.monotonic())
        try:
            part = os.read(descriptor, min(size, 1 << 20))
        except ConnectionError as error:
            raise Gone(str(error)) from None
        except OSError as error:
            raise Broken(str(error)) from None
        if not part:
            raise Gone("the other side went away")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
