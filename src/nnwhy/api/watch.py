"""Watching a script: run it, tell what was found while it trains, explain where it crashes."""

from __future__ import annotations

import ast
import atexit
import json
import os
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nnwhy.api.files import writable, write_whole
from nnwhy.api.proving import UNEVALUATED, Beginning
from nnwhy.errors import TargetError
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts
from nnwhy.watch.arrival import when_torch_is_imported
from nnwhy.watch.script import run_module, run_script
from nnwhy.watch.tracebacks import cleaned

if TYPE_CHECKING:
    from nnwhy.facts.trace import Trace
    from nnwhy.watch.phases import Phases
    from nnwhy.watch.watching import Watch

_WATCHED_FOR = frozenset({"eval-mode-missing"})
"""What `check` tells from the source, and the evaluation itself shows."""


class _Stopped(BaseException):
    """The watched steps are over and the user asked to stop there; not an Exception, so that no handler swallows it."""


class Observation:
    """One watched script and what was found so far. `json_path`, `html_path`: files for the facts and for a page, "" for none.

    Raises TargetError where one of them cannot be written.
    """

    def __init__(
        self, *, steps: int, stop: bool, json_path: str, html_path: str, finish: bool = False
    ) -> None:
        self.findings: list[Finding] = []
        self.session = Session()
        self._steps = steps
        self._stop = stop
        self._finish = finish
        self._json_path = writable(json_path) if json_path else ""
        self._html_path = writable(html_path) if html_path else ""
        self._phases: Phases | None = None
        self._watch: Watch | None = None
        self._told: set[tuple[str, str, int]] = set()
        self._parts = 0
        self._sources: dict[str, SourceFacts] = {}
        self._process = os.getpid()
        self._closed = self._over = self._unhooked = False

    def begin(self) -> None:
        """Called once torch is there. Where a hook does not fit this torch, the script runs unwatched."""
        with self._harmless():
            self._begin()

    @contextmanager
    def _harmless(self) -> Generator[None]:
        """What fails in here is told in one line; the script goes on."""
        try:
            yield
        except Exception as error:
            if os.environ.get("NNWHY_DEBUG"):
                raise
            print(f"nnwhy: watching failed ({type(error).__name__}: {error})", file=sys.stderr)

    def _begin(self) -> None:
        from nnwhy.watch.phases import Phases
        from nnwhy.watch.watching import Watch

        self._watch = Watch()
        self._phases = Phases(
            self._watch, steps=self._steps, tell=self._tell, stop=_stop if self._stop else None,
            finished=_finish if self._finish else None,
        )  # fmt: skip
        self._phases.begin()

    def close(self, ended: str) -> None:
        """The script is over (or crashed): tell the rest."""
        if self._closed or os.getpid() != self._process:
            return
        self._closed = True
        self.unhook()
        if self._watch is not None and not self._over:
            self._tell(self._watch.session(ended))
        with self._harmless():
            self._write()

    def prove(self, beginning: Beginning, *, apply: bool, diff: bool) -> None:
        """Try the fixes on copies and tell which hold; apply those, or print them as one diff."""
        from nnwhy.api.proving import proved_again, with_numbers_to_blame
        from nnwhy.checks.training.basis.watched import Watched
        from nnwhy.errors import NnwhyError
        from nnwhy.facts.finding import Report
        from nnwhy.fix.apply import apply as applied
        from nnwhy.fix.apply import diff as difference
        from nnwhy.report.watch import proofs_text

        if os.getpid() != self._process:
            return
        evaluated = bool(Watched(self.session, self._sources).evaluations)
        if self.session.ended == "crash":
            self.findings = with_numbers_to_blame(self.findings, self._sources, beginning)
        self.findings = proved_again(self.findings, self._sources, beginning, evaluated=evaluated)
        self._write()
        _print(lambda width: proofs_text(self.findings, width))
        report = Report(
            tuple(self.findings), digests={path: source.digest for path, source in self._sources.items()}
        )
        try:
            if diff:
                print(difference(report), end="")
            for path in applied(report) if apply else ():
                print(f"nnwhy  {os.path.relpath(path)} mended", file=sys.stderr)
        except NnwhyError as error:
            print(f"nnwhy: {error}", file=sys.stderr)

    def unhook(self) -> None:
        """Watch no longer; what was seen stays."""
        if self._phases is not None and not self._unhooked:
            self._unhooked = True
            self._over = self._phases.phase == "over"
            self._phases.end()

    def crashed(self, error: BaseException) -> tuple[Finding, ...]:
        """What the checks say about a crash; () where it has nothing to do with a network."""
        if self._watch is None:
            return ()
        from nnwhy.api.crash import crash_findings
        from nnwhy.watch.unnoticed import unnoticed

        with unnoticed():
            found = crash_findings(error, self._watch)
        for finding in found:
            self._read(finding)
        self.findings += found
        self._told |= {_key(finding) for finding in found}
        return found

    def _tell(self, session: Session) -> None:
        with self._harmless():
            self._told_now(session)

    def _told_now(self, session: Session) -> None:
        from nnwhy.checks.training.basis.registry import training_findings
        from nnwhy.checks.training.basis.watched import Watched
        from nnwhy.report.watch import session_text

        self.session = session
        self._read(session)
        fresh: list[Finding] = []
        found = training_findings(Watched(session, self._sources))
        for finding in (*found, *self._in_networks((*found, *self.findings))):
            if _key(finding) not in self._told:
                self._told.add(_key(finding))
                fresh.append(finding)
        self.findings += fresh
        if fresh or (self._parts == 0 and session.ended != "crash"):
            _print(lambda width: session_text(session, fresh, width))
        self._parts += 1
        self._write()

    def _in_networks(self, told: Sequence[Finding]) -> Iterator[Finding]:
        """What `check` finds in the networks themselves. Left out are notes, what was found in their training, and what the
        checks of training have looked at on the script's own tensors: that is better evidence than the source."""
        from nnwhy.checks.basis.running import findings_of
        from nnwhy.checks.basis.subject import Subject
        from nnwhy.checks.training.basis.registry import training_checks
        from nnwhy.checks.training.basis.watched import Watched

        checks = {finding.check for finding in told} | set(training_checks()) | _WATCHED_FOR
        lines = {_key(finding)[1:] for finding in told}
        passes = self._watch.repeated if self._watch is not None else {}
        for one in passes.values():
            if one is None or one.trace.failures:
                continue
            self._read(one.trace)
            for finding in findings_of(Subject(self._sources, one.trace, one.evaluation, one.mixing)):
                if finding.severity == "note" or finding.check in checks or _key(finding)[1:] in lines:
                    continue
                if not Watched(self.session, self._sources).silenced(finding):
                    yield finding
        passes.clear()

    def _read(self, fact: Session | Trace | Finding) -> None:
        from nnwhy.load.source import read_source
        from nnwhy.watch.frames import foreign
        from nnwhy.watch.places import places_in

        for place in places_in(fact):
            if place.path not in self._sources and not foreign(place.path):
                source = read_source(place.path)
                if source is not None:
                    self._sources[place.path] = source

    def _write(self) -> None:
        """The files that were asked for, with what is known by now."""
        if not self._json_path and not self._html_path:
            return
        from nnwhy.facts.finding import Report
        from nnwhy.facts.session import Seen
        from nnwhy.report.shown import documented
        from nnwhy.report.watch_page import watch_page

        seen = Seen(self.session, Report(tuple(self.findings), looked=tuple(sys.argv[:1])))
        texts: dict[str, Callable[[], str]] = {
            self._json_path: lambda: json.dumps(documented(seen), ensure_ascii=False, indent=2) + "\n",
            self._html_path: lambda: watch_page(seen),
        }
        for path, text in texts.items():
            try:
                if path:
                    write_whole(path, text())
            except OSError as error:
                print(f"nnwhy: {path} cannot be written: {error.strerror}", file=sys.stderr)


