"""Cards of the modules that hold other modules or parameters."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import module

NEIGHBOURS = """
| holder | holds | calls them | use it |
|---|---|---|---|
| Module | anything, by attribute | as you write | every network |
| Sequential | modules in order | one after another | a straight chain |
| ModuleList | modules by number | no: you loop | layers called in your own order |
| ModuleDict | modules by name | no: you choose | heads and branches by name |
| ParameterList, ParameterDict | parameters by number, by name | no | loose weights |
| a Python list or dict | nothing that PyTorch sees | no | never for layers |
"""
REGISTERED = (
    "Layers in a plain Python list, tuple or dict are not trained, moved or saved | modules-unregistered"
)


def container(
    name: str, *, reason: str = "It holds others and has no arithmetic of its own.", **fields: Any
) -> Card:
    """The card of a holder."""
    still: dict[str, Any] = {
        "modes": "Passes `train()` and `eval()` on to all that it holds.",
        "parameters": "those of what it holds",
        "multiply_adds": "those of what it holds",
        "neighbours": NEIGHBOURS,
        "formula": reason,
    }
    return module(name, "containers", **{**still, **fields})


MODULE = container(
    "Module",
    sentence="What every layer and network is: parameters, other modules, and a forward.",
    here="a network or layer of your own",
    data="Whatever its forward does.",
    why="It finds all parameters for the optimiser, moves them to a device, saves and loads them, and switches training and evaluation, all the way down.",
    arguments="args | for classes built on it; Module itself takes none\nkwargs | likewise",
    shape_note="whatever its forward returns",
    pitfalls="""
        super().__init__() must come first in __init__ | missing-super-init
        A plain tensor as an attribute is not trained or moved: nn.Parameter or register_buffer | parameter-unregistered
        Call the module, not its forward: hooks run only then
        A layer made in __init__ and not used in forward is dead weight | layer-unused
    """,
)
SEQUENTIAL = container(
    "Sequential",
    sentence="Calls its modules one after another, each on the last one's output.",
    here="its layers, one after another",
    data="As its modules.",
    why="A straight chain needs no forward of its own.",
    arguments="args | the modules, in order, or one OrderedDict of them",
    shape_note="that of the last module",
    pitfalls=f"""
        Each gets one argument: after an LSTM or attention that is a pair | recurrent-input
        [nn.Linear(8, 8)] * 4 is four times the same layer | layers-share-by-accident
        A list must be unpacked: nn.Sequential(*layers)
        {REGISTERED}
    """,
)
MODULE_LIST = container(
    "ModuleList",
    sentence="A list of modules that PyTorch sees.",
    here="a list of layers, called by your own loop",
    data="None: it is not called itself.",
    why="A loop over layers, with shortcuts between them, is no straight chain.",
    arguments="modules = None | the modules",
    shape_note="none",
    pitfalls=f"""
        It has no forward: calling it is an error
        {REGISTERED}
    """,
)
MODULE_DICT = container(
    "ModuleDict",
    sentence="A dictionary of modules that PyTorch sees.",
    here="layers by name, called by your own code",
    data="None: it is not called itself.",
    why="Heads for several tasks, activations by name.",
    arguments="modules = None | names and modules",
    shape_note="none",
    pitfalls=f"""
        It has no forward: calling it is an error
        Names must be strings, without dots
        {REGISTERED}
    """,
)
PARAMETER_LIST = container(
    "ParameterList",
    sentence="A list of parameters that PyTorch sees.",
    here="a list of weights",
    data="None: it is not called.",
    why="Loose weights, one for each layer or scale.",
    arguments="values = None | the parameters; plain tensors become parameters",
    shape_note="none",
    pitfalls="Tensors in a plain Python list are not trained | parameter-unregistered",
)
PARAMETER_DICT = container(
    "ParameterDict",
    sentence="A dictionary of parameters that PyTorch sees.",
    here="weights by name",
    data="None: it is not called.",
    why="Loose weights, by name.",
    arguments="parameters = None | names and parameters; plain tensors become parameters",
    shape_note="none",
    pitfalls="Tensors in a plain Python dict are not trained | parameter-unregistered",
)
CONTAINER = container(
    "Container",
    sentence="The old name of Module for holders; deprecated.",
    here="a network of named layers",
    data="None: it has no forward.",
    why="It remains for old code; it takes modules by name and warns.",
    arguments="args | not used\nkwargs | the modules, by name",
    shape_note="none",
    pitfalls="Deprecated: use Module or Sequential",
)
DATA_PARALLEL = container(
    "DataParallel",
    sentence="Cuts each batch into parts, one for each GPU, runs copies of the module on them, and joins the outputs.",
    here="a copy on each GPU, the batch cut{dim:unless 0| along axis @}",
    data="(N, …) is cut along dim; each GPU computes its part with the same weights; outputs are joined.",
    why="Several GPUs of one machine share a batch. DistributedDataParallel is faster, even there.",
    arguments="""
        module | what is to be run
        device_ids = None | which GPUs; None means all
        output_device = None | where the outputs go; None means the first of device_ids
        dim = 0 | the axis that is cut
    """,
    shape_note="the module's",
    pitfalls="""
        Batch normalisation sees only its GPU's part of the batch
        The names of the parameters begin with "module." in what is saved
        What forward writes into the module is lost: it is written into a copy
    """,
    reason="y = join(module(part_1), …, module(part_k)): the arithmetic is the module's.",
)
