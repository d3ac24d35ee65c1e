"""What a loss wants for a target, and the code that makes it so."""

from __future__ import annotations

import re

from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.words import shape_text
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.facts.trace import Tensor

CLASS_LOSSES = ("cross_entropy", "nll_loss")

_ADDED = re.compile(r"(.+?)\.unsqueeze\((?:dim=)?-?1\)(?:\.float\(\)|\.long\(\))?", re.DOTALL)
_Tensor = Tensor | WrittenTensor


def wanted_target(name: str, x: _Tensor, y: _Tensor) -> tuple[str | None, str]:
    """What the target should be, and the method that makes it so ("" where none does)."""
    if name in CLASS_LOSSES:
        indices = (x.shape[0], *x.shape[2:]) if len(x.shape) > 1 else ()
        text = f"class indices of {shape_text(indices)} (int64)"
        if name == "cross_entropy" and y.shape == x.shape and y.dtype.startswith("float"):
            return None, ""
        if y.shape == indices:
            return (text, ".long()") if y.dtype not in ("int64", "uint8") else (None, "")
        if len(y.shape) == len(indices) + 1 and y.shape[:1] + y.shape[2:] == indices and y.shape[1] == 1:
            return text, ".squeeze(1)" + (".long()" if y.dtype not in ("int64", "uint8") else "")
        if y.shape == x.shape:
            return text, ".argmax(1)"
        if _channels_last(x, y):
            soft = name == "cross_entropy" and y.dtype == x.dtype
            both = f"{text}, or probabilities of {shape_text(x.shape)} ({x.dtype})"
            return (both, ".movedim(-1, 1)") if soft else (text, ".argmax(-1)")
        return text, ""
    if y.shape == x.shape:
        return (f"{x.dtype}", ".float()") if y.dtype != x.dtype else (None, "")
    if _channels_last(x, y):
        return shape_text(x.shape), ".movedim(-1, 1)" + (".float()" if y.dtype != x.dtype else "")
    text = shape_text(x.shape)
    missing = [
        axis
        for axis in range(len(x.shape))
        if x.shape[axis] == 1 and y.shape == x.shape[:axis] + x.shape[axis + 1 :]
    ]
    kind = ".float()" if not y.dtype.startswith("float") else ""
    return text, (f".unsqueeze({missing[-1]})" + kind if missing else "")


def _channels_last(x: _Tensor, y: _Tensor) -> bool:
    """Whether the target is the prediction's shape with axis 1 at the end, as `one_hot` makes it."""
    return len(x.shape) > 2 and y.shape == (x.shape[0], *x.shape[2:], x.shape[1])


def changed_target(text: str, method: str) -> str:
    """The expression with a method behind it; an axis that it adds itself is left out instead of taken away again."""
    added = _ADDED.fullmatch(text) if method.startswith(".squeeze(1)") else None
    return bracketed(text) + method if added is None else f"{added[1]}.long()"


def classes_last(name: str, x: _Tensor, y: _Tensor) -> tuple[tuple[int, ...], str] | None:
    """Scores with the classes behind the positions, (N, L, C) with (N, L) labels: the shape that the loss takes, and the
    method that makes it so; None where the two are not related so."""
    rank = len(x.shape)
    if (
        name not in CLASS_LOSSES
        or rank < 3
        or y.shape != x.shape[:-1]
        or y.shape == (x.shape[0], *x.shape[2:])
    ):
        return None
    wanted = (x.shape[0], x.shape[-1], *x.shape[1:-1])
    return wanted, ".transpose(1, 2)" if rank == 3 else f".movedim({rank - 1}, 1)"
