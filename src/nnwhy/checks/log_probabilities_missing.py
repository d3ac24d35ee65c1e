"""A negative log-likelihood or a KL divergence gets raw scores or probabilities.

## What it finds
`NLLLoss` (or `F.nll_loss`) beside a network that ends in a softmax, a linear layer or a convolution; and any `nll_loss` or
`kl_div` whose prediction the file takes from a softmax.

## Why it matters
The loss only picks the entry of the right class and changes its sign: it wants log-probabilities. On probabilities it
still falls (to −1) and trains badly; on raw scores it falls without end. A KL divergence of probabilities can go below zero
and is not least where the two distributions agree.

## Example
    return F.softmax(self.fc(x), dim=1)         # and nn.NLLLoss()

## Use instead
    return F.log_softmax(self.fc(x), dim=1)

or raw scores and `nn.CrossEntropyLoss()`, which is both in one.

## When it is fine
Where the logarithm stands elsewhere. `# nnwhy: ignore[log-probabilities-missing]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import behind, ending
from nnwhy.checks.basis.loss_flow import AppliedLoss, applied_losses, chosen_call, kind_of, loss_of_network
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.scored import scored
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call

_LOSSES = ("nll_loss", "kl_div")
_RAW = ("linear", "conv1d", "conv2d", "conv3d")


@check(
    name="log-probabilities-missing",
    severity="warning",
    summary="A negative log-likelihood or a KL divergence gets raw scores or probabilities.",
    title="{loss} wants log-probabilities, and the network ends in {last}",
)
def log_probabilities_missing(subject: Subject) -> Iterator[Finding]:
    yield from _applied(subject)
    yield from _network(subject)


def _applied(subject: Subject) -> Iterator[Finding]:
    """Losses whose prediction goes through a softmax last, whatever network it comes from."""
    told: set[Place] = set()
    for loss in applied_losses(subject):
        if loss.kind not in _LOSSES or not loss.steps or loss.steps[0].name != "softmax":
            continue
        call = loss.steps[0].call
        if call.place in told:
            continue
        told.add(call.place)
        # Where the target holds the logarithms, the two are more likely swapped.
        swapped = loss.target is not None and "log" in subject.text(loss.target)
        yield Finding(
            check="log-probabilities-missing",
            severity="warning",
            place=call.place,
            values={"loss": loss.kind, "last": "softmax"},
            title="{loss} wants log-probabilities, and gets the result of {last}",
            expected="log-probabilities",
            actual="probabilities",
            fixes=() if swapped else tuple(_logarithm(subject, subject.source_call(call.callee) or call)),
            also=(loss.call.place,),
        )


def _network(subject: Subject) -> Iterator[Finding]:
    loss, paths = loss_of_network(subject), ending(subject)
    given = [(applied, tensor) for applied, tensor in scored(subject) if applied.kind == "nll_loss"]
    if len(paths) > 1 and len(given) == 1:
        loss, paths = given[0][0], [path] if (path := behind(subject, given[0][1])) else []
    if loss is None or len(paths) != 1 or paths[0][0].name not in (*_RAW, "softmax"):
        return
    if kind_of(loss) not in _LOSSES:
        return
    # A KL divergence is between two networks as a rule: the file must show that this one's result comes first.
    if kind_of(loss) == "kl_div" and (not isinstance(loss, AppliedLoss) or paths[0][0].name != "softmax"):
        return
    if isinstance(loss, AppliedLoss):
        if loss.steps or (loss.maker != "network" and not given):
            return
    elif _elsewhere(subject):
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
            yield from _logarithm(subject, written)
        return
    old = chosen.function.rpartition(".")[2]
    new = {"NLLLoss": "CrossEntropyLoss", "nll_loss": "cross_entropy"}.get(old)
    if new:
        edit = Edit(chosen.callee, chosen.function.removesuffix(old) + new)
        yield labelled(subject, [edit], means="log-softmax and NLL in one")


def _logarithm(subject: Subject, softmax: SourceCall) -> Iterator[Fix]:
    old = softmax.function.rpartition(".")[2]
    new = {"softmax": "log_softmax", "Softmax": "LogSoftmax"}.get(old)
    if new:
        edit = Edit(softmax.callee, softmax.function.removesuffix(old) + new)
        yield labelled(subject, [edit], means="gives log-probabilities")


def _elsewhere(subject: Subject) -> bool:
    return any(_takes_logarithm(call) for source in subject.sources.values() for call in source.calls)


def _takes_logarithm(call: SourceCall) -> bool:
    """Whether a tensor's logarithm is taken: not `math.log(2)`, and not `self.log("loss", loss)`."""
    name = call.function.rpartition(".")[2]
    if name == "log":
        return call.resolved == "torch.log" or (call.receiver is not None and not call.arguments)
    return name in ("log_softmax", "LogSoftmax", "logsumexp", "logsigmoid", "LogSigmoid")


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3))

        def distil(x, teacher):
            wanted = F.softmax(teacher(x) / 2, dim=1)
            return nn.KLDivLoss(reduction="batchmean")(F.log_softmax(net(x) / 2, dim=1), wanted)
        """,
        "5,4",
        entry="net",
    ),
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
        import torch.nn.functional as F
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3))
        loss = nn.KLDivLoss(reduction="batchmean")

        def distil(x, teacher):
            wanted = F.softmax(teacher(x) / 2, dim=1)
            found = F.softmax(net(x) / 2, dim=1)
            return loss(found, wanted)
        """,
        "5,4",
        at="F.softmax(net(x) / 2, dim=1)",
        fixed="found = F.log_softmax(net(x) / 2, dim=1)",
        entry="net",
    ),
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
        import math

        from torch import nn

        scale = math.log(10000.0)
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
