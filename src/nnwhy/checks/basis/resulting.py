"""The network's result should have another size, that of its target: what would give it, above all in transposed convolutions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.mending import candidate_fixes, distinct, plausible
from nnwhy.checks.basis.settings import Setting
from nnwhy.checks.basis.solving import Sizes, candidates
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.finding import Fix
from nnwhy.facts.value import tensors_in

_TRIED = {"output_padding": (1, 2), "padding": (0, 1, 2, 3), "kernel_size": (2, 3, 4, 5)}


def sizes_of_result(subject: Subject, wanted: tuple[int, ...]) -> list[tuple[Size, int]]:
    """The axes behind the channels along which the pass's only result differs from `wanted`, each with its wanted size.

    A flat result that has several numbers for each sample of the batch differs in its only axis.
    """
    trace = subject.trace
    results = list(tensors_in(trace.result)) if trace is not None and not trace.failures else []
    if len(results) != 1:
        return []
    shape = subject.shape(results[0])
    if len(shape) == len(wanted) == 1:
        batch = {sizes[0] for tensor in subject.inputs() if (sizes := subject.shape(tensor))}
        several = wanted[0] in batch and shape[0] > wanted[0] and shape[0] % wanted[0] == 0
        return [(Size(results[0], 0, shape[0]), wanted[0])] if several else []
    if len(shape) != len(wanted) or len(shape) < 3 or shape[1] != wanted[1]:
        return []
    pairs = zip(shape, wanted, strict=True)
    return [
        (Size(results[0], axis, is_now), should_be)
        for axis, (is_now, should_be) in enumerate(pairs)
        if axis > 1 and is_now != should_be
    ]


def fixes_for_result(subject: Subject, wanted: tuple[int, ...]) -> list[Fix]:
    """Fixes that give the result the wanted size: one setting of all transposed convolutions alike, or one of one layer."""
    differing = sizes_of_result(subject, wanted)
    if not differing:
        return []
    roots, sizes = [root for root, _ in differing], [size for _, size in differing]

    def fits(values: list[int]) -> bool:
        return values == sizes

    alone = [
        candidate for candidate in candidates(subject, roots, fits, linear=False) if plausible(candidate)
    ]
    alone.sort(key=lambda candidate: candidate.distance)
    return distinct(
        [
            *_alike(subject, roots, sizes),
            *(fix for candidate in alone[:4] for fix in candidate_fixes(subject, candidate, 0)),
        ]
    )


def _alike(subject: Subject, roots: Sequence[Size], wanted: list[int]) -> Iterator[Fix]:
    """The same new value of one setting in several transposed convolutions, the last ones first where not all need it."""
    sizes = Sizes(subject, list(roots))
    for name, tried in _TRIED.items():
        settings = [
            (setting, arguments) for setting, arguments in sizes.settings.values()
            if setting.name == name and _transposed(subject, setting)
        ]  # fmt: skip
        for count in range(len(settings), 0, -1):
            for some in (settings[:count], settings[-count:]):
                value = _value(sizes, some, tried, wanted)
                if value is not None:
                    yield _together(subject, some, value)


def _transposed(subject: Subject, setting: Setting) -> bool:
    module = subject.modules.get(setting.owner) if setting.owner is not None else None
    return module is not None and module.type.startswith("ConvTranspose")


def _value(
    sizes: Sizes, settings: list[tuple[Setting, list[Argument]]], tried: Sequence[int], wanted: list[int]
) -> int | None:
    arguments = [argument for _, some in settings for argument in some]
    fitting = (value for value in tried if sizes.values(dict.fromkeys(arguments, value)) == wanted)
    return next(fitting, None)


def _together(subject: Subject, settings: list[tuple[Setting, list[Argument]]], value: int) -> Fix:
    ways = [ways_to_set(subject, setting, value)[:1] for setting, _ in settings]
    made = {edit for way in ways for chosen in way for edit in chosen.edits}
    edits = sorted(made, key=lambda edit: (edit.place.path, edit.place.line, edit.place.column))
    names = " and ".join(dict.fromkeys(setting.owner or "" for setting, _ in settings))
    return labelled(subject, edits, means=f"{names}: {settings[0][0].name} {value}")
