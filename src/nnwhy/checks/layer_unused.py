"""A layer is made and never called.

## What it finds
A layer with weights, an attribute of a network, that neither forward nor anything else in the files uses; also one that is put
into a finished network under a name that its forward does not know.

## Why it matters
It is a slip, as a rule: `fc1` called twice and `fc2` never, or a step left out. The weights get no gradient and stay random, they
are saved and counted, and `DistributedDataParallel` raises on them.

## Example
    x = self.fc1(x)
    x = self.fc1(x)             # self.fc2 was meant

## Use instead
    x = self.fc1(x)
    x = self.fc2(x)

or no such layer.

## When it is fine
Where a subclass or another program calls it. `# nnwhy: ignore[layer-unused]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/ddp.html
- https://discuss.pytorch.org/t/26555
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import ACTIVATIONS, class_at
from nnwhy.checks.basis.new_heads import attached, still_in_place, under_other_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceClass, SourceFacts
from nnwhy.facts.trace import Call, Module, Trace

_BY_NAME = re.compile(
    r"getattr\(|__getattr__|_modules\b|\bchildren\(|named_children\(|get_submodule|__dict__|\bvars\(|eval\(|exec\("
)


@check(
    name="layer-unused",
    severity="warning",
    summary="A layer is made and never called.",
    title="{layer} is made and never called: its {count} weights are never trained",
)
def layer_unused(subject: Subject) -> Iterator[Finding]:
    traces = [trace for trace in (subject.trace, subject.evaluation) if trace is not None]
    if not traces or not all(trace.complete for trace in traces):
        return
    told: set[Place] = set()
    for module in subject.modules.values():
        held = _held(subject, module) or attached(subject, module)
        if held is None or held.place in told or any(_used(trace, module.path) for trace in traces):
            continue
        source = subject.sources[held.place.path]
        if _mentioned(subject, source, held):
            continue
        told.add(held.place)
        outside = not held.target.startswith("self.")
        yield Finding(
            check="layer-unused",
            severity="warning",
            place=held.place,
            values={"layer": held.target, "count": _weights(subject, module)},
            because=tuple(still_in_place(subject, module)) if outside else (),
            fixes=tuple(
                under_other_name(subject, module, held) if outside else _fixes(subject, source, module, held)
            ),
            module=module.path,
        )


def _held(subject: Subject, module: Module) -> SourceAssignment | None:
    """The assignment to self that makes the layer, where its class is the user's own and has a forward of its own."""
    owner_path, _, name = module.path.rpartition(".")
    owner = subject.modules.get(owner_path)
    if not name or name.isdigit() or module.same_as or owner is None or owner.defined is None:
        return None
    source = subject.sources.get(owner.defined.path)
    cls = next((c for c in source.classes if c.name == owner.defined.function), None) if source else None
    if source is None or cls is None or "forward" not in cls.methods:
        return None
    found = [a for a in source.assignments if a.target == f"self.{name}" and contains(cls.place, a.place)]
    held = found[0] if len(found) == 1 and found[0].form == "Call" else None
    return held if held is not None and _weights(subject, module) else None


def _used(trace: Trace, path: str) -> bool:
    """Whether the module, one inside it, or a parameter of these took part in the pass."""
    inside = f"{path}."
    if any(call.module == path or call.module.startswith(inside) for call in trace.calls):
        return True
    own = {tensor.id for tensor in trace.tensors if any(name.startswith(inside) for name in tensor.names)}
    shared = any(any(not name.startswith(inside) for name in trace.tensors[tensor].names) for tensor in own)
    return shared or any(own & set(call.inputs) for call in trace.calls)


def _weights(subject: Subject, module: Module) -> int:
    count = 0
    for other in subject.modules.values():
        if other.path == module.path or other.path.startswith(f"{module.path}."):
            for tensor in other.parameters.values():
                size = 1
                for length in subject.shape(tensor):
                    size *= length
                count += size
    return count


def _mentioned(subject: Subject, source: SourceFacts, held: SourceAssignment) -> bool:
    """Whether anything but the assignment names the attribute, or the class reaches its layers without naming them."""
    cls = class_at(source, held.place)
    if held.target.startswith("self.") and (cls is None or _BY_NAME.search(source.at(cls.place))):
        return True
    name = re.escape(held.target.rpartition(".")[2])
    reading = re.compile(rf"\.{name}\b(?!\s*=[^=])|['\"]{name}['\"]")
    return any(reading.search(_code(other, held)) for other in subject.sources.values())


def _code(source: SourceFacts, held: SourceAssignment) -> str:
    """The file without its comments and without the assignment's own target."""
    lines = source.text.split("\n")
    for comment in source.comments:
        for number in range(comment.place.line, comment.place.end_line + 1):
            first = comment.place.column - 1 if number == comment.place.line else 0
            last = (
                comment.place.end_column - 1 if number == comment.place.end_line else len(lines[number - 1])
            )
            lines[number - 1] = lines[number - 1][:first] + lines[number - 1][last:]
    return "\n".join(lines)


