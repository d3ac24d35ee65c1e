"""What a crash is about: the failing call is found from the traceback, the network's pass is repeated under the recorder,
and the checks explain it."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from nnwhy.api.crash_attributes import in_attribute
from nnwhy.api.crash_batches import with_whole_batches
from nnwhy.api.crash_calls import in_call
from nnwhy.api.crash_classes import with_more_classes
from nnwhy.api.crash_device import in_loss, network_and_input
from nnwhy.api.crash_hidden import with_state_of_batch
from nnwhy.api.crash_modes import with_evaluation
from nnwhy.api.crash_numbers import with_numbers
from nnwhy.api.crash_result import in_result
from nnwhy.api.examination import construction_of, read_classes
from nnwhy.api.rebuild import Rebuilder
from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.training.basis.registry import training_findings
from nnwhy.checks.training.basis.watched import Watched
from nnwhy.errors import UserCodeError
from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.facts.session import LossCall, Session
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.prove import Untried, proved
from nnwhy.fix.texts import changed_texts
from nnwhy.load.failed_call import failed_call
from nnwhy.load.source import imported_files, read_source
from nnwhy.trace import Constructions, record
from nnwhy.trace.evaluating import evaluating
from nnwhy.trace.inputs import make_inputs
from nnwhy.trace.mixing import find_mixing
from nnwhy.watch.frames import Spot, foreign, user_frame
from nnwhy.watch.functions import LOSSES
from nnwhy.watch.looking import values_of

if TYPE_CHECKING:
    from nnwhy.facts.trace import Trace
    from nnwhy.watch.constructed import Constructed
    from nnwhy.watch.watching import Watch

_BATCH_CHECKS = ("sequence-order", "batch-mixed", "axes-scrambled", "rows-lost", "missing-batch-axis")


def crash_findings(
    error: BaseException, watch: Watch | None = None, constructed: Constructed | None = None
) -> tuple[Finding, ...]:
    """The findings that explain `error`, the network's real shapes in them, fixes proved; () where it has nothing to do
    with a network. `watch` is what was seen before, `constructed` where modules were made."""
    frames = _frames(error)
    sources = _sources(frames)
    if not sources or not isinstance(error, Exception):
        return ()
    constructed = watch.constructed if watch is not None else constructed
    from nnwhy.api.crash_samples import in_samples
    from nnwhy.api.crash_states import in_state
    from nnwhy.api.crash_values import array_for_tensor, in_values

    going_on = failed_call(error)
    plain = (
        in_values(error, sources) or in_state(error, sources) or in_samples(error, sources)
        if going_on is None
        else ()
    )
    if plain:
        return plain
    made = _in_constructor(error, frames, sources)
    if made is not None:
        return made
    if going_on is not None:
        arrays = array_for_tensor(going_on.args, error, sources)
        if arrays:
            return arrays
        called = (going_on.module, going_on.args, going_on.kwargs)
        devices = network_and_input(*called, frames) if "device" in str(error) else ()
        found = devices or _in_network(called, frames, sources, constructed)
        found = found or in_call(error, sources)
        if found:
            found = tuple(with_state_of_batch(one, error, sources) for one in found)
            found = tuple(with_evaluation(one, watch, sources) for one in found)
            return tuple(with_whole_batches(one, watch, sources) for one in found)
    else:
        attribute = in_attribute(error, frames, sources, constructed)
        if attribute:
            return attribute
    loss = _loss_call(frames, watch)
    if loss is not None:
        found = in_loss(loss) or _size_of_result(loss, frames, sources, watch)
        found = found or (*_order_of_axes(loss, sources, watch), *_in_loss(loss, frames, sources))
        if found:
            found = tuple(with_more_classes(one, loss, watch, sources) for one in found)
            return tuple(with_whole_batches(one, watch, sources) for one in found)
    from nnwhy.api.crash_line import in_line
    from nnwhy.api.crash_training import in_training

    return in_training(error, frames, sources, watch) or in_call(error, sources) or in_line(error, sources)


def _frames(error: BaseException) -> list[FrameType]:
    """From the outermost to the innermost."""
    found: list[FrameType] = []
    traceback = error.__traceback__
    while traceback is not None:
        found.append(traceback.tb_frame)
        traceback = traceback.tb_next
    return found


def _sources(frames: list[FrameType]) -> dict[str, SourceFacts]:
    """The user's files among the frames, and those that they import."""
    found: dict[str, SourceFacts] = {}
    todo = [frame.f_code.co_filename for frame in frames if user_frame(frame) is frame]
    while todo:
        path = todo.pop()
        if path in found or foreign(path):
            continue
        source = read_source(path)
        if source is None:
            source = _cell(path)
        if source is not None:
            found[path] = source
            todo += imported_files(source)
    return found


