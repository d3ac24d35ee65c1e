"""Tensors on two devices meet in one call.

## What it finds
A call whose tensors are on different devices; mostly one that `forward` makes without saying where.

## Why it matters
`net.to("cuda")` moves parameters and buffers, not tensors that `forward` makes, nor plain attributes.

## Example
    noise = torch.randn(x.shape)

## Use instead
    noise = torch.randn(x.shape, device=x.device)       # or torch.randn_like(x)

## When it is fine
Never: the call raises. `# nnwhy: ignore[device-mismatch]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/cuda.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, argument_written, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_MOVES = ("to", "copy", "type_as", "zeros_like", "ones_like", "__setitem__")
_MADE = ("zeros", "ones", "rand", "randn", "empty", "full", "arange", "tensor", "eye", "linspace", "randint")


@check(
    name="device-mismatch",
    severity="error",
    summary="Tensors on two devices meet in one call.",
    title="{name} gets tensors on {devices}",
)
def device_mismatch(subject: Subject) -> Iterator[Finding]:
    trace = subject.trace
    if trace is None or trace.how.kind != "real":
        return
    for call in trace.calls:
        given = [trace.tensors[tensor] for tensor in call.inputs if trace.tensors[tensor].shape]
        devices = list(dict.fromkeys(tensor.device for tensor in given))
        if len(devices) < 2 or call.kind != "function" or call.name in _MOVES:
            continue
        stray = _stray(subject, given)
        fixes = list(_fixes(subject, stray)) if stray else []
        outer = subject.user_call(call).place
        maker = subject.maker(stray.id) if stray else None
        yield Finding(
            check="device-mismatch",
            severity="error",
            place=maker.place if maker and subject.owned(maker.place) else outer,
            values={"name": call.name, "devices": " and ".join(devices)},
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            call=call.id if call.failure is not None else None,
        )
        return


def _stray(subject: Subject, given: list[Tensor]) -> Tensor | None:
    """The tensor that the network's own code made."""
    for tensor in given:
        maker: Call | None = subject.maker(tensor.id)
        if maker is not None and maker.name in _MADE:
            return tensor
    return None


def _fixes(subject: Subject, stray: Tensor) -> Iterator[Fix]:
    maker = subject.maker(stray.id)
    written = subject.source_call(maker.place) if maker else None
    function = subject.functions.get(written.scope) if written else None
    data = next((p.name for p in function.parameters if p.name != "self"), None) if function else None
    if written is None or data is None:
        return
    place = argument_written(written, "device", 99)
    edit = Edit(place, f"{data}.device") if place else added_argument(written, f"device={data}.device")
    yield labelled(subject, [edit], means="made where the data is")


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return x + torch.randn(x.shape, device=x.device)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return x + torch.randn(x.shape, device="meta")
        """,
        "3,4",
        at='torch.randn(x.shape, device="meta")',
        fixed="return x + torch.randn(x.shape, device=x.device)",
    ),
)
