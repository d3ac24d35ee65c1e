"""What recording costs: a recorded pass over a bare pass of the same kind, as ratios within one run.

    python bench/overhead.py [--runs N]

Takes the models of torchvision where it is installed, else those of transformers with the same shapes. Both passes run
without gradients, in turn, after one warm-up of each, on the meta device and (but for the largest) on real values; the median of the pairwise ratios counts.
"read" is the pass together with its transcription to facts. Memory is the peak of Python's allocations during the pass.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from nnwhy.facts.trace import PassKind
from nnwhy.trace import record
from nnwhy.trace.passes import run

LARGEST_REAL = 120_000_000

Made = tuple[str, Callable[[], nn.Module], tuple[int, ...], torch.dtype]


def models() -> Iterator[Made]:
    """Name, constructor, input shape and dtype."""
    image = (1, 3, 224, 224)
    try:
        import torchvision.models as vision
    except (ImportError, RuntimeError):
        yield from transformers_images(image)
    else:
        for name in ("resnet50", "vit_b_16", "densenet201", "swin_t"):
            yield name, getattr(vision, name), image, torch.float32
    from transformers import LlamaConfig, LlamaForCausalLM

    yield (
        "llama, 32 layers",
        lambda: LlamaForCausalLM(LlamaConfig(num_hidden_layers=32)),
        (1, 128),
        torch.int64,
    )


def transformers_images(image: tuple[int, ...]) -> Iterator[Made]:
    import transformers as hub

    yield "resnet50", lambda: hub.ResNetForImageClassification(hub.ResNetConfig()), image, torch.float32
    yield "vit_b_16", lambda: hub.ViTForImageClassification(hub.ViTConfig()), image, torch.float32
    yield "swin_t", lambda: hub.SwinForImageClassification(hub.SwinConfig()), image, torch.float32
    convnext = hub.ConvNextConfig()
    yield "convnext_t", lambda: hub.ConvNextForImageClassification(convnext), image, torch.float32


def seconds(action: Callable[[], Any]) -> float:
    """The processor's time: the wall's tells as much about what else the machine does."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def peak(action: Callable[[], Any]) -> float:
    """The peak of Python's allocations in MB."""
    tracemalloc.start()
    action()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def measure(made: Made, kind: PassKind, runs: int) -> tuple[float, float, float, float, int] | None:
    """Milliseconds of the bare pass, ratio of the recorded one, ratio with reading, peak MB, calls; None where too large."""
    _, make, shape, dtype = made
    with torch.device("meta"):
        net = make().eval()
    if kind == "real":
        if sum(parameter.numel() for parameter in net.parameters()) > LARGEST_REAL:
            return None
        net = make().eval()
    x = torch.zeros(shape, dtype=dtype, device="meta" if kind == "meta" else "cpu")

    def bare() -> None:
        with torch.no_grad():
            net(x)

    def recorded() -> None:
        run(net, (x,), {}, how=kind)

    def read() -> None:
        record(net, (x,), how=kind)

    for action in (bare, recorded, read):
        action()
    times = [(seconds(bare), seconds(recorded), seconds(read)) for _ in range(runs)]
    return (
        statistics.median(t[0] for t in times) * 1e3,
        statistics.median(t[1] / t[0] for t in times),
        statistics.median(t[2] / t[0] for t in times),
        peak(recorded),
        len(record(net, (x,), how=kind).calls),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    warnings.filterwarnings("ignore")
    print(f"{'model':<18}{'pass':>6}{'calls':>7}{'bare ms':>10}{'recorded':>10}{'read':>8}{'peak MB':>9}")
    ratios: dict[PassKind, list[float]] = {"meta": [], "real": []}
    for kind, found in ratios.items():
        for made in models():
            measured = measure(made, kind, runs)
            if measured is None:
                continue
            bare, ratio, with_reading, memory, calls = measured
            found.append(ratio)
            print(
                f"{made[0]:<18}{kind:>6}{calls:>7}{bare:>10.1f}{ratio:>9.2f}×{with_reading:>7.2f}×{memory:>9.1f}",
                flush=True,
            )
    for kind, found in ratios.items():
        print(f"median of the recorded {kind} passes: {statistics.median(found):.2f}×")


if __name__ == "__main__":
    main()
