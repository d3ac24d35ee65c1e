"""A tensor that should be trained is a plain attribute, which the network does not see.

## What it finds
A plain tensor with `requires_grad`, or of random numbers, that a forward pass uses; and parameters that are kept in a plain list
or dictionary. Random numbers should either be trained or be kept in a buffer: a plain tensor is not even saved.

## Why it matters
Only an `nn.Parameter` that is assigned to a module is registered: `parameters()` lacks everything else, so the optimiser never
moves it, `state_dict()` does not save it, and `to(device)` leaves it where it is.

## Example
    self.scale = torch.ones(8, requires_grad=True)

## Use instead
    self.scale = nn.Parameter(torch.ones(8))

`nn.ParameterList` for several, `self.register_buffer("scale", …)` for what is not trained.

## When it is fine
Where the tensor is given to the optimiser by hand. `# nnwhy: ignore[parameter-unregistered]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.attributes import attribute_assignment, layer_namespace
from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts

_RANDOM = ("randn", "rand", "normal", "empty", "randn_like", "rand_like")
_CONTAINERS = {
    "List": "ParameterList",
    "ListComp": "ParameterList",
    "Tuple": "ParameterList",
    "Dict": "ParameterDict",
    "DictComp": "ParameterDict",
}


@check(
    name="parameter-unregistered",
    severity="warning",
    summary="A tensor that should be trained is a plain attribute, which the network does not see.",
    title="{name} is {what}: it is not registered, so parameters() lacks it and {effect}",
)
def parameter_unregistered(subject: Subject) -> Iterator[Finding]:
    yield from _attributes(subject)
    yield from _containers(subject)
    yield from _moved(subject)


def _attributes(subject: Subject) -> Iterator[Finding]:
    """Plain tensors that the pass used."""
    if subject.trace is None:
        return
    told: set[Place] = set()
    used = {tensor for call in subject.calls for tensor in call.inputs}
    for tensor in subject.trace.tensors:
        if (
            tensor.origin.kind != "attribute"
            or tensor.id not in used
            or not tensor.dtype.startswith(("float", "bfloat"))
        ):
            continue
        held = attribute_assignment(subject, tensor)
        if held is None or held.value in told:
            continue
        made = subject.source_call(held.value)
        trains = tensor.requires_grad
        if not trains and (made is None or made.resolved.removeprefix("torch.") not in _RANDOM):
            continue
        told.add(held.value)
        yield Finding(
            check="parameter-unregistered",
            severity="warning",
            place=held.value,
            values={
                "name": held.target, "what": "a plain tensor" if trains else "a plain tensor of random numbers",
                "effect": "it is not trained" if trains else "it is neither trained nor saved",
            },
            expected="an nn.Parameter" if trains else "an nn.Parameter or a buffer",
            actual="a plain tensor",
            fixes=tuple(_fixes(subject, held, made, trains)),
            module=tensor.origin.name.rpartition(".")[0],
        )  # fmt: skip


def _fixes(subject: Subject, held: SourceAssignment, made: SourceCall | None, trains: bool) -> Iterator[Fix]:
    source = subject.sources[held.value.path]
    prefix = layer_namespace(source)
    text = held.text
    flag = next((a for a in made.arguments if a.name == "requires_grad"), None) if made else None
    if made is not None and flag is not None:
        kept = [f"{a.name}={a.text}" if a.name else a.text for a in made.arguments if a is not flag]
        text = f"{made.function}({', '.join(kept)})"
        if made.resolved.endswith("Variable") and len(kept) == 1:
            text = kept[0]
    if text.endswith(".requires_grad_()"):
        text = text.removesuffix(".requires_grad_()")
    for call in source.calls:
        if contains(held.value, call.place) and _parameter(call) and len(call.arguments) == 1:
            text = text.replace(source.at(call.place), call.arguments[0].text, 1)
    edit = Edit(held.value, f"{prefix}Parameter({text})")
    yield labelled(subject, [edit], means="registered and trained", safe=trains)
    if not trains:
        name = held.target.removeprefix("self.")
        edit = Edit(held.place, f'self.register_buffer("{name}", {held.text})')
        yield labelled(subject, [edit], means="registered and saved, not trained")


def _moved(subject: Subject) -> Iterator[Finding]:
    """`self.w = nn.Parameter(…).to(device)`, by syntax: on the device that the parameter is on already, it stays one."""
    attributes = (
        {t.origin.name for t in subject.trace.tensors if t.origin.kind == "attribute"}
        if subject.trace
        else set[str]()
    )
    for source in subject.sources.values():
        for held in source.assignments:
            call, cls = subject.source_call(held.value), class_at(source, held.place)
            if (
                call is None
                or call.receiver is None
                or not held.target.startswith("self.")
                or cls is None
                or not cls.network
            ):
                continue
            made = subject.source_call(call.receiver)
            moving = call.function.rpartition(".")[2] in ("to", "cuda", "double", "half")
            name = held.target.removeprefix("self.")
            if (
                made is None
                or not moving
                or not _parameter(made)
                or any(a.rpartition(".")[2] == name for a in attributes)
            ):
                continue
            yield Finding(
                check="parameter-unregistered",
                severity="warning",
                place=held.value,
                values={"name": held.target, "method": call.function.rpartition(".")[2]},
                title="{name} is what .{method}() makes of a parameter: once that moves it, a plain tensor, which parameters() lacks and nothing trains",
                expected="an nn.Parameter",
                because=("net.to(device) moves every registered parameter by itself",),
                fixes=(
                    labelled(
                        subject,
                        [Edit(held.value, source.at(call.receiver))],
                        means="registered on every device",
                    ),
                ),
            )


def _containers(subject: Subject) -> Iterator[Finding]:
    """Parameters in a plain list or dictionary, by syntax."""
    classes = {module.type for module in subject.modules.values()}
    for source in subject.sources.values():
        for held in source.assignments:
            cls = class_at(source, held.place)
            if (
                held.form not in _CONTAINERS
                or not held.target.startswith("self.")
                or cls is None
                or not cls.network
            ):
                continue
            if classes and cls.name.rpartition(".")[2] not in classes:
                continue
            inner = [
                call
                for call in source.calls
                if contains(held.value, call.place) and _parameter(call) and call.within in _CONTAINERS
            ]
            if not inner or _registered_elsewhere(source, held, cls.name):
                continue
            kind = _CONTAINERS[held.form]
            edit = Edit(held.value, f"{layer_namespace(source)}{kind}({held.text})")
            yield Finding(
                check="parameter-unregistered",
                severity="warning",
                place=held.value,
                values={
                    "name": held.target, "effect": "they are not trained",
                    "what": "a plain dictionary of parameters" if kind == "ParameterDict" else "a plain list of parameters",
                },
                expected=f"an nn.{kind}",
                actual="a plain container",
                fixes=(labelled(subject, [edit], means="registered and trained"),),
            )  # fmt: skip


def _parameter(call: SourceCall) -> bool:
    return call.resolved in ("torch.nn.Parameter", "torch.nn.parameter.Parameter")


def _registered_elsewhere(source: SourceFacts, held: SourceAssignment, cls: str) -> bool:
    """Whether the class registers parameters by hand or hands the container on."""
    for call in source.calls:
        if not call.scope.startswith(cls):
            continue
        if call.function.rpartition(".")[2] in ("register_parameter", "setattr", "add_module"):
            return True
        if call.function.rpartition(".")[2] in ("ParameterList", "ParameterDict") and any(
            held.target in a.text for a in call.arguments
        ):
            return True
    return False


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = nn.Parameter(torch.ones(4))
                self.weights = nn.ParameterList([nn.Parameter(torch.zeros(4)) for _ in range(2)])
                self.register_buffer("mean", torch.randn(4))
                self.shift = torch.tensor([1.0, 2.0, 3.0, 4.0])

            def forward(self, x):
                return (x - self.mean) * self.scale + self.weights[0] + self.shift
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
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.scale = torch.ones(4, requires_grad=True)

            def forward(self, x):
                return self.fc(x) * self.scale
        """,
        "3,4",
        at="torch.ones(4, requires_grad=True)",
        fixed="self.scale = nn.Parameter(torch.ones(4))",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, depth=2):
                super().__init__()
                self.weights = [nn.Parameter(torch.randn(4, 4)) for _ in range(depth)]

            def forward(self, x):
                for weight in self.weights:
                    x = (x @ weight).relu()
                return x
        """,
        "3,4",
        at="[nn.Parameter(torch.randn(4, 4)) for _ in range(depth)]",
        fixed="self.weights = nn.ParameterList([nn.Parameter(torch.randn(4, 4)) for _ in range(depth)])",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = torch.randn(4, 2)

            def forward(self, x):
                return x @ self.weight
        """,
        "3,4",
        at="torch.randn(4, 2)",
        fixed="self.weight = nn.Parameter(torch.randn(4, 2))",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = nn.Parameter(torch.randn(4, 2)) * 0.1

            def forward(self, x):
                return x @ self.weight
        """,
        "3,4",
        at="nn.Parameter(torch.randn(4, 2)) * 0.1",
        fixed="self.weight = nn.Parameter(torch.randn(4, 2) * 0.1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, device="cpu"):
                super().__init__()
                self.gate = nn.Parameter(torch.zeros(4)).to(device)

            def forward(self, x):
                return x * self.gate
        """,
        "3,4",
        at="nn.Parameter(torch.zeros(4)).to(device)",
        fixed="self.gate = nn.Parameter(torch.zeros(4))",
    ),
)
