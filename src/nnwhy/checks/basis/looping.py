"""Parts of a container called one after the other, where the container itself was called."""

from __future__ import annotations

from nnwhy.checks.basis.editing import before, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.source import SourceCall


def one_by_one(subject: Subject, written: SourceCall, means: str) -> Fix | None:
    """`return self.layers(x, mask)` as a loop over the layers; None where the call is not a statement's whole value."""
    source = subject.sources[written.place.path]
    names = [argument.text for argument in written.arguments]
    target = names[0] if names and names[0].isidentifier() else ""
    if not target or written.within not in ("Return", "Assign") or any(a.name for a in written.arguments):
        return None
    statement = written.statement
    indent = source.line(statement.line)[: statement.column - 1]
    call = f"layer({', '.join(names)})"
    loop = f"for layer in {written.function}:\n{indent}    {target} = {call}\n{indent}"
    edits = [Edit(before(statement), loop), Edit(written.place, target)]
    return labelled(subject, edits, means=means, label=f"for layer in {written.function}: {target} = {call}")
