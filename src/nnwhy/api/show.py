"""What a layer does to data: on a live network, and (in the worker) on a target in the user's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import nn

from nnwhy.errors import InputError, QuestionError
from nnwhy.facts.codec import Json, to_json
from nnwhy.facts.contract import InputSpec
from nnwhy.load import Loaded, load
from nnwhy.report.drawn import Drawn
from nnwhy.show import show as show_layer
from nnwhy.show.data import Data, random, read, takes_digits
from nnwhy.show.weights import load_weights
from nnwhy.trace import watching_constructions
from nnwhy.trace.inputs import make_inputs, parse_inputs


def show(
    module: Any,
    *inputs_and_path: Any,
    training: bool = False,
    draws: int = 3,
    call: int = 0,
    seed: int = 0,
    **keywords: Any,
) -> Drawn:
    """What one layer does to data, as pictures and numbers: `show(net, x, "dropout1")`.

    The last argument is the layer's path, a function that forward calls ("F.max_pool2d") or its line ("net.py:22").
    The data are the inputs of the network, or a description: `show(net, "digits[:8]", "dropout1")`.
    training: run the network in training mode (dropout layers are drawn in both modes in any case)
    draws:    how many draws of a random layer, from `seed` on; call: which call of the layer, from 0
    The result shows itself in a notebook; `.save("dropout.png")` draws it into a file.
    The module and all random states are as before afterwards.
    Raises QuestionError where there is no such layer, InputError where the data cannot be read.
    """
    if not isinstance(module, nn.Module):
        raise InputError(f"the first argument must be an nn.Module, not {type(module).__name__}")
    *inputs, path = inputs_and_path or ("",)
    if not isinstance(path, str) or not path:
        raise QuestionError('the layer\'s name comes last, as text: show(net, x, "dropout1")')
    if not inputs and not keywords:
        raise InputError(
            'an input is needed: show(net, x, "dropout1") or show(net, "digits[:8]", "dropout1")'
        )
    if len(inputs) == 1 and isinstance(inputs[0], str):
        data = read(inputs[0], module, ())
    else:
        data = Data(tuple(inputs), keywords)
    found = show_layer(
        module, data.args, data.kwargs, path,
        training=training, draws=draws, call=call, seed=seed,
        source=data.source, samples=data.samples, tokens=data.tokens,
    )  # fmt: skip
    return Drawn(found)


def shown(
    target: str,
    init: str,
    inputs: list[str],
    path: str,
    data: str,
    weights: str,
    training: bool,
    draws: int,
    call: int,
    seed: int,
) -> Json:
    """What the layer at `path` of a target does, as facts in JSON. Runs in the worker process."""
    with watching_constructions() as constructions:
        loaded = load(target, init=init or None, whole=True)
    module = loaded.module
    how, notes = f"as {target} makes them ({loaded.how})", ()
    if weights:
        how, notes = load_weights(module, Path(weights).expanduser())
    given = _data(data, loaded, inputs)
    layer = dict(module.named_modules()).get(path)
    places = constructions.places(layer) if layer is not None else ()
    found = show_layer(
        module, given.args, given.kwargs, path,
        training=training, draws=draws, call=call, seed=seed,
        source=given.source, weights=how, samples=given.samples, tokens=given.tokens, notes=notes,
        place=places[0] if places else None,
    )  # fmt: skip
    return to_json(found)


def _data(description: str, loaded: Loaded, inputs: list[str]) -> Data:
    """What was asked for; digits where nothing was and they fit; else random numbers of the network's own input."""
    if description.startswith("text:"):
        return read(description, loaded.module, ())
    specs, reason = _specs(loaded, inputs, required=description in ("", "random"))
    if description in ("", "random"):
        if not description and takes_digits(specs):
            return read("digits[:8]", loaded.module, specs)
        args, kwargs, _ = make_inputs(specs, loaded.module)
        return random(args, kwargs, reason)
    return read(description, loaded.module, specs)


def _specs(loaded: Loaded, inputs: list[str], *, required: bool) -> tuple[tuple[InputSpec, ...], str]:
    """The inputs of the network: as given, or inferred; () where neither says and real data are there."""
    if inputs:
        return parse_inputs(inputs), ""
    from nnwhy.why.infer import infer_inputs

    try:
        found = infer_inputs(loaded.module, loaded.hints)
    except InputError:
        if required:
            raise
        return (), ""
    return found.inputs, found.reason