def _fixes(subject: Subject, source: SourceFacts, module: Module, held: SourceAssignment) -> Iterator[Fix]:
    yield from _instead_of_twin(subject, module, held)
    yield from _behind_neighbour(subject, source, module, held)
    place = held.place
    last = source.line(place.end_line)
    before, behind = source.line(place.line)[: place.column - 1], last[place.end_column - 1 :]
    others = [a for a in source.assignments if a.scope == held.scope and a.place != place]
    if not before.strip() and not behind.strip() and others:
        whole = Place(place.path, place.line, 1, place.end_line + 1, 1, place.function)
        yield labelled(
            subject, [Edit(whole, "")], means="computes the same", safe=False, label=f"without {held.target}"
        )


def _instead_of_twin(subject: Subject, module: Module, held: SourceAssignment) -> Iterator[Fix]:
    """The second call of a layer that is made alike."""
    owner = module.path.rpartition(".")[0]
    calls: dict[str, list[Call]] = {}
    for call in subject.calls:
        twin = subject.modules.get(call.module)
        if (
            call.kind == "module"
            and twin is not None
            and twin.type == module.type
            and twin.path.rpartition(".")[0] == owner
        ):
            calls.setdefault(twin.path, []).append(call)
    for path, made in calls.items():
        places = list(dict.fromkeys(call.place for call in made if call.place is not None))
        if len(places) < 2:
            continue
        for place in reversed(places[1:]):
            written = subject.source_call(place)
            if written is not None and written.function == f"self.{path.rpartition('.')[2]}":
                edit = Edit(written.callee, held.target)
                yield labelled(subject, [edit], means=f"the second call of {path}", safe=False)


def _behind_neighbour(
    subject: Subject, source: SourceFacts, module: Module, held: SourceAssignment
) -> Iterator[Fix]:
    """Around the call of the layer that is made just before it."""
    cls: SourceClass | None = class_at(source, held.place)
    before = [
        a
        for a in source.assignments
        if cls is not None
        and a.scope == held.scope
        and a.target.startswith("self.")
        and a.form == "Call"
        and a.place.line < held.place.line
    ]
    for neighbour in reversed(before[-2:]):
        calls = (
            [
                call
                for call in source.calls
                if call.function == neighbour.target and contains(cls.place, call.place)
            ]
            if cls
            else []
        )
        if len(calls) == 1:
            edit = _behind_activation(source, calls[0], neighbour, held) or Edit(
                calls[0].place, f"{held.target}({source.at(calls[0].place)})"
            )
            yield labelled(subject, [edit], means=f"behind {neighbour.target}", safe=False)


def _behind_activation(
    source: SourceFacts, call: SourceCall, neighbour: SourceAssignment, held: SourceAssignment
) -> Edit | None:
    """A second layer of the neighbour's kind: behind the activation that the neighbour has around it, and with one of its own.

    Right behind the neighbour the two would be one linear map.
    """
    kinds = [
        next((one.resolved for one in source.calls if one.place == a.value), "") for a in (neighbour, held)
    ]
    if kinds[0] != kinds[1] or not kinds[0].rpartition(".")[2].startswith(("Linear", "Conv")):
        return None
    around = next(
        (
            one
            for one in source.calls
            if one.function.rpartition(".")[2] in ACTIVATIONS
            and one.arguments
            and one.arguments[0].place == call.place
        ),
        None,
    )
    if around is None or around.place.line != around.place.end_line:
        return None
    whole = source.at(around.place)
    start = call.place.column - around.place.column
    end = call.place.end_column - around.place.column
    return Edit(around.place, f"{whole[:start]}{held.target}({whole}){whole[end:]}")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.act = nn.ReLU()
                self.extra = nn.Linear(4, 4)
                self.tied = nn.Linear(4, 4)
                self.tied.weight = self.one.weight

            def forward(self, x, more=False):
                x = self.one(x)
                return self.extra(x) if more else x
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
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)
                self.out = nn.Linear(4, 1)

            def forward(self, x):
                x = torch.relu(self.one(x))
                return self.out(x)
        """,
        "3,4",
        at="self.one(x)",
        fixed="x = torch.relu(self.two(torch.relu(self.one(x))))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)

            def forward(self, x):
                x = self.one(x).relu()
                return self.one(x)
        """,
        "3,4",
        at="self.one(x)",
        nth=1,
        fixed="return self.two(x)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, 3, bias=False)
                self.bn = nn.BatchNorm2d(4)
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                x = self.conv(x).relu()
                return self.fc(x.mean((2, 3)))
        """,
        "3,1,8,8",
        at="self.conv(x)",
        fixed="x = self.bn(self.conv(x)).relu()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Linear(4, 8)
                self.classifier = nn.Linear(8, 1000)

            def forward(self, x):
                return self.classifier(self.body(x).relu())

        def fine_tuned():
            model = Net()
            model.fc = nn.Linear(8, 2)
            return model
        """,
        "3,4",
        at="model.fc",
        fixed="model.classifier = nn.Linear(8, 2)",
        entry="fine_tuned",
    ),
)
