"""Cards of the padding layers: what stands around the data."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import module

NEIGHBOURS = """
| layer | [a b c] with 2 on each side | use it |
|---|---|---|
| ZeroPad | 0 0 a b c 0 0 | the usual one; zeros are taken for data at the border |
| ConstantPad | v v a b c v v | where 0 means something |
| ReflectionPad | c b a b c b a | images: no edge at the border |
| ReplicationPad | a a a b c c c | images and fields: no jump |
| CircularPad | b c a b c a b | what is round: angles, panoramas, periodic fields |
"""
AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
SIDES = {1: "(left, right)", 2: "(left, right, top, bottom)", 3: "(left, right, top, bottom, front, back)"}
KINDS = {
    "Zero": ("zeros", "Zeros say nothing, and a filter learns to see them as the border."),
    "Constant": ("one value", "The border should be told apart from data, or be the background's value."),
    "Reflection": ("the values mirrored at the edge, which is not repeated", "Zeros make an edge that is not in the image, and show as a frame in generated images."),
    "Replication": ("copies of the edge values", "Zeros make a jump at the border that is not in the data."),
    "Circular": ("the values from the other end", "On a ring or a sphere's circle there is no border: the other end is the neighbour."),
}  # fmt: skip


def padding(kind: str, dimensions: int) -> Card:
    """The card of one padding layer."""
    what, why = KINDS[kind]
    axes = AXES[dimensions]
    limits = {
        "Reflection": f"The padding must be smaller than the size: of {axes[-1]} values, {axes[-1]} − 1 can be mirrored",
        "Circular": "The padding may be at most the size",
    }
    return module(
        f"{kind}Pad{dimensions}d",
        "padding",
        sentence=f"Puts {what} around the data.",
        here={
            "Zero": "zeros around",
            "Constant": "the value {value} around",
            "Reflection": "mirrored values around",
            "Replication": "copies of the edge around",
            "Circular": "values from the other end around",
        }[kind]
        + "{padding:unless 0|: #}",
        data=f"(N, C, {', '.join(axes)}): the axes after the channels grow. Values are moved or copied; channels and samples are kept apart.",
        why=f"A convolution or pool makes its input smaller, and sees the border less often than the middle. {why}",
        arguments=f"padding | how much on each side: one number, or {SIDES[dimensions]}; negative cuts off | output larger"
        + ("\nvalue | what is put there" if kind == "Constant" else ""),
        shape="pad",
        shape_note="; ".join(
            f"{axis}_out = {axis} + {one} + {other}"
            for axis, one, other in zip(
                reversed(axes), ("left", "top", "front"), ("right", "bottom", "back"), strict=False
            )
        ),
        modes="The same.",
        parameters="0",
        multiply_adds="0",
        pitfalls=f"""
            The sides are named from the last axis on: {SIDES[dimensions]}
            {limits.get(kind, "")}
        """,
        neighbours=NEIGHBOURS,
        reference=f"padding.{kind.lower()}_pad",
    )


PADDINGS = tuple(padding(kind, dimensions) for kind in KINDS for dimensions in AXES)