def _read_file(path: str, sources: dict[str, SourceFacts]) -> None:
    if path and path not in sources and not foreign(path):
        source = read_source(path) or _cell(path)
        if source is not None:
            sources[path] = source


def _code_file(module: nn.Module) -> str:
    """Where the forward of a module is written."""
    code = getattr(type(module).forward, "__code__", None)
    return code.co_filename if code is not None else ""


def _cell(path: str) -> SourceFacts | None:
    """A notebook's cell has no file; Python's cache of lines has its text."""
    import linecache

    lines = linecache.getlines(path)
    return read_source(path, "".join(lines)) if lines else None


def _in_constructor(
    error: Exception, frames: list[FrameType], sources: dict[str, SourceFacts]
) -> tuple[Finding, ...] | None:
    """A network that cannot be built."""
    if not any(
        f.f_code.co_name == "__init__" and isinstance(f.f_locals.get("self"), nn.Module) for f in frames
    ):
        return None
    told = UserCodeError(str(error))
    told.__cause__ = error
    construction = construction_of(told, Constructions())
    if construction is None:
        return ()
    found = findings_of(Subject(sources, construction=construction))
    return tuple(
        finding for finding in found if finding.severity == "error" and finding.check != "call-fails"
    )


def _in_network(
    called: tuple[nn.Module, tuple[Any, ...], dict[str, Any]],
    frames: list[FrameType],
    sources: dict[str, SourceFacts],
    constructed: Constructed | None,
) -> tuple[Finding, ...]:
    module, args, kwargs = called
    read_classes(module, sources)
    constructions = constructed.all() if constructed is not None else None
    for part in module.modules():
        _read_file(_code_file(part), sources)
        for place in constructed.places(part) if constructed is not None else ():
            _read_file(place.path, sources)

    def subject_of(
        network: nn.Module, given: tuple[Any, ...], named: dict[str, Any], files: dict[str, SourceFacts]
    ) -> Subject:
        made = constructions if network is module else None
        trace = record(network, given, named, constructions=made)
        evaluation = None
        if network.training:
            with evaluating(network):
                evaluation = record(network, given, named, constructions=made)
        return Subject(files, trace, evaluation, asked=_asked(frames))

    subject = subject_of(module, args, kwargs, sources)
    if subject.trace is None or not subject.trace.failures:
        return ()
    found = findings_of(subject)
    places = constructed.places(module) if constructed is not None else ()
    rebuilder = Rebuilder(module, places, frames, sources)

    def again(edits: Sequence[Edit], fix: Fix) -> Sequence[Finding] | None:
        texts = changed_texts(sources, edits)
        files = dict(sources)
        for path, text in texts.items():
            changed = read_source(path, text)
            if changed is None:
                return None
            files[path] = changed
        as_it_is = fix.inputs and not _inside_classes(edits, sources)
        network = module if as_it_is else rebuilder.built(texts)
        if network is None:
            raise Untried
        given, named = (args, kwargs) if not fix.inputs else make_inputs(fix.inputs, network)[:2]
        return findings_of(subject_of(network, given, named, files))

    errors = [finding for finding in found if finding.severity == "error"]
    explained = [finding for finding in errors if finding.check != "call-fails"] or errors
    if all(finding.check == "call-fails" for finding in explained):
        return ()
    tried = proved(found, again)
    wanted = {finding.check for finding in explained}
    told = [
        _only_real_proofs(finding)
        for finding in tried
        if finding.severity == "error" and finding.check in wanted
    ]

    def runs(fix: Fix) -> bool:
        texts = changed_texts(sources, fix.edits)
        network = rebuilder.built(texts)
        return network is not None and not record(network, args, kwargs).failures

    return with_numbers(told, subject, module, runs if rebuilder.able else None)


def _only_real_proofs(finding: Finding) -> Finding:
    """A fix that could not be tried here (its copy cannot be built) is a hint, not a failed fix."""
    fixes = tuple(
        replace(fix, proof=None) if fix.proof is not None and not fix.proof.holds else fix
        for fix in finding.fixes
    )
    return replace(finding, fixes=fixes)


def asked_of(error: BaseException) -> tuple[int, int] | None:
    """The least and the greatest number of the lookup that raised; None where none did."""
    return _asked(_frames(error))


def _asked(frames: list[FrameType]) -> tuple[int, int] | None:
    """The least and the greatest number that a lookup which failed was given."""
    for frame in frames:
        ids = frame.f_locals.get("input") if frame.f_code.co_name == "embedding" else None
        if isinstance(ids, torch.Tensor) and ids.numel() and ids.dtype in (torch.int64, torch.int32):
            return int(ids.min()), int(ids.max())
    return None


def _inside_classes(edits: Sequence[Edit], sources: dict[str, SourceFacts]) -> bool:
    """Whether an edit changes a class: then the network must be built anew."""
    for edit in edits:
        for cls in sources[edit.place.path].classes:
            if cls.place.line <= edit.place.line <= cls.place.end_line:
                return True
    return False


