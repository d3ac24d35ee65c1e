"""What a file's syntax shows, without running it: calls, assignments, functions, classes, comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nnwhy.facts.place import Place


@dataclass(frozen=True, slots=True)
class SourceArgument:
    """One argument of a call as written. `name` is its keyword, "" where it is positional; `index` its position."""

    name: str
    index: int
    place: Place
    text: str
    starred: bool = False


@dataclass(frozen=True, slots=True)
class SourceCall:
    """A call as written: `function` is the text before the bracket ("nn.Linear", "x.view"), `resolved` the same through
    the file's imports ("torch.nn.Linear"). `callee` is the place of that text, `receiver` that of what stands before the
    last dot. `scope` is the function that it stands in, "" at module level; `statement` the place of its statement.
    `within` is what it is a part of: "List", "Tuple", "Assign", "Return", "Expr", ... or, as an argument, "f(" with the
    other call's function."""

    place: Place
    function: str
    resolved: str
    callee: Place
    receiver: Place | None
    arguments: tuple[SourceArgument, ...]
    scope: str
    statement: Place
    within: str = ""


@dataclass(frozen=True, slots=True)
class SourceAssignment:
    """`target` gets the value at `value`. `form` is the kind of expression ("Constant", "List", "ListComp", "Call", ...),
    "for" where the target is a loop's variable and the value its iterable, "item" where several targets share one tuple
    that could not be taken apart, "augmented" for `+=` and its kin."""

    target: str
    value: Place
    text: str
    form: str
    place: Place
    scope: str


@dataclass(frozen=True, slots=True)
class SourceParameter:
    """A parameter of a function; `default` is the place of its default's expression."""

    name: str
    place: Place
    default: Place | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SourceFunction:
    """A function: `name` is qualified ("Net.forward"). `first` and `last` are its first (docstring aside) and last statement."""

    name: str
    parameters: tuple[SourceParameter, ...]
    place: Place
    first: Place
    last: Place
    returns: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceClass:
    """A class; `bases` through the file's imports. `network` says whether it is a torch module, as far as the file shows."""

    name: str
    bases: tuple[str, ...]
    place: Place
    methods: tuple[str, ...]
    network: bool


@dataclass(frozen=True, slots=True)
class SourceUse:
    """One reading of a name ("planes") or of an attribute of self ("self.planes")."""

    text: str
    place: Place
    scope: str


@dataclass(frozen=True, slots=True)
class SourceComment:
    """A comment, without its sign, or a docstring. `alone` says whether its line has nothing else."""

    place: Place
    text: str
    alone: bool


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One file. `digest` identifies the very text that was read (SHA-256)."""

    path: str
    text: str
    digest: str
    imports: Mapping[str, str]
    calls: tuple[SourceCall, ...]
    assignments: tuple[SourceAssignment, ...]
    functions: tuple[SourceFunction, ...]
    classes: tuple[SourceClass, ...]
    uses: tuple[SourceUse, ...]
    comments: tuple[SourceComment, ...]

    def at(self, place: Place) -> str:
        """The text at a place of this file."""
        lines = self.text.split("\n")[place.line - 1 : place.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return "\n".join(lines)

    def line(self, number: int) -> str:
        """One line, without its end."""
        lines = self.text.split("\n")
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""
