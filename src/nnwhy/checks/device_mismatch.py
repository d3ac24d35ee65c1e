"""Tensors on two devices meet in one call, or will where the network is moved.

## What it finds
A call whose tensors are on different devices. And, in a file that calls `.to(device)` or `.cuda()`, a tensor that forward makes
without a `device` (`torch.zeros(n, 64)` for a first hidden state), or a plain tensor attribute, where it meets the network's data
or weights.

## Why it matters
On the CPU all is well. On a GPU the two tensors are on two devices, and torch raises ("Expected all tensors to be on the same
device"). `to(device)` moves parameters and buffers only.

## Example
    h0 = torch.zeros(1, x.size(0), 64)
    out, _ = self.gru(x, h0)

## Use instead
    h0 = torch.zeros(1, x.size(0), 64, device=x.device)

`self.register_buffer("mask", …)` for a constant that belongs to the network.

## When it is fine
Where the tensor stays on the CPU on purpose. `# nnwhy: ignore[device-mismatch]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/cuda.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.attributes import attribute_assignment
from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import added_argument, argument_written, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment
from nnwhy.facts.trace import Call
from nnwhy.facts.value import TensorRef

_FACTORIES = (
    "zeros", "ones", "rand", "randn", "randint", "randperm", "arange", "eye", "full", "empty", "linspace", "logspace", "tensor",
    "as_tensor", "from_numpy", "tril_indices", "triu_indices",
)  # fmt: skip
# These take a tensor from anywhere: copies, and the CPU's whole numbers as an index.
_TOLERANT = ("__getitem__", "__setitem__", "copy_", "to", "cuda", "type_as", "set_", "index_put_")
_MOVING = re.compile(
    r"\.cuda\(|\.to\(\s*(?:device\s*=\s*)?(?:\w+\.)*(?:device|DEVICE|dev|gpu|[\"'](?:cuda|mps|xpu))\b"
)
_AWARE = re.compile(r"\.cuda\(|\.to\(|\bdevice\b|\.type_as\(|\.new")
_DEFAULT = re.compile(r"set_default_device|set_default_tensor_type")


@check(
    name="device-mismatch",
    severity="error",
    summary="Tensors on two devices meet in one call, or will where the network is moved.",
    title="{name} stays on {device}: with tensors of another device {meeting} fails",
)
def device_mismatch(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    yield from _recorded(subject, told)
    yield from _expected(subject, told)


def _recorded(subject: Subject, told: set[Place]) -> Iterator[Finding]:
    """Calls of a pass on real values whose tensors were on different devices."""
    trace = subject.trace
    if trace is None or trace.how.kind != "real":
        return
    for call in subject.calls:
        given = [trace.tensors[tensor] for tensor in call.inputs if trace.tensors[tensor].shape]
        if call.kind != "function" or call.name in _TOLERANT or len({tensor.device for tensor in given}) < 2:
            continue
        stray = next(
            (t for t in given if (maker := subject.maker(t.id)) and maker.name in _FACTORIES), given[-1]
        )
        made, outer = subject.maker(stray.id), subject.user_call(call).place
        place = made.place if made is not None and subject.owned(made.place) else outer
        if place is None or place in told:
            continue
        told.add(place)
        yield Finding(
            check="device-mismatch",
            severity="error",
            place=place,
            values={
                "name": " ".join(subject.text(place).split()),
                "device": stray.device,
                "meeting": call.name,
            },
            expected=next(tensor.device for tensor in given if tensor.device != stray.device),
            actual=stray.device,
            fixes=tuple(_given_device(subject, made)) if made is not None and made.name in _FACTORIES else (),
            also=(outer,) if outer else (),
            module=call.module,
            call=call.id if call.failure is not None else None,
        )


def _expected(subject: Subject, told: set[Place]) -> Iterator[Finding]:
    """Tensors that are born on the CPU, in files that move the network elsewhere."""
    texts = [source.text for source in subject.sources.values()]
    if not any(_MOVING.search(text) for text in texts) or any(_DEFAULT.search(text) for text in texts):
        return
    for origin, meeting in _meetings(subject):
        made = subject.calls[origin] if origin >= 0 else None
        held = None if made is not None else _held(subject, -origin - 1)
        place = made.place if made is not None else held.value if held is not None else None
        if place is None or place in told or not subject.owned(place):
            continue
        if made is not None and _follows(subject, place):
            continue
        told.add(place)
        fixes = _given_device(subject, made) if made is not None else _buffered(subject, held)
        outer = subject.user_call(meeting).place
        yield Finding(
            check="device-mismatch",
            severity="warning",
            place=place,
            values={
                "name": held.target if held else " ".join(subject.text(place).split()),
                "device": "the CPU",
                "meeting": meeting.name,
            },
            expected="the device of the network",
            actual="the CPU",
            because=("the file moves the network to a device; that moves parameters and buffers only",),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=meeting.module,
        )


def _meetings(subject: Subject) -> Iterator[tuple[int, Call]]:
    """Calls where a tensor born on the CPU meets one that moves with the network; with the call that made it, or −1 − its
    tensor where it is an attribute."""
    if subject.trace is None:
        return
    tensors = subject.trace.tensors
    born = {t.id: -1 - t.id for t in tensors if t.origin.kind == "attribute" and not t.requires_grad}
    for call in subject.calls:
        if call.kind != "function":
            continue
        here = [tensor for tensor in call.inputs if tensor in born]
        others = [tensor for tensor in call.inputs if tensor not in born]
        if call.name in _FACTORIES and not call.inputs and call.arguments.get("device") is None:
            born.update(dict.fromkeys(call.outputs, call.id))
        elif here and not others and call.name not in _TOLERANT:
            born.update(dict.fromkeys(call.outputs, born[here[0]]))
        elif here and others and call.name not in _TOLERANT and not call.name.startswith("new_"):
            for tensor in here:
                if tensors[tensor].shape and any(tensors[other].shape for other in others):
                    yield born[tensor], call


def _follows(subject: Subject, place: Place) -> bool:
    """Whether the function that makes the tensor moves tensors itself, perhaps in a branch that was not run here."""
    source = subject.sources[place.path]
    function = function_at(source, place)
    return function is None or _AWARE.search(source.at(function.place)) is not None


def _held(subject: Subject, tensor: int) -> SourceAssignment | None:
    """The assignment that makes a plain attribute, where the file does not move it by hand."""
    assert subject.trace is not None
    held = attribute_assignment(subject, subject.trace.tensors[tensor])
    if held is None or _AWARE.search(held.text):
        return None
    moved = re.compile(rf"{re.escape(held.target)}\s*\.\s*(?:to|cuda|type_as)\(")
    return None if moved.search(subject.sources[held.place.path].text) else held


def _given_device(subject: Subject, made: Call) -> Iterator[Fix]:
    written = subject.source_call(made.place)
    source = subject.sources[made.place.path] if made.place else None
    function = function_at(source, made.place) if source and made.place else None
    if written is None or function is None or made.name == "from_numpy":
        return
    above = subject.calls[made.parent] if made.parent is not None else None
    given = (
        above.arguments
        if above is not None and above.kind == "module" and function.name.endswith(".forward")
        else {}
    )
    names = [p.name for p in function.parameters if isinstance(given.get(p.name), TensorRef)]
    methods = bool(function.parameters) and function.parameters[0].name == "self"
    device = f"{names[0]}.device" if names else "next(self.parameters()).device" if methods else ""
    if device:
        place = argument_written(written, "device", 99)
        edit = Edit(place, device) if place else added_argument(written, f"device={device}")
        yield labelled(
            subject, [edit], means="made where the data is" if names else "made where the weights are"
        )


def _buffered(subject: Subject, held: SourceAssignment | None) -> Iterator[Fix]:
    if held is not None:
        name = held.target.removeprefix("self.")
        edit = Edit(held.place, f'self.register_buffer("{name}", {held.text}, persistent=False)')
        yield labelled(subject, [edit], means="moves with the network; state_dict() stays as it was")


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 8, batch_first=True)
                self.register_buffer("scale", torch.ones(8))

            def forward(self, x):
                h0 = torch.zeros(1, x.size(0), 8)
                if x.is_cuda:
                    h0 = h0.cuda()
                return self.gru(x, h0)[0] * self.scale + torch.tensor(2.0)

        def train(device):
            return Net().to(device)
        """,
        "3,5,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 8, batch_first=True)

            def forward(self, x):
                h0 = torch.zeros(1, x.size(0), 8)
                out, _ = self.gru(x, h0)
                return out

        def train(device):
            return Net().to(device)
        """,
        "3,5,4",
        at="torch.zeros(1, x.size(0), 8)",
        fixed="h0 = torch.zeros(1, x.size(0), 8, device=x.device)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.mean = torch.tensor([0.5, 0.4, 0.3, 0.2])
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x - self.mean)

        def train():
            return Net().cuda()
        """,
        "3,4",
        at="torch.tensor([0.5, 0.4, 0.3, 0.2])",
        fixed='self.register_buffer("mean", torch.tensor([0.5, 0.4, 0.3, 0.2]), persistent=False)',
    ),
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
