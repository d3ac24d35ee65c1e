"""From a network and data to the pictures of one layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from nnwhy.errors import InputError, QuestionError
from nnwhy.facts.picture import LayerShown
from nnwhy.facts.place import Place
from nnwhy.show.capture import Call, Kept, again, capture, moved
from nnwhy.show.kinds.other import tell as tell_any
from nnwhy.show.maps import image_tiles
from nnwhy.show.registry import NotShown, teller_of
from nnwhy.show.seen import Seen, Told, first_tensor, readable

SAMPLES_PICTURED = 2


def show(
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    path: str,
    *,
    training: bool = False,
    draws: int = 3,
    call: int = 0,
    seed: int = 0,
    source: str = "",
    weights: str = "",
    samples: tuple[str, ...] = (),
    tokens: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    place: Place | None = None,
) -> LayerShown:
    """What the layer at `path` does to these inputs, as pictures and numbers.

    training: whether the network runs in training mode; dropout layers are drawn in both modes in any case
    draws:    how many draws of a random layer are shown, from seed `seed` on
    call:     which call of the layer, from 0
    source, weights, samples, tokens, notes: what is known about the data and weights, to be told
    The module and all random states are as before afterwards.
    Raises QuestionError where there is no such layer, UserCodeError where the pass fails before it, InputError for bad numbers.
    """
    if not path:
        names = [
            name for name, part in module.named_modules() if name and next(part.children(), None) is None
        ]
        raise QuestionError(f"which layer? The network has {', '.join(names[:12]) or 'none'}")
    if draws < 1 or draws > 12:
        raise InputError(f"{draws} draws cannot be shown; between 1 and 12 can")
    args, kwargs = moved((tuple(args), dict(kwargs)), module)
    kept = capture(module, args, kwargs, path, training=training, call=call, seed=seed)
    seen = _seen(path, kept, samples, tokens, draws, seed)
    teller = teller_of(seen.layer) or tell_any
    with torch.no_grad():
        try:
            told = teller(seen)
        except NotShown:
            told = tell_any(seen)
    layer_type = kept.call.written.split("(")[0] if kept.call and kept.call.written else seen.type
    return LayerShown(
        path=path,
        type=layer_type,
        written=kept.call.written if kept.call and kept.call.written else _written(seen.layer),
        see=told.see,
        source=source,
        weights=weights,
        mode=f"the network ran in {'training' if training else 'evaluation'} mode",
        takes=tuple(seen.x.shape),
        gives=tuple(seen.y.shape),
        pictures=_with_input(told, seen, args, kwargs),
        numbers=told.numbers,
        notes=(*notes, *told.notes, *((kept.ended,) if kept.ended else ())),
        calls=kept.calls,
        call=call,
        place=place,
    )


def _seen(
    path: str, kept: Kept, samples: tuple[str, ...], tokens: tuple[str, ...], draws: int, seed: int
) -> Seen:
    call = kept.call
    assert isinstance(call, Call)
    x, y = first_tensor((call.args, dict(call.kwargs))), first_tensor(call.output)
    if x is None or y is None:
        raise QuestionError(
            f"{path} {'takes' if x is None else 'gives'} no tensor, so there is nothing to show"
        )
    if x.numel() == 0 or y.numel() == 0:
        raise QuestionError(
            f"{path} {'takes' if x.numel() == 0 else 'gives'} an empty tensor: nothing to show"
        )
    return Seen(
        path=path,
        layer=call.layer,
        args=call.args,
        kwargs=call.kwargs,
        output=call.output,
        x=readable(x),
        y=readable(y),
        samples=samples,
        tokens=tokens,
        draws=draws,
        run=lambda training, offset, *first, **changed: again(
            call, training, seed + offset, *first, **changed
        ),
    )


def _written(layer: nn.Module) -> str:
    """As its repr says it; the name alone where that tells of the layers inside."""
    text = repr(layer)
    return text if "\n" not in text else type(layer).__name__


def _with_input(told: Told, seen: Seen, args: Any, kwargs: Any) -> tuple[Any, ...]:
    """The images that went into the network come first, unless the layer's own input is the image."""
    given = first_tensor((args, kwargs))
    if given is None or (given.shape == seen.x.shape and torch.equal(readable(given), seen.x)):
        return told.pictures
    image = image_tiles(readable(given), seen.sample, SAMPLES_PICTURED)
    return (image, *told.pictures) if image is not None else told.pictures
