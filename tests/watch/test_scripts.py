"""Training scripts with one planted mistake each, and scripts that are right: each runs under `nnwhy run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parents[1] / "scripts"
FAULTY = sorted((SCRIPTS / "faulty").glob("*.py"))
RIGHT = sorted((SCRIPTS / "right").glob("*.py"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the scripts run in forked processes")


@dataclass(frozen=True)
class Run:
    """What became of a script."""

    code: int
    out: str
    err: str
    findings: tuple[tuple[str, int | None, str], ...]
    session: dict[str, Any]


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "OMP_NUM_THREADS": "1",
        "NNWHY_DEBUG": "1",
        "NO_COLOR": "1",
    }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """All scripts, each run once."""
    folder = tmp_path_factory.mktemp("runs")
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("many_scripts.py")), str(folder), *map(str, FAULTY + RIGHT)],
        env=environment(), cwd=ROOT, check=True, timeout=1800,
    )  # fmt: skip
    return {path.stem: _read(folder, path.stem) for path in FAULTY + RIGHT}


def _read(folder: Path, name: str) -> Run:
    seen = json.loads((folder / f"{name}.json").read_text())["result"]
    findings = tuple(
        (one["check"], one["place"]["line"] if one["place"] else None, one["severity"])
        for one in seen["report"]["findings"]
    )
    texts = [(folder / f"{name}.{ending}").read_text() for ending in ("out", "err")]
    return Run(int((folder / f"{name}.code").read_text()), *texts, findings, seen["session"])


def planted(path: Path) -> tuple[str, int]:
    """The check and the line that a script's own comments name."""
    lines = path.read_text().splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if text.endswith("# here")]
    return lines[0].removeprefix("# finds: "), line


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_a_planted_mistake_is_found_at_its_line(runs: dict[str, Run], path: Path) -> None:
    check, line = planted(path)
    run = runs[path.stem]
    assert run.code == 0, run.err
    assert (check, line) in [finding[:2] for finding in run.findings], run.findings
    assert f"{path.name}:{line}:" in run.err
    assert check in run.err


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_nothing_else_is_found_than_what_was_planted(runs: dict[str, Run], path: Path) -> None:
    check, _ = planted(path)
    others = [finding for finding in runs[path.stem].findings if finding[0] != check]
    assert not others


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_a_right_script_is_left_alone(runs: dict[str, Run], path: Path) -> None:
    run = runs[path.stem]
    assert run.code == 0, run.err
    assert run.findings == ()
    assert "nothing found" in run.err


def test_there_are_as_many_scripts_as_promised_and_their_mistakes_differ() -> None:
    assert len(FAULTY) >= 25
    assert len({planted(path)[0] for path in FAULTY}) >= 25
    assert len(RIGHT) >= 15


def test_every_check_of_training_has_a_script_that_it_finds() -> None:
    from nnwhy.checks.training.basis.registry import training_checks

    shared = {
        "double-softmax": "loss-inputs",
        "double-sigmoid": "loss-inputs",
        "log-probabilities-missing": "loss-inputs",
    }
    found = {shared.get(check, check) for check, _ in map(planted, FAULTY)}
    crashes_only = {"labels-out-of-range"}
    assert set(training_checks()) - crashes_only <= found


def test_only_the_first_steps_are_watched(runs: dict[str, Run]) -> None:
    session = runs["mnist"].session
    assert len(session["steps"]) == 3
    assert len(session["forwards"]) < 10
