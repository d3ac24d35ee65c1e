"""Scores `nnwhy run` on the cases of a folder that are whole programs: those with a `run`, which plays data, loss and loop.

    python bench/cases_run.py FOLDER [name ...]

Each program is run as a script of its own, with its `run` called at the end. What is counted is the same as in `bench/cases.py`,
but for the mended program, which `--prove` has run itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from cases import Score, found_facts, found_lines, print_table

from nnwhy.facts.codec import from_json
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import Seen

SECONDS = 120


def main(arguments: list[str]) -> None:
    """Print the table."""
    folder, *names = arguments
    scores = []
    for path in sorted(Path(folder).glob("*.json")):
        case = json.loads(path.read_text())
        if case.get("run") and (not names or path.stem in names):
            scores.append(_score(path, case))
    print_table(scores)


def _score(path: Path, case: dict[str, Any]) -> Score:
    score = Score(path.stem, case["category"], apart=False)
    found = _findings(path.with_suffix(".py"), case["run"])
    told = [finding for finding in found if finding.severity != "note"]
    score.says = "; ".join(f"{one.place.line if one.place else '?'} {one.check}" for one in told)
    if case["category"] in ("clean", "question"):
        score.silent = not told
        return score
    lines = {case["culprit"]["line"], *case.get("also_ok_lines", [])}
    mine = [finding for finding in told if found_lines(finding) & lines]
    score.place = bool(mine)
    score.facts = bool(mine) and found_facts(case, found)
    score.proved = any(finding.proved for finding in mine)
    return score


def _findings(source: Path, run: str) -> list[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        script, answer = Path(folder) / source.name, Path(folder) / "answer.json"
        script.write_text(f"{source.read_text().rstrip()}\n\n\nif __name__ == '__main__':\n    {run}()\n")
        command = [sys.executable, "-m", "nnwhy", "run", "--prove", "--json", str(answer), str(script)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=environment)
        if not answer.exists():
            return []
        seen = from_json(json.loads(answer.read_text())["result"])
        return list(seen.report.findings) if isinstance(seen, Seen) else []


if __name__ == "__main__":
    main(sys.argv[1:])
