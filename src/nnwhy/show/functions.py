"""Functions that a `forward` calls, as the layers of torch.nn that do the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class DropoutCall(nn.Module):
    """A dropout function with the arguments of its call. In training mode it drops, in evaluation it does nothing."""

    def __init__(self, function: Callable[..., Any], p: float) -> None:
        super().__init__()
        self.function, self.p = function, p

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return self.function(input, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}"


class ScaledDotProductAttention(nn.Module):
    """Attention with the arguments of its call."""

    def __init__(self, bound: dict[str, Any]) -> None:
        super().__init__()
        self.bound = bound

    def forward(self, *ignored: Any) -> torch.Tensor:
        return nn.functional.scaled_dot_product_attention(**self.bound)


Made = Callable[[dict[str, Any]], nn.Module]


def layer_for(name: str, function: Callable[..., Any], bound: dict[str, Any]) -> nn.Module | None:
    """The layer that does what `function` (of the short name `name`) does with the arguments `bound`, None where there is none.

    bound: the function's own arguments by name, tensors included.
    """
    if "dropout" in name:
        made = type(_DROPOUTS.get(name, "Dropout"), (DropoutCall,), {})
        return made(function, float(bound.get("p", 0.5)))
    build = _LAYERS.get(name)
    return build(bound) if build is not None else None


_DROPOUTS = {
    "dropout": "Dropout",
    "dropout1d": "Dropout1d",
    "dropout2d": "Dropout2d",
    "dropout3d": "Dropout3d",
    "alpha_dropout": "AlphaDropout",
    "feature_alpha_dropout": "FeatureAlphaDropout",
}


def _picked(cls: Any, *names: str) -> Made:
    """`cls` built with those of `names` that were given."""
    return lambda bound: cls(**{name: bound[name] for name in names if bound.get(name) is not None})


def _convolution(cls: Any) -> Made:
    def build(bound: dict[str, Any]) -> nn.Module:
        weight, bias = bound["weight"], bound.get("bias")
        groups = int(bound.get("groups", 1))
        made = cls(
            weight.shape[1] * groups, weight.shape[0], tuple(weight.shape[2:]),
            stride=bound.get("stride", 1), padding=bound.get("padding", 0), dilation=bound.get("dilation", 1),
            groups=groups, bias=bias is not None, device="meta",
        )  # fmt: skip
        return _with(made, weight, bias)

    return build


def _linear(bound: dict[str, Any]) -> nn.Module:
    weight, bias = bound["weight"], bound.get("bias")
    made = nn.Linear(weight.shape[-1], weight.shape[0], bias=bias is not None, device="meta")
    return _with(made, weight, bias)


def _embedding(bound: dict[str, Any]) -> nn.Module:
    return nn.Embedding.from_pretrained(bound["weight"].detach())


def _with(made: nn.Module, weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Module:
    """The layer with the tensors of the call as its own."""
    made.register_parameter("weight", nn.Parameter(weight.detach(), requires_grad=False))
    if bias is not None:
        made.register_parameter("bias", nn.Parameter(bias.detach(), requires_grad=False))
    return made


_POOL = ("kernel_size", "stride", "padding", "ceil_mode")
_LAYERS: dict[str, Made] = {
    "relu": _picked(nn.ReLU),
    "relu6": _picked(nn.ReLU6),
    "leaky_relu": _picked(nn.LeakyReLU, "negative_slope"),
    "elu": _picked(nn.ELU, "alpha"),
    "selu": _picked(nn.SELU),
    "gelu": _picked(nn.GELU, "approximate"),
    "silu": _picked(nn.SiLU),
    "mish": _picked(nn.Mish),
    "hardswish": _picked(nn.Hardswish),
    "hardsigmoid": _picked(nn.Hardsigmoid),
    "softplus": _picked(nn.Softplus, "beta", "threshold"),
    "sigmoid": _picked(nn.Sigmoid),
    "tanh": _picked(nn.Tanh),
    "softmax": _picked(nn.Softmax, "dim"),
    "log_softmax": _picked(nn.LogSoftmax, "dim"),
    "flatten": lambda bound: nn.Flatten(int(bound.get("start_dim", 0)), int(bound.get("end_dim", -1))),
    "scaled_dot_product_attention": ScaledDotProductAttention,
    "linear": _linear,
    "embedding": _embedding,
    "conv1d": _convolution(nn.Conv1d),
    "conv2d": _convolution(nn.Conv2d),
    "conv3d": _convolution(nn.Conv3d),
    **{f"max_pool{d}d": _picked(getattr(nn, f"MaxPool{d}d"), *_POOL, "dilation") for d in (1, 2, 3)},
    **{f"avg_pool{d}d": _picked(getattr(nn, f"AvgPool{d}d"), *_POOL, "count_include_pad") for d in (1, 2, 3)},
    **{
        f"adaptive_avg_pool{d}d": _picked(getattr(nn, f"AdaptiveAvgPool{d}d"), "output_size")
        for d in (1, 2, 3)
    },
    **{
        f"adaptive_max_pool{d}d": _picked(getattr(nn, f"AdaptiveMaxPool{d}d"), "output_size")
        for d in (1, 2, 3)
    },
}
