"""The end of a network and the losses that its files apply to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in

# Functions that hand their values on, in another arrangement.
ARRANGING = (
    "view", "reshape", "flatten", "squeeze", "unsqueeze", "permute", "transpose", "contiguous", "__getitem__", "clone",
    "unflatten", "float", "to", "detach",
)  # fmt: skip

LOSSES: dict[str, str] = {
    "CrossEntropyLoss": "cross_entropy", "cross_entropy": "cross_entropy", "NLLLoss": "nll_loss", "nll_loss": "nll_loss",
    "BCELoss": "binary_cross_entropy", "binary_cross_entropy": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits": "binary_cross_entropy_with_logits",
    "MSELoss": "mse_loss", "mse_loss": "mse_loss", "L1Loss": "l1_loss", "l1_loss": "l1_loss",
    "SmoothL1Loss": "smooth_l1_loss", "smooth_l1_loss": "smooth_l1_loss", "HuberLoss": "huber_loss", "KLDivLoss": "kl_div",
    "MultiLabelSoftMarginLoss": "multilabel_soft_margin_loss", "multilabel_soft_margin_loss": "multilabel_soft_margin_loss",
    "MultiLabelMarginLoss": "multilabel_margin_loss", "MultiMarginLoss": "multi_margin_loss",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss in the user's files: `kind` is the function's name; `call` the construction or the call itself."""

    kind: str
    call: SourceCall


def ending(subject: Subject) -> list[list[Call]]:
    """For each tensor of the result the function calls that made it, last first, rearrangements left out; at most four."""
    if subject.trace is None:
        return []
    return [path for tensor in tensors_in(subject.trace.result) if (path := behind(subject, tensor))]


def behind(subject: Subject, tensor: int, most: int = 4) -> list[Call]:
    """The calls that made a tensor along its first input, last first, without rearrangements."""
    path: list[Call] = []
    for _ in range(40):
        call = subject.maker(tensor)
        if call is None or len(path) >= most:
            break
        if call.kind == "function" and call.name not in ARRANGING:
            path.append(call)
        source = call.arguments.get("input")
        found = list(tensors_in(source)) or list(call.inputs)
        if not found or found[0] == tensor:
            break
        tensor = found[0]
    return path


def losses(subject: Subject) -> list[Loss]:
    """The losses that the user's files construct or call."""
    found: list[Loss] = []
    for source in subject.sources.values():
        for call in source.calls:
            name = call.resolved.rpartition(".")[2]
            if name in LOSSES and (call.resolved.startswith("torch.") or call.function == name):
                found.append(Loss(LOSSES[name], call))
    return found


def trains(subject: Subject) -> bool:
    """Whether the files show a training: a loss, an optimiser, or a call of backward."""
    return bool(losses(subject)) or any(
        call.function.endswith(".backward") or call.resolved.startswith("torch.optim.")
        for source in subject.sources.values()
        for call in source.calls
    )


def loss_calls(subject: Subject, *kinds: str) -> Iterator[Call]:
    """Losses that were recorded in the pass itself."""
    for call in subject.calls:
        if call.kind == "function" and call.name in kinds:
            yield call
