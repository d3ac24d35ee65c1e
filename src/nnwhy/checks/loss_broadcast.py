"""A loss broadcasts its prediction against its target.

## What it finds
`mse_loss`, `l1_loss` and their kin on shapes that differ and broadcast: (N, 1) predictions against (N) targets; and the same in
a difference that is written by hand, `y - net(x)`.

## Why it matters
(N, 1) against (N) becomes (N, N): every prediction is compared with every target, and the network learns the mean. torch
only warns.

## Example
    loss = F.mse_loss(self.fc(x), y)            # (N, 1) and (N)

## Use instead
    loss = F.mse_loss(self.fc(x).squeeze(1), y)

## When it is fine
Where a scalar target is compared with everything. `# nnwhy: ignore[loss-broadcast]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.definitions import function_at, parsed
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.loss_flow import applied_losses
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resulting import fixes_for_result, sizes_of_result
from nnwhy.checks.basis.scored import of_network
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.upsampled import stretched
from nnwhy.checks.basis.words import shape_text
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import tensors_in

_DIFFER = "{name} compares {prediction} with {target}: the sizes differ"
_LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
_BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


@check(
    name="loss-broadcast",
    severity="warning",
    summary="A loss broadcasts its prediction against its target.",
    title="{name} compares {prediction} with {target}: every prediction with every target",
)
def loss_broadcast(subject: Subject) -> Iterator[Finding]:
    yield from _recorded(subject)
    yield from _by_hand(subject)
    for loss in applied_losses(subject):
        x = written_tensor(subject, loss.prediction) if loss.kind in _LOSSES else None
        y = written_tensor(subject, loss.target) if x is not None and loss.target is not None else None
        if x is None or y is None or x.shape == y.shape or not y.shape or loss.target is None:
            continue
        yield Finding(
            check="loss-broadcast",
            severity="warning" if _broadcasts(x.shape, y.shape) else "error",
            place=loss.call.place,
            values={"name": loss.kind, "prediction": shape_text(x.shape), "target": shape_text(y.shape)},
            expected=shape_text(x.shape),
            actual=shape_text(y.shape),
            because=_because(x.shape, y.shape),
            derivations=tuple(
                subject.derivations.of(root.tensor, root.axis)
                for root, _ in sizes_of_result(subject, y.shape)[:1]
                if loss.maker == "network"
            ),
            fixes=(
                *_aligned(subject, x.shape, y.shape, loss.prediction, loss.target),
                *(fixes_for_result(subject, y.shape) if loss.maker == "network" else ()),
            ),
            title="" if _broadcasts(x.shape, y.shape) else _DIFFER,
        )


def unlike_target(
    subject: Subject, name: str, prediction: tuple[int, ...], target: tuple[int, ...], place: Place | None
) -> Finding | None:
    """The finding on a loss `name` of the network's only result, which has sizes that do not go with its target's."""
    results = list(tensors_in(subject.trace.result)) if subject.trace is not None else []
    shapes = [subject.shape(result) for result in results]
    if name not in (*_LOSSES, *_BINARY) or shapes != [prediction] or _broadcasts(prediction, target):
        return None
    return Finding(
        check="loss-target" if name in _BINARY else "loss-broadcast",
        severity="error",
        place=place,
        values={"name": name, "prediction": shape_text(prediction), "target": shape_text(target)},
        expected=shape_text(prediction),
        actual=shape_text(target),
        derivations=tuple(
            subject.derivations.of(root.tensor, root.axis) for root, _ in sizes_of_result(subject, target)[:1]
        ),
        fixes=tuple(fixes_for_result(subject, target)),
        title=_DIFFER,
    )


def _by_hand(subject: Subject) -> Iterator[Finding]:
    """`y - net(x)` of (N) and (N, 1), in a function that trains."""
    for source in subject.sources.values():
        for a in source.assignments:
            tree = parsed(a.text) if a.form in ("BinOp", "Call") and "-" in a.text else None
            function = function_at(source, a.place)
            if tree is None or function is None or ".backward(" not in source.at(function.place):
                continue
            for node in ast.walk(tree):
                if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
                    continue
                whole, left, right = (inside(a.value, part) for part in (node, node.left, node.right))
                pair = [place for place in (left, right) if place is not None]
                shapes = [found.shape if (found := written_tensor(subject, place)) else () for place in pair]
                flat = next((shape for shape in shapes if len(shape) == 1 and shape[0] > 1), None)
                if flat is None or (*flat, 1) not in shapes or whole is None:
                    continue
                column = pair[shapes.index((*flat, 1))]
                if not of_network(subject, column):
                    continue
                edit = Edit(column, f"{bracketed(subject.text(column))}.squeeze(1)")
                yield Finding(
                    check="loss-broadcast",
                    severity="warning",
                    place=whole,
                    values={"prediction": shape_text((*flat, 1)), "target": shape_text(flat)},
                    title="the difference of {prediction} and {target} takes every prediction with every target",
                    expected=shape_text(flat),
                    actual=shape_text(flat * 2),
                    because=_because((*flat, 1), flat),
                    fixes=(labelled(subject, [edit], means="both have one shape"),),
                )


def _broadcasts(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a == b or 1 in (a, b) for a, b in zip(reversed(one), reversed(other), strict=False))


def _because(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[str, ...]:
    if not _broadcasts(one, other):
        return ()
    rank = max(len(one), len(other))
    left, right = ((1,) * (rank - len(shape)) + shape for shape in (one, other))
    made = tuple(a if b == 1 else b for a, b in zip(left, right, strict=True))
    if prod(made) <= max(prod(one), prod(other)):
        return ()
    return (f"the two become {shape_text(made)}: {prod(made)} differences in place of {prod(one)}",)


def _recorded(subject: Subject) -> Iterator[Finding]:
    for call in subject.calls:
        x, y = subject.argument(call, "input"), subject.argument(call, "target")
        if (
            call.name not in _LOSSES
            or call.kind != "function"
            or x is None
            or y is None
            or x.shape == y.shape
            or not y.shape
        ):
            continue
        outer = subject.user_call(call)
        yield Finding(
            check="loss-broadcast",
            severity="error" if call.failure is not None else "warning",
            place=outer.place,
            values={"name": call.name, "prediction": shape_text(x.shape), "target": shape_text(y.shape)},
            expected=shape_text(x.shape),
            actual=shape_text(y.shape),
            because=_because(x.shape, y.shape) or _times(x.shape, y.shape),
            fixes=tuple(_fixes(subject, outer, x, y)),
            call=call.id if call.failure is not None else None,
            title="" if _broadcasts(x.shape, y.shape) else _DIFFER,
        )


def _times(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[str, ...]:
    """How often the sides of one map go into those of the other."""
    if len(one) != len(other) or len(one) < 3 or one[:2] != other[:2]:
        return ()
    small, large = sorted((one[2:], other[2:]))
    factors = {b // a for a, b in zip(small, large, strict=True) if a and b % a == 0}
    whole = all(a and b % a == 0 for a, b in zip(small, large, strict=True))
    if len(factors) != 1 or not whole:
        return ()
    smaller = "prediction" if small == one[2:] else "target"
    return (f"each side of the {smaller} is 1/{factors.pop()} of the other's",)


def _fixes(subject: Subject, outer: Call, x: Tensor, y: Tensor) -> Iterator[Fix]:
    written = subject.source_call(outer.place)
    positional = [argument.place for argument in written.arguments if not argument.name] if written else []
    first = argument_place(subject, outer, "input")[0] or (positional[0] if positional else None)
    second = argument_place(subject, outer, "target")[0] or (positional[1] if len(positional) > 1 else None)
    yield from _aligned(subject, x.shape, y.shape, first, second)
    if first is not None and second is not None:
        yield from stretched(subject, (first, second), (x, y))


def _aligned(
    subject: Subject, x: tuple[int, ...], y: tuple[int, ...], first: Place | None, second: Place | None
) -> Iterator[Fix]:
    """An axis of size 1 for the one that lacks it."""
    for long, short, place in ((x, y, second), (y, x, first)):
        axes = [a for a in range(len(long)) if long[a] == 1 and long[:a] + long[a + 1 :] == short]
        if axes and place is not None:
            text = f"{bracketed(subject.text(place))}.unsqueeze({axes[-1]})"
            yield labelled(subject, [Edit(place, text)], means="both have one shape")


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 1)

            def forward(self, x, y):
                return F.mse_loss(self.fc(x).squeeze(1), y)
        """,
        ("5,4", "5"),
    ),
)
bad = (
    Bad(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = nn.Conv2d(1, 4, 3, stride=2, padding=1)
                self.up = nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1)

            def forward(self, x):
                return self.up(self.down(x))

        def train():
            net = Net()
            image = torch.rand(2, 1, 8, 8)
            return F.mse_loss(net(image), image)
        """,
        "2,1,8,8",
        at=")\n\n    def forward",
        fixed="self.up = nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1, output_padding=1)",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 1)

            def forward(self, x, y):
                return F.mse_loss(self.fc(x), y)
        """,
        ("5,4", "5"),
        at="F.mse_loss(self.fc(x), y)",
        fixed="return F.mse_loss(self.fc(x), y.unsqueeze(1))",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
        criterion = nn.MSELoss()

        def train(samples=32):
            x, y = torch.randn(32, 4), torch.randn(32)
            prediction = net(x)
            return criterion(prediction, y)
        """,
        "5,4",
        at="criterion(prediction, y)",
        fixed="return criterion(prediction, y.unsqueeze(1))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))

        def train():
            x, y = torch.randn(32, 4), torch.randn(32)
            values = net(x)
            loss = ((y - values) ** 2).mean()
            loss.backward()
        """,
        "5,4",
        at="values) ** 2",
        fixed="loss = ((y - values.squeeze(1)) ** 2).mean()",
        entry="net",
    ),
)
