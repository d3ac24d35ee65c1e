"""How often the input of a torchvision classification model is found, with the sizes of its weights hidden.

An answer is right where the pass runs with it. Beside it stands the size that the model's weights were trained for.

    python bench/inference.py [NAME ...]       all models without a name; needs torchvision
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass

import torch
import torchvision
from torch import nn

from nnwhy.errors import NnwhyError
from nnwhy.load.large import MetaBeyond
from nnwhy.trace import record
from nnwhy.trace.inputs import make_inputs, written
from nnwhy.why.infer import infer_inputs


@dataclass(frozen=True)
class Row:
    """One model: what was found, whether its pass runs, the size of its weights' own images, and the seconds it took."""

    name: str
    found: str
    runs: bool
    trained_for: int
    seconds: float
    reason: str


def main(names: list[str]) -> int:
    """Print a row for each model and the share that is right; 1 where it is below nine tenths."""
    rows: list[Row] = []
    for name in names or torchvision.models.list_models(module=torchvision.models):
        rows.append(examined(name))
        row = rows[-1]
        mark = "runs" if row.runs else "FAILS"
        print(
            f"{row.name:24} {row.found:14} {mark:6} {row.trained_for:4} {row.seconds:6.1f} s  {row.reason}",
            flush=True,
        )
    right = sum(row.runs for row in rows)
    same = sum(row.found.endswith(f",{row.trained_for},{row.trained_for}") for row in rows)
    print(
        json.dumps(
            {"models": len(rows), "right": right, "as trained": same, "share": round(right / len(rows), 4)}
        )
    )
    return 0 if right >= 0.9 * len(rows) else 1


def examined(name: str) -> Row:
    """Find the input of one model and run it once more with it."""
    trained_for = torchvision.models.get_model_weights(name).DEFAULT.transforms().crop_size[0]
    with MetaBeyond():
        module: nn.Module = torchvision.models.get_model(name, weights=None)
    start = time.perf_counter()
    try:
        found = infer_inputs(module)
    except NnwhyError as error:
        return Row(name, "-", False, trained_for, time.perf_counter() - start, str(error)[:160])
    seconds = time.perf_counter() - start
    args, kwargs, _ = make_inputs(found.inputs, module)
    trace = record(module, args, kwargs)
    runs = trace.complete and not trace.failures
    return Row(
        name, " ".join(written(spec) for spec in found.inputs), runs, trained_for, seconds, found.reason[:110]
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main(sys.argv[1:]))
