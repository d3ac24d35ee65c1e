"""A squeeze takes nothing away, and what comes behind it finds an axis too many.

## What it finds
`x.squeeze(dim)` of an axis that is longer than 1, where the next call fails because of it: a `permute` of three axes that
gets four, a recurrent layer that gets a map.

## Why it matters
`squeeze` takes an axis away only where it is 1 long, and says nothing where it is not. In a network that reads lines of
text the height must be 1 at the end of the convolutions; with higher pictures it is not.

## Example
    x = self.convs(x).squeeze(2)        # (N, 64, 2, 40)
    x = x.permute(2, 0, 1)

## Use instead
    x = self.convs(x).mean(2)
or layers, or pictures, after which the axis is 1 long.

## When it is fine
Never where the call behind it raises. `# nnwhy: ignore[squeeze-in-vain]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
- Shi et al., An End-to-End Trainable Neural Network for Image-based Sequence Recognition, 2015, https://arxiv.org/abs/1507.05717
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.before_linear import made_by
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.mending import candidate_fixes, plausible
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.solving import Equals, candidates
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call

_OF_FEWER_AXES = ("permute", "lstm", "gru", "rnn_tanh", "rnn_relu", "multi_head_attention_forward")


@check(
    name="squeeze-in-vain",
    severity="error",
    summary="A squeeze takes nothing away, and what comes behind it finds an axis too many.",
    title="squeeze of axis {axis} takes nothing away from {shape}: it is {size} long, and {name} behind it finds an axis too many",
)
def squeeze_in_vain(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*_OF_FEWER_AXES):
        squeeze = made_by(subject, call.inputs[0], ("squeeze",)) if call.inputs else None
        if squeeze is None or not squeeze.inputs:
            continue
        tensor = squeeze.inputs[0]
        shape = subject.shape(tensor)
        kept = [
            axis % len(shape)
            for axis in integers(squeeze.arguments.get("dim"))
            if shape[axis % len(shape)] > 1
        ]
        if len(kept) != 1 or not _too_many(call, len(shape)):
            continue
        size = Size(tensor, kept[0], shape[kept[0]])
        yield Finding(
            check="squeeze-in-vain",
            severity="error",
            place=squeeze.place,
            values={"axis": size.axis, "shape": shape_text(shape), "size": size.value, "name": call.name},
            expected="1",
            actual=str(size.value),
            derivations=(subject.derivations.of(size.tensor, size.axis),),
            fixes=tuple(_fixes(subject, squeeze, size)),
            also=(outer,) if (outer := subject.user_call(call).place) else (),
            module=call.module,
            call=call.id,
        )


def _too_many(call: Call, rank: int) -> bool:
    """Whether one axis less would do."""
    dims = integers(call.arguments.get("dims"))
    return rank - 1 == len(dims) if call.name == "permute" else rank == 4


def _fixes(subject: Subject, squeeze: Call, size: Size) -> Iterator[Fix]:
    """The mean over the axis, then settings after which it is 1 long."""
    written = subject.source_call(squeeze.place)
    if written is not None and written.receiver is not None:
        text = f"{bracketed(subject.text(written.receiver))}.mean({size.axis})"
        means = f"one number in place of the {size.value} along axis {size.axis}"
        yield labelled(subject, [Edit(written.place, text)], means=means, safe=False)
    root = subject.derivations.resolved(size)
    for candidate in [found for found in candidates(subject, [root], Equals(1)) if plausible(found)][:3]:
        yield from candidate_fixes(subject, candidate, 1)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, (8, 3))

            def forward(self, x):
                return self.conv(x).squeeze(2).permute(2, 0, 1)
        """,
        "2,1,8,20",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, (8, 3))

            def forward(self, x):
                x = self.conv(x).squeeze(2)
                return x.permute(2, 0, 1)
        """,
        "2,1,12,20",
        at="self.conv(x).squeeze(2)",
        fixed="x = self.conv(x).mean(2)",
    ),
)
