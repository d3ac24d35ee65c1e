"""Messages arrive whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from nnwhy.isolate import wire


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for descriptor in (reader, writer):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_a_message_larger_than_a_pipe_arrives_whole(pipe: tuple[int, int]) -> None:
    data = {"text": "é\ud800" * 300_000, "number": 1.5, "nothing": None}
    sender = threading.Thread(target=wire.send_json, args=(pipe[1], data))
    sender.start()
    assert wire.receive_json(pipe[0], within=10) == data
    sender.join()


def test_an_end_within_a_message_is_told(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], wire.LENGTH.pack(10) + b"short")
    os.close(pipe[1])
    with pytest.raises(wire.Gone):
        wire.receive(pipe[0])


def test_a_message_that_does_not_come_in_time_is_told(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], wire.LENGTH.pack(10) + b"short")
    with pytest.raises(wire.Broken, match="in time"):
        wire.receive(pipe[0], within=0.05)


def test_noise_is_not_taken_for_a_message(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], b"Hello, world")
    with pytest.raises(wire.Broken, match="bytes was announced"):
        wire.receive(pipe[0])
    os.read(pipe[0], 100)
    wire.send(pipe[1], b"{not json")
    with pytest.raises(wire.Broken, match="not JSON"):
        wire.receive_json(pipe[0])
