"""A pool or a strided convolution leaves the last rows or columns out.

## What it finds
A window that moves in steps and does not come out even: 25 columns in steps of 2 leave the last one out. A note.

## Why it matters
The size of the result is rounded down, so part of every sample never reaches the next layer. It is seldom much, but two sizes
of input give the same result (28 and 29 in the recipe), and a decoder that doubles the size does not come back to it.

## Example
    F.max_pool2d(x, 2)              # of 25 × 25: 12 × 12, the last row and column are not looked at

## Use instead
    F.max_pool2d(x, 2, ceil_mode=True)          # 13 × 13

or an input whose sizes divide, or padding.

## When it is fine
Where the border holds nothing. `# nnwhy: ignore[rows-lost]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.following import place_of_step
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import plain

_POOLS = tuple(f"{kind}_pool{rank}d" for kind in ("max", "avg", "lp") for rank in (1, 2, 3))
_CONVOLUTIONS = ("conv1d", "conv2d", "conv3d")
_NAMES = {1: ("length",), 2: ("rows", "columns"), 3: ("slices", "rows", "columns")}


@check(
    name="rows-lost",
    severity="note",
    summary="A pool or a strided convolution leaves the last rows or columns out.",
    title="{layer} leaves the last {lost} of {size} {axis} out",
)
def rows_lost(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call in subject.calls:
        if call.kind != "function" or call.failure is not None or call.name not in (*_POOLS, *_CONVOLUTIONS):
            continue
        x = subject.argument(call, "input")
        place = place_of_step(subject, call)
        if x is None or place in told or not subject.owned(place):
            continue
        found = _lost(subject, call, x)
        if found is None:
            continue
        told.add(place)
        axis, lost, step = found
        size, name = x.shape[axis], _NAMES[int(call.name[-2])][axis - len(x.shape)]
        layer = subject.layer(call)
        outer = subject.user_call(call).place
        yield Finding(
            check="rows-lost",
            severity="note",
            place=place,
            values={
                "layer": (layer.path if layer else "") or call.name,
                "lost": lost,
                "size": size,
                "axis": name,
            },
            actual=str(size),
            because=(
                f"a window that moves in steps of {step} does not reach them; {size - lost} would give the same result",
            ),
            derivations=(subject.derivations.of(x.id, axis),),
            fixes=tuple(_fixes(subject, call)),
            also=(outer,) if outer and outer != place else (),
            module=layer.path if layer else "",
        )


def _lost(subject: Subject, call: Call, x: Tensor) -> tuple[int, int, int] | None:
    """The axis, how many positions at its end no window reaches, and the step."""
    rank = int(call.name[-2])
    weight = subject.argument(call, "weight")
    kernel = weight.shape[2:] if weight is not None else _spread(call, "kernel_size", rank, ())
    stride = _spread(call, "stride", rank, (1,) if weight is not None else kernel)
    padding, dilation = _spread(call, "padding", rank, (0,)), _spread(call, "dilation", rank, (1,))
    if (
        plain(call.arguments.get("ceil_mode"))
        or isinstance(call.arguments.get("padding"), str)
        or len(kernel) != rank
    ):
        return None
    for index in range(rank):
        axis = len(x.shape) - rank + index
        extent = dilation[index] * (kernel[index] - 1) + 1
        span = x.shape[axis] + 2 * padding[index] - extent
        if span < 0 or stride[index] > kernel[index]:
            continue
        lost = span % stride[index] - padding[index]
        if lost > 0:
            return axis, lost, stride[index]
    return None


def _spread(call: Call, name: str, rank: int, default: tuple[int, ...]) -> tuple[int, ...]:
    found = integers(call.arguments.get(name)) or default
    return found * rank if len(found) == 1 else found


def _fixes(subject: Subject, call: Call) -> Iterator[Fix]:
    written = subject.source_call(place_of_step(subject, call))
    if call.name not in _CONVOLUTIONS and written is not None and not call.name.startswith("lp"):
        edit = added_argument(written, "ceil_mode=True")
        yield labelled(subject, [edit], means="one more, smaller window at the end", safe=False)


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3, stride=2, padding=1))
        """,
        "2,1,28,28",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2))
        """,
        "2,1,29,29",
        at="nn.MaxPool2d(2)",
        fixed="net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2, ceil_mode=True))",
        entry="net",
    ),
)
