"""Plants faults in torchvision's model sources and asks whether `check` finds and mends them.

    python bench/planted.py [source ...] [--most N] [--seed N] [--limit SECONDS] [--misses]

Every whole number that a call which makes a layer is given is changed, one at a time, up and down, in a copy of the model's own
source; those changes that make the network crash are the faults. Which calls make layers and which of their arguments are whole
numbers is seen by running the model once with every call and argument wrapped. `--most` tries so many faults of each
source, drawn with a seed (0 unless another is given); each fault has a process of its own, and one that takes longer than the limit counts as missed.

A fault is found where there is an error; it is right where the first error stands on the changed line or one of its fixes,
applied, mends the network (no error is left and nothing new comes); it is proved where that error's first fix is such a one.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import logging
import multiprocessing
import random
import re
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nnwhy.api.examination import Examination
from nnwhy.api.mending import mended
from nnwhy.checks.basis.registry import all_checks
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding
from nnwhy.trace.inputs import parse_inputs

# Small networks made with the source's own classes, and the side of their picture; a fault is tried on the first that reaches it.
SOURCES: dict[str, tuple[tuple[str, int], ...]] = {
    "alexnet": (("AlexNet(num_classes=10)", 64),),
    "vgg": (("VGG(make_layers(cfgs['A'], batch_norm=True), num_classes=10)", 32),),
    "resnet": (
        ("ResNet(BasicBlock, [2, 1, 1, 1], num_classes=10)", 32),
        ("ResNet(Bottleneck, [2, 1, 1, 1], num_classes=10)", 32),
    ),
    "densenet": (("DenseNet(block_config=(2, 2, 2, 2), num_classes=10)", 64), ("densenet121()", 64)),
    "googlenet": (("GoogLeNet(num_classes=10, init_weights=False)", 64),),
    "inception": (
        ("Inception3(num_classes=10, aux_logits=False, init_weights=False)", 75),
        ("Inception3(num_classes=10, init_weights=False)", 299),
    ),
    "mobilenetv2": (("MobileNetV2(num_classes=10, inverted_residual_setting=[[1, 16, 1, 1], [6, 24, 2, 2]])", 32),),
    "mobilenetv3": (("mobilenet_v3_small(num_classes=10)", 64), ("mobilenet_v3_large(num_classes=10)", 64)),
    "squeezenet": (("SqueezeNet('1_0', num_classes=10)", 64), ("SqueezeNet('1_1', num_classes=10)", 64)),
    "shufflenetv2": (
        ("ShuffleNetV2([2, 2, 2], [24, 48, 96, 192, 1024], num_classes=10)", 64),
        ("shufflenet_v2_x0_5(num_classes=10)", 64),
    ),
    "mnasnet": (("MNASNet(0.5, num_classes=10)", 64),),
    "efficientnet": (
        ("EfficientNet([MBConvConfig(1, 3, 1, 32, 16, 1), MBConvConfig(6, 5, 2, 16, 24, 2)], 0.2, num_classes=10)", 32),
        ("EfficientNet([FusedMBConvConfig(1, 3, 1, 24, 24, 1), FusedMBConvConfig(4, 3, 2, 24, 48, 2)], 0.2, num_classes=10)", 32),
        ("efficientnet_b0(num_classes=10)", 64),
        ("efficientnet_v2_s(num_classes=10)", 64),
    ),
    "convnext": (
        ("ConvNeXt([CNBlockConfig(16, 32, 1), CNBlockConfig(32, None, 1)], num_classes=10)", 32),
        ("convnext_tiny(num_classes=10)", 32),
    ),
    "vision_transformer": (
        ("VisionTransformer(32, 16, 2, 2, 32, 64, num_classes=10)", 32),
        ("vit_b_32(num_classes=10)", 224),
    ),
    "swin_transformer": (
        ("SwinTransformer([4, 4], 16, [2, 1], [2, 2], [4, 4], num_classes=10)", 32),
        (
            "SwinTransformer([4, 4], 16, [2, 1], [2, 2], [4, 4], num_classes=10, block=SwinTransformerBlockV2,"
            " downsample_layer=PatchMergingV2)",
            32,
        ),
        ("swin_t(num_classes=10)", 32),
    ),
}  # fmt: skip
SPEAKS = ("faults", "found", "right", "proved")


@dataclass(frozen=True)
class Fault:
    """A stretch of the source (line, columns from 0) and the text that takes its place; `network` is tried."""

    line: int
    column: int
    end_line: int
    end: int
    old: str
    new: str
    network: int


@dataclass
class Outcome:
    """What `check` made of one fault; `says` is for who reads the misses."""

    found: bool = False
    right: bool = False
    proved: bool = False
    says: str = ""
    seconds: float = 0.0


@dataclass
class Counts:
    """The sums of a source."""

    outcomes: list[Outcome] = field(default_factory=list[Outcome])

    def row(self) -> str:
        """The counts, each under its title, and the mean seconds of a fault."""
        numbers = [
            len(self.outcomes),
            sum(o.found for o in self.outcomes),
            sum(o.right for o in self.outcomes),
            sum(o.proved for o in self.outcomes),
        ]
        mean = sum(o.seconds for o in self.outcomes) / max(len(self.outcomes), 1)
        return "".join(f"{number:8}" for number in numbers) + f"{mean:9.1f}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="planted.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sources", nargs="*", choices=[[], *SOURCES], default=[], metavar="source")
    parser.add_argument("--most", type=int, default=0, help="faults of each source (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one fault (default: 60)")
    parser.add_argument("--misses", action="store_true", help="tell each fault that is not right and proved")
    given = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    all_checks()
    everything = Counts()
    print(f"{'source':20}" + "".join(f"{word:>8}" for word in SPEAKS) + f"{'seconds':>9}", flush=True)
    for name in given.sources or SOURCES:
        counts = Counts()
        for fault, outcome in _outcomes(name, given.most, given.seed, given.limit):
            counts.outcomes.append(outcome)
            if given.misses and not (outcome.right and outcome.proved):
                mark = "not proved" if outcome.right else "missed"
                print(
                    f"  {mark} {name}:{fault.line} {fault.old} → {fault.new} on {fault.network}: {outcome.says}",
                    flush=True,
                )
        everything.outcomes += counts.outcomes
        print(f"{name:20}{counts.row()}", flush=True)
    print(f"{'all':20}{everything.row()}")
    if total := len(everything.outcomes):
        right = sum(o.right for o in everything.outcomes) / total
        print(f"right {right:.1%}, proved {sum(o.proved for o in everything.outcomes) / total:.1%}")


def _outcomes(name: str, most: int, seed: int, limit: float) -> Iterator[tuple[Fault, Outcome]]:
    """The faults of a source that crash, each with what became of it."""
    text = source(name)
    faults = sorted(_faults(text, SOURCES[name]), key=lambda f: (f.network, f.line, f.column, f.new))
    if most:
        random.Random(seed).shuffle(faults)
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, fault in enumerate(faults):
            if most and tried >= most:
                return
            maker, side = SOURCES[name][fault.network]
            path = Path(folder) / f"planted{number}.py"
            path.write_text(f"{_changed(text, fault)}\n\nnet = {maker}\n")
            outcome = _apart(path, side, fault, limit)
            if outcome is not None:
                tried += 1
                yield fault, outcome


def source(name: str) -> str:
    """The text of a model's file, so that it can stand alone."""
    text = inspect.getsource(importlib.import_module(f"torchvision.models.{name}"))
    text = text.replace("from ..", "from torchvision.").replace("from .", "from torchvision.models.")
    return re.sub(r"^@register_model\(.*\)$", "", text, flags=re.MULTILINE)


