"""What each torch function demands of its inputs' sizes: one small function per torch function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import prod
from typing import Literal

from nnwhy.facts.expression import Constant, Expression, Size, add, leaves, multiply, substitute
from nnwhy.facts.trace import Call
from nnwhy.facts.value import Slice, TensorRef, Traced, Value, plain
from nnwhy.why.algebra import simplified
from nnwhy.why.derive import Derivations

Relation = Literal["==", "!=", "<", "<=", ">", ">=", "%"]
"""`left % right` means that left is a multiple of right."""


class NoTensor(Exception):
    """An argument is no tensor, so nothing can be said."""


class CallView:
    """A call's arguments as closed forms."""

    def __init__(self, derivations: Derivations, call: Call) -> None:
        self.derivations = derivations
        self.call = call
        self.trace = derivations.trace

    def tensor(self, name: str) -> int:
        found = self.call.arguments.get(name)
        if not isinstance(found, TensorRef):
            raise NoTensor(name)
        return found.id

    def shape(self, tensor: int) -> tuple[int, ...]:
        return self.trace.tensors[tensor].shape

    def sizes(self, tensor: int) -> list[Expression | None]:
        return [self.derivations.closed(tensor, axis) for axis in range(len(self.shape(tensor)))]

    def number(self, value: Value) -> Expression | None:
        """A whole number of the call, in closed form."""
        if isinstance(value, Traced):
            return self._closed(value.expression)
        return Constant(value) if isinstance(value, int) else None

    def integer(self, name: str, default: int = 0) -> int:
        found = plain(self.call.arguments.get(name))
        return found if isinstance(found, int) else default

    def numbers(self, name: str, rank: int, default: int) -> list[int]:
        found = plain(self.call.arguments.get(name))
        if isinstance(found, tuple) and found:
            whole = [item for item in found if isinstance(item, int)]
            return whole * rank if len(whole) == 1 else whole
        return [found if isinstance(found, int) else default] * rank

    def _closed(self, expression: Expression) -> Expression | None:
        missing = False

        def inserted(leaf: Expression) -> Expression:
            nonlocal missing
            if isinstance(leaf, Size):
                closed = self.derivations.closed(leaf.tensor, leaf.axis)
                missing = missing or closed is None
                return closed or leaf
            return leaf

        made = substitute(expression, inserted)
        return None if missing else simplified(made)


class CallNumbers(CallView):
    """The same arguments as the plain numbers of this pass."""

    def sizes(self, tensor: int) -> list[Expression | None]:
        return [Constant(size) for size in self.shape(tensor)]

    def number(self, value: Value) -> Expression | None:
        found = plain(value)
        return Constant(found) if isinstance(found, int) else None


Demand = tuple[Expression | None, Relation, Expression | None, str]
DEMANDS: dict[str, Callable[[CallView], Iterator[Demand]]] = {}


def _demands(
    *names: str,
) -> Callable[[Callable[[CallView], Iterator[Demand]]], Callable[[CallView], Iterator[Demand]]]:
    def register(function: Callable[[CallView], Iterator[Demand]]) -> Callable[[CallView], Iterator[Demand]]:
        DEMANDS.update(dict.fromkeys(names, function))
        return function

    return register


@_demands("linear")
def _linear(view: CallView) -> Iterator[Demand]:
    """The last axis is what the weight was built for."""
    x, weight = view.tensor("input"), view.tensor("weight")
    yield view.sizes(x)[-1], "==", view.sizes(weight)[1], "features"


