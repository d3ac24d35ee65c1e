"""A view puts an axis where it does not stand in memory.

## What it finds
A `view` or `reshape` whose size for one axis is another axis of its input by name (`x.view(b, -1, height, 1)` with `height`
from `x.shape`), where that axis does not lie there in memory.

## Why it matters
`view` reads the memory from the last axis backwards. (B, 8, 298, 257) viewed as (B, 8 · 257, 298, 1) has an axis of 298,
but it is not the time axis: each "step" is a mixture of others. Nothing fails.

## Example
    b, _, height, _ = x.shape
    x = x.view(b, -1, height, 1)

## Use instead
    x = x.permute(0, 1, 3, 2).reshape(b, -1, height, 1)

## When it is fine
Where two axes of one length are meant to trade names. `# nnwhy: ignore[axes-scrambled]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
- https://github.com/vitrioil/Speech-Separation/issues/4
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import Traced


@check(
    name="axes-scrambled",
    severity="warning",
    summary="A view puts an axis where it does not stand in memory.",
    title="{name} of {shape} to {made} scrambles {axis}: the axis of {size} is not the one it was",
)
def axes_scrambled(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call in subject.calls:
        x = subject.argument(call, "input")
        if call.name not in ("view", "reshape") or x is None or call.failure is not None or not call.outputs:
            continue
        if call.place in told or not subject.owned(call.place) or prod(x.shape) == 0:
            continue
        found = _scrambled(subject, call, x)
        if found is None:
            continue
        axis, to = found
        if to == 0 and _mixes_samples(subject, call):
            continue
        told.add(call.place)
        made = subject.shape(call.outputs[0])
        name = subject.derivations.axes.name(x.id, axis)
        yield Finding(
            check="axes-scrambled",
            severity="warning",
            place=call.place,
            values={
                "name": call.name, "shape": shape_text(x.shape), "made": shape_text(made),
                "axis": f"the {name}" if name else f"axis {axis}", "size": x.shape[axis],
            },
            because=(
                f"axis {axis} of the input is asked for as axis {to}, but view only cuts the memory anew: permute before reshaping",
            ),
            fixes=tuple(_fixes(subject, call, x, axis, to)),
            module=call.module,
        )  # fmt: skip


def _mixes_samples(subject: Subject, call: Call) -> bool:
    """Whether one sample was seen to reach the others there: `batch-mixed` tells that, with the same way out."""
    mixing = subject.mixing_call
    seen = mixing is not None and subject.mixing is not None and not subject.mixing.other_axis
    return seen and mixing is not None and mixing.place == call.place


def _scrambled(subject: Subject, call: Call, x: Tensor) -> tuple[int, int] | None:
    given = call.arguments.get("shape")
    items = given if isinstance(given, tuple) else (given,)
    made = subject.shape(call.outputs[0])
    if len(items) != len(made):
        return None
    roots = [subject.derivations.closed(x.id, axis) for axis in range(len(x.shape))]
    asked: list[tuple[int, int]] = []
    for to, item in enumerate(items):
        if not isinstance(item, Traced) or not isinstance(item.expression, Size) or made[to] == 1:
            continue
        root = subject.derivations.closed(item.expression.tensor, item.expression.axis)
        axes = [axis for axis, other in enumerate(roots) if other == root and root is not None]
        if len(axes) == 1:
            asked.append((axes[0], to))
    if len({axis for axis, _ in asked}) != len(asked):
        return None
    wrong = [
        (axis, to) for axis, to in asked
        if prod(x.shape[axis + 1 :]) != prod(made[to + 1 :]) or prod(x.shape[:axis]) != prod(made[:to])
    ]  # fmt: skip
    return wrong[0] if wrong else None


def _fixes(subject: Subject, call: Call, x: Tensor, axis: int, to: int) -> Iterator[Fix]:
    written = subject.source_call(call.place)
    if written is None or written.receiver is None:
        return
    made = subject.shape(call.outputs[0])
    yield from _turned_behind(subject, call, written, x, axis, to)
    rest = [other for other in range(len(x.shape)) if other != axis]
    for position in range(len(x.shape)):
        order = [*rest[:position], axis, *rest[position:]]
        sizes = [x.shape[other] for other in order]
        if (
            prod(sizes[position + 1 :]) == prod(made[to + 1 :])
            and prod(sizes[:position]) == prod(made[:to])
            and order != sorted(order)
        ):
            arguments = ", ".join(f"{a.name}={a.text}" if a.name else a.text for a in written.arguments)
            receiver = bracketed(subject.text(written.receiver))
            text = f"{receiver}.permute({', '.join(map(str, order))}).reshape({arguments})"
            yield labelled(
                subject,
                [Edit(written.place, text)],
                means="moves the axis to where it is asked for",
                safe=False,
            )
            return


def _turned_behind(
    subject: Subject, call: Call, written: SourceCall, x: Tensor, axis: int, to: int
) -> Iterator[Fix]:
    """Where two of the sizes stand in the wrong order: in the order of memory, and the two axes swapped behind it.

    `x.view(B, H, L, -1)` of (B, L, H · d) as `x.view(B, L, H, -1).transpose(1, 2)`.
    """
    made = list(subject.shape(call.outputs[0]))
    if axis >= len(made):
        return  # axes are merged: the result has no axis there to swap with
    sizes = [argument for argument in written.arguments if not argument.name and not argument.starred]
    if len(sizes) != len(made) or len(written.arguments) != len(sizes) or made[axis] == made[to]:
        return
    made[axis], made[to] = made[to], made[axis]
    if prod(made[:axis]) != prod(x.shape[:axis]) or prod(made[axis + 1 :]) != prod(x.shape[axis + 1 :]):
        return
    if tuple(made) == x.shape or sizes[0].place.line != written.place.line:
        return
    texts = [argument.text for argument in sizes]
    texts[axis], texts[to] = texts[to], texts[axis]
    head = subject.text(written.place)[: sizes[0].place.column - written.place.column]
    edit = Edit(written.place, f"{head}{', '.join(texts)}).transpose({axis}, {to})")
    yield labelled(
        subject,
        [edit],
        means=f"cuts the memory in its own order, then swaps axes {axis} and {to}",
        safe=False,
    )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                n, c, h, w = x.shape
                y = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
                return y.flatten(2).transpose(1, 2).reshape(n, h, w, c)
        """,
        "3,4,5,6",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            heads = 2

            def forward(self, x):
                b, length, _ = x.shape
                return x.view(b, self.heads, length, -1)
        """,
        "3,5,8",
        at="x.view(b, self.heads, length, -1)",
        fixed="return x.view(b, length, self.heads, -1).transpose(1, 2)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                b, _, height, _ = x.shape
                return x.view(b, -1, height, 1)
        """,
        "3,4,5,6",
        at="x.view(b, -1, height, 1)",
        fixed="return x.permute(0, 1, 3, 2).reshape(b, -1, height, 1)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return x.view(x.size(0), x.size(3), -1)
        """,
        "3,4,5,6",
        at="x.view(x.size(0), x.size(3), -1)",
        fixed="return x.permute(0, 3, 1, 2).reshape(x.size(0), x.size(3), -1)",
    ),
)
