"""A negative log-likelihood gets raw scores or probabilities.

## What it finds
`NLLLoss` (or `F.nll_loss`) beside a network that ends in a softmax, a linear layer or a convolution.

## Why it matters
The loss only picks the entry of the right class and changes its sign: it wants log-probabilities. On probabilities it
still falls (to −1) and trains badly; on raw scores it falls without end.

## Example
    return F.softmax(self.fc(x), dim=1)         # and nn.NLLLoss()

## Use instead
    return F.log_softmax(self.fc(x), dim=1)

or raw scores and `nn.CrossEntropyLoss()`, which is both in one.

## When it is fine
Where the logarithm stands elsewhere. `# nnwhy: ignore[log-probabilities-missing]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import ending
from nnwhy.checks.basis.loss_flow import AppliedLoss, chosen_call, kind_of, loss_of_network
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call

_RAW = ("linear", "conv1d", "conv2d", "conv3d")


@check(
    name="log-probabilities-missing",
    severity="warning",
    summary="A negative log-likelihood gets raw scores or probabilities.",
    title="{loss} wants log-probabilities, and the network ends in {last}",
)
def log_probabilities_missing(subject: Subject) -> Iterator[Finding]:
    loss, paths = loss_of_network(subject), ending(subject)
    if (
        loss is None
        or kind_of(loss) != "nll_loss"
        or len(paths) != 1
        or paths[0][0].name not in (*_RAW, "softmax")
    ):
        return
    if loss.steps or loss.maker != "network" if isinstance(loss, AppliedLoss) else _elsewhere(subject):
        return
    call, chosen = paths[0][0], chosen_call(loss)
    outer, layer = subject.user_call(call).place, subject.layer(call)
    place = (
        outer
        if subject.owned(outer)
        else (layer.constructed[0] if layer and layer.constructed else chosen.place)
    )
    softmax = call.name == "softmax"
    yield Finding(
        check="log-probabilities-missing",
        severity="warning",
        place=place if softmax else chosen.place,
        values={"loss": chosen.function.rpartition(".")[2], "last": call.name},
        expected="log-probabilities",
        actual="probabilities" if softmax else "raw scores",
        fixes=tuple(_fixes(subject, call, chosen, softmax)),
        also=(chosen.place, *((place,) if place else ())),
    )


def _fixes(subject: Subject, call: Call, chosen: SourceCall, softmax: bool) -> Iterator[Fix]:
    if softmax:
        layer = subject.layer(call)
        written = subject.source_call(layer.constructed[0] if layer and layer.constructed else call.place)
        if written is not None:
            old = written.function.rpartition(".")[2]
            new = {"softmax": "log_softmax", "Softmax": "LogSoftmax"}.get(old)
            if new:
                yield labelled(
                    subject,
                    [Edit(written.callee, written.function.removesuffix(old) + new)],
                    means="gives log-probabilities",
                )
        return
    old = chosen.function.rpartition(".")[2]
    new = {"NLLLoss": "CrossEntropyLoss", "nll_loss": "cross_entropy"}.get(old)
    if new:
        edit = Edit(chosen.callee, chosen.function.removesuffix(old) + new)
        yield labelled(subject, [edit], means="log-softmax and NLL in one")


def _elsewhere(subject: Subject) -> bool:
    return any(
        call.function.rpartition(".")[2] in ("log_softmax", "LogSoftmax", "log", "logsumexp")
        for source in subject.sources.values()
        for call in source.calls
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
        criterion = nn.NLLLoss()

        def step(x, y):
            return criterion(net(x).clamp(min=1e-6).log(), y)
        """,
        "5,4",
        entry="net",
    ),
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))
        criterion = nn.NLLLoss()
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
        criterion = nn.NLLLoss()
        """,
        "5,4",
        at="nn.Softmax(dim=1)",
        fixed="net = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3))
        criterion = nn.NLLLoss()
        """,
        "5,4",
        at="nn.NLLLoss()",
        fixed="criterion = nn.CrossEntropyLoss()",
        entry="net",
    ),
)
