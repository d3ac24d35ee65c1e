"""Plain attributes of a network: the assignment in its class that makes one."""

from __future__ import annotations

from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.source import SourceAssignment, SourceFacts
from nnwhy.facts.trace import Tensor


def attribute_assignment(subject: Subject, tensor: Tensor) -> SourceAssignment | None:
    """The one assignment that makes a tensor which is a plain attribute; None where there are several, or the file was not read."""
    path, _, name = tensor.origin.name.rpartition(".")
    module = subject.modules.get(path)
    if module is None or module.defined is None or module.defined.path not in subject.sources:
        return None
    owner, source = module.defined.function, subject.sources[module.defined.path]
    found = [
        assignment
        for assignment in source.assignments
        if assignment.target == f"self.{name}"
        and (cls := class_at(source, assignment.place)) is not None
        and cls.name == owner
    ]
    return found[0] if len(found) == 1 and found[0].form not in ("for", "item", "augmented") else None


def layer_namespace(source: SourceFacts) -> str:
    """How the file reaches torch.nn: "nn." or "torch.nn."."""
    return next((f"{name}." for name, full in source.imports.items() if full == "torch.nn"), "torch.nn.")