def _faults(text: str, networks: tuple[tuple[str, int], ...]) -> Iterator[Fault]:
    """The changes of the whole numbers in calls that make layers, as far as the networks reach them."""
    seen: set[tuple[int, int, int, int]] = set()
    for network, (maker, _) in enumerate(networks):
        for call, whole in _layer_calls(text, maker):
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
                places: list[tuple[ast.expr, list[str]]] = [
                    (
                        part,
                        sorted(
                            {str(part.value + 1), str(part.value - 1), str(part.value * 2)}
                            - {"-1", str(part.value)}
                        ),
                    )
                    for part in _literals(argument)
                ]
                if argument in whole and not isinstance(argument, ast.Constant):
                    written = ast.get_source_segment(text, argument) or ""
                    plain = isinstance(
                        argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp
                    )
                    shown = written if plain else f"({written})"
                    places.append((argument, [f"{shown} + 1", f"{shown} - 1"]))
                for part, changes in places:
                    place = (part.lineno, part.col_offset, part.end_lineno or 0, part.end_col_offset or 0)
                    if place in seen:
                        continue
                    seen.add(place)
                    old = ast.get_source_segment(text, part) or ""
                    yield from (Fault(*place, old, new, network) for new in changes)


def _literals(argument: ast.expr) -> Iterator[Any]:
    """The whole numbers as written in an argument, those of other calls left out: they are arguments themselves."""
    todo: list[ast.AST] = [argument]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield node
        elif not isinstance(node, ast.Call | ast.Lambda):
            todo.extend(ast.iter_child_nodes(node))


