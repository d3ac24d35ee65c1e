"""Recurrent layers and their cells, also on packed sequences."""

from __future__ import annotations

from nnwhy.facts.expression import Expression, multiply
from nnwhy.facts.value import TensorRef, tensors_in
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.site import NoRule, Site, sizes_of

_LENGTHS = "the values in `lengths`"


@rule("lstm", "gru", "rnn_tanh", "rnn_relu")
def recurrent(site: Site) -> list[Sizes]:
    """(length, batch, input_size) → (length, batch, directions·hidden) and the last states (layers·directions, batch, hidden).

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    """
    x = site.sizes("input")
    weights = [site.trace.tensors[id] for id in tensors_in(site.call.arguments.get("params"))]
    hidden = sizes_of(weights[1])[1]
    both = site.flag("bidirectional")
    features: Expression = multiply(2, hidden) if both else hidden
    layers = site.number("num_layers", 1)
    depth = multiply(2, layers) if both else layers
    batch = _batch(site, x)
    state: tuple[Axis, ...] = (depth, batch, hidden)
    made: list[Sizes] = [(*x[:-1], features), state]
    if site.call.name == "lstm":
        gates = sizes_of(weights[0])[0]
        projected = gates.value != 4 * hidden.value
        made.append((depth, batch, sizes_of(weights[-1])[1] if projected else hidden))
    return made


def _batch(site: Site, x: tuple[Expression, ...]) -> Expression:
    if not site.has("batch_sizes"):
        return x[0 if site.flag("batch_first") else 1]
    return _packed_batch(site)


def _packed_batch(site: Site) -> Expression:
    """The number of packed sequences: that of the lengths that they were packed by."""
    origin = site.tensor("batch_sizes").origin.call
    maker = site.trace.calls[origin] if origin is not None else None
    if maker is None or maker.name != "_pack_padded_sequence":
        raise NoRule("sequences packed elsewhere")
    return Site(site.trace, maker).sizes("lengths")[0]


@rule("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell")
def cell(site: Site) -> list[Sizes]:
    """(batch, input_size) → (batch, hidden_size), for an LSTM the state and the cell state."""
    x, weight = site.sizes("input"), site.sizes("w_hh")
    return [(*x[:-1], weight[1])] * len(site.call.outputs)


@rule("_pack_padded_sequence")
def pack(site: Site) -> list[Sizes]:
    """The steps of all sequences in one row, without the padding, and how many sequences have each step."""
    x = site.sizes("input")
    return [(site.from_data(_LENGTHS, 0), *x[2:]), (site.from_data(_LENGTHS, 0, 1),)]


@rule("_pad_packed_sequence")
def unpack(site: Site) -> list[Sizes]:
    """One row a sequence again, as long as the longest one (or `total_length`), and the lengths."""
    data, steps, batch = site.sizes("input"), site.sizes("batch_sizes"), _packed_batch(site)
    total = site.call.arguments.get("total_length")
    long = site.integer("total_length", -1) > 0 and not isinstance(total, TensorRef)
    length: Expression = site.number("total_length") if long else steps[0]
    order = (batch, length) if site.flag("batch_first") else (length, batch)
    return [(*order, *data[1:]), (batch,)]
