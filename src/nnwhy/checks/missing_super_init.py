"""A network's constructor does not call that of nn.Module.

## What it finds
A class derived from `nn.Module` whose `__init__` never calls `super().__init__()`, or calls it only after layers were assigned.

## Why it matters
`nn.Module.__init__` makes the registries for layers and parameters; assigning a layer before it raises "cannot assign
module before Module.__init__() call".

## Example
    class Net(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(4, 2)

## Use instead
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 2)

## When it is fine
Where a base class in between calls it by another way. `# nnwhy: ignore[missing-super-init]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import before, indentation, labelled
from nnwhy.checks.basis.layers import class_at, constructor_of
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall, SourceClass, SourceFacts, SourceFunction

_SUPER_OF_CLASS = re.compile(r"super\(\s*[\w.]+\s*\)\.__init__")


@check(
    name="missing-super-init",
    severity="error",
    summary="A network's constructor does not call super().__init__() first.",
    title="{cls}.__init__ does not call super().__init__() {when}",
)
def missing_super_init(subject: Subject) -> Iterator[Finding]:
    yield from _of_another(subject)
    yield from _with_arguments(subject)
    yield from _unbound(subject)
    for source in subject.sources.values():
        for cls in source.classes:
            constructor = constructor_of(source, cls) if cls.network else None
            if constructor is None:
                continue
            own = [call for call in source.calls if call.scope == constructor.name and _is_super(call, cls)]
            if any(_SUPER_OF_CLASS.fullmatch(call.function) for call in own):
                continue
            if own and not _late(subject, source, constructor, own[0]):
                continue
            if (
                not own
                and subject.construction is None
                and subject.trace is not None
                and subject.trace.complete
            ):
                continue
            first = constructor.first
            text = f"super().__init__()\n{indentation(source, first)}"
            edits = [Edit(before(first), text)]
            if own:
                edits.append(Edit(own[0].statement, "pass"))
            yield Finding(
                check="missing-super-init",
                severity="error",
                place=first,
                values={"cls": cls.name, "when": "before it assigns layers" if own else "at all"},
                because=("nn.Module.__init__ makes the registries in which layers and parameters are kept",),
                fixes=(
                    Fix("super().__init__() as the first line", tuple(edits), "then layers can be assigned"),
                ),
                also=(subject.construction.place,)
                if subject.construction and subject.construction.place
                else (),
            )


def _with_arguments(subject: Subject) -> Iterator[Finding]:
    """`super().__init__(config)` in a class directly on nn.Module, which takes none."""
    built = subject.construction
    call = subject.source_call(built.place) if built is not None and built.type == "TypeError" else None
    if built is None or call is None or not call.function.endswith(".__init__") or not call.arguments:
        return
    source = subject.sources[call.place.path]
    cls = class_at(source, call.place)
    if cls is None or cls.bases != ("torch.nn.Module",) or not call.function.startswith("super("):
        return
    given = ", ".join(f"{a.name}={a.text}" if a.name else a.text for a in call.arguments)
    text = source.at(call.callee)
    yield Finding(
        check="missing-super-init",
        severity="error",
        place=call.place,
        values={"cls": cls.name, "given": given},
        title="{cls}.__init__ hands {given} to nn.Module.__init__, which takes no arguments",
        expected="super().__init__()",
        actual=given,
        fixes=(labelled(subject, [Edit(call.place, f"{text}()")], means="nn.Module takes no arguments"),),
    )


def _of_another(subject: Subject) -> Iterator[Finding]:
    """`super(Other, self).__init__()`, left over from the class that it was copied from."""
    built = subject.construction
    for source in subject.sources.values():
        for call in source.calls if built is not None and built.type == "TypeError" else ():
            cls = class_at(source, call.place)
            named = call.arguments[0] if call.function == "super" and len(call.arguments) == 2 else None
            others = {other.name for other in source.classes}
            if (
                cls is None
                or named is None
                or named.text not in others
                or named.text in (cls.name, *cls.bases)
            ):
                continue
            yield Finding(
                check="missing-super-init",
                severity="error",
                place=named.place,
                values={"cls": cls.name, "when": f"of its own class: it says super({named.text}, self)"},
                expected=cls.name,
                actual=named.text,
                fixes=(
                    labelled(subject, [Edit(named.place, cls.name)], means="the class that it stands in"),
                    labelled(subject, [Edit(call.place, "super()")], means="the class that it stands in"),
                ),
                also=(built.place,) if built is not None and built.place else (),
            )


def _unbound(subject: Subject) -> Iterator[Finding]:
    """`super(Net).__init__()`: without the object, it is that of `super` itself which is called."""
    built = subject.construction
    for source in subject.sources.values():
        for call in source.calls if built is not None and built.type == "AttributeError" else ():
            cls = class_at(source, call.place)
            if cls is None or not cls.network or not _SUPER_OF_CLASS.fullmatch(call.function):
                continue
            written = call.function.removesuffix(".__init__")
            yield Finding(
                check="missing-super-init",
                severity="error",
                place=call.place,
                values={"cls": cls.name, "written": written},
                title="{cls}.__init__ calls {written}.__init__(), which is not that of nn.Module: the object is missing",
                expected="super().__init__()",
                actual=source.at(call.place),
                because=(
                    "super with a class alone belongs to no object, so nn.Module.__init__ is never called on this one",
                ),
                fixes=(labelled(subject, [Edit(call.receiver, "super()")], means="of this very object"),)
                if call.receiver is not None
                else (),
                also=(built.place,) if built is not None and built.place else (),
            )


def _is_super(call: SourceCall, cls: SourceClass) -> bool:
    if not call.function.endswith(".__init__"):
        return False
    owner = call.function.removesuffix(".__init__")
    return owner.startswith("super(") or owner.rpartition(".")[2] in {
        base.rpartition(".")[2] for base in cls.bases
    }


def _late(subject: Subject, source: SourceFacts, constructor: SourceFunction, call: SourceCall) -> bool:
    """Whether the construction failed on an attribute that is assigned before the call."""
    place = subject.construction.place if subject.construction else None
    return (
        place is not None
        and subject.construction is not None
        and subject.construction.type == "AttributeError"
        and place.path == source.path
        and constructor.place.line <= place.line < call.place.line
    )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super(Net, self).__init__()
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
                super(Net).__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="super(Net).__init__()",
        fixed="super().__init__()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="self.fc = nn.Linear(4, 2)",
        fixed="super().__init__()",
    ),
    Bad(
        """
        from torch import nn

        class Teacher(nn.Module):
            def __init__(self):
                super(Teacher, self).__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)

        class Net(nn.Module):
            def __init__(self):
                super(Teacher, self).__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="Teacher, self",
        nth=1,
        fixed="super(Net, self).__init__()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, config=(4, 2)):
                super().__init__(config)
                self.fc = nn.Linear(*config)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
        at="super().__init__(config)",
        fixed="super().__init__()",
    ),
)
