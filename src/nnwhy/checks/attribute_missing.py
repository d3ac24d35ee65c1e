"""The code reads an attribute that the network does not have.

## What it finds
`self.something` in a method of a network that no method assigns: a slip of the pen, a layer that was renamed in one place
only, an assignment to a plain variable in `__init__` (`conv1 = nn.Conv2d(…)` without `self.`), or one that comes too late.

## Why it matters
The pass stops there with an AttributeError.

## Example
    self.conv1 = nn.Conv2d(3, 8, 3)
    ...
    x = self.conv_1(x)

## Use instead
    x = self.conv1(x)

## When it is fine
Where something outside the class sets it. `# nnwhy: ignore[attribute-missing]` silences it.

## References
- https://docs.python.org/3/tutorial/classes.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import before, contains, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceClass, SourceFacts
from nnwhy.facts.value import TensorRef

_LAYER_NUMBER = re.compile(r"(?P<owner>\w+)\.(?P<layer>[a-z]\w*)\.(?P<number>(in|out|num)_\w+|kernel_size)")


@check(
    name="attribute-missing",
    severity="error",
    summary="The code reads an attribute that the network does not have.",
    title="{cls} has no attribute {name}{hint}",
)
def attribute_missing(subject: Subject) -> Iterator[Finding]:
    yield from _outside(subject)
    failures = [(f.type, f.place, f.call) for f in subject.trace.failures] if subject.trace else []
    if subject.construction is not None:
        failures.append((subject.construction.type, subject.construction.place, None))
    for kind, place, call in failures:
        if kind != "AttributeError" or place is None or place.path not in subject.sources:
            continue
        source = subject.sources[place.path]
        cls = class_at(source, place)
        if cls is None:
            continue
        inside = [
            use
            for use in source.uses
            if use.text.startswith("self.") and (contains(place, use.place) or contains(use.place, place))
        ]
        known = _attributes(source, cls)
        for use in inside:
            name = use.text.removeprefix("self.")
            later = _assigned_later(source, cls, use.place, name) if call is None else None
            if name in known and later is None:
                continue
            if later is not None:
                yield _too_early(subject, source, cls, use.place, name, later)
                break
            near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
            yield Finding(
                check="attribute-missing",
                severity="error",
                place=use.place,
                values={"cls": cls.name, "name": name, "hint": f"; it has {near[0]}" if near else ""},
                expected=near[0] if near else "",
                actual=name,
                fixes=tuple(_fixes(subject, source, cls, use.place, name, near)),
                call=call,
            )
            break


def _outside(subject: Subject) -> Iterator[Finding]:
    """`model.classifier.in_features` in a script, where the network has no layer of that name."""
    root = subject.modules.get("")
    children = {path for path in subject.modules if path and "." not in path and not path.startswith("<")}
    if subject.trace is None or root is None or not root.qualified_type:
        return
    for source in subject.sources.values():
        cls = next((c for c in source.classes if c.name == subject.trace.root and c.network), None)
        if cls is None or any(base != "torch.nn.Module" for base in cls.bases):
            continue
        known = _attributes(source, cls) | children
        for call in source.calls:
            for argument in call.arguments:
                found = _LAYER_NUMBER.fullmatch(argument.text)
                if (
                    found is None
                    or found["layer"] in known
                    or not _holds_network(subject, source, found["owner"], argument.place)
                ):
                    continue
                name = f"{found['owner']}.{found['layer']}"
                if any(a.target == name and a.place.line < argument.place.line for a in source.assignments):
                    continue
                having = [
                    path for path in sorted(children) if found["number"] in subject.modules[path].arguments
                ]
                near = get_close_matches(found["layer"], sorted(known), n=1, cutoff=0.6) or having
                numbers = [
                    f"{path}.{found['number']} is {subject.modules[path].arguments[found['number']]}"
                    for path in having
                ]
                yield Finding(
                    check="attribute-missing",
                    severity="error",
                    place=argument.place,
                    values={"cls": cls.name, "name": found["layer"], "hint": f"; it has {', '.join(near)}" if near else ""},
                    expected=", ".join(near),
                    actual=found["layer"],
                    because=tuple(numbers),
                    fixes=tuple(_renamed(subject, source, call.statement, name, found["owner"], near)),
                )  # fmt: skip


def _holds_network(subject: Subject, source: SourceFacts, name: str, place: Place) -> bool:
    """Whether a variable holds the network: the result of a call of its class."""
    assert subject.trace is not None
    held = [one for one in bindings(source, name, place) if not one.path]
    made = [subject.source_call(one.place) for one in held]
    return bool(made) and all(call is not None and call.function == subject.trace.root for call in made)


def _renamed(
    subject: Subject, source: SourceFacts, statement: Place, name: str, owner: str, near: list[str]
) -> Iterator[Fix]:
    """The statement with the layer's real name, wherever it names the missing one."""
    for other in near[:2]:
        edits: list[Edit] = []
        for number in range(statement.line, statement.end_line + 1):
            for found in re.finditer(rf"\b{re.escape(name)}\b", source.line(number)):
                where = Place(
                    source.path, number, found.start() + 1, number, found.end() + 1, statement.function
                )
                edits.append(Edit(where, f"{owner}.{other}"))
        if edits:
            yield labelled(subject, edits, means="the layer that it has")


