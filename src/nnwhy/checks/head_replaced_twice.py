"""The code that replaces a layer reads the old one's numbers, and runs twice on the same network.

## What it finds
`net.fc = nn.Sequential(nn.Linear(net.fc.in_features, …), …)` that comes a second time to a network whose `fc` it has
replaced already: two such lines, or a function of it called on its own result. A Sequential has no `in_features`.

## Why it matters
It raises an AttributeError, most often when a notebook's cell is run once more; and where the new layer does have the
number, a head is put on for a head.

## Example
    model = replace_head(Trunk())
    model = replace_head(model)             # the cell once more

## Use instead
    model = replace_head(Trunk())

## When it is fine
Never: it raises. `# nnwhy: ignore[head-replaced-twice]` silences it.

## References
- https://docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.signatures import signature_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts, SourceFunction

_CONTAINERS = ("torch.nn.Sequential", "torch.nn.ModuleList")


@check(
    name="head-replaced-twice",
    severity="error",
    summary="A layer is replaced a second time by code that reads the first one's numbers.",
    title="{target} is {kind} by now, since line {line} replaced it, and has no {name}",
)
def head_replaced_twice(subject: Subject) -> Iterator[Finding]:
    for source in subject.sources.values():
        changes = [(a, name) for a in source.assignments if (name := _reads_itself(source, a))]
        for assignment, name in changes:
            earlier = [
                other for other, _ in changes
                if other.target == assignment.target and other.scope == assignment.scope and other.place.line < assignment.place.line
            ]  # fmt: skip
            if earlier and not _renewed(source, earlier[-1], assignment):
                yield _finding(subject, source, assignment, name, earlier[-1], None, [])
        for assignment in source.assignments:
            name = _reads_itself(source, assignment, through_names=True)
            function = function_at(source, assignment.place) if name else None
            if function is not None:
                yield from _on_own_result(subject, source, assignment, name, function)
                yield from _in_turn(subject, source, assignment, name, function)


def _reads_itself(source: SourceFacts, assignment: SourceAssignment, *, through_names: bool = False) -> str:
    """The number that a line reads from the layer it replaces by a container, "" where it does not; `through_names` also
    where a line before gives the number a name: `n = net.fc.in_features`."""
    owner, _, attribute = assignment.target.rpartition(".")
    made = next((call for call in source.calls if call.place == assignment.value), None)
    if not owner or owner == "self" or not attribute or made is None or made.resolved not in _CONTAINERS:
        return ""
    reading = rf"\b{re.escape(assignment.target)}\.([a-z]\w*)\b(?!\s*\()"
    texts = [assignment.text] + [
        one.text for one in source.assignments
        if through_names and one.scope == assignment.scope and one.place.line < assignment.place.line
        and re.search(rf"\b{re.escape(one.target)}\b", assignment.text)
    ]  # fmt: skip
    found = next((m for text in texts if (m := re.search(reading, text)) is not None), None)
    return found.group(1) if found and found.group(1).startswith(("in_", "out_", "num_", "kernel_")) else ""


def _renewed(source: SourceFacts, first: SourceAssignment, second: SourceAssignment) -> bool:
    """Whether the network gets another value between the two lines, or they stand in different branches."""
    owner = first.target.partition(".")[0]
    between = [
        a for a in source.assignments
        if a.target in (owner, first.target) and first.place.line < a.place.line < second.place.line
    ]  # fmt: skip
    return bool(between) or first.place.column != second.place.column


def _on_own_result(
    subject: Subject, source: SourceFacts, assignment: SourceAssignment, name: str, function: SourceFunction
) -> Iterator[Finding]:
    """The function that replaces the layer of its argument, called on what it gave back."""
    owner = assignment.target.partition(".")[0]
    names = [parameter.name for parameter in function.parameters]
    given_back = any(source.at(place) == owner for place in function.returns)
    if owner not in names or not given_back or "." in function.name:
        return
    at = names.index(owner)
    for call in source.calls:
        if call.function != function.name or len(call.arguments) <= at or call.arguments[at].starred:
            continue
        argument = call.arguments[at]
        before = subject.source_call(argument.place)
        if before is None and argument.text.isidentifier():
            held = [one.place for one in bindings(source, argument.text, argument.place) if not one.path]
            before = subject.source_call(held[0]) if len(held) == 1 else None
        if (
            before is None
            or before.function != function.name
            or before is call
            or len(before.arguments) <= at
        ):
            continue
        if contains(before.place, call.place):
            continue
        fresh = before.arguments[at]
        made = subject.source_call(fresh.place)
        fixes: list[Fix] = []
        if made is not None:
            edits = [Edit(argument.place, fresh.text)]
            fixes.append(labelled(subject, edits, means="a network whose layer is still there"))
        yield _finding(subject, source, assignment, name, assignment, call, fixes)


def _in_turn(
    subject: Subject, source: SourceFacts, assignment: SourceAssignment, name: str, function: SourceFunction
) -> Iterator[Finding]:
    """The function that replaces the layer of its argument, called in a loop on a network that was made before the loop."""
    owner = assignment.target.partition(".")[0]
    names = [parameter.name for parameter in function.parameters]
    if owner not in names or "." in function.name or _asked_before(source, function):
        return
    at = names.index(owner)
    for call in source.calls:
        argument = call.arguments[at] if call.function == function.name and len(call.arguments) > at else None
        if argument is None or argument.starred or not argument.text.isidentifier():
            continue
        loops = [one for one in source.assignments if one.form == "for" and contains(one.place, call.place) and not contains(one.value, call.place)]  # fmt: skip
        held = [one for one in bindings(source, argument.text, argument.place) if not one.path]
        made = subject.source_call(held[0].place) if len(held) == 1 and held[0].kind == "value" else None
        if not loops or made is None or any(contains(loop.place, made.place) for loop in loops):
            continue
        if not any(cls.name == made.function and cls.network for cls in source.classes):
            continue
        edits = [Edit(argument.place, source.at(made.place))]
        fix = labelled(subject, edits, means="a network whose layer is still there, in every turn")
        yield _finding(subject, source, assignment, name, assignment, call, [fix])


def _asked_before(source: SourceFacts, function: SourceFunction) -> bool:
    """Whether the function looks first at what the layer is, or takes a copy of the network."""
    text = source.at(function.place)
    return any(word in text for word in ("isinstance", "hasattr", "getattr", "copy", "type("))


def _finding(
    subject: Subject, source: SourceFacts, assignment: SourceAssignment, name: str, earlier: SourceAssignment,
    call: SourceCall | None, fixes: list[Fix],
) -> Finding:  # fmt: skip
    kind = earlier.text.partition("(")[0]
    attribute = assignment.target.rpartition(".")[2]
    module = subject.modules.get(attribute)
    had = module.arguments.get(name) if module is not None else None
    because = (
        [f"{assignment.target} was a {module.type} with {name} {had}"]
        if module is not None and had is not None
        else []
    )
    because.append("start from a network as it was built, or ask the new layer for it")
    if call is None:
        inner = _first_with(subject, source, earlier, name)
        if inner is not None:
            found = re.search(rf"\b{re.escape(assignment.target)}\.{name}\b", source.at(assignment.value))
            place = next(
                (a.place for c in source.calls for a in c.arguments
                 if contains(assignment.value, a.place) and a.text == f"{assignment.target}.{name}"), None,
            )  # fmt: skip
            if found and place is not None:
                edits = [Edit(place, f"{assignment.target}[{inner}].{name}")]
                fixes = [labelled(subject, edits, means="the new layer's own number")]
    return Finding(
        check="head-replaced-twice",
        severity="error",
        place=call.place if call is not None else assignment.place,
        values={"target": assignment.target, "kind": kind, "line": earlier.place.line, "name": name},
        because=tuple(because),
        fixes=tuple(fixes),
        also=(assignment.place, earlier.place),
    )


def _first_with(subject: Subject, source: SourceFacts, made: SourceAssignment, name: str) -> int | None:
    """The position in a Sequential of the first layer that takes such an argument."""
    call = next((one for one in source.calls if one.place == made.value), None)
    for index, argument in enumerate(call.arguments if call is not None else ()):
        part = subject.source_call(argument.place)
        signature = signature_of(subject, part) if part is not None else None
        if signature is not None and name in signature.names:
            return index
    return None


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 9)

            def forward(self, x):
                return self.fc(x)

        def with_head(net, classes):
            net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 8), nn.ReLU(), nn.Linear(8, classes))
            return net

        def main():
            one = with_head(Net(), 2)
            other = with_head(Net(), 3)
            return one, other
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
                self.fc = nn.Linear(4, 9)

            def forward(self, x):
                return self.fc(x)

        def with_head(net):
            net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 8), nn.ReLU(), nn.Linear(8, 2))
            return net

        def main():
            model = with_head(Net())
            model = with_head(model)
            return model
        """,
        "3,4",
        at="model)\n",
        fixed="model = with_head(Net())",
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
            net = Net()
            net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 8), nn.ReLU())
            net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 8), nn.ReLU())
            return net
        """,
        "3,4",
        at="net.fc.in_features",
        nth=1,
        fixed="net.fc = nn.Sequential(nn.Linear(net.fc[0].in_features, 8), nn.ReLU())",
    ),
)
