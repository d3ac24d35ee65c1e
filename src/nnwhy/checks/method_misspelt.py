"""A network's `forward` or `__init__` has another name, or stands inside another method.

## What it finds
A network class without a `forward` that has a method of nearly that name (`foward`), or one that is indented into `__init__`;
and one without an `__init__` that has an `_init_` or `__int__`.

## Why it matters
Python and torch find these two by their names. Without `forward` the call raises "is missing the required forward function";
without `__init__` no layer is made, and the crash comes at the first one that is used.

## Example
    def __init__(self):
        ...
        def forward(self, x):

## Use instead
    def __init__(self):
        ...

    def forward(self, x):

## When it is fine
Where a subclass brings the method. `# nnwhy: ignore[method-misspelt]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.forward
- https://discuss.pytorch.org/t/71356
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nnwhy.checks.basis.editing import contains
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceClass, SourceFacts, SourceFunction

_CONSTRUCTORS = ("init", "int", "inti", "ini", "intit")


@check(
    name="method-misspelt",
    severity="error",
    summary="A network's forward or __init__ has another name, or stands inside another method.",
    title="{cls} has no {wanted}: {what}",
)
def method_misspelt(subject: Subject) -> Iterator[Finding]:
    for source in subject.sources.values():
        for cls in source.classes:
            if not cls.network or any(base.partition(".")[0] != "torch" for base in cls.bases):
                continue
            if "forward" not in cls.methods:
                yield from _forward(subject, source, cls)
            if "__init__" not in cls.methods:
                yield from _constructor(subject, source, cls)


def _forward(subject: Subject, source: SourceFacts, cls: SourceClass) -> Iterator[Finding]:
    nested = [
        function
        for function in source.functions
        if function.name.startswith(f"{cls.name}.") and function.name.count(".") == cls.name.count(".") + 2
        and function.name.endswith(".forward")
    ]  # fmt: skip
    if len(nested) == 1:
        owner = nested[0].name.split(".")[-2]
        yield _finding(
            subject,
            source,
            cls,
            nested[0],
            "forward",
            f"it stands inside {owner}",
            _moved_out(source, cls, nested[0]),
        )
        return
    named = get_close_matches(
        "forward", [method for method in cls.methods if not method.startswith("__")], 1, 0.83
    )
    named = named or [method for method in cls.methods if method.lower() == "forward"]
    function = next((f for f in source.functions if named and f.name == f"{cls.name}.{named[0]}"), None)
    if function is not None:
        yield _finding(
            subject,
            source,
            cls,
            function,
            "forward",
            f"its method is called {named[0]}",
            _renamed(source, function, "forward"),
        )


def _constructor(subject: Subject, source: SourceFacts, cls: SourceClass) -> Iterator[Finding]:
    for method in cls.methods:
        if method.strip("_") in _CONSTRUCTORS and method.startswith("_") and method.endswith("_"):
            function = next((f for f in source.functions if f.name == f"{cls.name}.{method}"), None)
            if function is not None:
                fix = _renamed(source, function, "__init__")
                yield _finding(
                    subject, source, cls, function, "__init__", f"its method is called {method}", fix
                )


def _finding(
    subject: Subject,
    source: SourceFacts,
    cls: SourceClass,
    function: SourceFunction,
    wanted: str,
    what: str,
    fix: Fix | None,
) -> Finding:
    return Finding(
        check="method-misspelt",
        severity="error",
        place=_name_place(source, function),
        values={"cls": cls.name, "wanted": wanted, "what": what},
        expected=wanted,
        actual=function.name.rpartition(".")[2],
        fixes=(fix,) if fix else (),
        call=_failed(subject, cls),
    )


def _failed(subject: Subject, cls: SourceClass) -> int | None:
    """The call of such a module that failed for it."""
    for call, failure in subject.failed():
        module = subject.modules.get(call.module)
        if (
            module is not None
            and module.type == cls.name
            and failure.type in ("NotImplementedError", "AttributeError")
        ):
            return call.id
    return None


def _name_place(source: SourceFacts, function: SourceFunction) -> Place | None:
    """The place of the name behind `def`."""
    place, name = function.place, function.name.rpartition(".")[2]
    column = source.line(place.line).find(f" {name}", place.column - 1)
    if column < 0:
        return place
    return Place(place.path, place.line, column + 2, place.line, column + 2 + len(name), place.function)


def _renamed(source: SourceFacts, function: SourceFunction, name: str) -> Fix | None:
    place = _name_place(source, function)
    if place is None or place == function.place:
        return None
    return Fix(f"def {name}(…)", (Edit(place, name),), "the name that torch looks for")


def _moved_out(source: SourceFacts, cls: SourceClass, function: SourceFunction) -> Fix | None:
    """The method one level up: its lines with the indentation of the method around it."""
    outer = next(
        (
            f
            for f in source.functions
            if f.name == function.name.rpartition(".")[0] and contains(f.place, function.place)
        ),
        None,
    )
    if outer is None:
        return None
    place = function.place
    surplus = place.column - outer.place.column
    lines = source.text.split("\n")[place.line - 1 : place.end_line]
    if any(line.strip() and line[:surplus].strip() for line in lines):
        return None
    text = "\n".join(line[surplus:] for line in lines)
    whole = Place(place.path, place.line, 1, place.end_line, len(lines[-1]) + 1, place.function)
    return Fix("def forward(…) beside __init__, not in it", (Edit(whole, text),), "a method of the class")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward_features(self, x):
                return self.fc(x)

            def forward(self, x):
                return self.forward_features(x)
        """,
        "5,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def foward(self, x):
                return self.fc(x)
        """,
        "5,4",
        at="foward",
        fixed="def forward(self, x):",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

                def forward(self, x):
                    return self.fc(x)
        """,
        "5,4",
        at="forward(self",
        fixed="def forward(self, x):",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def _init_(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                return self.fc(x)
        """,
        "5,4",
        at="_init_",
        fixed="def __init__(self):",
    ),
)
