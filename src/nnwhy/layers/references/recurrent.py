"""Recurrent layers in NumPy. A weight set is (W_ih, W_hh, b_ih, b_hh), the biases None without bias, and W_hr with proj_size."""

from __future__ import annotations

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gates(x, weight, bias):
    return x @ weight.T + (0 if bias is None else bias)


def rnn_cell(x, state, w_ih, w_hh, b_ih=None, b_hh=None, nonlinearity="tanh"):
    """x (N, input), state (N, hidden) → (N, hidden)."""
    total = gates(x, w_ih, b_ih) + gates(state, w_hh, b_hh)
    return np.tanh(total) if nonlinearity == "tanh" else np.maximum(0, total)


def lstm_cell(x, state, w_ih, w_hh, b_ih=None, b_hh=None, w_hr=None):
    """state and result are (h, c)."""
    h, c = state
    i, f, g, o = np.split(gates(x, w_ih, b_ih) + gates(h, w_hh, b_hh), 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return (h if w_hr is None else h @ w_hr.T), c


def gru_cell(x, state, w_ih, w_hh, b_ih=None, b_hh=None):
    """x (N, input), state (N, hidden) → (N, hidden)."""
    r_x, z_x, n_x = np.split(gates(x, w_ih, b_ih), 3, axis=-1)
    r_h, z_h, n_h = np.split(gates(state, w_hh, b_hh), 3, axis=-1)
    z = sigmoid(z_x + z_h)
    n = np.tanh(n_x + sigmoid(r_x + r_h) * n_h)
    return (1 - z) * n + z * state


def run(cell, x, weights, states, bidirectional, batch_first, dropout, training, rng):
    """Every layer and direction over the sequence; `weights` and `states` are in torch's order. Returns outputs and last states."""
    x = x.swapaxes(0, 1) if batch_first else x
    directions = 2 if bidirectional else 1
    last = []
    for first in range(0, len(weights), directions):
        if first and training and dropout:
            keep = (rng or np.random.default_rng()).random(x.shape) >= dropout
            x = x * keep / (1 - dropout) if dropout < 1 else np.zeros_like(x)
        outputs = []
        for direction in range(directions):
            state, steps = states[first + direction], []
            for step in x[::-1] if direction else x:
                state = cell(step, state, *weights[first + direction])
                steps.append(state[0] if isinstance(state, tuple) else state)
            outputs.append(np.stack(steps[::-1] if direction else steps))
            last.append(state)
        x = np.concatenate(outputs, axis=-1)
    return (x.swapaxes(0, 1) if batch_first else x), last


def rnn(
    x,
    weights,
    h=None,
    nonlinearity="tanh",
    batch_first=False,
    dropout=0.0,
    bidirectional=False,
    training=False,
    rng=None,
):
    """x (L, N, input) → outputs (L, N, D·hidden) and h_n (layers·D, N, hidden). `weights`: a set for each layer and direction."""

    def cell(step, state, *weight):
        return rnn_cell(step, state, *weight, nonlinearity=nonlinearity)

    states = zeros(x, [w[1].shape[1] for w in weights], batch_first) if h is None else h
    y, last = run(cell, x, weights, states, bidirectional, batch_first, dropout, training, rng)
    return y, np.stack(last)


def gru(x, weights, h=None, batch_first=False, dropout=0.0, bidirectional=False, training=False, rng=None):
    """x (L, N, input) → outputs (L, N, D·hidden) and h_n (layers·D, N, hidden)."""
    states = zeros(x, [w[1].shape[1] for w in weights], batch_first) if h is None else h
    y, last = run(gru_cell, x, weights, states, bidirectional, batch_first, dropout, training, rng)
    return y, np.stack(last)


def lstm(
    x, weights, state=None, batch_first=False, dropout=0.0, bidirectional=False, training=False, rng=None
):
    """x (L, N, input) → outputs (L, N, D·hidden), h_n (layers·D, N, hidden) and c_n."""
    if state is None:
        state = (
            zeros(x, [w[1].shape[1] for w in weights], batch_first),
            zeros(x, [len(w[1]) // 4 for w in weights], batch_first),
        )
    states = list(zip(*state))
    y, last = run(lstm_cell, x, weights, states, bidirectional, batch_first, dropout, training, rng)
    h, c = (np.stack(part) for part in zip(*last))
    return y, h, c


def zeros(x, sizes, batch_first):
    """First states of the given lengths, one for each layer and direction."""
    return [np.zeros((x.shape[0 if batch_first else 1], size), x.dtype) for size in sizes]
