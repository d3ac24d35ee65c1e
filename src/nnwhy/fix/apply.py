"""Applies proved fixes to the user's files and notebooks: all edits of a fix or none, and only where a file is still what was analysed."""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
import tokenize
from collections.abc import Mapping, Sequence
from pathlib import Path

from nnwhy.errors import NnwhyError, TargetError
from nnwhy.facts.finding import Edit, Finding, Report
from nnwhy.fix.texts import edited, overlap
from nnwhy.notebooks import notebook_of, raw_cells, with_texts, without_magics

_OURS = os.path.dirname(os.path.dirname(os.path.realpath(__file__))) + os.sep


class Changed(NnwhyError):
    """A file is no longer what was analysed."""


def chosen_edits(findings: Sequence[Finding], *, unsafe: bool = False) -> list[Edit]:
    """The edits of the proved fixes, safe ones only unless `unsafe`; a fix that overlaps an earlier one waits for the next round.

    The examples that come with nnwhy, which a user's script may import, are left as they are.
    """
    taken: list[Edit] = []
    for finding in findings:
        fix = finding.proved
        if fix is None or not (fix.safe or unsafe) or overlap(fix.edits, taken):
            continue
        if any(os.path.realpath(edit.place.path).startswith(_OURS) for edit in fix.edits):
            continue
        taken += [edit for edit in fix.edits if edit not in taken]
    return taken


def changes(report: Report, *, unsafe: bool = False) -> dict[str, tuple[str, str]]:
    """What applying would do: by path the text as it is and as it would be. Raises Changed."""
    edits = chosen_edits(report.findings, unsafe=unsafe)
    texts = {path: _read(path, report.digests) for path in {edit.place.path for edit in edits}}
    return {path: (texts[path], text) for path, text in edited(texts, edits).items()}


def apply(report: Report, *, unsafe: bool = False) -> tuple[str, ...]:
    """Write the changes and return the paths of the changed files and cells. Raises Changed before anything is written."""
    wanted = {path: text for path, (_, text) in changes(report, unsafe=unsafe).items()}
    files = {Path(path): text for path, text in wanted.items() if notebook_of(path) is None}
    for notebook in {found for path in wanted if (found := notebook_of(path)) is not None}:
        files[notebook] = with_texts(notebook, wanted)
    for path, text in files.items():
        _replace(path, text)
    return tuple(wanted)


def diff(report: Report, *, unsafe: bool = False) -> str:
    """The changes as a unified diff."""
    parts: list[str] = []
    for path, (old, new) in changes(report, unsafe=unsafe).items():
        name = os.path.relpath(path)
        lines = difflib.unified_diff(
            old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}"
        )
        parts += [
            line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
        ]
    return "".join(parts)


def _read(path: str, digests: Mapping[str, str]) -> str:
    """The text of a file or of a notebook's cell, which must be what was analysed."""
    notebook = notebook_of(path)
    try:
        if notebook is not None:
            text = raw_cells(notebook)[path]
        else:
            with tokenize.open(path) as file:
                text = file.read()
    except (OSError, SyntaxError, TargetError, KeyError) as error:
        raise Changed(f"{path} can no longer be read: {error}") from error
    analysed = text if notebook is None else without_magics(text)
    if hashlib.sha256(analysed.encode()).hexdigest() != digests.get(path):
        raise Changed(f"{os.path.relpath(path)} has changed since it was analysed; nothing was written")
    return text


def _replace(path: Path, text: str) -> None:
    """The new text in one step, in the file's own encoding and line ends, with its mode; a link's target is what changes."""
    path = path.resolve()
    raw = path.read_bytes()
    encoding = "utf-8"
    if path.suffix != ".ipynb":
        with open(path, "rb") as file:
            encoding, _ = tokenize.detect_encoding(file.readline)
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode(encoding))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o7777)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
