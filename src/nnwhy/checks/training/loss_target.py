"""The targets do not go with the loss: not probabilities where those are needed, one class only, a missing or superfluous axis.

## What it finds
Targets outside 0 … 1 for a binary cross-entropy, 0 and 1 for a loss of pairs that takes -1 and 1, a column of targets for one that takes a number for each
pair, cross-entropy over a single class, and shapes or types of targets that the loss cannot take.

## Why it matters
With targets such as 2 or -1 a binary cross-entropy falls below 0 and without bound. Cross-entropy over one class is always 0:
the network learns nothing, and nothing fails.

## Example
    loss = F.cross_entropy(net(x), y)           # net(x) has the shape (64, 1)

## Use instead
    loss = F.binary_cross_entropy_with_logits(net(x).squeeze(1), y.float())

## When it is fine
Never, as far as known.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nnwhy.checks.basis.editing import is_name
from nnwhy.checks.training.basis.positions import pooled_positions
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.session import LossCall

_BINARY = frozenset({"binary_cross_entropy", "binary_cross_entropy_with_logits"})
_CLASSES = frozenset({"cross_entropy", "nll_loss"})
_SIGNS = frozenset(
    {"cosine_embedding_loss", "margin_ranking_loss", "hinge_embedding_loss", "soft_margin_loss"}
)


@training_check(
    name="loss-target",
    severity="warning",
    summary="The targets do not go with the loss.",
    title="{function}: {problem}",
)
def loss_target(watched: Watched) -> Iterator[Finding]:
    for loss in _looked_at(watched):
        made = (
            _column(watched, loss) or _signs(loss)
            if loss.function in _SIGNS
            else _binary(watched, loss)
            if loss.function in _BINARY
            else _classes(watched, loss)
        )
        if made is not None:
            yield made


def _looked_at(watched: Watched) -> tuple[LossCall, ...]:
    """The trained losses, and the last one where the script crashed in it."""
    last = watched.session.losses[-1:] if watched.session.ended == "crash" else ()
    return (*watched.losses, *(one for one in last if one.value is None))


def _binary(watched: Watched, loss: LossCall) -> Finding | None:
    prediction, target = loss.prediction, loss.target
    if prediction.shape != target.shape:
        missing = [
            axis
            for axis in range(len(prediction.shape))
            if prediction.shape[:axis] + prediction.shape[axis + 1 :] == target.shape
        ]
        missing = [axis for axis in missing if prediction.shape[axis] == 1]
        axis = 1 if 1 in missing else next(iter(missing), None)
        fix = _argument_fix(watched, loss, 1, f".unsqueeze({axis})") if axis is not None else ()
        if len(prediction.shape) == 2 and prediction.shape[1] == 2 and target.shape == prediction.shape[:1]:
            return _two_scores(watched, loss)
        if _class_numbers(loss):
            return _finding(
                loss, f"the prediction is {prediction.shape}, the target {target.shape}",
                (f"The target holds class numbers from {target.minimum:.0f} to {target.maximum:.0f}, the prediction a score for each of {prediction.shape[1]} classes: that is what cross-entropy takes.",),
                _cross_entropy(watched, loss),
            )  # fmt: skip
        what = "the channel axis" if axis == 1 and len(prediction.shape) > 2 else f"axis {axis}"
        reason = (f"The target lacks {what}, which has size 1.",) if axis is not None else ()
        return _finding(loss, f"the prediction is {prediction.shape}, the target {target.shape}", reason, fix)
    outside = (
        loss.function == "binary_cross_entropy"
        and prediction.minimum is not None
        and prediction.maximum is not None
        and (prediction.minimum < 0 or prediction.maximum > 1)
    )
    if outside and loss.value is None:
        span = f"the predictions go from {prediction.minimum:.4g} to {prediction.maximum:.4g}"
        return _finding(
            loss, f"{span}, not from 0 to 1",
            ("It takes probabilities, and these are raw scores: the sigmoid is missing.",),
            (advice("binary_cross_entropy_with_logits, or nn.BCEWithLogitsLoss()"), *_argument_fix(watched, loss, 0, ".sigmoid()")),
        )  # fmt: skip
    if (
        target.minimum is not None
        and target.maximum is not None
        and (target.minimum < 0 or target.maximum > 1)
    ):
        span = f"the targets go from {target.minimum:.4g} to {target.maximum:.4g}"
        return _finding(
            loss, f"{span}, not from 0 to 1",
            ("It takes probabilities. With others the loss has no lower bound.",),
            (advice("targets of 0 and 1" if target.whole else "targets between 0 and 1"),),
        )  # fmt: skip
    if loss.value is None and not target.dtype.startswith(("float", "bfloat")):
        return _finding(
            loss,
            f"the targets are {target.dtype}",
            ("It takes targets of the prediction's type.",),
            _argument_fix(watched, loss, 1, ".float()"),
        )
    return None


def _two_scores(watched: Watched, loss: LossCall) -> Finding:
    """Two scores for a sample and one number of 0 or 1: the score of class 1, or cross-entropy over both."""
    logits = loss.function.endswith("logits")
    fixes = _cross_entropy(watched, loss) if logits else _argument_fix(watched, loss, 0, "[:, 1]")
    return _finding(
        loss,
        f"the prediction is {loss.prediction.shape}, the target {loss.target.shape}",
        ("The prediction has a number for each of two classes, the target one that is 0 or 1.",),
        fixes,
    )


def _class_numbers(loss: LossCall) -> bool:
    """Whether the target has one whole number for each row of scores, among them others than 0 and 1."""
    prediction, target = loss.prediction.shape, loss.target
    return (
        len(prediction) == 2
        and target.shape == prediction[:1]
        and target.whole
        and target.minimum is not None
        and target.maximum is not None
        and target.minimum >= 0
        and 1 < target.maximum < prediction[1]
    )


def _cross_entropy(watched: Watched, loss: LossCall) -> tuple[Fix, ...]:
    """The loss for class numbers in the place of the binary one, where the file makes that once; and one-hot rows."""
    fixes: list[Fix] = []
    made = [*watched.calls("BCEWithLogitsLoss")] if loss.function.endswith("logits") else []
    call = watched.call(loss.place)
    if call is None or len(call.arguments) < 2:
        return ()
    target = call.arguments[1]
    if len(made) == 1 and not made[0].arguments:
        name = made[0].function.replace("BCEWithLogitsLoss", "CrossEntropyLoss")
        plain = target.text.removesuffix(".float()")
        number = plain if plain != target.text else f"{plain}.long()"
        edits = (*watched.instead(made[0].place, f"{name}()"), *watched.instead(target.place, number))
        fixes.append(advice(f"{name}()", edits, "One class for each sample."))
    return tuple(fixes)


def _column(watched: Watched, loss: LossCall) -> Finding | None:
    """A loss of pairs that raises because its target has an axis of 1 behind the batch."""
    shape = loss.target.shape
    if loss.value is not None or loss.function != "cosine_embedding_loss" or len(shape) < 2:
        return None
    if shape[1:] != (1,) * (len(shape) - 1):
        return None
    method = ".squeeze(1)" if len(shape) == 2 else ".flatten()"
    return _finding(
        loss, f"the targets are {shape}, not {shape[:1]}",
        (f"It takes one number for each of {shape[0]} pairs, 1 or -1: an axis less.",),
        _argument_fix(watched, loss, 2, method),
    )  # fmt: skip


def _signs(loss: LossCall) -> Finding | None:
    """Losses of pairs take 1 and -1; a pair with 0 is not counted."""
    target = loss.target
    if not target.whole or target.minimum != 0 or target.maximum != 1:
        return None
    return _finding(
        loss, "the targets are 0 and 1, not -1 and 1",
        ("A target of 0 says nothing about its pair: such pairs do not train the network.",),
        (advice("2 * target - 1"),),
    )  # fmt: skip


def _classes(watched: Watched, loss: LossCall) -> Finding | None:
    if loss.function not in _CLASSES:
        return None
    prediction, target = loss.prediction, loss.target
    if len(prediction.shape) > 1 and prediction.shape[1] == 1:
        return _finding(
            loss, "there is only one class, so the loss is always 0",
            (f"The prediction is {prediction.shape}: softmax over one value is 1, whatever the value.",),
            (advice("F.binary_cross_entropy_with_logits(prediction.squeeze(1), target.float())"), advice("one score for each class")),
        )  # fmt: skip
    if loss.value is not None:
        return None
    if not prediction.dtype.startswith(("float", "bfloat")):
        return _finding(
            loss, f"the prediction is {prediction.dtype} {prediction.shape}, class numbers and no scores",
            ("It takes the raw scores of all classes; argmax keeps the class alone, and has no gradient.",),
            _before_argmax(watched, loss, 0),
        )  # fmt: skip
    wanted = prediction.shape[:1] + prediction.shape[2:]
    floating = target.dtype.startswith(("float", "bfloat"))
    if target.shape == wanted and floating and target.whole:
        return _finding(
            loss,
            f"the labels are {target.dtype}",
            ("Class numbers are whole: torch.int64.",),
            _argument_fix(watched, loss, 1, ".long()"),
        )
    if target.shape == prediction.shape != wanted and not floating:
        return _finding(
            loss,
            f"the labels are {target.dtype} of the scores' shape {target.shape}, as one-hot rows are",
            (f"It takes class numbers of the shape {wanted}, or probabilities, which are floating-point.",),
            _argument_fix(watched, loss, 1, ".argmax(1)"),
        )
    pooled = pooled_positions(loss)
    if pooled is not None:
        methods, reason = pooled
        return _finding(
            loss, f"the scores are {prediction.shape}, the labels {target.shape}", (reason,),
            tuple(fix for method in methods for fix in _argument_fix(watched, loss, 0, method)),
        )  # fmt: skip
    if target.shape != wanted and target.shape != prediction.shape:
        return _finding(
            loss,
            f"the scores are {prediction.shape}, the labels {target.shape}",
            (
                f"For these scores it takes labels of the shape {wanted}: one class number for each.",
                *_fitting(loss),
            ),
            _reshaped(watched, loss, wanted),
        )
    return None


def _fitting(loss: LossCall) -> Iterator[str]:
    """The shape of the scores that the labels fit as they are, where an axis of 1 is all that is too much or the classes are last."""
    scores, labels = loss.prediction.shape, loss.target.shape
    if len(scores) > 2 and labels == scores[:-1]:
        yield f"Labels of {labels} fit scores of {(scores[0], scores[-1], *scores[1:-1])}, the classes in axis 1."
        return
    for axis in range(2, len(scores)):
        fitting = scores[:axis] + scores[axis + 1 :]
        if scores[axis] == 1 and fitting[:1] + fitting[2:] == labels:
            yield f"Labels of {labels} fit scores of {fitting}: without axis {axis}, which has size 1."
            return


def _before_argmax(watched: Watched, loss: LossCall, index: int) -> tuple[Fix, ...]:
    """What the argmax is taken of, where the prediction (0) or the target (1) is a name for one."""
    call = watched.call(loss.place)
    first = call.arguments[index] if call is not None and len(call.arguments) > index else None
    source = watched.sources.get(first.place.path) if first is not None else None
    if first is None or source is None:
        return ()
    made = [a.value for a in source.assignments if a.target == first.text and a.place.line < first.place.line]
    where = made[-1] if made else first.place
    inner = watched.call(where)
    if inner is None or not inner.function.endswith("argmax"):
        return ()
    scores = watched.text(inner.receiver) if inner.receiver is not None else ""
    if inner.resolved.startswith("torch.argmax") or not scores:
        scores = inner.arguments[0].text if inner.arguments else ""
    instead = where if scores == first.text else first.place
    return (advice(scores, watched.instead(instead, scores)),) if scores else ()


def _reshaped(watched: Watched, loss: LossCall, wanted: tuple[int, ...]) -> tuple[Fix, ...]:
    prediction, target = loss.prediction.shape, loss.target.shape
    if len(target) == len(wanted) + 1:
        axes = [
            axis
            for axis in range(len(target))
            if target[axis] == 1 and target[:axis] + target[axis + 1 :] == wanted
        ]
        if axes:
            return _argument_fix(watched, loss, 1, f".squeeze({axes[-1]})")
        if target[-1] == prediction[1] and target[:-1] == wanted:
            return _argument_fix(watched, loss, 1, ".argmax(-1)")
    squeezable = [
        axis
        for axis in range(2, len(prediction))
        if prediction[axis] == 1 and wanted[: axis - 1] + wanted[axis:] == target
    ]
    if squeezable:
        return _argument_fix(watched, loss, 0, f".squeeze({squeezable[0]})")
    if len(target) == len(wanted) - 1 and len(target) > 1:
        return _before_argmax(watched, loss, 1)
    if len(prediction) > 3 and target == prediction[:1]:
        # One label a sample, and a map of scores: their mean over the positions.
        axes_text = ", ".join(map(str, range(2, len(prediction))))
        return _argument_fix(watched, loss, 0, f".mean(({axes_text}))")
    if len(prediction) == 3 and target == prediction[:2]:
        return _argument_fix(watched, loss, 0, ".transpose(1, 2)")
    if len(prediction) == 2 and len(target) > 1 and math.prod(target) == prediction[0]:
        return _argument_fix(watched, loss, 1, ".flatten()")
    if len(prediction) > 3 and target == prediction[:-1]:
        return _argument_fix(watched, loss, 0, ".movedim(-1, 1)")
    if len(prediction) == 3 and len(target) == 1 and target[0] == prediction[0] * prediction[1]:
        return _argument_fix(watched, loss, 0, ".flatten(0, 1)")
    return ()


def _argument_fix(watched: Watched, loss: LossCall, index: int, suffix: str) -> tuple[Fix, ...]:
    call = watched.call(loss.place)
    edits: tuple[Edit, ...] = ()
    name = "the target" if index else "the prediction"
    if call is not None and len(call.arguments) > index:
        argument = call.arguments[index]
        name = (
            argument.text
            if is_name(argument.text) or argument.text.endswith((")", "]"))
            else f"({argument.text})"
        )
        edits = watched.instead(argument.place, name + suffix)
    return (advice(name + suffix, edits),)


def _finding(loss: LossCall, problem: str, because: tuple[str, ...], fixes: tuple[Fix, ...]) -> Finding:
    severity = "error" if loss.value is None else "warning"
    return Finding(
        "loss-target", severity, loss.place, {"function": loss.function, "problem": problem},
        expected=str(loss.prediction.shape), actual=str(loss.target.shape), because=because, fixes=fixes,
    )  # fmt: skip
