"""A layer's class is called with the data, or handed on in place of a layer.

## What it finds
`nn.ReLU(x)` where `nn.ReLU()(x)` or `F.relu(x)` is meant, and `nn.ReLU` without brackets in a `Sequential` or an attribute.

## Why it matters
`nn.ReLU(x)` builds a layer whose first option is `x`; what comes out is a layer, not a tensor. The crash comes in the next
call, or never, where the layer is what is returned.

## Example
    return nn.Softmax(self.fc(x))

## Use instead
    return nn.functional.softmax(self.fc(x), dim=1)

## When it is fine
Never. `# nnwhy: ignore[layer-called-wrong]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nnwhy.checks.basis.editing import after, labelled
from nnwhy.checks.basis.layers import functional, is_layer
from nnwhy.checks.basis.looping import one_by_one
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts
from nnwhy.facts.value import Opaque

_FUNCTIONS = {
    "ReLU": "relu", "LeakyReLU": "leaky_relu", "GELU": "gelu", "SiLU": "silu", "ELU": "elu", "Sigmoid": "sigmoid",
    "Tanh": "tanh", "ReLU6": "relu6",
}  # fmt: skip
_TAKES_DIM = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}
_PLAIN = re.compile(r"[\d\s.,()*/+-]*|True|False|None|self\.\w+")


@check(
    name="layer-called-wrong",
    severity="error",
    summary="A layer's class is called with the data, or handed on in place of a layer.",
    title="{layer} {problem}",
)
def layer_called_wrong(subject: Subject) -> Iterator[Finding]:
    failed = subject.construction is not None or (subject.trace is not None and bool(subject.trace.failures))
    yield from _lists(subject)
    for source in subject.sources.values():
        for call in source.calls:
            if is_layer(call.resolved):
                if _gets_data(subject, source, call):
                    problem = "is given the data where its options belong: it makes a layer, no tensor"
                    found = _finding(call, problem, _called(subject, source, call))
                    yield replace(found, call=_failing(subject, call.function))
                elif failed and call.resolved.endswith(".Sequential"):
                    for argument in call.arguments:
                        if _is_class(source, argument.text):
                            fix = labelled(
                                subject,
                                [Edit(after(argument.place), "()")],
                                means="makes a layer of the class",
                            )
                            yield _finding(
                                call, f"gets the class {argument.text}, not a layer", [fix], argument.place
                            )
        for assignment in source.assignments:
            used = [call for call in source.calls if call.function == assignment.target]
            if (
                failed
                and assignment.target.startswith("self.")
                and _is_class(source, assignment.text)
                and used
                and _on_data(used)
            ):
                fix = labelled(
                    subject, [Edit(after(assignment.value), "()")], means="makes a layer of the class"
                )
                yield Finding(
                    "layer-called-wrong", "error", assignment.value,
                    {"layer": assignment.target, "problem": f"is the class {assignment.text}, not a layer"}, fixes=(fix,),
                    also=(used[0].place,), call=_failing(subject, assignment.text),
                )  # fmt: skip


def _lists(subject: Subject) -> Iterator[Finding]:
    """A ModuleList or ModuleDict called like a layer."""
    for failed, _ in subject.failed("ModuleList", "ModuleDict"):
        written = subject.source_call(failed.place)
        if written is None:
            continue
        fixes: list[Fix] = []
        if failed.name == "ModuleList":
            loop = one_by_one(subject, written, "its layers one after the other")
            fixes += [loop] if loop is not None else []
            prefix = _torch_nn(subject.sources[written.place.path])
            if prefix:
                edits = [Edit(written.callee, f"{prefix}.Sequential(*{written.function})")]
                fixes.append(labelled(subject, edits, means="its layers one after the other"))
        yield Finding(
            "layer-called-wrong", "error", written.place,
            {
                "layer": written.function,
                "problem": f"is a {failed.name}: it keeps layers, and has no forward that says how they follow",
            },
            fixes=tuple(fixes), also=subject.modules[failed.module].constructed[:1], module=failed.module, call=failed.id,
        )  # fmt: skip


def _torch_nn(source: SourceFacts) -> str:
    """How `torch.nn` is written in a file, "" where it is not imported."""
    for short, full in source.imports.items():
        if full in ("torch.nn", "torch"):
            return short if full == "torch.nn" else f"{short}.nn"
    return ""


def _failing(subject: Subject, layer: str) -> int | None:
    """The failed call that was handed such a layer in place of a tensor."""
    kind = layer.rpartition(".")[2]
    for call, _ in subject.failed():
        if any(isinstance(value, Opaque) and value.type == kind for value in call.arguments.values()):
            return call.id
    return None


def _finding(call: SourceCall, problem: str, fixes: list[Fix], place: Place | None = None) -> Finding:
    return Finding(
        "layer-called-wrong",
        "error",
        place or call.place,
        {"layer": call.function, "problem": problem},
        fixes=tuple(fixes),
    )


def _gets_data(subject: Subject, source: SourceFacts, call: SourceCall) -> bool:
    """Whether a layer's constructor in `forward` has data of the function as its first argument."""
    name = call.resolved.rpartition(".")[2]
    if name not in {**_FUNCTIONS, **_TAKES_DIM} and name not in (
        "Flatten",
        "Dropout",
        "Dropout2d",
        "MaxPool2d",
        "BatchNorm2d",
    ):
        return False
    if (
        not call.scope.endswith(".forward")
        or not call.arguments
        or call.arguments[0].name
        or call.arguments[0].starred
    ):
        return False
    text = call.arguments[0].text
    function = subject.functions.get(call.scope)
    data = (
        {p.name for p in function.parameters if p.name != "self" and not p.default}
        if function
        else set[str]()
    )
    data |= {a.target for a in source.assignments if a.scope == call.scope and a.form == "Call"}
    return (text in data or ("self." in text and text.endswith(")"))) and not _PLAIN.fullmatch(text)


