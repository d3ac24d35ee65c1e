"""Cards of the pools that are told the output's size, and choose their windows by themselves."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.pooling import AXES, NEIGHBOURS, spatial
from nnwhy.layers.writing import mirror, module, paper

NETWORK_IN_NETWORK = paper("Network In Network", "Lin, Chen, Yan", 2013, "1312.4400")
GRAHAM = paper("Fractional Max-Pooling", "Graham", 2014, "1412.6071")


def adaptive(dimensions: int, kind: str, what: str) -> Card:
    """The card of AdaptiveAvgPool or AdaptiveMaxPool."""
    axes = AXES[dimensions]
    indices = "return_indices = False | whether to give the places of the maxima as well"
    return module(
        f"Adaptive{kind}Pool{dimensions}d",
        "pooling",
        sentence=f"Cuts each axis into the number of windows asked for and keeps {what} of each, whatever the input's size.",
        here=f"{{output_size:is 1|{what} of each whole channel}}{{output_size:unless 1|cuts axes into @ windows, keeps {what} of each}}",
        data=f"""(N, C, {spatial(dimensions)}) to (N, C, output_size). Window i of an axis of n reaches from ⌊i·n/out⌋ up to ⌈(i + 1)·n/out⌉, so
            windows may overlap and differ by one in size. Channels and samples are kept apart; positions are mixed within a window.""",
        why="""A Linear after it needs a fixed number of features; images come in many sizes. Pooling to a fixed size fits one to the other.
            With size 1 each channel becomes one number (global pooling), which needs few weights after it and overfits less (Lin et al. 2013).""",
        arguments=f"""
            output_size | size wanted, one number or one per axis; None keeps that axis | more windows: more detail of place, more features after it
            {indices if kind == "Max" else ""}
        """,
        shape=f"adaptive_{'avg' if kind == 'Avg' else 'max'}_pool{dimensions}d",
        shape_note=f"(N, C, output_size); {', '.join(axes)} may be anything",
        modes="The same.",
        parameters="0",
        multiply_adds="0; about one operation for each input value",
        pitfalls="""
            A single number means a square: AdaptiveAvgPool2d(7) is 7 × 7
            With size 1 the output is still (N, C, 1, 1): flatten it before a Linear
            An output larger than the input repeats values; it does not fail
        """
        if dimensions == 2
        else """
            With size 1 the axes stay, with length 1: flatten before a Linear
            An output larger than the input repeats values; it does not fail
        """,
        neighbours=NEIGHBOURS,
        references=(NETWORK_IN_NETWORK,),
        reference=f"pooling.adaptive_{'avg' if kind == 'Avg' else 'max'}_pool",
    )


def fractional(dimensions: int) -> Card:
    """The card of FractionalMaxPool2d or 3d."""
    return module(
        f"FractionalMaxPool{dimensions}d",
        "pooling",
        sentence="Max-pools with windows of random spacing, so that sizes shrink by a fraction such as 0.7.",
        here=f"keeps the largest value of {{kernel_size:{dimensions}d}} windows at random steps{{output_size:unless None|, to @}}{{output_ratio:unless None|, to @ of the size}}",
        data=f"""(N, C, {spatial(dimensions)}) to (N, C, output_size). Window starts along an axis are drawn anew for each sample and channel, in rising
            order and with steps that differ by at most one; the largest value of each window goes on.""",
        why="""Halving is a large step: a network has few of them. Shrinking by 0.7 allows more layers in between, and the random
            windows act like slightly distorted images, which regularises (Graham 2014).""",
        arguments="""
            kernel_size | size of the window | windows overlap more
            output_size = None | size wanted; give this or output_ratio | output larger
            output_ratio = None | output as a fraction of the input, between 0 and 1; give this or output_size | output larger
            return_indices = False | whether to give the places of the maxima as well
            _random_samples = None | the random numbers between 0 and 1, of shape (N, C, number of axes), for a repeatable result
        """,
        shape=f"fractional_max_pool{dimensions}d",
        shape_note="output_size, or ⌊size · output_ratio⌋ along each axis",
        modes="Random in both: it does not know of `eval()`.",
        parameters="0",
        multiply_adds="0; (product of kernel_size) − 1 comparisons for each output value",
        pitfalls="""
            It stays random in evaluation, unlike dropout
            Give exactly one of output_size and output_ratio
        """,
        neighbours=NEIGHBOURS,
        references=(GRAHAM,),
        formula="""With α = (n − k)/(out − 1) and u from _random_samples, window i starts at ⌊(i + u)·α⌋ − ⌊u·α⌋, and the last one at n − k.""",
        reference="pooling.fractional_max_pool",
    )


ADAPTIVE_AVERAGE = tuple(adaptive(dimensions, "Avg", "the mean") for dimensions in AXES)
ADAPTIVE_MAX = tuple(adaptive(dimensions, "Max", "the largest value") for dimensions in AXES)
FRACTIONAL = tuple(fractional(dimensions) for dimensions in (2, 3))

FUNCTIONS = (
    *(mirror(f"torch.nn.functional.{layer.shape}", layer) for layer in ADAPTIVE_AVERAGE),
    *(mirror(f"torch.nn.functional.{layer.shape}", layer) for layer in ADAPTIVE_MAX),
    *(mirror(f"torch.nn.functional.{layer.shape}", layer) for layer in FRACTIONAL),
)