def _assigned_later(source: SourceFacts, cls: SourceClass, place: Place, name: str) -> Place | None:
    """Where the constructor gives itself the attribute, if only behind the reading at `place`."""
    function = function_at(source, place)
    if function is None or function.name != f"{cls.name}.__init__":
        return None
    own = [a for a in source.assignments if a.target == f"self.{name}" and a.scope == function.name]
    return own[0].place if own and all(a.place.line >= place.line for a in own) else None


def _too_early(
    subject: Subject, source: SourceFacts, cls: SourceClass, place: Place, name: str, later: Place
) -> Finding:
    function = function_at(source, place)
    parameters = {parameter.name for parameter in function.parameters} if function else set[str]()
    fixes: list[Fix] = []
    if name in parameters:
        fixes.append(labelled(subject, [Edit(place, name)], means="the constructor's own argument"))
    statement = next((a for a in source.assignments if a.place == later), None)
    first = next(
        (call.statement for call in source.calls if contains(call.statement, place) and call.scope == place.function),
        None,
    )  # fmt: skip
    reads = {use.text for use in source.uses if contains(later, use.place)}
    if statement is not None and first is not None and not any(text.startswith("self.") for text in reads):
        indent = source.line(first.line)[: first.column - 1]
        fixes.append(
            Fix(
                f"{source.at(later)} before it is read",
                (Edit(before(first), f"{source.at(later)}\n{indent}"), Edit(later, "pass")),
                "the attribute is there when it is read",
            )
        )
    return Finding(
        check="attribute-missing",
        severity="error",
        place=place,
        values={"cls": cls.name, "name": name, "hint": f" yet; line {later.line} assigns it"},
        actual=name,
        fixes=tuple(fixes),
        also=(later,),
    )


def _attributes(source: SourceFacts, cls: SourceClass) -> set[str]:
    own = {
        a.target.removeprefix("self.")
        for a in source.assignments
        if a.scope.startswith(cls.name) and a.target.startswith("self.")
    }
    inner = {a.target for a in source.assignments if a.scope == cls.name}
    return own | inner | set(cls.methods)


def _fixes(
    subject: Subject, source: SourceFacts, cls: SourceClass, place: Place, name: str, near: list[str]
) -> Iterator[Fix]:
    local = next(
        (a for a in source.assignments if a.target == name and a.scope == f"{cls.name}.__init__"), None
    )
    if local is not None:
        yield labelled(subject, [Edit(before(local.place), "self.")], means="keeps it on the network")
    function = function_at(source, place)
    if name in ("device", "dtype") and function is not None:
        tensor = _first_tensor(subject, function.name)
        if tensor:
            yield labelled(subject, [Edit(place, f"{tensor}.{name}")], means=f"the {name} of what it gets")
    for other in near:
        same = [
            u.place
            for u in source.uses
            if u.text == f"self.{name}" and function and contains(function.place, u.place)
        ]
        yield labelled(
            subject, [Edit(where, f"self.{other}") for where in same or [place]], means="the name it has"
        )


def _first_tensor(subject: Subject, function: str) -> str:
    """The first parameter of a forward in which a tensor was handed over."""
    cls = function.rpartition(".")[0]
    given = subject.trace.inputs if subject.trace is not None else ()
    if subject.trace is not None and subject.trace.root == cls and function.endswith(".forward"):
        return next((one.name for one in given if isinstance(one.value, TensorRef)), "")
    for call in subject.calls:
        if call.kind == "module" and call.name == cls:
            return next((name for name, value in call.arguments.items() if isinstance(value, TensorRef)), "")
    return ""


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
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
                self.conv1 = nn.Linear(4, 2)

            def forward(self, x):
                return self.conv_1(x)
        """,
        "3,4",
        at="self.conv_1",
        fixed="return self.conv1(x)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                head = nn.Linear(4, 2)

            def forward(self, x):
                return self.head(x)
        """,
        "3,4",
        at="head = nn.Linear(4, 2)",
        fixed="self.head = nn.Linear(4, 2)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                self.fc = nn.Linear(4, self.width)
                self.width = width

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="self.width)",
        fixed="self.fc = nn.Linear(4, width)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 9)

            def forward(self, x):
                return self.fc(x)

        def main():
            model = Net()
            model.classifier = nn.Linear(model.classifier.in_features, 2)
            return model
        """,
        "3,4",
        at="model.classifier.in_features",
        fixed="model.fc = nn.Linear(model.fc.in_features, 2)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x) + torch.randn(2, device=self.device)
        """,
        "3,4",
        at="self.device",
        fixed="return self.fc(x) + torch.randn(2, device=x.device)",
    ),
)