@_demands("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def _convolution(view: CallView) -> Iterator[Demand]:
    """The channels of the weight, and in each spatial axis room for the kernel."""
    x, weight = view.tensor("input"), view.tensor("weight")
    rank = len(view.shape(weight)) - 2
    sizes, kernel = view.sizes(x), view.shape(weight)[2:]
    if len(sizes) not in (rank + 1, rank + 2):
        return
    transposed = "transpose" in view.call.name
    channels = view.shape(weight)[0] if transposed else view.shape(weight)[1] * view.integer("groups", 1)
    yield sizes[-rank - 1], "==", Constant(channels), "channels"
    padding = view.call.arguments.get("padding", 0)
    if transposed or padding == "same":
        return
    pads = [0] * rank if isinstance(padding, str) else view.numbers("padding", rank, 0)
    dilations = view.numbers("dilation", rank, 1)
    for axis in range(rank):
        reach = dilations[axis] * (kernel[axis] - 1) + 1 - 2 * pads[axis]
        yield sizes[axis - rank], ">=", Constant(max(reach, 1)), "window"


@_demands("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "max_pool1d_with_indices",
          "max_pool2d_with_indices", "max_pool3d_with_indices", "lp_pool1d", "lp_pool2d")  # fmt: skip
def _pool(view: CallView) -> Iterator[Demand]:
    """In each pooled axis room for the window."""
    rank = int(view.call.name.partition("pool")[2][0])
    sizes = view.sizes(view.tensor("input"))
    kernels, pads = view.numbers("kernel_size", rank, 1), view.numbers("padding", rank, 0)
    dilations = view.numbers("dilation", rank, 1)
    strides = view.numbers("stride", rank, 0)
    spare = 1 if view.call.arguments.get("ceil_mode") else 0
    for axis in range(rank):
        stride = strides[axis] or kernels[axis]
        reach = dilations[axis] * (kernels[axis] - 1) + 1 - 2 * pads[axis] - spare * (stride - 1)
        yield sizes[axis - rank], ">=", Constant(max(reach, 1)), "window"


@_demands("pad")
def _pad(view: CallView) -> Iterator[Demand]:
    """Reflected padding needs more pixels than it makes; negative padding needs some left."""
    x = view.tensor("input")
    given = plain(view.call.arguments["pad"])
    mode = view.call.arguments.get("mode") or "constant"
    assert isinstance(given, tuple)
    sizes = view.sizes(x)
    for index in range(0, len(given), 2):
        before, after = given[index], given[index + 1]
        assert isinstance(before, int) and isinstance(after, int)
        axis = len(sizes) - 1 - index // 2
        least = (
            max(before, after) + 1
            if mode == "reflect"
            else max(before, after)
            if mode == "circular"
            else 1 - before - after
        )
        if least > 1:
            yield sizes[axis], ">=", Constant(least), "window"


@_demands("batch_norm", "group_norm", "instance_norm")
def _norm(view: CallView) -> Iterator[Demand]:
    """The channels that the weight or the running mean was built for."""
    x = view.tensor("input")
    for name in ("running_mean", "weight"):
        found = view.call.arguments.get(name)
        if isinstance(found, TensorRef):
            yield view.sizes(x)[1], "==", Constant(view.shape(found.id)[0]), "channels"
            return
    if view.call.name == "group_norm":
        yield view.sizes(x)[1], "%", Constant(view.integer("num_groups", 1)), "channels"


@_demands("layer_norm", "rms_norm")
def _layer_norm(view: CallView) -> Iterator[Demand]:
    """The last axes are the normalised ones."""
    sizes = view.sizes(view.tensor("input"))
    shape = plain(view.call.arguments["normalized_shape"])
    assert isinstance(shape, tuple)
    for axis, size in enumerate(shape):
        yield sizes[axis - len(shape)], "==", view.number(size), "features"


@_demands("lstm", "gru", "rnn_tanh", "rnn_relu")
def _recurrent(view: CallView) -> Iterator[Demand]:
    """The last axis is the input size that the first weight was built for."""
    params = view.call.arguments["params"]
    assert isinstance(params, tuple) and isinstance(params[0], TensorRef)
    yield view.sizes(view.tensor("input"))[-1], "==", Constant(view.shape(params[0].id)[1]), "features"


@_demands("prelu")
def _prelu(view: CallView) -> Iterator[Demand]:
    weight = view.shape(view.tensor("weight"))
    if weight[0] > 1:
        yield view.sizes(view.tensor("input"))[1], "==", Constant(weight[0]), "channels"


@_demands("embedding")
def _embedding(view: CallView) -> Iterator[Demand]:
    """Positions counted from 0 must be below the number of rows."""
    index = view.tensor("input")
    rows = view.shape(view.tensor("weight"))[0]
    end = _counted_to(view, index)
    if end is not None:
        yield end, "<=", Constant(rows), "index"


def _counted_to(view: CallView, tensor: int) -> Expression | None:
    """The end of the `arange` that an index tensor was made by, through calls that only reshape it."""
    for _ in range(8):
        origin = view.trace.tensors[tensor].origin
        if origin.kind != "call" or origin.call is None:
            return None
        maker = view.trace.calls[origin.call]
        if maker.name == "arange":
            if maker.arguments.get("start") not in (None, 0):
                return None
            return view.number(maker.arguments.get("end"))
        if maker.name not in (
            "unsqueeze",
            "expand",
            "expand_as",
            "view",
            "reshape",
            "to",
            "repeat",
            "long",
            "__getitem__",
        ):
            return None
        if len(maker.inputs) < 1:
            return None
        tensor = maker.inputs[0]
    return None


@_demands("add", "sub", "mul", "div", "true_divide", "maximum", "minimum", "where", "pow", "subtract", "multiply", "divide",
          "addcmul", "lerp", "masked_fill", "bitwise_and", "eq", "ne", "lt", "gt", "le", "ge")  # fmt: skip
def _together(view: CallView) -> Iterator[Demand]:
    """Axes that meet have the same size, unless one is 1."""
    found = [value.id for value in view.call.arguments.values() if isinstance(value, TensorRef)]
    for one, other in pairwise(found):
        yield from _broadcast(view, one, other)


def _broadcast(view: CallView, one: int, other: int, skip: int = 0) -> Iterator[Demand]:
    first, second = view.sizes(one), view.sizes(other)
    for axis in range(1 + skip, min(len(first), len(second)) + 1):
        left, right = first[-axis], second[-axis]
        if left == Constant(1) or right == Constant(1):
            continue
        if any(
            view.shape(tensor)[-axis] == 1 and isinstance(size, Constant)
            for tensor, size in ((one, left), (other, right))
        ):
            continue
        if isinstance(left, Size) and isinstance(right, Size) and left.value == right.value == 1:
            continue
        yield left, "==", right, "join"


@_demands("cat", "concat", "concatenate", "stack", "hstack", "vstack")
def _joined(view: CallView) -> Iterator[Demand]:
    """What is joined agrees in all axes but the joined one."""
    parts = view.call.arguments["tensors"]
    assert isinstance(parts, tuple)
    ids = [part.id for part in parts if isinstance(part, TensorRef)]
    rank = len(view.shape(ids[0]))
    axis = view.integer("dim", view.integer("axis", 0))
    for one, other in pairwise(ids):
        left, right = view.sizes(one), view.sizes(other)
        for position in range(rank):
            if view.call.name == "stack" or position != axis % rank:
                yield left[position], "==", right[position], "join"


@_demands("matmul", "bmm", "mm", "__matmul__")
def _product(view: CallView) -> Iterator[Demand]:
    """The inner axes agree, and the outer ones as far as both have them."""
    one = view.tensor("input")
    name = next(key for key in ("other", "mat2", "tensor2") if key in view.call.arguments)
    other = view.tensor(name)
    left, right = view.sizes(one), view.sizes(other)
    yield left[-1], "==", right[-2] if len(right) > 1 else right[-1], "features"
    yield from _broadcast(view, one, other, skip=2)


@_demands("scaled_dot_product_attention")
def _attention(view: CallView) -> Iterator[Demand]:
    query, key, value = view.tensor("query"), view.tensor("key"), view.tensor("value")
    yield view.sizes(query)[-1], "==", view.sizes(key)[-1], "features"
    yield view.sizes(key)[-2], "==", view.sizes(value)[-2], "join"


@_demands("view", "reshape")
def _view(view: CallView) -> Iterator[Demand]:
    """As many numbers as before. `view(-1, K)` with anything but K numbers a sample mixes samples."""
    x = view.tensor("input")
    shape = view.call.arguments["shape"]
    wanted = shape if isinstance(shape, tuple) else (shape,)
    values = [plain(size) for size in wanted]
    sizes = view.sizes(x)
    if any(size is None for size in sizes):
        return
    total = simplified(multiply(*(size for size in sizes if size is not None)))
    known = [view.number(size) for size, value in zip(wanted, values, strict=True) if value != -1]
    if any(size is None for size in known):
        return
    product = simplified(multiply(*(size for size in known if size is not None))) if known else Constant(1)
    if -1 not in values:
        yield total, "==", product, "count"
        return
    yield total, "%", product, "count"
    if values[0] == -1 and len(values) > 1 and len(sizes) > 1 and isinstance(sizes[0], Size):
        rest = simplified(multiply(*(size for size in sizes[1:] if size is not None)))
        batch = sizes[0]
        inside = any(leaf == batch for side in (rest, product) for leaf in leaves(side))
        if not inside and not _keeps_rows(
            view.shape(x), prod(size for size in values[1:] if isinstance(size, int))
        ):
            yield rest, "==", product, "batch"


def _keeps_rows(shape: tuple[int, ...], row: int) -> bool:
    """Whether `row` numbers are whole trailing axes: then positions or windows join the batch, each as it was."""
    return row != prod(shape[1:]) and any(prod(shape[axis:]) == row for axis in range(2, len(shape)))


@_demands("unflatten")
def _unflatten(view: CallView) -> Iterator[Demand]:
    sizes = view.sizes(view.tensor("input"))
    parts = plain(view.call.arguments["sizes"])
    assert isinstance(parts, tuple)
    whole = [part for part in parts if isinstance(part, int) and part != -1]
    axis = view.integer("dim") % len(sizes)
    product = multiply(*(Constant(part) for part in whole)) if whole else Constant(1)
    yield sizes[axis], "%" if -1 in parts else "==", product, "count"


@_demands("pixel_unshuffle")
def _unshuffle(view: CallView) -> Iterator[Demand]:
    sizes, factor = view.sizes(view.tensor("input")), view.integer("downscale_factor", 1)
    for size in sizes[-2:]:
        yield size, "%", Constant(factor), "count"


@_demands("expand")
def _expand(view: CallView) -> Iterator[Demand]:
    """An axis that is not 1 keeps its size."""
    sizes = view.sizes(view.tensor("input"))
    shape = view.call.arguments["size"]
    wanted = shape if isinstance(shape, tuple) else (shape,)
    for axis in range(1, len(sizes) + 1):
        size = sizes[-axis]
        if (
            size != Constant(1)
            and plain(wanted[-axis]) != -1
            and view.shape(view.tensor("input"))[-axis] != 1
        ):
            yield size, "==", view.number(wanted[-axis]), "join"


@_demands("__getitem__")
def _getitem(view: CallView) -> Iterator[Demand]:
    """A slice of a table ends within it; an index is below the size."""
    x = view.tensor("input")
    index = next(value for name, value in view.call.arguments.items() if name != "input")
    parts = index if isinstance(index, tuple) else (index,)
    sizes = view.sizes(x)
    stored = view.trace.tensors[x].origin.kind in ("parameter", "buffer", "attribute")
    axis = 0
    for part in parts:
        if part is None:
            continue
        if not isinstance(part, Slice | int | Traced) or isinstance(part, bool):
            return
        if isinstance(part, Slice) and stored and isinstance(part.stop, Traced):
            yield view.number(part.stop), "<=", Constant(view.shape(x)[axis]), "index"
        if isinstance(part, int | Traced):
            position = view.number(part)
            if plain(part) >= 0 and position is not None:  # type: ignore[operator]
                yield sizes[axis], ">=", add(position, 1), "index"
        axis += 1