def _layer_calls(text: str, maker: str) -> list[tuple[ast.Call, set[ast.expr]]]:
    """The calls of the source that give a layer, or the description of one, each with its arguments that are whole numbers."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made: set[int] = set()
    numbers: dict[tuple[int, int], bool] = {}

    def seen_call(index: int, value: Any) -> Any:
        if isinstance(value, nn.Module) or type(value).__name__.endswith("Config"):
            made.add(index)
        return value

    def seen_argument(index: int, position: int, value: Any) -> Any:
        numbers[index, position] = numbers.get((index, position), True) and type(value) is int
        return value

    class Wrap(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.expr:
            index = order[id(node)]
            self.generic_visit(node)
            if isinstance(node.func, ast.Name) and node.func.id == "super":
                return node
            for position, argument in enumerate(node.args):
                if not isinstance(argument, ast.Starred):
                    node.args[position] = _asked("__seen_argument__", index, position, argument)
            for position, keyword in enumerate(node.keywords, len(node.args)):
                if keyword.arg:
                    keyword.value = _asked("__seen_argument__", index, position, keyword.value)
            return _asked("__seen_call__", index, None, node)

    wrapped = ast.parse(text)
    order = {
        id(node): index for index, node in enumerate(n for n in ast.walk(wrapped) if isinstance(n, ast.Call))
    }
    code = compile(ast.fix_missing_locations(Wrap().visit(wrapped)), "<planted>", "exec")
    names = {"__name__": "planted", "__seen_call__": seen_call, "__seen_argument__": seen_argument}
    sys.modules["planted"] = module = type(sys)("planted")  # dataclasses look for their module
    vars(module).update(names)
    exec(code, vars(module))
    exec(f"net = {maker}", vars(module))
    found: list[tuple[ast.Call, set[ast.expr]]] = []
    for index in sorted(made):
        call = calls[index]
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        found.append((call, {a for position, a in enumerate(given) if numbers.get((index, position))}))
    return found


def _asked(name: str, index: int, position: int | None, value: ast.expr) -> ast.Call:
    numbers = [index] if position is None else [index, position]
    return ast.Call(ast.Name(name, ast.Load()), [*map(ast.Constant, numbers), value], [])


def _changed(text: str, fault: Fault) -> str:
    lines = text.split("\n")
    start = lines[fault.line - 1].encode()[: fault.column].decode()
    end = lines[fault.end_line - 1].encode()[fault.end :].decode()
    lines[fault.line - 1 : fault.end_line] = [start + fault.new + end]
    return "\n".join(lines)


def _apart(path: Path, side: int, fault: Fault, limit: float) -> Outcome | None:
    """The fault tried in a process of its own; None where the network does not crash."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(target=_send, args=(theirs, path, side, fault))
    start = time.perf_counter()
    worker.start()
    theirs.close()
    try:
        outcome = ours.recv() if ours.poll(limit) else Outcome(says=f"not done after {limit:.0f} seconds")
    except EOFError:
        outcome = Outcome(says="the process ended without an answer")
    if outcome is not None:
        outcome.seconds = time.perf_counter() - start
    worker.kill()
    worker.join()
    return outcome


def _send(pipe: Connection, path: Path, side: int, fault: Fault) -> None:
    pipe.send(_tried(path, side, fault))


def _tried(path: Path, side: int, fault: Fault) -> Outcome | None:
    if not _crashes(path.read_text(), side):
        return None
    examination = Examination(
        f"{path}:net", None, parse_inputs([f"2,3,{side},{side}"]), tuple(all_checks().values())
    )
    try:
        findings = mended(examination, examination.examine())
    except NnwhyError as error:
        return Outcome(says=f"refused: {error}"[:300])
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return Outcome(says="no error is told")
    first = errors[0]
    mends = any(fix.proof is not None and fix.proof.holds and fix.proof.runs for fix in first.fixes)
    says = "; ".join(map(_told, errors))[:500]
    return Outcome(True, mends or _stands_on(first, fault), mends, says)


def _crashes(text: str, side: int) -> bool:
    """Whether the network, built and called without us, raises."""
    sys.modules["planted"] = module = type(sys)("planted")
    torch.manual_seed(0)
    try:
        exec(compile(text, "<planted>", "exec"), vars(module))
        with torch.no_grad():
            module.net(torch.rand(2, 3, side, side))
    except Exception:
        return True
    return False


def _stands_on(finding: Finding, fault: Fault) -> bool:
    place = finding.place
    return place is not None and place.line <= fault.line <= place.end_line <= place.line + 1


def _told(finding: Finding) -> str:
    line = finding.place.line if finding.place else "?"
    tried = [f"{f.label} ({f.proof.new or 'an error is left'})" for f in finding.fixes if f.proof]
    untried = [f.label for f in finding.fixes if not f.proof]
    return f"{line} {finding.check}: {finding.sentence} {tried} {untried}"


if __name__ == "__main__":
    main(sys.argv[1:])
