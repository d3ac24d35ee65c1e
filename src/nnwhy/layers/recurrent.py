"""Cards of the recurrent layers: one step after another, with a memory."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import module, paper

ELMAN = paper("Finding Structure in Time", "Elman", 1990, "https://doi.org/10.1207/s15516709cog1402_1")
HOCHREITER = paper(
    "Long Short-Term Memory", "Hochreiter, Schmidhuber", 1997, "https://doi.org/10.1162/neco.1997.9.8.1735"
)
CHO = paper(
    "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
    "Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk, Bengio",
    2014,
    "1406.1078",
)

NEIGHBOURS = """
| layer | memory | weights, against RNN | use it |
|---|---|---|---|
| RNN | h | 1 × | short sequences, to learn from |
| GRU | h, with 2 gates | 3 × | as good as LSTM on many tasks, cheaper |
| LSTM | h and c, with 3 gates | 4 × | long sequences; the usual one |
| RNNCell, GRUCell, LSTMCell | the same, one step at a time | 1, 3, 4 × | loops that you write: a decoder that feeds on its own output |
| Conv1d | none: a fixed window | | patterns of known length, all steps at once |
| TransformerEncoder | none: every step sees all | | long range, all steps at once; cost grows with length² |
"""

FORMULAS = {
    "RNN": "h_t = tanh(W_ih·x_t + b_ih + W_hh·h_(t−1) + b_hh), or relu in place of tanh",
    "LSTM": """i, f, g, o = the four parts of W_ih·x_t + b_ih + W_hh·h_(t−1) + b_hh; c_t = σ(f)·c_(t−1) + σ(i)·tanh(g); h_t = σ(o)·tanh(c_t);
        with proj_size h_t = W_hr·(σ(o)·tanh(c_t))""",
    "GRU": """r = σ(W_ir·x + b_ir + W_hr·h + b_hr), z = σ(W_iz·x + b_iz + W_hz·h + b_hz), n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)); h_t = (1 − z)·n + z·h""",
}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
WHY = {
    "RNN": """In a sequence the meaning of a step depends on those before, and sequences have any length. The same small network is applied at every step and
        hands on what it remembers. Over many steps its gradients vanish or explode: LSTM and GRU mend that.""",
    "LSTM": """A plain RNN rewrites its memory at every step, so gradients vanish over tens of steps. Here a cell c is only added to and scaled by gates, so what was
        seen long ago can stay: one gate forgets, one lets in, one lets out (Hochreiter, Schmidhuber 1997; the forget gate came in 2000).""",
    "GRU": """It keeps an LSTM's idea, a memory that is mixed and not rewritten, with two gates and no separate cell: fewer weights, and as good on many
        tasks (Cho et al. 2014).""",
}
MEMORY = {"RNN": "a hidden vector", "LSTM": "a hidden vector and a cell", "GRU": "a gated hidden vector"}
REFERENCES = {"RNN": (ELMAN,), "LSTM": (HOCHREITER,), "GRU": (CHO,)}
STATE = {"RNN": "h_n", "LSTM": "(h_n, c_n)", "GRU": "h_n"}

SIZES = """
input_size | length of each step's vector: the last axis of the input | more weights
hidden_size | length of the memory, and of each output step | remembers more; weights grow with its square
"""
STACK = """
num_layers = 1 | how many are stacked, each reading the outputs of the one below | deeper, slower
bias = True | whether there are biases, two for each gate
batch_first = False | whether input and output are (N, L, …) and not (L, N, …); the state is (layers, N, …) either way
dropout = 0.0 | probability to zero outputs between stacked layers, not after the last: with num_layers=1 it does nothing | more noise
bidirectional = False | whether a second one reads backwards; outputs are then twice as long
"""
INITIALISATION = "Every weight and bias uniform between −1/√hidden_size and 1/√hidden_size."


def recurrent(name: str) -> Card:
    """The card of RNN, LSTM or GRU."""
    gates = GATES[name]
    extra = {
        "RNN": "nonlinearity = 'tanh' | 'tanh' or 'relu'; it is the fourth positional argument",
        "LSTM": "proj_size = 0 | where above 0, h is projected to this length | longer h",
        "GRU": "",
    }[name]
    return module(
        name,
        "recurrent",
        sentence=f"Reads a sequence step by step, carrying {MEMORY[name]} from each step to the next.",
        here="reads steps of {input_size} numbers, remembers {hidden_size}{num_layers:unless 1|, @ layers}{bidirectional:if|, both ways}",
        data=f"""(L, N, input_size), or (N, L, input_size) with batch_first, becomes (L, N, hidden_size), and the last state {STATE[name]}. Each output
            step depends on its own and all earlier steps (and later ones, if bidirectional); samples are kept apart; the weights are shared by all steps.""",
        why=WHY[name],
        arguments=f"{SIZES}\n{STACK}\n{extra}",
        shape="rnn_tanh" if name == "RNN" else name.lower(),
        shape_note=f"""output (L, N, D·hidden_size), h_n (D·num_layers, N, hidden_size){", c_n likewise" if name == "LSTM" else ""}, with D = 2 if
            bidirectional, else 1{"; proj_size in place of hidden_size for output and h_n where it is given" if name == "LSTM" else ""}""",
        modes="The same, but for dropout between layers, in training only.",
        initialisation=INITIALISATION,
        parameters=f"""for each layer and direction: {gates}·hidden_size·(input + hidden_size + 2 if bias), input being input_size in the first layer, D·hidden_size
            above{"; with proj_size 4·hidden_size·(input + proj_size + 2 if bias) + proj_size·hidden_size, input being D·proj_size above" if name == "LSTM" else ""}""",
        multiply_adds=f"for each step, sample, layer and direction: {gates}·hidden_size·(input + hidden_size)",
        pitfalls=f"""
            It returns a pair (output, {STATE[name]}): a layer after it in nn.Sequential gets the pair | recurrent-input
            The batch is at axis 1 unless batch_first=True; a swap is silent where sizes allow, and mixes samples | recurrent-input
            input_size must be the length of the last axis | recurrent-input
            h_n is (layers, N, …) even with batch_first=True
            The last output of a padded sequence is that of the padding: pack_padded_sequence, or index the true end
            Gradients can explode: clip them with torch.nn.utils.clip_grad_norm_
        """,
        neighbours=NEIGHBOURS,
        references=REFERENCES[name],
        formula=FORMULAS[name],
        reference=f"recurrent.{name.lower()}",
        aliases=("rnn_tanh", "rnn_relu") if name == "RNN" else (name.lower(),),
    )


def cell(kind: str) -> Card:
    """The card of RNNCell, LSTMCell or GRUCell."""
    state = "h and c" if kind == "LSTM" else "h"
    return module(
        f"{kind}Cell",
        "recurrent",
        sentence=f"One step of {'an' if kind != 'GRU' else 'a'} {kind}: from an input and the memory, the next memory.",
        here=f"one {kind} step: {{input_size}} numbers in, {{hidden_size}} remembered",
        data=f"""(N, input_size) and the state {state} of (N, hidden_size) become the next state. Within a sample everything is mixed; samples are kept apart.""",
        why=f"""Where each step's input depends on the last step's output, as in a decoder that feeds on what it wrote, the loop must be yours. {WHY[kind]}""",
        arguments=f"""
            {SIZES}
            bias = True | whether there are biases, two for each gate
            {"nonlinearity = 'tanh' | 'tanh' or 'relu'" if kind == "RNN" else ""}
        """,
        shape="rnn_tanh_cell" if kind == "RNN" else f"{kind.lower()}_cell",
        shape_note="(N, hidden_size)" + (" twice: h and c" if kind == "LSTM" else ""),
        modes="The same.",
        initialisation=INITIALISATION,
        parameters=f"{GATES[kind]}·hidden_size·(input_size + hidden_size + 2 if bias)",
        multiply_adds=f"N·{GATES[kind]}·hidden_size·(input_size + hidden_size)",
        pitfalls=f"""
            {"It returns the pair (h, c), and there is no separate output: h is it" if kind == "LSTM" else "It returns h alone; there is no separate output"} | recurrent-input
            It takes one step, (N, input_size): a whole sequence of (L, N, input_size) is an error | recurrent-input
            A loop over it is much slower than {kind} on a whole sequence
        """,
        neighbours=NEIGHBOURS,
        references=REFERENCES[kind],
        formula=FORMULAS[kind],
        reference=f"recurrent.{kind.lower()}_cell",
    )


RECURRENT = tuple(recurrent(name) for name in GATES)
CELLS = tuple(cell(name) for name in GATES)

RNN_BASE = module(
    "RNNBase",
    "recurrent",
    sentence="What RNN, LSTM and GRU share: their weights, stacking and checks. Use one of those.",
    here="a recurrent layer: {input_size} in, {hidden_size} remembered",
    data="As RNN, LSTM or GRU, by its mode.",
    why="It is a base to build those three on, not a layer for networks: its own forward is not defined.",
    arguments=f"""
        mode | 'RNN_TANH', 'RNN_RELU', 'LSTM' or 'GRU'
        {SIZES}
        {STACK}
        proj_size = 0 | where above 0, an LSTM's h is projected to this length | longer h
    """,
    shape="rnn_tanh",
    shape_note="that of RNN, LSTM or GRU",
    modes="The same, but for dropout between layers.",
    initialisation=INITIALISATION,
    parameters="those of RNN, LSTM or GRU",
    multiply_adds="those of RNN, LSTM or GRU",
    pitfalls="Calling it raises NotImplementedError: make an RNN, LSTM or GRU",
    neighbours=NEIGHBOURS,
    formula="; ".join(f"{name}: {formula}" for name, formula in FORMULAS.items()),
)
RNN_CELL_BASE = module(
    "RNNCellBase",
    "recurrent",
    sentence="What RNNCell, LSTMCell and GRUCell share: their weights. Use one of those.",
    here="a recurrent step: {input_size} in, {hidden_size} remembered",
    data="As RNNCell, LSTMCell or GRUCell.",
    why="It is a base to build those three on, not a layer for networks: its own forward is not defined.",
    arguments=f"""
        {SIZES}
        bias | whether there are biases
        num_chunks | how many parts the weights have: 1 for RNN, 4 for LSTM, 3 for GRU | more gates
    """,
    shape="rnn_tanh_cell",
    shape_note="(N, hidden_size)",
    modes="The same.",
    initialisation=INITIALISATION,
    parameters="num_chunks·hidden_size·(input_size + hidden_size + 2 if bias)",
    multiply_adds="N·num_chunks·hidden_size·(input_size + hidden_size)",
    pitfalls="Calling it raises NotImplementedError: make an RNNCell, LSTMCell or GRUCell",
    neighbours=NEIGHBOURS,
    formula="; ".join(f"{name}: {formula}" for name, formula in FORMULAS.items()),
)
