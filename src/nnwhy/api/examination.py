"""One network under examination: loaded, traced in both modes, looked at by the checks; and again on an edited copy."""

from __future__ import annotations

import inspect
import os
import re
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import nn

from nnwhy.api.called import with_own_batch
from nnwhy.api.guessed import believable, certain
from nnwhy.checks.basis.registry import Check
from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.errors import InputError, NnwhyError, UserCodeError
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.finding import Construction, Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts
from nnwhy.facts.trace import Trace
from nnwhy.facts.value import Value
from nnwhy.fix.overlay import overlaid
from nnwhy.fix.prove import End
from nnwhy.fix.texts import changed_texts, mapped_back
from nnwhy.load import load
from nnwhy.load.failed_call import raised_in_network
from nnwhy.load.running import after_stop
from nnwhy.load.source import imported_files, read_source, read_sources, reread
from nnwhy.trace import Constructions, record, watching_constructions
from nnwhy.trace.evaluating import evaluating
from nnwhy.trace.inputs import make_inputs, written
from nnwhy.trace.mixing import find_mixing
from nnwhy.trace.places import place_of
from nnwhy.trace.tape import user_frame
from nnwhy.trace.values import plain_value_of

_LIBRARIES = tuple(
    {os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")}
    | {os.path.dirname(os.path.dirname(os.path.realpath(__file__)))}
)
_OF_MODES = ("dropout-by-hand", "dropout-always-on", "eval-branch-differs")
_MODE = re.compile(r"training|dropout|eval", re.IGNORECASE)


@dataclass
class Examination:
    """A target with its inputs. `specs` are the inputs, () where none is known; `reason` is a sentence on those that were
    not given: where they come from, or why there are none; `unread` is a part of the file that was not looked at. `overlay`
    are texts that stand for those of the files of these paths. `construction`, known after `examine`, says why the network
    could not be built, `seen` what the checks looked at."""

    target: str
    init: str | None
    specs: tuple[InputSpec, ...]
    checks: tuple[Check, ...]
    reason: str = ""
    unread: str = ""
    sources: dict[str, SourceFacts] = field(default_factory=dict[str, SourceFacts])
    findings: tuple[Finding, ...] = ()
    strict: bool = False
    overlay: Mapping[str, str] = field(default_factory=dict[str, str])
    construction: Construction | None = None
    _mixing: bool = True
    _guessed: bool = False
    _nearest: tuple[InputSpec, ...] = ()
    _module: nn.Module | None = None
    _modes_alike: bool = False
    _passed: bool = True
    _refused: InputError | None = None
    _stopped: UserCodeError | None = None
    seen: Subject | None = None

    def examine(self) -> tuple[Finding, ...]:
        """The findings on the files as they are. Raises TargetError, InputError."""
        with overlaid(self.overlay, self.sources) if self.overlay else nullcontext():
            subject = self._subject(self.specs, self.sources, infer=True)
            unfitting = self._with_nearest() if self._nearest else ()
        self.construction = subject.construction
        self.seen = subject
        self._mixing = subject.mixing is not None
        self.findings = findings_of(subject, self.checks, strict=self.strict)
        told = any(finding.check in _OF_MODES for finding in self.findings)
        self._modes_alike = not told and _same_calls(subject.trace, subject.evaluation)
        if self._guessed and self._module is not None:
            self.findings = believable(subject, self.findings, self._module, self.specs)
        known = {(finding.check, finding.place) for finding in self.findings}
        self.findings += tuple(one for one in unfitting if (one.check, one.place) not in known)
        if not any(finding.severity == "error" for finding in self.findings):
            if self._refused is not None:
                raise self._refused
            if self._stopped is not None and raised_in_network(self._stopped.__cause__ or self._stopped):
                raise self._stopped
            if self._stopped is not None:
                self.unread = after_stop(self._stopped)
        return self.findings

    def _with_nearest(self) -> tuple[Finding, ...]:
        """What is wrong with any input, seen with the one that came farthest; that one is kept for the proofs."""
        try:
            subject = self._subject(self._nearest, self.sources, infer=False)
            found = findings_of(subject, self.checks, strict=self.strict)
        except NnwhyError:
            return ()
        if self._module is None:
            return ()
        sure = certain(subject, found, self._module, self._nearest)
        if sure:
            self.specs = self._nearest
            self.reason = f"with the input {_shown(self.specs)}, a guess: what is told here is wrong with any other input too"
        return sure

    @property
    def end(self) -> End | None:
        """What ended the look before the network ran: the constructor's exception; None where it was built."""
        return End(self.ended, lambda: self._passed) if self.construction is not None else None

    def ended(self, finding: Finding) -> bool:
        """Whether a finding is about the constructor's exception."""
        place = self.construction.place if self.construction is not None else None
        if place is None:
            return False
        return any(one is not None and _meet(one, place) for one in (finding.place, *finding.also))

    def again(self, edits: Sequence[Edit], fix: Fix) -> Sequence[Finding] | None:
        """The findings on a copy with these edits; None where it cannot be loaded."""
        texts = changed_texts(self.sources, edits)
        sources = dict(self.sources)
        for path, text in texts.items():
            changed = reread(self.sources[path], text)
            if changed is None:
                return None
            sources[path] = changed
        one_mode = self._modes_alike and not any(_MODE.search(edit.text) for edit in edits)
        checks = [one for one in self.checks if one.name not in _OF_MODES] if one_mode else self.checks
        with overlaid({**self.overlay, **texts}, self.sources):
            try:
                subject = self._subject(fix.inputs or self.specs, sources, infer=False, both=not one_mode)
                found = findings_of(replace(subject, brief=True), checks, strict=self.strict)
            except NnwhyError:
                return None
        self._passed = self._further(subject, edits)
        return found

    def _further(self, subject: Subject, edits: Sequence[Edit]) -> bool:
        """Whether an edited copy is built, or at least further than the first look came."""
        before, after = self.construction, subject.construction
        if before is None or after is None or before.place is None or after.place is None:
            return True
        source = self.sources.get(after.place.path)
        own = [edit for edit in edits if edit.place.path == after.place.path]
        place = mapped_back(after.place, source.text, own) if source is not None and own else after.place
        if place is None:
            return False
        if (place.path, place.line, place.column) != (
            before.place.path,
            before.place.line,
            before.place.column,
        ):
            return True
        return (after.type, after.message) != (before.type, before.message) and any(
            word in self.sources[place.path].at(before.place)
            for word in re.findall(r"'(\w+)'", after.message)
        )

    def _subject(
        self,
        specs: tuple[InputSpec, ...],
        sources: dict[str, SourceFacts],
        *,
        infer: bool,
        both: bool = True,
    ) -> Subject:
        _seed()
        with watching_constructions() as constructions:
            try:
                loaded = load(self.target, init=self.init)
            except UserCodeError as error:
                construction = construction_of(error, constructions)
                if construction is None:
                    raise
                self._read_sources(sources, construction.place.path if construction.place else "")
                return Subject(sources, construction=construction)
        self._module = loaded.module
        if infer:
            self._stopped = loaded.stopped
        self._read_sources(sources, loaded.path)
        named = bool(specs)
        if infer and not specs:
            specs = self._inferred(loaded, constructions)
        if not specs:
            return Subject(sources)
        try:
            args, kwargs, letters = make_inputs(specs, loaded.module)
        except InputError as error:  # the syntax may show why: a forward without self, for instance
            self._refused = error
            return Subject(sources)
        # A batch axis that we named ourselves says nothing about what the author meant.
        letters = letters if named else ()
        read_classes(loaded.module, sources)
        trace = record(loaded.module, args, kwargs, letters=letters, constructions=constructions)
        evaluation = None
        if both:
            evaluation = self._in_evaluation(loaded.module, args, kwargs, letters, constructions)
        # What the first look could not see, because the pass failed, is no news when it is seen on a mended copy.
        mixing = None
        if self._mixing and not trace.failures and trace.complete and trace.how.kind == "real":
            mixing = find_mixing(loaded.module, args, kwargs)
        return Subject(sources, trace, evaluation, mixing)

    def _in_evaluation(
        self, module: nn.Module, args: Any, kwargs: Any, letters: Any, constructions: Constructions
    ) -> Trace | None:
        """A trace in evaluation mode, where a mode makes a difference."""
        if not module.training:
            return None
        with evaluating(module):
            return record(module, args, kwargs, letters=letters, constructions=constructions)

    def _inferred(self, loaded: Any, constructions: Constructions) -> tuple[InputSpec, ...]:
        from nnwhy.why.infer import NoInputFound, infer_inputs

        try:
            found = infer_inputs(loaded.module, loaded.hints, constructions=constructions)
        except NnwhyError as error:
            self.reason = f"no input is known, so the network was not run: {error}"
            self._nearest = error.nearest if isinstance(error, NoInputFound) else ()
            return ()
        self._guessed = not found.fits and not any(hint.certain for hint in loaded.hints)
        self.specs = with_own_batch(found.inputs, loaded.hints)
        self.reason = f"with the input {_shown(self.specs)}: {found.reason}"
        return self.specs

    def _read_sources(self, sources: dict[str, SourceFacts], path: str) -> None:
        """The target's file and the user's files that it imports, directly or not."""
        todo = [path] if path else []
        while todo:
            file = todo.pop()
            if file in sources or is_library(file):
                continue
            for name, found in read_sources(file).items():
                sources[name] = found
                todo += imported_files(found)


def _shown(specs: tuple[InputSpec, ...]) -> str:
    return " and ".join(written(spec) for spec in specs)


def _same_calls(training: Trace | None, evaluation: Trace | None) -> bool:
    """Whether a network makes the same calls in both modes: then one pass says of an edited copy what two would."""
    if training is None or evaluation is None:
        return False
    first, second = (
        [(call.kind, call.name, call.module) for call in one.calls] for one in (training, evaluation)
    )
    return first == second and len(training.failures) == len(evaluation.failures)


def read_classes(module: nn.Module, sources: dict[str, SourceFacts]) -> None:
    """The files of the network's own classes, wherever they are."""
    for cls in {type(part) for part in module.modules()}:
        if cls.__module__.startswith("torch."):
            continue
        try:
            path = inspect.getsourcefile(cls)
        except (TypeError, OSError):  # OSError: a class of a notebook's cell
            continue
        if path and path not in sources and not is_library(path) and (found := read_source(path)) is not None:
            sources[path] = found


def is_library(path: str) -> bool:
    """Whether a file is ours, Python's or an installed package's."""
    return os.path.realpath(path).startswith(_LIBRARIES) or path.startswith("<")


def _meet(one: Place, other: Place) -> bool:
    """Whether two places share a line."""
    return one.path == other.path and one.line <= other.end_line and other.line <= one.end_line


def construction_of(error: UserCodeError, constructions: Constructions) -> Construction | None:
    """What the exception behind a failed load says about the constructor that raised; None where no network was being built."""
    cause = error.__cause__
    if cause is None:
        return None
    place, constructor, arguments = None, "", {}
    built: Any = None
    traceback = cause.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if user_frame(frame) is frame and not is_library(frame.f_code.co_filename):
            place = place_of(frame.f_code, traceback.tb_lasti) or place
        owner = frame.f_locals.get("self")
        if frame.f_code.co_name == "__init__" and isinstance(owner, nn.Module):
            built, constructor = owner, f"{type(owner).__module__}.{type(owner).__qualname__}"
            if frame.f_code.co_qualname.startswith(type(owner).__qualname__):
                arguments = _arguments(frame.f_locals)
        traceback = traceback.tb_next
    if place is None:
        return None
    return Construction(
        type(cause).__name__, str(cause), place, constructor, arguments,
        constructions.places(built) if built is not None else (),
    )  # fmt: skip


def _arguments(held: dict[str, Any]) -> dict[str, Value]:
    return {
        name: plain_value_of(value)
        for name, value in held.items()
        if name not in ("self", "factory_kwargs", "__class__")
    }


def _seed() -> None:
    torch.default_generator.manual_seed(0)