def _loss_call(frames: list[FrameType], watch: Watch | None) -> LossCall | None:
    """The loss function that raised, with what it was given."""
    last = watch.losses.last() if watch is not None else None
    if last is not None and last.value is None and any(f.f_code.co_name == last.function for f in frames):
        return last
    for index, frame in enumerate(frames):
        name = frame.f_code.co_name
        if name in LOSSES and frame.f_code.co_filename.endswith("functional.py"):
            prediction, target = frame.f_locals.get("input"), frame.f_locals.get("target")
            if isinstance(prediction, torch.Tensor) and isinstance(target, torch.Tensor):
                outer = user_frame(frames[index - 1])
                spot = Spot(outer.f_code, outer.f_lasti) if outer is not None else None
                settings = (
                    {"ignore_index": frame.f_locals["ignore_index"]}
                    if "ignore_index" in frame.f_locals
                    else {}
                )
                return LossCall(
                    name, 0, spot.place if spot else None, values_of(prediction), values_of(target), None, (), settings,
                )  # fmt: skip
    return None


def _in_loss(loss: LossCall, frames: list[FrameType], sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    watched = Watched(Session(losses=(loss,), ended="crash"), sources)
    found = [finding for finding in training_findings(watched) if finding.severity == "error"]
    inner = next((f for f in frames if f.f_code.co_name == loss.function and "target" in f.f_locals), None)
    return tuple(_tried(finding, inner, sources) for finding in found)


def _order_of_axes(
    loss: LossCall, sources: dict[str, SourceFacts], watch: Watch | None
) -> tuple[Finding, ...]:
    """Where prediction and target have different numbers of samples, the network may have taken another axis for the batch."""
    last = watch.not_finite.last_pass if watch is not None else None
    if last is None or not loss.prediction.shape or not loss.target.shape:
        return ()
    if loss.prediction.shape[0] == loss.target.shape[0]:
        return ()
    trace = _repeated(last, sources, watch)
    mixing = find_mixing(*last) if trace.complete and not trace.failures else None
    found = findings_of(Subject(sources, trace, None, mixing))
    return tuple(finding for finding in found if finding.check in _BATCH_CHECKS)


def _size_of_result(
    loss: LossCall, frames: list[FrameType], sources: dict[str, SourceFacts], watch: Watch | None
) -> tuple[Finding, ...]:
    last = watch.not_finite.last_pass if watch is not None else None
    if (
        watch is None
        or last is None
        or len(loss.prediction.shape) != len(loss.target.shape)
        or not loss.target.shape[2:]
    ):
        return ()
    subject = Subject(sources, _repeated(last, sources, watch))
    return in_result(loss, last, subject, frames, watch.constructed)


def _repeated(
    last: tuple[nn.Module, tuple[Any, ...], dict[str, Any]],
    sources: dict[str, SourceFacts],
    watch: Watch | None,
) -> Trace:
    """The last pass of the network once more, recorded."""
    module, args, kwargs = last
    read_classes(module, sources)
    constructions = watch.constructed.all() if watch is not None else None
    return record(module, args, kwargs, constructions=constructions)


def _tried(finding: Finding, frame: FrameType | None, sources: dict[str, SourceFacts]) -> Finding:
    """The loss once more, with what a fix hangs on its argument (`.squeeze(1)`, `.long()`, ` - 1`) done to the tensor."""
    if frame is None:
        return finding
    fixes = [_fix_tried(fix, frame, sources) for fix in finding.fixes]
    fixes.sort(key=lambda fix: not (fix.proof is not None and fix.proof.holds))
    return replace(finding, fixes=tuple(fixes))


def _fix_tried(fix: Fix, frame: FrameType, sources: dict[str, SourceFacts]) -> Fix:
    if len(fix.edits) != 1:
        return fix
    (edit,) = fix.edits
    source = sources.get(edit.place.path)
    old = source.at(edit.place) if source else ""
    suffix = edit.text.removeprefix(old).removeprefix(f"({old})")
    if not old or suffix == edit.text or not suffix.startswith((".", "[", " - ", " + ")):
        return fix
    function = getattr(nn.functional, frame.f_code.co_name)
    names = [name for name in inspect.signature(function).parameters if name in frame.f_locals]
    given = {name: frame.f_locals[name] for name in names}
    call = (
        next((c for c in source.calls if any(a.place == edit.place for a in c.arguments)), None)
        if source
        else None
    )
    index = next((a.index for a in call.arguments if a.place == edit.place), 0) if call else 0
    name = names[min(index, names.index("target"))]
    try:
        with torch.no_grad():
            given[name] = eval(f"_{suffix}", {"_": given[name], "torch": torch})
            function(**given)
    except Exception:
        return fix
    return replace(fix, proof=Proof(True, (), False))
