"""What a failed call was meant to give, so that the pass can go on and find the next mistake.

One small function per torch function, from named arguments to the meant shape (or shapes); None where nothing sensible
can be said. A `Linear` behaves as if it had the right `in_features`, a convolution as if its channels fitted.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import torch
from torch import nn

from nnwhy.trace.naming import named_arguments, short_name
from nnwhy.trace.tape import Event
from nnwhy.trace.values import tensors

Shape = tuple[int, ...]
Meant = Shape | list[Shape] | None
_MEANT: dict[str, Callable[[dict[str, Any]], Meant]] = {}


def stand_in(event: Event) -> Any:
    """A result for the failed `event`, of the shape that was meant, or NotImplemented."""
    if event.kind == "module":
        return _for_module(event.function, event.args)
    if event.kind != "call":
        return NotImplemented
    taken = _firsts(event)
    if taken is not NotImplemented:
        return taken
    meant = _MEANT.get(short_name(event.function))
    if meant is None:
        return NotImplemented
    try:
        shape = meant(named_arguments(event.function, event.args, event.kwargs))
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError):
        return NotImplemented
    if shape is None:
        return NotImplemented
    return _made(shape, _template((event.args, event.kwargs)))


def _firsts(event: Event) -> Any:
    """What the call gives with the first of each tuple of results: `relu(lstm(x))`."""
    args = tuple(_first(part) for part in event.args)
    kwargs = {name: _first(part) for name, part in event.kwargs.items()}
    same = all(one is other for one, other in zip(args, event.args, strict=True))
    if same and all(kwargs[name] is event.kwargs[name] for name in kwargs):
        return NotImplemented
    try:
        return event.function(*args, **kwargs)
    except Exception:
        return NotImplemented


def _first(part: Any) -> Any:
    if not isinstance(part, tuple) or len(part) < 2 or not isinstance(part[0], torch.Tensor):
        return part
    return part[0]


def _template(arguments: Any) -> torch.Tensor:
    """A floating-point tensor among the arguments where there is one: its dtype and device are those of the result."""
    found = list(tensors(arguments))
    return next((tensor for tensor in found if tensor.is_floating_point()), found[0])


def _made(shape: Meant, like: torch.Tensor) -> Any:
    if isinstance(shape, list):
        return tuple(_made(part, like) for part in shape)
    assert shape is not None
    dtype = like.dtype if like.is_floating_point() else torch.get_default_dtype()
    return torch.zeros(tuple(max(int(size), 1) for size in shape), dtype=dtype, device=like.device)


def _meant(*names: str) -> Callable[[Callable[[dict[str, Any]], Meant]], Callable[[dict[str, Any]], Meant]]:
    def register(function: Callable[[dict[str, Any]], Meant]) -> Callable[[dict[str, Any]], Meant]:
        for name in names:
            _MEANT[name] = function
        return function

    return register


def _shape(tensor: torch.Tensor) -> Shape:
    return tuple(int(size) for size in tensor.shape)


@_meant("linear")
def _linear(given: dict[str, Any]) -> Meant:
    x, weight = _shape(given["input"]), _shape(given["weight"])
    if len(x) > 2 and prod(x[1:]) == weight[1]:
        return (x[0], weight[0])
    return (*x[:-1], weight[0])


@_meant("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def _convolution(given: dict[str, Any]) -> Meant:
    x, weight = _shape(given["input"]), _shape(given["weight"])
    rank = len(weight) - 2
    stride, dilation = _tuple(given.get("stride", 1), rank), _tuple(given.get("dilation", 1), rank)
    padding = given.get("padding", 0)
    transposed = "output_padding" in given
    if isinstance(padding, str):
        padding = [
            d * (k - 1) / 2 if padding == "same" else 0 for d, k in zip(dilation, weight[2:], strict=True)
        ]
    padding = _tuple(padding, rank)
    groups = given.get("groups", 1)
    batch, spatial = _batch_and_map(x, weight[0] if transposed else weight[1] * groups, rank)
    sizes = [
        (n - 1) * s - 2 * p + d * (k - 1) + 1 if transposed else (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(spatial, weight[2:], stride, padding, dilation, strict=True)
    ]
    channels = weight[1] * groups if transposed else weight[0]
    return (*batch, channels, *(int(size) for size in sizes))


def _batch_and_map(x: Shape, channels: int, rank: int) -> tuple[Shape, Shape]:
    """Which axes of a convolution's input were meant for the batch and which for the map: the channels may stand last,
    be left out where there is one, or come behind more axes than one batch has."""
    extra = len(x) - rank
    if extra <= 0:
        return (1,), x if extra == 0 else (1,) * rank
    last = x[-1] == channels != x[extra - 1] and channels > 1
    if extra == 1:
        if last:
            return (), x[:-1]
        return (x[:1] if channels == 1 != x[0] else ()), x[1:]
    if extra == 2:
        return x[:1], x[1:-1] if last else x[2:]
    return (prod(x[: extra - 1]) if x[extra - 1] == channels else x[0],), x[extra:]


def _pool(rank: int) -> Callable[[dict[str, Any]], Meant]:
    """For pools over `rank` axes."""

    def meant(given: dict[str, Any]) -> Meant:
        x, kernel = _shape(given["input"]), given["kernel_size"]
        kernels, strides = _tuple(kernel, rank), _tuple(given.get("stride") or kernel, rank)
        paddings, dilations = _tuple(given.get("padding", 0), rank), _tuple(given.get("dilation", 1), rank)
        axes = zip(x[-rank:], kernels, strides, paddings, dilations, strict=True)
        return (*x[:-rank], *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in axes))

    return meant


for _rank in (1, 2, 3):
    _meant(*(f"{kind}_pool{_rank}d" for kind in ("max", "avg", "lp")))(_pool(_rank))


@_meant(
    "batch_norm", "group_norm", "layer_norm", "instance_norm", "rms_norm", "softmax", "log_softmax", "prelu"
)
def _unchanged(given: dict[str, Any]) -> Meant:
    return _shape(given["input"])


@_meant("view", "reshape")
def _view(given: dict[str, Any]) -> Meant:
    x, wanted = _shape(given["input"]), given["shape"]
    sizes = [int(size) for size in (wanted if isinstance(wanted, tuple | list | torch.Size) else (wanted,))]
    if sizes.count(-1) > 1:
        return None
    if -1 not in sizes:
        return tuple(sizes)
    index = sizes.index(-1)
    known = prod(size for size in sizes if size != -1)
    if index == 0 and len(x) > 1:
        folded = len(x) - len(sizes) + 1 if len(sizes) > 2 else 1
        sizes[0] = prod(x[: max(folded, 1)])
    else:
        sizes[index] = max(prod(x) // max(known, 1), 1)
    return tuple(sizes)


@_meant("unflatten")
def _unflattened(given: dict[str, Any]) -> Meant:
    x, sizes = _shape(given["input"]), [int(size) for size in given["sizes"]]
    axis = int(given["dim"]) % len(x)
    if -1 in sizes:
        known = prod(size for size in sizes if size != -1)
        sizes[sizes.index(-1)] = max(x[axis] // max(known, 1), 1)
    return (*x[:axis], *sizes, *x[axis + 1 :])


@_meant("cat", "concat", "concatenate")
def _join(given: dict[str, Any]) -> Meant:
    parts = [_shape(part) for part in given["tensors"]]
    rank = max(len(part) for part in parts)
    parts = [part for part in parts if len(part) == rank]
    axis = given.get("dim", given.get("axis", 0)) % rank
    joined = list(parts[0])
    joined[axis] = sum(part[axis] for part in parts)
    return tuple(joined)


@_meant("stack")
def _stack(given: dict[str, Any]) -> Meant:
    parts = [_shape(part) for part in given["tensors"]]
    axis = given.get("dim", 0) % (len(parts[0]) + 1)
    return (*parts[0][:axis], len(parts), *parts[0][axis:])


@_meant(
    "add", "sub", "mul", "div", "true_divide", "maximum", "minimum", "where", "pow", "subtract", "multiply"
)
def _broadcast(given: dict[str, Any]) -> Meant:
    shapes = [_shape(value) for value in given.values() if isinstance(value, torch.Tensor)]
    rank = max(len(shape) for shape in shapes)
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(max(sizes) if sizes[0] == 1 else sizes[0] for sizes in zip(*padded, strict=True))


@_meant("matmul", "bmm", "mm")
def _matmul(given: dict[str, Any]) -> Meant:
    left, right = _shape(given["input"]), _shape(given["other" if "other" in given else "mat2"])
    return (*left[:-1], right[-1]) if len(right) > 1 else left[:-1]


@_meant("embedding")
def _embedding(given: dict[str, Any]) -> Meant:
    return (*_shape(given["input"]), _shape(given["weight"])[1])


@_meant(
    "cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "kl_div",
)  # fmt: skip
def _loss(given: dict[str, Any]) -> Meant:
    if given.get("reduction", "mean") == "none":
        return _shape(given.get("target", given["input"]))
    return ()


@_meant("lstm_cell")
def _two_states(given: dict[str, Any]) -> Meant:
    shape = (*_shape(given["input"])[:-1], _shape(given["w_hh"])[1])
    return [shape, shape]


@_meant("gru_cell", "rnn_tanh_cell", "rnn_relu_cell")
def _one_state(given: dict[str, Any]) -> Meant:
    return (*_shape(given["input"])[:-1], _shape(given["w_hh"])[1])


@_meant("multi_head_attention_forward")
def _attention(given: dict[str, Any]) -> Meant:
    query, key = _shape(given["query"]), _shape(given["key"])
    batch = query[1:2] if len(query) == 3 else ()
    return [query, (*batch, query[0], key[0])]


def _for_module(module: nn.Module, args: tuple[Any, ...]) -> Any:
    """Layers that refuse their input in Python, before any torch function sees it."""
    if not args or not isinstance(args[0], torch.Tensor):
        return NotImplemented
    x = args[0]
    if isinstance(module, nn.ModuleList):
        for part in module:
            x = part(x)
        return x
    if isinstance(module, nn.modules.batchnorm._NormBase):
        return _made(_shape(x), x)
    if isinstance(module, nn.RNNBase):
        width = (module.proj_size or module.hidden_size) * (2 if module.bidirectional else 1)
        shape = _shape(x)
        layers = module.num_layers * (2 if module.bidirectional else 1)
        batch = (shape[0 if module.batch_first else 1],) if len(shape) == 3 else ()
        hidden = _made((layers, *batch, module.proj_size or module.hidden_size), x)
        cell = _made((layers, *batch, module.hidden_size), x)
        return _made((*shape[:-1], width), x), ((hidden, cell) if isinstance(module, nn.LSTM) else hidden)
    if isinstance(module, nn.Transformer) and len(args) > 1:
        return _made(_shape(args[1]), args[1])
    if isinstance(module, nn.RNNCellBase):
        hidden = _made((*_shape(x)[:-1], module.hidden_size), x)
        return (hidden, hidden) if isinstance(module, nn.LSTMCell) else hidden
    return NotImplemented


def _tuple(value: Any, rank: int) -> tuple[Any, ...]:
    if isinstance(value, tuple | list):
        return tuple(value) * rank if len(value) == 1 else tuple(value)
    return (value,) * rank
