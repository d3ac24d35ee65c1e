"""Every size of 200 models of torchvision and timm: how many are explained, whether truly, and how long one answer takes.

Run by `make zoo`; `python bench/zoo.py resnet swin` takes only the models whose names contain one of the words.
Models are made on the meta device where their constructors allow it. Exit code 1 where a model fails the promise.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from nnwhy.trace import record  # noqa: E402
from nnwhy.why.derive import Derivations  # noqa: E402
from sizes_of_trace import Coverage, coverage, sample, slowest_answer  # noqa: E402

QUESTIONS = 50
ENOUGH = 0.99


@dataclass(frozen=True)
class Entry:
    """A model: where it is from, its name, and how to make it and its inputs."""

    source: str
    name: str
    make: Callable[[], nn.Module]
    size: tuple[int, ...]


def torchvision_models() -> Iterator[Entry]:
    """Classification, segmentation, optical flow and video; detection takes lists and works on values."""
    from torchvision import models

    for name in models.list_models(module=models):
        size = (2, 3, 299, 299) if name == "inception_v3" else (2, 3, 224, 224)
        yield Entry("torchvision", name, lambda name=name: models.get_model(name, weights=None), size)
    for name in models.list_models(module=models.segmentation):
        make = lambda name=name: models.get_model(name, weights=None, weights_backbone=None)  # noqa: E731
        yield Entry("torchvision", name, make, (2, 3, 128, 128))
    for name in models.list_models(module=models.video):
        size = (
            (1, 3, 16, 224, 224)
            if "mvit" in name or "swin" in name or name == "s3d"
            else (1, 3, 16, 112, 112)
        )
        yield Entry("torchvision", name, lambda name=name: models.get_model(name, weights=None), size)


def timm_models() -> Iterator[Entry]:
    """The smallest model of each of timm's families."""
    import timm

    for family in sorted(timm.list_modules()):
        names = timm.list_models(module=family)
        if names:
            name = min(names, key=lambda name: (len(name), name))
            yield Entry("timm", name, lambda name=name: timm.create_model(name), _size(timm, name))


def _size(timm: object, name: str) -> tuple[int, ...]:
    """The input size of a model's configuration."""
    config = timm.get_pretrained_cfg(name)  # type: ignore[attr-defined]
    return (2, *(config.input_size if config else (3, 224, 224)))


def built(entry: Entry) -> nn.Module:
    """The model in evaluation mode, on the meta device if it can be."""
    try:
        with torch.device("meta"):
            return entry.make().eval()
    except Exception:
        return entry.make().eval()


def main(words: list[str]) -> int:
    """Measure all chosen models and print one line each."""
    failed, total, causes, symbolic = 0, Coverage(), Counter[str](), Counter[str]()
    print(
        f"{'model':42} {'pass':5} {'calls':>6} {'sizes':>7} {'explained':>9} {'wrong':>6} {'record':>7} {'why (median, longest)':>22}"
    )
    for entry in [*torchvision_models(), *timm_models()]:
        if words and not any(word in entry.name for word in words):
            continue
        try:
            net = built(entry)
            start = time.perf_counter()
            trace = record(net, (torch.zeros(entry.size, device="meta"),))
            seconds = time.perf_counter() - start
            derivations = Derivations(trace)
            found = coverage(derivations)
            median, longest = slowest_answer(derivations, sample(trace, QUESTIONS))
        except Exception as error:
            failed += 1
            print(f"{entry.source + ' ' + entry.name:42} {type(error).__name__}: {str(error)[:120]}")
            continue
        good = trace.complete and not trace.failures and not found.wrong and found.share >= ENOUGH
        failed += not good
        total.dimensions += found.dimensions
        total.grounded += found.grounded
        total.wrong += found.wrong
        causes += found.causes
        symbolic += found.symbolic
        mark = (
            ""
            if good
            else "  "
            + (str(trace.failures[0].message)[:100] if trace.failures else str(found.causes.most_common(2)))
        )
        print(
            f"{entry.source + ' ' + entry.name:42} {trace.how.kind:5} {len(trace.calls):6} {found.dimensions:7} {found.share:9.2%} "
            f"{len(found.wrong):6} {seconds:6.2f}s {median * 1e3:10.2f} {longest * 1e3:8.2f} ms{mark}",
            flush=True,
        )
    print(
        f"{total.share:.3%} of {total.dimensions} sizes explained, {len(total.wrong)} wrong, {failed} models below the promise"
    )
    for title, counted in (("not explained", causes), ("by symbolic shapes", symbolic)):
        for what, count in counted.most_common(15):
            print(f"  {title}: {count:6}  {what}")
    return int(failed > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1:]))
