"""Scores `check` on a folder of cases: small programs with a known mistake, its place, the numbers of a right answer and a fix.

    python bench/cases.py FOLDER [name ...] [--verbose]

A case is right where a finding stands on the culprit's line (or one that is as right), the finding's numbers are among
its words, and its first proved fix, applied by machine, makes the case's own program run (or its symptom vanish). Cases
whose mistake shows only when a whole program runs (they have a `run`, and their bare network is fine) are counted apart.
A clean program is right where nothing but notes is said.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import logging
import sys
import tempfile
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnwhy.api.check import checked
from nnwhy.api.silencing import Settings
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding
from nnwhy.fix.texts import edited


@dataclass
class Score:
    """One case: None where a question does not apply to it."""

    name: str
    category: str
    apart: bool
    place: bool | None = None
    facts: bool | None = None
    proved: bool | None = None
    mended: bool | None = None
    silent: bool | None = None
    says: str = ""


def main(arguments: list[str]) -> None:
    verbose = "--verbose" in arguments
    folder, *names = [argument for argument in arguments if not argument.startswith("--")]
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.path.insert(0, folder)
    cases = Path(folder).resolve()
    oracle = _oracle(cases)
    scores = []
    for path in sorted(cases.glob("*.json")):
        if not names or path.stem in names:
            scores.append(_score(path, oracle))
            if verbose:
                print(scores[-1], flush=True)
    print_table(scores)


def _score(path: Path, oracle: Any) -> Score:
    case = json.loads(path.read_text())
    source = path.with_suffix(".py")
    apart = bool(case.get("run")) and not case.get("entry_crashes") and not case.get("symptom")
    score = Score(path.stem, case["category"], apart)
    inputs = case.get("input") or case.get("verify_input")
    specs = inputs if isinstance(inputs, list) else [inputs] if inputs else []
    texts = [",".join(map(str, spec["shape"])) + f":{spec['dtype']}" for spec in specs]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            report = checked(f"{source}:{case['entry']}{_constructor(case)}", None, texts, Settings())
    except NnwhyError as error:
        score.says = f"error: {error}"
        report = None
    findings = [f for f in report.findings if f.severity != "note"] if report else []
    score.says = score.says or "; ".join(f"{f.place.line if f.place else '?'} {f.check}" for f in findings)
    if case["category"] in ("clean", "question"):
        score.silent = report is not None and not findings
        return score
    lines = {case["culprit"]["line"], *case.get("also_ok_lines", [])}
    mine = [finding for finding in findings if found_lines(finding) & lines]
    score.place = bool(mine)
    score.facts = bool(mine) and found_facts(case, findings)
    fixes = [finding.proved for finding in findings if finding.proved]
    score.proved = bool(mine) and any(finding.proved for finding in mine)
    if case["expected"].get("fix"):
        score.mended = bool(fixes) and _mended(source, case, findings, oracle)
    return score


def _constructor(case: dict[str, Any]) -> str:
    given = case.get("ctor") or {}
    words = [repr(value) for value in given.get("args", [])]
    words += [f"{name}={value!r}" for name, value in given.get("kwargs", {}).items()]
    return f"({', '.join(words)})" if words else ""


def found_lines(finding: Finding) -> set[int]:
    """The lines that the finding stands on or that its first fix changes."""
    found: set[int] = set()
    if finding.place:
        found |= set(range(finding.place.line, finding.place.end_line + 1))
    for fix in finding.fixes[:1]:
        found |= {edit.place.line for edit in fix.edits}
    return found


def found_facts(case: dict[str, Any], findings: list[Finding]) -> bool:
    """Whether every number among the facts is said somewhere in the findings."""
    said = json.dumps([_words(finding) for finding in findings], ensure_ascii=False)
    numbers = [fact for fact in case["expected"]["facts"] if any(c.isdigit() for c in fact)]
    return all(fact.replace(" ", "") in said.replace(" ", "").replace("×", "x") for fact in numbers)


def _words(finding: Finding) -> list[str]:
    steps = [str(step.value) for derivation in finding.derivations for step in derivation.steps]
    fixes = [word for fix in finding.fixes for word in (fix.label, fix.means)]
    return [
        finding.sentence,
        finding.expected,
        finding.actual,
        *finding.because,
        *finding.fits,
        *fixes,
        *steps,
    ]


def _mended(source: Path, case: dict[str, Any], findings: list[Finding], oracle: Any) -> bool:
    text = source.read_text()
    edits = [edit for finding in findings if finding.proved for edit in finding.proved.edits]
    try:
        after = edited({str(source): text}, edits).get(str(source), text)
    except NnwhyError:
        return False
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "fixed.py"
        copy.write_text(after)
        try:
            module = oracle.load(copy, "fixed")
            error, _ = (
                oracle.execute(module, case) if not case.get("run") or not _entry_only(case) else (None, [])
            )
            if _entry_only(case):
                oracle.call_entry(module, case)
            return error is None and not (case.get("symptom") and oracle.symptom(module, case))
        except Exception:
            return False


def _entry_only(case: dict[str, Any]) -> bool:
    return not case.get("run")


def _oracle(folder: Path) -> Any:
    """The folder's own verify.py, which knows how a case is run."""
    spec = importlib.util.spec_from_file_location("verify", folder / "verify.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def print_table(scores: list[Score]) -> None:
    groups: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        groups[f"{score.category}{' (whole program)' if score.apart else ''}"].append(score)
    print(f"{'kind':44}{'cases':>6}{'place':>8}{'numbers':>9}{'proved':>8}{'mended':>8}{'silent':>8}")
    for kind, some in sorted(groups.items()):
        cells = [
            _share([getattr(score, name) for score in some])
            for name in ("place", "facts", "proved", "mended", "silent")
        ]
        print(f"{kind:44}{len(some):6}{cells[0]:>8}{cells[1]:>9}{cells[2]:>8}{cells[3]:>8}{cells[4]:>8}")
    for score in scores:
        if False in (score.place, score.facts, score.proved, score.mended, score.silent):
            missed = [
                n for n in ("place", "facts", "proved", "mended", "silent") if getattr(score, n) is False
            ]
            print(
                f"  {score.name}{' (whole program)' if score.apart else ''}: not {', '.join(missed)}   [{score.says}]"
            )


def _share(values: list[bool | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known)}/{len(known)}" if known else "-"


if __name__ == "__main__":
    main(sys.argv[1:])
