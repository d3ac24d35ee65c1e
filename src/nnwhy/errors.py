"""Our own errors: each is one sentence that says what was wrong and what would be right."""

from __future__ import annotations

from difflib import get_close_matches


class NnwhyError(Exception):
    """Bad input of any kind; its text is shown to the user as it is, on one line, with exit code 2."""


class TargetError(NnwhyError):
    """What was named (a file, a class, a function) cannot be found or built."""


class SeveralNetworks(TargetError):
    """A target has several networks, and none is named; `names` are theirs."""

    def __init__(self, text: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.names = names


class InputError(NnwhyError):
    """An input description cannot be read or does not fit the network."""


class QuestionError(NnwhyError):
    """A question names something that the network does not have."""


class UserCodeError(NnwhyError):
    """The user's own code raised; the text names the exception and its place in the user's file."""


class WorkerError(NnwhyError):
    """The process that runs the user's code ended before it could answer."""


def nearest(word: str, known: list[str], count: int = 3) -> str:
    """The known words that look most like `word`, as a phrase: "did you mean a or b?", or ""."""
    found = get_close_matches(word, known, n=count, cutoff=0.5)
    return f"did you mean {' or '.join(found)}?" if found else ""
