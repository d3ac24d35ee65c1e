"""Recurrent layers and attention."""

import torch
from torch import nn

from rule_calls import Drawn, broadcastable, calls, found, number, one_of, tensor

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn_tanh": nn.RNN, "rnn_relu": nn.RNN}


def layer(draw, name):
    given = {
        "num_layers": number(draw, 1, 2), "bidirectional": one_of(draw, True, False),
        "batch_first": one_of(draw, True, False),
    }  # fmt: skip
    if name == "rnn_relu":
        given["nonlinearity"] = "relu"
    if name == "lstm" and one_of(draw, True, False):
        given["proj_size"] = 2
    return LAYERS[name](3, 4 + number(draw, 0, 2), **given)


def pack(x, first):
    lengths = torch.arange(1, x.shape[0 if first else 1] + 1).clamp(max=x.shape[1 if first else 0]).flip(0)
    return nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=first)


@calls("lstm", "gru", "rnn_tanh", "rnn_relu")
def recurrent(draw, name):
    net = layer(draw, name)
    x = tensor((number(draw, 1, 4), number(draw, 1, 4), 3))
    if one_of(draw, True, False):
        return Drawn(net, (x,))
    return Drawn(lambda given: net(pack(given, net.batch_first)), (x,))


@calls("_pack_padded_sequence", "_pad_packed_sequence")
def packed(draw, name):
    first = one_of(draw, True, False)
    total = one_of(draw, None, 9)
    x = tensor((number(draw, 1, 4), number(draw, 1, 4), 3))

    def through(given):
        return nn.utils.rnn.pad_packed_sequence(pack(given, first), batch_first=first, total_length=total)

    return Drawn(through, (x,))


@calls("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell")
def cell(draw, name):
    hidden = number(draw, 1, 4)
    kind = {"lstm_cell": nn.LSTMCell, "gru_cell": nn.GRUCell}.get(name, nn.RNNCell)
    given = {"nonlinearity": "relu"} if name == "rnn_relu_cell" else {}
    return Drawn(kind(3, hidden, **given), (tensor((number(draw, 1, 4), 3)),))


@calls("scaled_dot_product_attention")
def attention(draw, name):
    length, source, size, values = (number(draw, 1, 5) for _ in range(4))
    if one_of(draw, True, False):
        shapes = ((2, 4, length, size), (2, 2, source, size), (2, 2, source, values))
        given = {"enable_gqa": True}
    else:
        query, key = broadcastable(draw, 2, 1, 2)
        shapes, given = ((*query, length, size), (*key, source, size), (*key, source, values)), {}
    return Drawn(found(name), tuple(tensor(sizes) for sizes in shapes), given)


@calls("multi_head_attention_forward")
def multi_head_attention(draw, name):
    given = {
        "bias": True,
        "add_bias_kv": one_of(draw, True, False),
        "add_zero_attn": one_of(draw, True, False),
    }
    net = nn.MultiheadAttention(4, 2, kdim=one_of(draw, 4, 3), vdim=one_of(draw, 4, 5), **given)
    batch = (number(draw, 1, 3),) if one_of(draw, True, True, False) else ()
    length, source = number(draw, 1, 4), number(draw, 1, 4)
    args = (
        tensor((length, *batch, 4)),
        tensor((source, *batch, net.kdim)),
        tensor((source, *batch, net.vdim)),
    )
    return Drawn(
        net,
        args,
        {"average_attn_weights": one_of(draw, True, False), "need_weights": one_of(draw, True, False)},
    )
