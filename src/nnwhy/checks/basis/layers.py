"""Layers in the source: what a class name stands for, who holds a layer, and code for a new one."""

from __future__ import annotations

import re

from nnwhy.checks.basis.editing import contains
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceClass, SourceFacts, SourceFunction
from nnwhy.facts.trace import Module

WITHOUT_STATE = (
    "ReLU", "ReLU6", "LeakyReLU", "GELU", "SiLU", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Flatten", "Unflatten",
    "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d", "Upsample", "Identity", "ELU", "Softplus", "Hardtanh", "ZeroPad2d", "ConstantPad2d",
)  # fmt: skip


ACTIVATIONS = (
    "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "prelu", "relu6", "softplus", "mish",
)  # fmt: skip

_DROPOUT = re.compile(r"(Feature)?(Alpha)?Dropout[123]?d?")


def is_layer(resolved: str) -> bool:
    """Whether a resolved name is a class of torch.nn ("torch.nn.Linear")."""
    parts = resolved.split(".")
    return len(parts) >= 3 and parts[:2] == ["torch", "nn"] and parts[2] not in ("functional", "init", "utils") and (
        parts[-1][:1].isupper() and parts[-1] not in ("Parameter", "Module", "ModuleList", "ModuleDict", "ParameterList")
    )  # fmt: skip


def unregistered(subject: Subject) -> list[Module]:
    """Modules that were called but belong to no module of the network."""
    return [module for module in subject.modules.values() if module.path.startswith("<")]


def is_dropout(module: Module) -> bool:
    """Whether it is one of torch's dropouts."""
    return _DROPOUT.fullmatch(module.type) is not None and module.qualified_type.startswith("torch.nn.")


def weighted(subject: Subject, module: Module) -> bool:
    """Whether a function inside a layer of torch takes a weight."""
    return any(
        call.module == module.path
        and any("weight" in name and value is not None for name, value in call.arguments.items())
        for call in subject.calls
        if call.kind == "function"
    ) or module.type in ("LSTM", "GRU", "RNN", "MultiheadAttention")


def constructed_call(subject: Subject, module: Module) -> SourceCall | None:
    """The user's call that constructed a module."""
    for place in module.constructed:
        call = subject.source_call(place)
        if call is not None:
            return call
    return None


def made_in_forward(module: Module) -> bool:
    """Whether the module was constructed while the network ran."""
    return any(place.function.rpartition(".")[2] == "forward" for place in module.constructed)


def class_at(source: SourceFacts, place: Place) -> SourceClass | None:
    """The innermost class that a place lies in."""
    around = [cls for cls in source.classes if contains(cls.place, place)]
    return max(around, key=lambda cls: cls.place.line, default=None)


def constructor_of(source: SourceFacts, cls: SourceClass) -> SourceFunction | None:
    """The class's `__init__`."""
    return next((function for function in source.functions if function.name == f"{cls.name}.__init__"), None)


def free_attribute(source: SourceFacts, cls: SourceClass, wanted: str) -> str:
    """`wanted`, or with a number behind it where the class has that attribute already."""
    taken = {use.text for use in source.uses} | {assignment.target for assignment in source.assignments}
    taken |= {f"self.{method}" for method in cls.methods}
    name, number = wanted, 2
    while f"self.{name}" in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def assignment_around(source: SourceFacts, place: Place) -> SourceAssignment | None:
    """The assignment whose value a place lies in, the innermost."""
    around = [a for a in source.assignments if a.form != "for" and contains(a.value, place)]
    return min(around, key=lambda a: (a.value.end_line - a.value.line, len(a.text)), default=None)


def namespace(call: SourceCall) -> str:
    """What stands before a layer's name: "nn." of `nn.Linear(…)`, "" of `Linear(…)`."""
    prefix = call.function.rpartition(".")[0]
    return f"{prefix}." if prefix else ""


def functional(source: SourceFacts) -> str:
    """How the file reaches torch.nn.functional: "F.", "nn.functional." or "torch.nn.functional."."""
    for name, full in source.imports.items():
        if full == "torch.nn.functional":
            return f"{name}."
    for name, full in source.imports.items():
        if full == "torch.nn":
            return f"{name}.functional."
    return "torch.nn.functional."
