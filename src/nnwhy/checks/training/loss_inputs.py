"""A loss gets what another loss is made for: softmax before cross-entropy, sigmoid before the loss with logits, raw scores into nll.

## What it finds
The function that the prediction really went through last (through any number of lines, calls and reshapes), where it does not go
with the loss.

## Why it matters
`cross_entropy` applies log-softmax itself, `binary_cross_entropy_with_logits` the sigmoid. Applied twice, the scores are squeezed
into a narrow range: with 10 classes the loss can then not fall below 1.46, and gradients are small where the network is wrong.
`nll_loss` only picks numbers: without log-softmax before it the loss falls without bound and means nothing.
`binary_cross_entropy` asks for each label by itself: the probabilities of a softmax share a sum of 1, so two labels of one sample
exclude each other.

## Example
    probabilities = F.softmax(self.fc(x), dim=1)
    ...
    loss = F.cross_entropy(probabilities, y)

## Use instead
    loss = F.cross_entropy(self.fc(x), y)      # raw scores; softmax only where probabilities are shown

## When it is fine
A log-softmax before cross-entropy changes nothing (log-softmax of log-softmax is itself): it is only told as a note.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import HANDS_ON, Watched, advice, first_of
from nnwhy.facts.finding import Finding, Fix, Severity
from nnwhy.facts.session import LossCall, Made
from nnwhy.facts.source import SourceCall

_LOG = frozenset({"log_softmax", "logsigmoid", "log_sigmoid", "log", "log10", "log2", "log1p", "logsumexp"})
_SIGMOIDS = frozenset({"sigmoid", "sigmoid_", "hardsigmoid"})
_RELUS = frozenset({"relu", "relu_", "relu6"})
_NAMES = {
    ("cross_entropy", "softmax"): "double-softmax",
    ("cross_entropy", "log_softmax"): "double-softmax",
    ("cross_entropy", "relu"): "relu-on-logits",
    ("binary_cross_entropy_with_logits", "sigmoid"): "double-sigmoid",
    ("nll_loss", "softmax"): "log-probabilities-missing",
    ("nll_loss", "linear"): "log-probabilities-missing",
}
"""What `check` finds in the network alone has the same name here."""

_CLOSE = 1e-3
"""So far from 1 the mean sum of rows of probabilities may be, for their rounding."""


@training_check(
    name="loss-inputs",
    severity="warning",
    summary="The last function of the network does not go with the loss.",
    title="{loss} gets the result of {function}",
)
def loss_inputs(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        last = first_of(loss.history, HANDS_ON)
        if last is None:
            continue
        told = _told(loss, last)
        if told is None:
            continue
        severity, reason, fix = told
        place = loss.place if fix == "cross" else last.constructed or last.place
        asked = _asked(watched, loss, last) if fix == "raw scores" else None
        if asked is not None:
            yield Finding(
                _NAMES.get((loss.function, last.name), "loss-inputs"), severity, asked.place, {"loss": loss.function, "function": last.name},
                because=reason,
                fixes=(advice(f"the raw scores in place of what {asked.function} gives", means="Elsewhere it is called for probabilities, and stays as it is."),),
                also=tuple(one for one in (last.place, loss.place) if one),
                module=last.layer,
            )  # fmt: skip
            continue
        yield Finding(
            _NAMES.get((loss.function, last.name), "loss-inputs"), severity, place, {"loss": loss.function, "function": last.name},
            because=reason,
            fixes=(_fix(watched, last, fix),),
            also=(loss.place,) if loss.place else (),
            module=last.layer,
        )  # fmt: skip


def _asked(watched: Watched, loss: LossCall, last: Made) -> SourceCall | None:
    """The call, where the loss is taken, of a function of the script that gives probabilities to others as well."""
    inside = last.place.function.rpartition(".")[2] if last.place else ""
    if last.constructed is not None or not inside.isidentifier() or inside == "forward":
        return None
    calls = [call for call in watched.calls(inside) if call.function.rpartition(".")[2] == inside]
    scopes = {one.place.function for one in (loss, *watched.session.backwards) if one.place}
    here = [call for call in calls if call.scope in scopes]
    return here[0] if len(here) == 1 and len(calls) > 1 else None


def _told(loss: LossCall, last: Made) -> tuple[Severity, tuple[str, ...], str] | None:
    name, function = last.name, loss.function
    if function == "cross_entropy":
        if name == "softmax":
            return "warning", _twice("softmax", "log-softmax", loss), "raw scores"
        if name == "log_softmax":
            return (
                "note",
                ("cross_entropy applies log-softmax itself; a second one changes nothing, so either goes.",),
                "nll",
            )
        if name in _SIGMOIDS:
            return "warning", _twice("sigmoid", "log-softmax", loss), "raw scores"
        if name in _RELUS:
            return (
                "warning",
                (
                    "cross_entropy needs raw scores; ReLU sets every negative one to 0, so a class can only be ruled out as far as 0.",
                ),
                "raw scores",
            )
    if (
        function == "nll_loss"
        and name not in _LOG
        and (loss.prediction.maximum is None or loss.prediction.maximum > 0 or name == "softmax")
    ):
        high = (
            f"its largest value is {loss.prediction.maximum:.4g}"
            if loss.prediction.maximum is not None
            else ""
        )
        if name == "softmax":
            return (
                "warning",
                (
                    "nll_loss takes the logarithms of probabilities; it gets the probabilities themselves, so its gradient is the same for a right and a wrong answer.",
                ),
                "log",
            )
        if name in ("linear", "conv2d", "conv1d", "addmm", "matmul", "bmm", "__matmul__"):
            return (
                "warning",
                (
                    f"nll_loss takes logarithms of probabilities, which are never above 0; it gets raw scores: {high}.",
                ),
                "cross",
            )
    if function in ("binary_cross_entropy_with_logits", "multilabel_soft_margin_loss") and (
        name in _SIGMOIDS or name == "softmax"
    ):
        return "warning", _twice("sigmoid" if name in _SIGMOIDS else name, "the sigmoid", loss), "raw scores"
    if function == "binary_cross_entropy" and name == "softmax" and (found := _one_of_several(loss, last)):
        return "warning", found, "sigmoid"
    if function == "kl_div" and name == "softmax":
        return (
            "warning",
            (
                "kl_div takes the logarithms of the predicted probabilities; it gets the probabilities themselves.",
            ),
            "log",
        )
    return None


def _one_of_several(loss: LossCall, last: Made) -> tuple[str, ...]:
    """The reason why a softmax does not go with labels that are asked for one by one: probabilities sum to 1, and the labels of a
    row do not; () where they do."""
    given, labels, axis = loss.prediction, loss.target, last.axis
    if axis is None or not -len(given.shape) <= axis < len(given.shape) or given.shape != labels.shape:
        return ()
    count = given.shape[axis]
    if count < 2 or given.mean is None or labels.mean is None or abs(given.mean * count - 1) > _CLOSE:
        return ()
    if abs(labels.mean * count - 1) <= _CLOSE:
        return ()
    return (
        f"The {count} probabilities of a softmax sum to 1, but a row has {labels.mean * count:.2g} labels on average: two labels of one row cannot both come above 0.5, and a row without any still gives 1/{count} or more to one.",
    )


def _twice(first: str, own: str, loss: LossCall) -> tuple[str, ...]:
    seen = loss.prediction
    span = (
        f", here {seen.minimum:.3g} to {seen.maximum:.3g},"
        if seen.minimum is not None and seen.maximum is not None
        else ""
    )
    return (
        f"{loss.function} applies {own} itself, so with {first} before it a squashing is applied twice.",
        f"It needs the raw scores; the values between 0 and 1 that it gets{span} keep the loss high and the gradients small.",
    )


def _fix(watched: Watched, last: Made, kind: str) -> Fix:
    call = watched.call(last.place)
    if kind == "log":
        if call is not None and "softmax" in call.function:
            return advice(
                call.function.replace("softmax", "log_softmax") + "(…)",
                watched.instead(call.callee, call.function.replace("softmax", "log_softmax")),
            )
        return advice("log-softmax instead of softmax")
    if kind == "sigmoid":
        return _sigmoid(watched, last, call)
    if kind == "cross":
        return advice("F.cross_entropy instead of nll_loss, or log_softmax(…, dim=1) before it")
    if kind == "nll":
        return advice("F.nll_loss on what log_softmax gives, or cross_entropy on the raw scores")
    if last.constructed is not None:
        return advice(
            f"leave out {watched.text(last.constructed) or last.name}: hand the loss the raw scores"
        )
    if call is not None and call.arguments and not call.arguments[0].name:
        first = call.arguments[0].text
        return advice(
            first, watched.instead(call.place, first), "Where probabilities are wanted, apply it there."
        )
    if call is not None and call.receiver is not None:
        return advice(watched.text(call.receiver), watched.instead(call.place, watched.text(call.receiver)))
    return advice("hand the loss the raw scores")


def _sigmoid(watched: Watched, last: Made, call: SourceCall | None) -> Fix:
    """A sigmoid in the place of a softmax."""
    means = "Each label then has a probability of its own."
    if last.constructed is not None:
        return advice("nn.Sigmoid()", watched.instead(last.constructed, "nn.Sigmoid()"), means)
    if (
        call is not None
        and call.resolved in ("torch.softmax", "torch.nn.functional.softmax")
        and call.arguments
    ):
        code = f"torch.sigmoid({call.arguments[0].text})"
        return advice(code, watched.instead(call.place, code), means)
    return advice("sigmoid in place of softmax", means=means)
