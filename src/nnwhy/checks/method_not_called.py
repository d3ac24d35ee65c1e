"""A statement names a method that only works when it is called.

## What it finds
A line that is nothing but `model.eval`, `model.train`, `loss.backward`, `optimizer.step`, `optimizer.zero_grad` or another
method of this kind, without its brackets.

## Why it matters
Python looks the method up and forgets it: nothing happens, and nothing is said. Without `eval()` dropout goes on and a batch
norm takes its numbers from the batch; without `backward()` or `step()` nothing is learned.

## Example
    model.eval
    with torch.no_grad():
        scores = model(x)

## Use instead
    model.eval()

## When it is fine
Never: such a line has no effect. `# nnwhy: ignore[method-not-called]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval
- https://docs.python.org/3/reference/simple_stmts.html#expression-statements
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import after
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts

_WITHOUT_ARGUMENTS = (
    "eval", "train", "backward", "step", "zero_grad", "cuda", "cpu", "float", "half", "double", "detach_",
    "requires_grad_", "zero_", "reset_parameters",
)  # fmt: skip

_LINE = re.compile(rf"\.({'|'.join(_WITHOUT_ARGUMENTS)})[ \t]*(#|;|$)", re.MULTILINE)


@check(
    name="method-not-called",
    severity="warning",
    summary="A statement names a method that only works when it is called.",
    title="{text} names the method and does not call it: nothing happens",
)
def method_not_called(subject: Subject) -> Iterator[Finding]:
    for source in subject.sources.values():
        for place in _named_alone(source):
            text = source.at(place)
            yield Finding(
                check="method-not-called",
                severity="warning",
                place=place,
                values={"text": text},
                expected=f"{text}()",
                actual=text,
                fixes=(Fix(f"{text}()", (Edit(after(place), "()"),), "calls it"),),
            )


def _named_alone(source: SourceFacts) -> Iterator[Place]:
    """The statements that are nothing but `name.method`."""
    if not _LINE.search(source.text):  # parsing a large file again takes longer than this
        return
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Attribute):
            continue
        named = node.value
        line = source.line(named.lineno)
        if named.attr in _WITHOUT_ARGUMENTS and named.lineno == named.end_lineno and line.isascii():
            yield Place(
                source.path, named.lineno, named.col_offset + 1, named.lineno, (named.end_col_offset or 0) + 1
            )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))

        def predict(x):
            net.eval()
            mode = net.train
            result = net(x)
            mode()
            return result
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))

        def predict(x):
            net.eval
            return net(x)
        """,
        "5,4",
        at="net.eval",
        fixed="net.eval()",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

        def learn(x, y):
            loss = nn.functional.cross_entropy(net(x), y)
            optimizer.zero_grad
            loss.backward()
            optimizer.step()
        """,
        "5,4",
        at="optimizer.zero_grad",
        fixed="optimizer.zero_grad()",
        entry="net",
    ),
)
