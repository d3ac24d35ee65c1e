"""Plants faults in torchvision's model sources and asks whether `check` finds and mends them.

    python bench/planted.py [model ...] [--most N] [--verbose]

One integer argument of one layer at a time is changed, in both directions, in a copy of the model's own source; those
changes that make the network crash are the faults. A finding is right where its place or one of its fixes, changed, mends
the network; the first fix should prove itself.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import logging
import random
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from nnwhy.api.examination import Examination
from nnwhy.checks.basis.registry import all_checks
from nnwhy.errors import NnwhyError
from nnwhy.fix.prove import proved
from nnwhy.trace.inputs import parse_inputs

MODELS = {
    "alexnet": 224, "vgg11_bn": 64, "resnet18": 64, "densenet121": 64, "googlenet": 96, "inception_v3": 139,
    "mobilenet_v2": 64, "mobilenet_v3_small": 64, "squeezenet1_1": 64, "shufflenet_v2_x0_5": 64, "mnasnet0_5": 64,
    "efficientnet_b0": 64, "convnext_tiny": 64, "vit_b_32": 224, "swin_t": 64,
}  # fmt: skip
LAYERS = ("Conv2d", "Linear", "BatchNorm2d", "MaxPool2d", "AvgPool2d", "LayerNorm", "MultiheadAttention")


@dataclass
class Fault:
    """One changed number of a source."""

    line: int
    column: int
    end: int
    old: int
    new: int


def main(arguments: list[str]) -> None:
    verbose = "--verbose" in arguments
    most = int(arguments[arguments.index("--most") + 1]) if "--most" in arguments else 10
    names = [a for a in arguments if a in MODELS] or list(MODELS)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    total = [0, 0, 0, 0]
    print(f"{'model':22}{'faults':>8}{'found':>8}{'right':>8}{'proved':>8}")
    for name in names:
        counts = _model(name, most, verbose)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        print(f"{name:22}" + "".join(f"{count:8}" for count in counts), flush=True)
    print(f"{'all':22}" + "".join(f"{count:8}" for count in total))
    if total[0]:
        print(f"right {total[2] / total[0]:.1%}, proved {total[3] / total[0]:.1%}")


def _model(name: str, most: int, verbose: bool) -> list[int]:
    import torchvision.models as zoo

    maker = getattr(zoo, name)
    module = importlib.import_module(maker.__module__)
    text = (
        inspect.getsource(module)
        .replace("from ..", "from torchvision.")
        .replace("from .", "from torchvision.models.")
    )
    text = re.sub(r"^@register_model\(.*\)$", "", text, flags=re.MULTILINE)
    faults = list(_faults(text))
    random.Random(0).shuffle(faults)
    counts = [0, 0, 0, 0]
    side = MODELS[name]
    with tempfile.TemporaryDirectory() as folder:
        for number, fault in enumerate(faults):
            if counts[0] >= most:
                break
            path = Path(folder) / f"planted{number}.py"
            path.write_text(_changed(text, fault))
            result = _try(path, name, side)
            if result is None:
                continue
            found, right, mended, says = result
            counts = [counts[0] + 1, counts[1] + found, counts[2] + right, counts[3] + mended]
            if verbose and not (right and mended):
                print(
                    f"  {name}:{fault.line} {fault.old} → {fault.new}: {text.splitlines()[fault.line - 1].strip()}  [{says}]"
                )
    return counts


def _faults(text: str) -> Iterator[Fault]:
    """The whole-number literals in calls that make layers, each changed up and down."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        written = ast.unparse(node.func).rpartition(".")[2]
        layer = written in LAYERS or written.endswith(
            ("Conv2d", "Block", "Bottleneck", "Inception", "Fire", "InceptionA", "Conv2dNormActivation")
        )
        if not layer:
            continue
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            for part in ast.walk(argument):
                if (
                    isinstance(part, ast.Constant)
                    and type(part.value) is int
                    and part.value > 0
                    and part.end_col_offset
                ):
                    for new in {part.value + 1, part.value - 1, part.value * 2} - {0, part.value}:
                        yield Fault(part.lineno, part.col_offset, part.end_col_offset, part.value, new)


def _changed(text: str, fault: Fault) -> str:
    lines = text.split("\n")
    line = lines[fault.line - 1]
    lines[fault.line - 1] = line[: fault.column] + str(fault.new) + line[fault.end :]
    return "\n".join(lines)


def _try(path: Path, name: str, side: int) -> tuple[bool, bool, bool, str] | None:
    """Whether the fault is found, its place right, its first fix proved; None where the network does not crash."""
    torch.manual_seed(0)
    keywords = "weights=None, init_weights=False" if name in ("googlenet", "inception_v3") else "weights=None"
    examination = Examination(
        f"{path}:{name}({keywords})", None, parse_inputs([f"2,3,{side},{side}"]), tuple(all_checks().values())
    )
    try:
        before = examination.examine()
    except NnwhyError as error:
        return (False, False, False, str(error)[:150]) if "valid Python" not in str(error) else None
    errors = [finding for finding in before if finding.severity == "error"]
    if not errors:
        return None
    findings = proved(before, examination.again)
    errors = [finding for finding in findings if finding.severity == "error"]
    right = any(finding.proved for finding in errors)
    first = next(iter(errors), None)
    says = "; ".join(f"{f.place.line if f.place else '?'} {f.check}: {f.sentence}" for f in errors)[:300]
    return bool(errors), right, first is not None and first.proved is not None, says


if __name__ == "__main__":
    main(sys.argv[1:])
