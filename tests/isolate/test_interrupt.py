"""A client that is interrupted or killed leaves no process, socket or file of its job."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from isolate_processes import jobs_left, wait_until

from nnwhy import isolate

CLIENT = """
import sys
from nnwhy import isolate
try:
    isolate.run("isolate_jobs:note_and_hang", {"path": sys.argv[1]}, warm=sys.argv[2] == "warm")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("kind", ["warm", "cold"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_an_interrupted_job(
    own_directory: Path, tmp_path: Path, kind: str, number: signal.Signals
) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", CLIENT, str(notes), kind]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as client:
        assert wait_until(lambda: len(notes.read_text().split()) >= 3)
        client.send_signal(number)
        shown, _ = client.communicate(timeout=10)
    assert shown == ("interrupted\n" if number == signal.SIGINT else "")
    daemons = {status.pid for status in isolate.daemon_status(own_directory)}
    assert len(daemons) == (1 if kind == "warm" else 0)
    assert wait_until(lambda: not jobs_left(own_directory, daemons))
    job = [int(word) for word in notes.read_text().split()]
    assert wait_until(lambda: not any(Path(f"/proc/{process}/exe").exists() for process in job))
    assert len(list(own_directory.iterdir())) == len(daemons)  # the socket of the daemon, nothing else
    assert list(temporary.iterdir()) == []
