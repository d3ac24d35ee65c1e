"""What a network is like before it trains: the layers that depend on its mode, weights that are all alike."""

from __future__ import annotations

import re
import weakref
from typing import Any

import torch
from torch import nn

from nnwhy.facts.session import ModeLayer
from nnwhy.watch.looking import readable

_networks: dict[int, tuple[weakref.ref[nn.Module], bool]] = {}
_NORMS = (nn.modules.batchnorm._BatchNorm,)
_DROPOUTS = (nn.modules.dropout._DropoutNd,)
_MOST_LAYERS = 400
_LIKE_REQUIRES_GRAD = re.compile(r"requires?d?_?grad(s|ient|ients)?")


def is_network(module: nn.Module) -> bool:
    """Whether a module that the script calls itself is a network: it has parameters, and is no loss."""
    known = _networks.get(id(module))
    if known is not None and known[0]() is module:
        return known[1]
    answer = not isinstance(module, nn.modules.loss._Loss) and next(module.parameters(), None) is not None
    _networks[id(module)] = (weakref.ref(module), answer)
    return answer


def mode_layers(module: nn.Module) -> tuple[ModeLayer, ...]:
    """Its dropout layers with a probability above 0, its batch norms, and attention or recurrent layers with dropout."""
    found: list[ModeLayer] = []
    for path, part in module.named_modules():
        layer: Any = part
        if isinstance(part, _NORMS):
            takes = [parameter.requires_grad for parameter in part.parameters(recurse=False)]
            found.append(
                ModeLayer(
                    path, type(part).__name__, part.training, None, any(takes) if takes else None,
                    bool(layer.track_running_stats),
                )
            )  # fmt: skip
        elif isinstance(part, _DROPOUTS) and layer.p > 0:
            found.append(ModeLayer(path, type(part).__name__, part.training, float(layer.p)))
        elif isinstance(part, nn.RNNBase) and layer.dropout > 0 and layer.num_layers > 1:
            found.append(ModeLayer(path, type(part).__name__, part.training, float(layer.dropout)))
        if len(found) >= _MOST_LAYERS:
            break
    return tuple(found)


def alike_weights(module: nn.Module) -> tuple[str, ...]:
    """Weights (not biases, not those of norms) whose rows are all the same: their units can never become different."""
    found: list[str] = []
    with torch.no_grad():
        for path, part in module.named_modules():
            if not isinstance(part, nn.Linear | nn.modules.conv._ConvNd):
                continue
            weight = part.weight
            if nn.parameter.is_lazy(weight) or not readable(weight):
                continue
            if weight.shape[0] < 2 or not weight.requires_grad or weight.numel() > 20_000_000:
                continue
            if bool((weight[0] == weight[1]).all()) and bool((weight == weight[:1]).all()):
                found.append(f"{path}.weight" if path else "weight")
    return tuple(found)


def paddings(module: nn.Module) -> tuple[int, ...]:
    """The padding indices of its embeddings."""
    found = [
        part.padding_idx
        for part in module.modules()
        if isinstance(part, nn.Embedding | nn.EmbeddingBag) and part.padding_idx is not None
    ]
    return tuple(dict.fromkeys(found))


def misspelt(module: nn.Module) -> tuple[str, ...]:
    """Attributes that a script set on parameters, called nearly like `requires_grad`."""
    names = [name for parameter in module.parameters() for name in getattr(parameter, "__dict__", ())]
    return tuple(dict.fromkeys(name for name in names if _LIKE_REQUIRES_GRAD.fullmatch(name)))