def run(
    target: str,
    arguments: list[str],
    *,
    as_module: bool = False,
    steps: int = 3,
    stop: bool = False,
    strict: bool = False,
    json_path: str = "",
    html_path: str = "",
    prove: bool = False,
    fix: bool = False,
    diff: bool = False,
    texts: Mapping[str, str] | None = None,
    prepared: Callable[[str, str], ast.Module] | None = None,
    finish: bool = False,
) -> int:
    """Run a script as Python would, watched in its first steps. Returns its exit code, as Python would have given it;
    with `strict` 1 where it would be 0 and something was found that is not a note.

    `prove` runs the script's beginning again once its first run is over, for each fix on an edited copy; `fix` applies those
    that hold, `diff` prints them. `texts` are run in the place of the files at these paths, as `prepared` makes of them; with
    `finish` the script is stopped when nothing is left to be seen.

    SystemExit of the script comes out as it is. Raises TargetError where there is no such script, or no place for a file.
    """
    observation = Observation(steps=steps, stop=stop, json_path=json_path, html_path=html_path, finish=finish)
    beginning = Beginning(target, tuple(arguments), as_module, steps, os.getcwd(), dict(os.environ))

    def over(ended: str) -> None:
        observation.close(ended)
        if prove or fix or diff:
            observation.prove(beginning, apply=fix, diff=diff)

    when_torch_is_imported(observation.begin)
    atexit.register(observation.close, "exit")
    try:
        if as_module:
            run_module(target, arguments)
        else:
            run_script(target, arguments, texts, prepared)
    except _Stopped:
        over("stop")
        return 1 if strict and _serious(observation.findings) else 0
    except TargetError:
        observation.unhook()
        raise
    except SystemExit:
        over("exit")
        if strict and _serious(observation.findings) and _code_of(sys.exc_info()[1]) == 0:
            return 1
        raise
    except KeyboardInterrupt as interrupt:
        observation.close("crash")
        _as_python_would(interrupt)
        return _interrupted()
    except Exception as error:
        observation.unhook()
        explanation_of(error, observation.crashed)
        _as_python_would(error)
        over("crash")
        return 1
    over("exit")
    return 1 if strict and _serious(observation.findings) else 0


