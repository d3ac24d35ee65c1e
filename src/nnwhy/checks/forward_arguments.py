"""A network or layer is called with other arguments than its forward takes.

## What it finds
A module that is called with too many or too few arguments for its own `forward`.

## Why it matters
The call stops there with Python's "takes 2 positional arguments but 3 were given", counting `self`.

## Example
    def forward(self, x):
        return self.block(x, self.scale)        # def forward(self, x) in Block

## Use instead
    return self.block(x)

## When it is fine
Never: the call raises. `# nnwhy: ignore[forward-arguments]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, before, labelled
from nnwhy.checks.basis.looping import one_by_one
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFunction
from nnwhy.facts.trace import Call


@check(
    name="forward-arguments",
    severity="error",
    summary="A network or layer is called with other arguments than its forward takes.",
    title="{layer} is called with {given}, and its forward takes {taken}",
)
def forward_arguments(subject: Subject) -> Iterator[Finding]:
    yield from _without_self(subject)
    yield from _through_sequence(subject)
    for call, failure in subject.failed():
        module = subject.modules.get(call.module)
        if call.kind != "module" or failure.type != "TypeError" or module is None:
            continue
        forward = _forward(subject, module.type)
        if forward is None or _ran(subject, call):
            continue
        names = [parameter.name for parameter in forward.parameters if parameter.name != "self"]
        required = [p.name for p in forward.parameters if p.name != "self" and p.default is None]
        given = list(call.arguments)
        extra = [name for name in given if name not in names]
        missing = [name for name in required if name not in given and not _starred(subject, forward)]
        if not extra and not missing:
            continue
        place = call.place if subject.owned(call.place) else None
        if place is None:
            head = forward.place
            end = len(_line(subject, head)) + 1
            place = Place(head.path, head.line, head.column, head.line, end, forward.name)
        yield Finding(
            check="forward-arguments",
            severity="error",
            place=place,
            values={
                "layer": module.path or module.type, "given": _listed(given), "taken": _listed(names),
            },
            expected=_listed(names),
            actual=_listed(given),
            because=(f"nothing is given for {_listed(missing)}",) if missing else (f"{len(given)} were given",),
            fixes=tuple(_fixes(subject, call, names, missing, extra)),
            also=(forward.first,),
            module=module.path,
            call=call.id,
        )  # fmt: skip


def _through_sequence(subject: Subject) -> Iterator[Finding]:
    """A Sequential called with several things, though it hands on one: its parts called in a loop."""
    for call, failure in subject.failed("Sequential"):
        module = subject.modules.get(call.module)
        written = subject.source_call(call.place)
        if failure.type != "TypeError" or module is None or written is None or len(call.arguments) < 2:
            continue
        fixes: list[Fix] = []
        loop = one_by_one(subject, written, "gives all of it to every part")
        if loop is not None:
            fixes.append(loop)
        yield Finding(
            check="forward-arguments",
            severity="error",
            place=written.place,
            values={
                "layer": module.path or module.type, "given": f"{len(call.arguments)} arguments",
                "taken": "1: a Sequential hands one thing from part to part",
            },
            expected="1 argument",
            actual=f"{len(call.arguments)} arguments",
            fixes=tuple(fixes),
            also=tuple(module.constructed[:1]),
            module=module.path,
            call=call.id,
        )  # fmt: skip


def _without_self(subject: Subject) -> Iterator[Finding]:
    """`def forward(x):` in a network: the network itself arrives as `x`."""
    for source in subject.sources.values():
        networks = {cls.name for cls in source.classes if cls.network}
        for function in source.functions:
            owner, _, name = function.name.rpartition(".")
            if (
                name != "forward"
                or owner not in networks
                or not function.parameters
                or function.parameters[0].name in ("self", "this", "_")
            ):
                continue
            if "@staticmethod" in source.line(function.place.line - 1):
                continue
            first = function.parameters[0]
            edit = Edit(before(first.place), "self, ")
            yield Finding(
                check="forward-arguments",
                severity="error",
                place=first.place,
                values={
                    "layer": f"{owner}.forward", "given": "the network itself as its first argument", "taken": first.name,
                },
                fixes=(labelled(subject, [edit], means="self comes first", label=f"forward(self, {first.name})"),),
            )  # fmt: skip


def _forward(subject: Subject, cls: str) -> SourceFunction | None:
    return next(
        (
            f
            for name, f in subject.functions.items()
            if name == f"{cls}.forward" or name.endswith(f".{cls}.forward")
        ),
        None,
    )


def _starred(subject: Subject, forward: SourceFunction) -> bool:
    return "*" in _line(subject, forward.place)


def _ran(subject: Subject, call: Call) -> bool:
    """Whether forward got as far as making a call."""
    return bool(subject.children.get(call.id))


def _line(subject: Subject, place: Place) -> str:
    source = subject.sources.get(place.path)
    return source.line(place.line) if source else ""


def _listed(names: list[str]) -> str:
    if not names:
        return "nothing"
    shown = [
        name if not name.startswith("argument") else f"a {_ordinal(int(name[8:]) + 1)}" for name in names
    ]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third", 4: "fourth"}.get(number, f"{number}th")


def _fixes(
    subject: Subject, call: Call, names: list[str], missing: list[str], extra: list[str]
) -> Iterator[Fix]:
    written: SourceCall | None = subject.source_call(call.place)
    if written is None:
        return
    if extra and not missing:
        kept = [a for a in written.arguments if (a.name in names if a.name else a.index < len(names))]
        if len(kept) < len(written.arguments):
            text = ", ".join(f"{a.name}={a.text}" if a.name else a.text for a in kept)
            yield labelled(
                subject,
                [Edit(written.place, f"{written.function}({text})")],
                means=f"gives {_listed(names)} alone",
            )
    local = subject.functions.get(written.scope)
    known = {p.name for p in local.parameters} if local else set[str]()
    known |= {
        a.target
        for a in subject.sources[written.place.path].assignments
        if a.scope == written.scope and a.place.end_line < written.place.line and a.target.isidentifier()
    }
    if missing and all(name in known for name in missing):
        text = ", ".join(f"{name}={name}" for name in missing)
        yield labelled(
            subject, [added_argument(written, text)], means="hands on what the caller has by that name"
        )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x, scale=2):
                return x * scale
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Block(nn.Module):
            def forward(self, x):
                return x * 2

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = Block()

            def forward(self, x):
                return self.block(x, 3)
        """,
        "3,4",
        at="self.block(x, 3)",
        fixed="return self.block(x)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(x):
                return x * 2
        """,
        "3,4",
        at="x):",
        fixed="def forward(self, x):",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Conv(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.fc = nn.Linear(width, width)

            def forward(self, x, graph):
                return graph @ self.fc(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.Sequential(Conv(4), Conv(4))

            def forward(self, x, graph):
                x = self.layers(x, graph)
                return x.relu()
        """,
        ("3,4", "3,3"),
        at="self.layers(x, graph)",
        fixed="for layer in self.layers:",
    ),
)
