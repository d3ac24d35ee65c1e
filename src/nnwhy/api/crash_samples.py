"""A DataLoader whose samples do not make a batch: of different sizes, or no tensors."""

from __future__ import annotations

from types import FrameType
from typing import Any

import torch

from nnwhy.api.crash_frames import Crash, crash_of
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts

_ABLE = (torch.Tensor, int, float, str, bytes, list, tuple, dict)


def in_samples(error: BaseException, sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """What is different about the samples; () where no batch was being made. Samples of worker processes are not seen."""
    crash = crash_of(error, sources)
    if crash is None:
        return ()
    collating = [
        frame
        for frame in crash.frames("collate")
        if frame.f_code.co_filename.endswith("collate.py") and "batch" in frame.f_locals
    ]
    if not collating:
        return ()
    place = _samples_made(crash, sources) or crash.place
    also = (crash.place,) if place != crash.place else ()
    found = _uneven(collating, place, also) or _no_tensors(collating, place, also)
    return (found,) if found is not None else ()


def _samples_made(crash: Crash, sources: dict[str, SourceFacts]) -> Place | None:
    """What `__getitem__` of the dataset returns, where that is the user's own."""
    for frame in crash.frames("fetch"):
        dataset = getattr(frame.f_locals.get("self"), "dataset", None)
        code = getattr(getattr(type(dataset), "__getitem__", None), "__code__", None)
        source = sources.get(code.co_filename) if code is not None else None
        if code is not None and source is not None:
            return next(
                (one.returns[-1] for one in source.functions if one.name == code.co_qualname and one.returns),
                None,
            )
    return None


def _uneven(frames: list[FrameType], place: Place, also: tuple[Place, ...]) -> Finding | None:
    for frame in reversed(frames):
        batch: Any = frame.f_locals["batch"]
        if all(isinstance(one, torch.Tensor) for one in batch):
            shapes = [tuple(one.shape) for one in batch]
            other = next((shape for shape in shapes if shape != shapes[0]), None)
            if other is None:
                return None
            return Finding(
                "samples-differ", "error", place, {"first": shape_text(shapes[0]), "other": shape_text(other)},
                because=(f"A batch of {len(batch)} is one tensor, so all of its samples have one size.",),
                expected=shape_text(shapes[0]),
                actual=shape_text(other),
                fixes=(
                    Fix("bring each sample to one size where it is made", (), "resize or crop pictures, cut or pad sequences"),
                    Fix("DataLoader(…, collate_fn=…)", (), "with a function that pads the samples of a batch"),
                    Fix("DataLoader(…, batch_size=1)", (), "one sample at a time"),
                ),
                also=also,
                title="the samples of a batch have different sizes: {first} and {other}",
            )  # fmt: skip
    return None


def _no_tensors(frames: list[FrameType], place: Place, also: tuple[Place, ...]) -> Finding | None:
    batch: Any = frames[-1].f_locals["batch"]
    odd = [
        (index, one)
        for index, one in enumerate(batch)
        if not isinstance(one, _ABLE) and type(one).__module__ != "numpy"
    ]
    if not odd:
        return None
    index, value = odd[0]
    kind = type(value).__name__
    return Finding(
        "samples-differ", "error", place, {"kind": kind, "number": index, "count": len(batch)},
        because=("A batch is made of tensors, arrays, numbers, and of tuples or dictionaries of them.",),
        fixes=(
            Fix("leave such samples out of the dataset, or return another one in their place", ()) if value is None
            else Fix(f"turn the {kind} into a tensor in __getitem__", ()),
        ),
        also=also,
        title="sample {number} of a batch of {count} is {kind}",
    )  # fmt: skip
