"""Cards of products of matrices and of arithmetic on each value."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import function

PRODUCTS = """
| function | axes | broadcasts | use it |
|---|---|---|---|
| matmul, @ | any; the last two are the matrices | yes | almost always |
| mm | 2 and 2 | no | to insist on matrices |
| bmm | 3 and 3 | no | a product for each sample, insisting on that |
| addmm, baddbmm | with something added | what is added | one call in place of two |
| einsum | any, named by letters | yes | when transposes get in the way |
| linear | the last axis with a weight | | layers |
| mul, * | any | yes | value by value, no sum |
"""
BROADCAST = """Shapes are lined up from the last axis; where one is 1 or missing, it is repeated. Each position is computed on its own."""
SHAPES = "Sizes that differ and are not 1 are an error | broadcast-shapes"
SILENT = "(N, 1) with (N) becomes (N, N), silently: every sample with every other | loss-broadcast"


def product(path: str, **fields: Any) -> Card:
    """The card of a product of matrices."""
    still: dict[str, Any] = {"modes": "The same.", "parameters": "0", "neighbours": PRODUCTS}
    return function(path, "products", **{**still, **fields})


def pairwise(
    name: str, *, path: str = "", symbol: str, what: str, here: str, why: str, **fields: Any
) -> Card:
    """The card of an operator between two tensors, value by value."""
    still: dict[str, Any] = {
        "arguments": "input | a tensor\nother | a tensor or a number",
        "pitfalls": f"{SHAPES}\n{SILENT}",
        "multiply_adds": "0; one operation for each output value",
    }
    return function(
        path or f"torch.{name}",
        "arithmetic",
        sentence=what,
        here=here,
        data=f"{symbol}. {BROADCAST}",
        why=why,
        shape=name,
        shape_note="the broadcast shape",
        modes="The same.",
        parameters="0",
        **{**still, **fields},
    )


def each(name: str, formula: str, what: str, why: str, pitfall: str = "", **fields: Any) -> Card:
    """The card of a function of each value alone."""
    return function(
        f"torch.{name}",
        "arithmetic",
        sentence=what,
        here=fields.pop("here", f"each value x becomes {formula}"),
        data=f"Any shape, kept: y = {formula}, each value on its own.",
        why=why,
        arguments=fields.pop("arguments", "input | any shape"),
        shape=name,
        shape_note="the input's shape",
        modes="The same.",
        parameters="0",
        multiply_adds="0; one evaluation for each value",
        pitfalls=pitfall,
        **fields,
    )


MATMUL = product(
    "torch.matmul",
    sentence="Product of matrices: each output is the sum of a row's values times a column's.",
    here="product of matrices over the last two axes",
    data="(*, A, K) and (*, K, B) become (*, A, B). The axes before are broadcast, and kept apart; K is summed away. A vector counts as a row or a column, and its axis goes.",
    why="Attention scores, projections by your own weights, sums over pairs.",
    arguments="input | (*, A, K)\nother | (*, K, B)",
    shape="matmul",
    shape_note="(*, A, B)",
    multiply_adds="A·K·B for each product",
    pitfalls="""
        The last size of the first must be the last but one of the second: transpose(-2, -1) one of them | matmul-shapes
        Between vectors it gives a single number
    """,
)
MM = product(
    "torch.mm",
    sentence="Product of two matrices.",
    here="product of two matrices",
    data="(A, K) and (K, B) become (A, B); K is summed away.",
    why="It is matmul for exactly two axes.",
    arguments="input | (A, K)\nmat2 | (K, B)",
    shape="mm",
    shape_note="(A, B)",
    multiply_adds="A·K·B",
    pitfalls="It does not broadcast: matmul does | matmul-shapes",
)
BMM = product(
    "torch.bmm",
    sentence="Product of two matrices for each sample.",
    here="product of two matrices for each sample",
    data="(N, A, K) and (N, K, B) become (N, A, B); samples are kept apart, K is summed away.",
    why="It is matmul for exactly three axes.",
    arguments="input | (N, A, K)\nmat2 | (N, K, B)",
    shape="bmm",
    shape_note="(N, A, B)",
    multiply_adds="N·A·K·B",
    pitfalls="Both must have the same N: it does not broadcast | matmul-shapes",
)
ADDMM = product(
    "torch.addmm",
    sentence="Product of two matrices, plus a matrix or vector.",
    here="product of two matrices, plus the input",
    data="(A, K) and (K, B) become (A, B); beta times the first argument, broadcast, is added to alpha times the product.",
    why="A linear layer in one call.",
    arguments="input | what is added\nmat1 | (A, K)\nmat2 | (K, B)\nbeta = 1 | factor of input\nalpha = 1 | factor of the product",
    shape="addmm",
    shape_note="(A, B)",
    multiply_adds="A·K·B",
    pitfalls="What is added comes first | matmul-shapes",
)
BADDBMM = product(
    "torch.baddbmm",
    sentence="Product of two matrices for each sample, plus something.",
    here="product of two matrices for each sample, plus the input",
    data="(N, A, K) and (N, K, B) become (N, A, B); beta times the first argument, broadcast, is added to alpha times the product.",
    why="Attention scores with a bias, in one call.",
    arguments="input | what is added\nbatch1 | (N, A, K)\nbatch2 | (N, K, B)\nbeta = 1 | factor of input\nalpha = 1 | factor of the product",
    shape="baddbmm",
    shape_note="(N, A, B)",
    multiply_adds="N·A·K·B",
    pitfalls="What is added comes first | matmul-shapes",
)
EINSUM = product(
    "torch.einsum",
    sentence="Products and sums by letters: axes with the same letter are lined up, those missing on the right are summed.",
    here="{equation}",
    data="'bhqd,bhkd->bhqk': b and h are kept apart, d is summed away, each q meets each k.",
    why="It says which axis meets which without transposes.",
    arguments="equation | letters for each operand's axes, then -> and the result's\noperands | the tensors",
    shape="einsum",
    shape_note="the sizes of the letters after ->",
    multiply_adds="the product of the sizes of all letters, for two operands",
    pitfalls="A letter must have the same size everywhere | matmul-shapes",
)
OUTER = product(
    "torch.outer",
    sentence="Every value of one vector times every value of another.",
    here="every value of one times every value of the other",
    data="(A) and (B) become (A, B). Nothing is summed.",
    why="Positions times frequencies, for sine positions.",
    arguments="input | (A)\nvec2 | (B)",
    shape="outer",
    shape_note="(A, B)",
    multiply_adds="A·B",
)

ADD = pairwise(
    "add",
    symbol="a + b",
    what="Adds, value by value.",
    here="adds, value by value",
    why="A shortcut adds a block's input to its output, so that gradients pass and the block learns what is to change.",
    arguments="input | a tensor\nother | a tensor or a number\nalpha = 1 | factor of other",
)
SUB = pairwise(
    "sub",
    symbol="a − b",
    what="Subtracts, value by value.",
    here="subtracts, value by value",
    why="Differences: to a mean, between what is and what should be.",
    arguments="input | a tensor\nother | a tensor or a number\nalpha = 1 | factor of other",
    aliases=("subtract", "rsub"),
)
MUL = pairwise(
    "mul",
    symbol="a · b",
    what="Multiplies, value by value.",
    here="multiplies, value by value",
    why="Gates and masks: a factor near 0 shuts, near 1 lets through.",
    multiply_adds="1 for each output value",
    aliases=("multiply",),
)
DIV = pairwise(
    "div",
    symbol="a / b",
    what="Divides, value by value.",
    here="divides, value by value",
    why="Scaling to a norm, a temperature, a mean over counted items.",
    arguments="input | a tensor\nother | a tensor or a number\nrounding_mode = None | None, 'trunc' or 'floor'",
    pitfalls=f"Division by 0 gives inf or NaN without an error: add a small eps\n{SHAPES}\n{SILENT}",
    aliases=("divide", "true_divide", "truediv"),
)
FLOOR_DIVIDE = pairwise(
    "floor_divide",
    symbol="⌊a / b⌋",
    what="Divides and rounds down.",
    here="divides and rounds down",
    why="Row numbers from flat indices.",
    aliases=("floordiv",),
)
REMAINDER = pairwise(
    "remainder",
    symbol="a − b·⌊a / b⌋",
    what="The remainder of a division, with the divisor's sign.",
    here="the remainder of a division",
    why="Column numbers from flat indices.",
    aliases=("mod",),
)
POW = pairwise(
    "pow",
    symbol="a^b",
    what="Raises to a power.",
    here="to the power {exponent}",
    why="Squares and roots.",
    arguments="input | a tensor or a number\nexponent | a number or a tensor",
    pitfalls="A fraction as the power of a negative number gives NaN; a root's gradient at 0 is infinite",
)
MAXIMUM = pairwise(
    "maximum",
    symbol="the larger of a and b",
    what="The larger of two, value by value.",
    here="the larger of two, value by value",
    why="A floor under values.",
)
MINIMUM = pairwise(
    "minimum",
    symbol="the smaller of a and b",
    what="The smaller of two, value by value.",
    here="the smaller of two, value by value",
    why="A ceiling over values.",
)

EACH = (
    each("exp", "eˣ", "The exponential of each value.", "Logarithms back to values; a scale that must be positive.", "Above about 88 it is infinite in float32"),
    each("log", "log x", "The natural logarithm of each value.", "Products become sums, probabilities losses.", "log 0 is −∞ and below 0 NaN: log_softmax, logsigmoid or clamp"),
    each("sqrt", "√x", "The square root of each value.", "Norms, standard deviations.", "The gradient at 0 is infinite: add a small eps inside"),
    each("rsqrt", "1/√x", "One over the square root of each value.", "Normalisation by a variance.", "At 0 it is infinite: add a small eps inside"),
    each("square", "x²", "The square of each value.", "Errors, energies."),
    each("abs", "|x|", "Each value without its sign.", "Distances, L1 penalties.", "The gradient at 0 is 0"),
    each("neg", "−x", "Each value with the other sign.", "A loss to be minimised from a score to be maximised.", aliases=("negative",)),
    each("sin", "sin x", "The sine of each value.", "Sine positions: each frequency is one hand of a clock."),
    each("cos", "cos x", "The cosine of each value.", "Sine positions, rotary positions."),
    each("erf", "erf x", "The error function of each value.", "GELU by hand."),
    each("reciprocal", "1/x", "One over each value.", "Scales.", "1/0 is infinite, without an error"),
    each("sign", "−1, 0 or 1 by the sign of x", "The sign of each value.", "Binary weights.", "Its gradient is 0 everywhere: nothing before it learns"),
    each("round", "x rounded, halves to even", "Each value rounded to a whole number.", "Quantisation.", "Its gradient is 0 everywhere: nothing before it learns"),
    each(
        "clamp", "min(max(x, min), max)", "Cuts values to a range.", "Keeps logarithms and divisions safe.", "Outside the range there is no gradient",
        here="cuts values{min:unless None| below @}{max:unless None| above @}",
        arguments="input | any shape\nmin = None | lower limit\nmax = None | upper limit", aliases=("clip",),
    ),
)  # fmt: skip
