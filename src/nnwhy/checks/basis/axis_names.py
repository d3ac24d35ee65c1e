"""How the user's code names the sizes of a tensor's axes."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.trace import Tensor


def axes_in_words(subject: Subject, x: Tensor) -> tuple[str, ...]:
    """The axes as the user names their sizes: `h.view(seq * batch, -1)` makes them (seq * batch, 40)."""
    words = [_word(subject, x, axis) for axis in range(len(x.shape))]
    if all(word.isdigit() for word in words):
        return ()
    return (f"its axes are ({', '.join(words)})",)


def _word(subject: Subject, x: Tensor, axis: int) -> str:
    root = subject.root(x.id, axis)
    if root.tensor in subject.inputs():
        return str(x.shape[axis])
    maker = subject.maker(root.tensor)
    written = (
        subject.source_call(maker.place) if maker is not None and maker.name in ("view", "reshape") else None
    )
    if written is None or written.receiver is None or any(a.starred or a.name for a in written.arguments):
        return str(x.shape[axis])
    given = [a.text for a in written.arguments]
    if len(given) != len(subject.shape(root.tensor)):
        return str(x.shape[axis])
    text = given[root.axis]
    named = text.replace("*", "").replace(" ", "").replace("_", "").isidentifier()
    return text if named else str(x.shape[axis])
