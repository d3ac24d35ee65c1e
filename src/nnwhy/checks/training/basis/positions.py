"""Scores for every position of a row, and one label for the row."""

from __future__ import annotations

from nnwhy.checks.training.basis.watched import HANDS_ON, first_of
from nnwhy.facts.session import LossCall

RECURRENT = frozenset({"lstm", "gru", "rnn_tanh", "rnn_relu"})
_TURNS = frozenset({"permute", "transpose", "movedim", "swapaxes", "T", "mT", "t"})


def pooled_positions(loss: LossCall) -> tuple[tuple[str, ...], str] | None:
    """The methods that make (N, classes) of scores (N, length, classes), the likelier first, and the reason; None elsewhere.

    That the classes are last is known where a linear layer made them.
    """
    scores, labels = loss.prediction.shape, loss.target.shape
    made = first_of(loss.history, HANDS_ON)
    if len(scores) != 3 or labels != scores[:1] or made is None or made.name != "linear":
        return None
    if any(one.name in _TURNS for one in loss.history[: loss.history.index(made)]):
        return None
    reason = (
        f"There are scores for each of {scores[1]} positions, and one label for each of {scores[0]} samples."
    )
    recurrent = any(one.name in RECURRENT for one in loss.history)
    return ((("[:, -1]", ".mean(1)") if recurrent else (".mean(1)", "[:, 0]")), reason)
