"""A network is trained and evaluated, and never put into evaluation mode.

## What it finds
A function that evaluates a network with dropout or batch norm (`validate`, `test`, `predict`, …), in files that train it and that
nowhere call `eval()`.

## Why it matters
`torch.no_grad()` switches gradients off, not the mode. Dropout makes the results random and worse; a batch norm makes each result
depend on the rest of the batch, and learns its statistics from the test data.

## Example
    def validate(net, loader):
        with torch.no_grad():
            for x, y in loader:
                right += (net(x).argmax(1) == y).sum()

## Use instead
    def validate(net, loader):
        net.eval()
        with torch.no_grad():
            ...

and `net.train()` before training goes on.

## When it is fine
Where what calls the function has switched the mode, in a file that was not read. `# nnwhy: ignore[eval-mode-missing]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval
- https://github.com/yanx27/GACNet/issues/8
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import contains, indentation, is_name, labelled
from nnwhy.checks.basis.layers import is_dropout
from nnwhy.checks.basis.loss_flow import maker_of
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts, SourceFunction
from nnwhy.facts.trace import Module

_EVALUATING = re.compile(
    r"(.*_)?(eval|evaluate|evaluation|val|valid|validate|validation|test|predict|infer|inference|accuracy)(_.*)?"
)
_SWITCHED = re.compile(
    r"\.eval\(|\.train\((False|mode)|\.training\s*=|Trainer\(|[Ll]ightning|eval_mode|\bignite\b"
)
_MEASURED = re.compile(r"no_grad|inference_mode|argmax|\.max\(|\.item\(")


@check(
    name="eval-mode-missing",
    severity="warning",
    summary="A network is trained and evaluated, and never put into evaluation mode.",
    title="{function} evaluates the network, and nothing calls {network}.eval(): {layers}",
)
def eval_mode_missing(subject: Subject) -> Iterator[Finding]:
    active = list(_active(subject))
    texts = [source.text for source in subject.sources.values()]
    trained = any(".backward(" in text for text in texts)
    if not active or not trained or any(_SWITCHED.search(text) for text in texts):
        return
    for source in subject.sources.values():
        for function in source.functions:
            name = function.name.rpartition(".")[2].lower()
            around = source.line(function.place.line - 1) + source.at(function.place)
            if not _EVALUATING.fullmatch(name) or ".backward(" in around or not _MEASURED.search(around):
                continue
            call = _passed(subject, source, function)
            if call is None:
                continue
            yield Finding(
                check="eval-mode-missing",
                severity="warning",
                place=call.place,
                values={"function": name, "network": call.function, "layers": _words(active)},
                expected=f"{call.function}.eval()",
                actual="training mode",
                because=("torch.no_grad() switches gradients off, not the mode",),
                fixes=tuple(_fixes(subject, source, function, call)),
            )


def _active(subject: Subject) -> Iterator[Module]:
    """The dropouts and batch norms that ran, in training mode."""
    ran = {call.module for call in subject.calls}
    for module in subject.modules.values():
        own = module.qualified_type.startswith("torch.nn.") and module.training and module.path in ran
        norm = (
            module.type.startswith("BatchNorm") and module.arguments.get("track_running_stats") is not False
        )
        if own and (norm or (is_dropout(module) and module.arguments.get("p") not in (0, 0.0))):
            yield module


def _passed(subject: Subject, source: SourceFacts, function: SourceFunction) -> SourceCall | None:
    """The call of the network in a function that is no part of it."""
    classes = {cls.name for cls in source.classes if cls.network}
    if function.name.partition(".")[0] in classes:
        return None
    for call in source.calls:
        if (
            contains(function.place, call.place)
            and call.arguments
            and maker_of(subject, source, call) == "network"
        ):
            name = call.function
            return call if is_name(name) and not _made(subject, call) else None
    return None


def _made(subject: Subject, call: SourceCall) -> bool:
    """Whether the call constructs the network."""
    return subject.trace is not None and call.function.rpartition(".")[2] == subject.trace.root


def _words(active: list[Module]) -> str:
    dropouts = sum(is_dropout(module) for module in active)
    parts = [f"{dropouts} dropout{'s go' if dropouts > 1 else ' goes'} on"] if dropouts else []
    norms = len(active) - dropouts
    if norms:
        parts.append(f"{norms} batch norm{'s use' if norms > 1 else ' uses'} the statistics of the batch")
    return " and ".join(parts)


def _fixes(
    subject: Subject, source: SourceFacts, function: SourceFunction, call: SourceCall
) -> Iterator[Fix]:
    edits = [_line(source, function.first, f"{call.function}.eval()")]
    if not any(".train()" in other.text for other in subject.sources.values()):
        last = function.last
        if source.at(last).startswith("return"):
            edits.append(_line(source, last, f"{call.function}.train()"))
    yield labelled(subject, edits, means="switches dropout and batch norm", label=f"{call.function}.eval()")


def _line(source: SourceFacts, statement: Place, text: str) -> Edit:
    """A line before a statement, indented like it."""
    start = Place(statement.path, statement.line, 1, statement.line, 1)
    return Edit(start, f"{indentation(source, statement)}{text}\n")


good = (
    Good(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))

        def train(x, y):
            net.train()
            nn.functional.cross_entropy(net(x), y).backward()

        def validate(x, y):
            net.eval()
            with torch.no_grad():
                return (net(x).argmax(1) == y).float().mean()
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))

        def train(x, y):
            net.train()
            nn.functional.cross_entropy(net(x), y).backward()

        def validate(x, y):
            with torch.no_grad():
                return (net(x).argmax(1) == y).float().mean()
        """,
        "5,4",
        at="net(x).argmax",
        fixed="net.eval()",
        entry="net",
    ),
)