def _called(subject: Subject, source: SourceFacts, call: SourceCall) -> list[Fix]:
    name = call.resolved.rpartition(".")[2]
    text = call.arguments[0].text
    found: list[Fix] = []
    if name in _FUNCTIONS:
        found.append(
            labelled(
                subject,
                [Edit(call.place, f"{functional(source)}{_FUNCTIONS[name]}({text})")],
                means="the function",
            )
        )
    if name in _TAKES_DIM:
        found.append(
            labelled(
                subject,
                [Edit(call.place, f"{functional(source)}{_TAKES_DIM[name]}({text}, dim=-1)")],
                means="the function",
            )
        )
    if name not in _TAKES_DIM:
        rest = ", ".join(f"{a.name}={a.text}" if a.name else a.text for a in call.arguments[1:])
        if name not in ("Dropout", "Dropout2d", "BatchNorm2d"):
            found.append(
                labelled(
                    subject,
                    [Edit(call.place, f"{call.function}({rest})({text})")],
                    means="a layer, called with the data",
                )
            )
    return found


def _is_class(source: SourceFacts, text: str) -> bool:
    if not re.fullmatch(r"[\w.]+", text):
        return False
    first, dot, rest = text.partition(".")
    return is_layer(f"{source.imports.get(first, first)}{dot}{rest}")


def _on_data(calls: list[SourceCall]) -> bool:
    return any(
        call.scope.endswith(".forward") and call.arguments and not _PLAIN.fullmatch(call.arguments[0].text)
        for call in calls
    )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.act = nn.ReLU
                self.fc = nn.Sequential(nn.Linear(4, 2), self.act())

            def forward(self, x):
                return nn.LeakyReLU(0.1)(self.fc(x))
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(4, 3)
                self.fc2 = nn.Linear(3, 2)

            def forward(self, x):
                return self.fc2(nn.ReLU(self.fc1(x)))
        """,
        "3,4",
        at="nn.ReLU(self.fc1(x))",
        fixed="return self.fc2(nn.functional.relu(self.fc1(x)))",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.ReLU, nn.Linear(3, 2))
        """,
        "3,4",
        at="nn.ReLU",
        fixed="net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4), nn.ReLU()])

            def forward(self, x):
                return self.layers(x)
        """,
        "3,4",
        at="self.layers(x)",
        fixed="for layer in self.layers:",
    ),
)
