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

from collections.abc import Iterator
from difflib import get_close_matches

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import before, contains, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceClass, SourceFacts


@check(
    name="attribute-missing",
    severity="error",
    summary="The code reads an attribute that the network does not have.",
    title="{cls} has no attribute {name}{hint}",
)
def attribute_missing(subject: Subject) -> Iterator[Finding]:
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
    for other in near:
        function = function_at(source, place)
        same = [
            u.place
            for u in source.uses
            if u.text == f"self.{name}" and function and contains(function.place, u.place)
        ]
        yield labelled(
            subject, [Edit(where, f"self.{other}") for where in same or [place]], means="the name it has"
        )


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
)
