"""The states of recurrent layers: their shapes and the names of their axes."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import tensors_in

LAYERS = ("LSTM", "GRU", "RNN")
CELLS = ("LSTMCell", "GRUCell", "RNNCell")
STEPS = ("lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell")


def state_shape(module: Module, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of `h_0` for an input of `shape`."""
    hidden = integer(module.arguments.get("hidden_size")) or 0
    if module.type in CELLS:
        return (*shape[:-1], hidden)
    first = module.arguments.get("batch_first") is True
    batch = () if len(shape) != 3 else shape[:1] if first else shape[1:2]
    return (layers_and_directions(module), *batch, integer(module.arguments.get("proj_size")) or hidden)


def layers_and_directions(module: Module) -> int:
    """num_layers · directions."""
    return (integer(module.arguments.get("num_layers")) or 1) * (
        2 if module.arguments.get("bidirectional") else 1
    )


def state_axes(module: Module, rank: int) -> list[str]:
    """The names of a state's axes."""
    if module.type in CELLS:
        return ["batch", "hidden"][-rank:]
    return ["layers · directions", *(["batch"] if rank == 3 else []), "hidden"]


def state_words(module: Module) -> str:
    """A batch's state in words: (2, batch, hidden)."""
    return f"({layers_and_directions(module)}, batch, hidden)"


def state_of(subject: Subject, tensor: int) -> tuple[Module, Call] | None:
    """The recurrent layer whose last state the tensor is, with its call; None for every other tensor."""
    for call in reversed(subject.calls):
        if call.kind != "module" or call.name not in LAYERS or tensor not in call.outputs:
            continue
        parts = call.result if isinstance(call.result, tuple) else ()
        if len(parts) != 2 or tensor in tensors_in(
            parts[0]
        ):  # the steps, of packed rows with what orders them
            return None
        return subject.modules[call.module], call
    return None