def explanation_of(error: BaseException, find: Callable[[BaseException], tuple[Finding, ...]]) -> None:
    """Print what a crash is about, where it is about a network; the traceback is to follow."""
    findings: tuple[Finding, ...] = ()
    try:
        findings = find(error)
    except Exception as failed:
        if os.environ.get("NNWHY_DEBUG"):
            raise failed from None
    if findings:
        from nnwhy.report.watch import crash_text

        _print(lambda width: crash_text(findings, width))


def _as_python_would(error: BaseException) -> None:
    """The traceback from the script's first line on, through the script's own hook if it has one."""
    cleaned(error, from_main=True)
    sys.excepthook(type(error), error, error.__traceback__)
    sys.stderr.flush()


def _interrupted() -> int:
    """A script that is interrupted dies of the signal, so that the shell knows."""
    import signal

    sys.stdout.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
    return 130


def _code_of(error: BaseException | None) -> int:
    code: Any = getattr(error, "code", None)
    return 0 if code is None else code if isinstance(code, int) else 1


def _key(finding: Finding) -> tuple[str, str, int]:
    place = finding.place
    return finding.check, place.path if place else "", place.line if place else 0


def _serious(findings: list[Finding]) -> bool:
    return any(finding.severity != "note" for finding in findings)


def _stop(evaluated: bool) -> None:
    if not evaluated:
        from nnwhy.watch.phases import EVALUATION_WITHIN

        print(
            f"nnwhy: stopped; no evaluation began within {EVALUATION_WITHIN:.0f} s of the watched steps",
            file=sys.stderr,
        )
    raise _Stopped


def _finish(evaluated: bool) -> None:
    if evaluated:
        raise _Stopped
    raise SystemExit(UNEVALUATED)


def _print(draw: Callable[[int], Any]) -> None:
    """On stderr, so that the script's own output stays what it is."""
    from nnwhy.report.screen import WIDTH, console, out

    sys.stdout.flush()
    screen = console(sys.stderr)
    if screen.is_jupyter:  # rich would show every line as an output of its own
        print("\n".join(line.plain.rstrip() for line in draw(WIDTH)), file=sys.stderr)
    else:
        out(screen, draw(screen.width))
    sys.stderr.flush()
