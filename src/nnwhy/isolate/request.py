"""What a worker is asked to do: the job, its payload, and everything of the caller's surroundings that it should see."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import asdict, dataclass
from typing import Any

from nnwhy.facts.codec import Json
from nnwhy.isolate.outcome import Limits


@dataclass(frozen=True, slots=True)
class Request:
    """A job and its surroundings.

    job:         "package.module:function"
    payload:     the function's keyword arguments, JSON data
    directory:   its working directory (absolute)
    environment: its `os.environ`
    search_path: its `sys.path`
    umask:       its file mode mask
    """

    job: str
    payload: dict[str, Json]
    directory: str
    environment: dict[str, str]
    search_path: list[str]
    umask: int
    limits: Limits


def request_for(job: str, payload: dict[str, Json], *, limits: Limits, directory: str) -> Request:
    """The request that has a job see what this process sees."""
    here = os.getcwd()
    return Request(
        job=job,
        payload=payload,
        directory=os.path.join(here, directory),
        environment=dict(os.environ),
        search_path=[os.path.join(here, entry) if entry else here for entry in sys.path],
        umask=_umask(),
        limits=limits,
    )


def request_to_json(request: Request) -> Json:
    """JSON data for a request."""
    return asdict(request)


def request_from_json(data: Any) -> Request:
    """The request that `request_to_json` made `data` of."""
    surroundings = {name: value for name, value in data.items() if name != "limits"}
    return Request(**surroundings, limits=Limits(**data["limits"]))


def _umask() -> int:
    """Linux tells it; elsewhere it can only be read by setting it, and 0o077 for that moment is the safe side."""
    with contextlib.suppress(OSError), open("/proc/self/status") as file:
        for line in file:
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
