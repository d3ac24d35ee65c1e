"""What is to be known about a kind of layer or function, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardArgument:
    """One constructor or call argument.

    `default` is the default as it is written in Python ("0.5", "None"), "" where the argument must be given.
    `larger` says what a larger value does, "" where nothing is larger.
    """

    name: str
    meaning: str
    larger: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Pitfall:
    """A way in which this layer bites, with the check that finds it ("" where none does)."""

    text: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source: a paper with its authors and year, or a page."""

    title: str
    year: int | None = None
    link: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything we say about one public class of `torch.nn`, or one function used in `forward`.

    `path` is the full name in PyTorch ("torch.nn.Dropout2d", "torch.Tensor.view").
    `here` is the sentence with an instance's own numbers: a template over the constructor's (or
    function's) argument names, "{out_channels} filters, each {kernel_size} over {in_channels} channels";
    `nnwhy.layers.sentence` fills it and says what may stand between the braces.
    `shape` names the function whose dimension rule gives the output shape, so that the card and
    `why` have one source. `neighbours` is a Markdown table, or "".
    `reference` names the NumPy reference as "file.function" in `nnwhy.layers.references`, or is "";
    then `formula` says what NumPy lines would hide. `aliases` are other names of the same thing ("concat" of cat).
    """

    name: str
    family: str
    sentence: str
    here: str
    data: str
    why: str
    arguments: tuple[CardArgument, ...] = ()
    shape: str = ""
    shape_note: str = ""
    modes: str = ""
    initialisation: str = ""
    parameters: str = ""
    multiply_adds: str = ""
    pitfalls: tuple[Pitfall, ...] = ()
    neighbours: str = ""
    references: tuple[Reference, ...] = ()
    formula: str = ""
    path: str = ""
    reference: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def is_module(self) -> bool:
        """Whether this is a class of `torch.nn`, not a function."""
        return self.path.startswith("torch.nn.") and self.path.count(".") == 2
