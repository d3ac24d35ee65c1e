"""A recurrent layer gets a first state of another shape than its layers, directions, batch and width ask for.

## What it finds
`LSTM`, `GRU`, `RNN` and their cells whose `h_0` (or `c_0`) does not fit: made for another batch size, for one direction,
without the axis of the layers, with the batch first; and layers without `batch_first=True` whose state shows that the
batch is the input's first axis.

## Why it matters
The pass stops there. A state is (layers · directions, batch, width), whatever `batch_first` says.

## Example
    h0 = torch.zeros(1, 32, 64)                 # the last batch of the data has 14 samples
    out, h = self.gru(x, h0)

## Use instead
    h0 = torch.zeros(1, x.size(0), 64)          # or no state: the layer then begins with zeros

## When it is fine
Never: the call raises. `# nnwhy: ignore[hidden-state]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import after, bracketed, labelled
from nnwhy.checks.basis.inserting import first_argument, with_keyword
from nnwhy.checks.basis.mending import distinct
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.recurrent import CELLS, LAYERS, STEPS, state_axes, state_shape, state_words
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.state_sizes import maker_of_state, resized_state
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import TensorRef, tensors_in


@check(
    name="hidden-state",
    severity="error",
    summary="A recurrent layer gets a first state of another shape than it needs.",
    title="{layer} needs a first state of {wanted}, {axes}, and gets {given}",
)
def hidden_state(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*LAYERS, *CELLS, *STEPS):
        module = subject.modules.get(call.module)
        states = list(tensors_in(call.arguments.get("hx")))
        if module is None or not call.inputs or not states:
            continue
        shape = subject.shape(call.inputs[0])
        if not shape or shape[-1] != integer(module.arguments.get("input_size")):
            continue
        wanted = state_shape(module, shape)
        if module.type in ("LSTM", "LSTMCell") and isinstance(call.arguments.get("hx"), TensorRef):
            yield _single(subject, call, module, states[0], wanted)
            continue
        wrong = [state for state in states if subject.shape(state) != wanted]
        if not wrong:
            continue
        given = subject.shape(wrong[0])
        fixes = distinct(list(_fixes(subject, call, module, wrong, shape, wanted)))
        outer = subject.user_call(call).place
        differ = [axis for axis, (one, other) in enumerate(zip(given, wanted, strict=False)) if one != other]
        yield Finding(
            check="hidden-state",
            severity="error",
            place=fixes[0].edits[0].place if fixes and fixes[0].edits else outer,
            values={
                "layer": module.path or module.type,
                "wanted": shape_text(wanted),
                "axes": f"({', '.join(state_axes(module, len(wanted)))})",
                "given": shape_text(given),
            },
            expected=shape_text(wanted),
            actual=shape_text(given),
            because=tuple(_reasons(module, shape, given, wanted)),
            derivations=tuple(
                subject.derivations.of(wrong[0], axis) for axis in differ if len(given) == len(wanted)
            ),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=module.path,
            call=call.id,
        )


def _single(subject: Subject, call: Call, module: Module, state: int, wanted: tuple[int, ...]) -> Finding:
    """One tensor for an LSTM, which has two states."""
    outer = subject.user_call(call)
    places = _state_places(subject, outer, 1)
    fixes: list[Fix] = []
    if places and subject.shape(state) == wanted:
        text = subject.text(places[0])
        pair = f"({text}, torch.zeros_like({text}))"
        fixes.append(labelled(subject, [Edit(places[0], pair)], means="a state and a cell state"))
    dropped = _dropped(subject, outer, [state])
    return Finding(
        check="hidden-state",
        severity="error",
        place=places[0] if places else outer.place,
        values={
            "layer": module.path or module.type,
            "wanted": shape_text(wanted),
            "given": shape_text(subject.shape(state)),
        },
        title="{layer} has two states, (h, c), each of {wanted}, and gets one tensor of {given}",
        expected=f"({shape_text(wanted)}, {shape_text(wanted)})",
        actual=shape_text(subject.shape(state)),
        because=("an LSTM keeps a cell state beside its output; a GRU has one state only",),
        fixes=(*fixes, *([dropped] if dropped is not None else [])),
        also=(outer.place,) if outer.place else (),
        module=module.path,
        call=call.id,
    )


def _reasons(
    module: Module, shape: tuple[int, ...], given: tuple[int, ...], wanted: tuple[int, ...]
) -> Iterator[str]:
    if len(given) != len(wanted):
        yield f"a state has {len(wanted)} axes for an input of {shape_text(shape)}"
        return
    if module.type in CELLS:
        return
    if len(wanted) == 3:
        yield f"for this layer that is {state_words(module)}, whatever batch_first says"
    if given[0] != wanted[0]:
        layers = integer(module.arguments.get("num_layers")) or 1
        ways = 2 if module.arguments.get("bidirectional") else 1
        yield f"{wanted[0]} = {layers} layer{'s' if layers > 1 else ''} × {ways} direction{'s' if ways > 1 else ''}"
    if len(wanted) == 3 and given[1] != wanted[1]:
        first = module.arguments.get("batch_first") is True
        yield (
            f"the input {shape_text(shape)} is read as ({'batch, sequence' if first else 'sequence, batch'}, features): "
            f"the batch is {wanted[1]}, and the state was made for {given[1]}"
        )


def _fixes(
    subject: Subject, call: Call, module: Module, wrong: list[int], shape: tuple[int, ...], wanted: tuple[int, ...]
) -> Iterator[Fix]:  # fmt: skip
    given = subject.shape(wrong[0])
    outer = subject.user_call(call)
    places = _state_places(subject, outer, len(wrong))
    cell = module.type in CELLS
    if not cell and len(shape) == 3 and len(given) == 3 and given[1] == shape[0] != shape[1]:
        edit = with_keyword(subject, module, "batch_first=True")
        if edit is not None and module.arguments.get("batch_first") is not True:
            yield labelled(subject, [edit], means="reads (batch, sequence, features)")
        argument = first_argument(subject, outer)
        if argument is not None and module.arguments.get("batch_first") is not True:
            text = f"{bracketed(subject.text(argument))}.transpose(0, 1)"
            yield labelled(subject, [Edit(argument, text)], means="brings the sequence to the front")
    if not cell and len(shape) == 2 and len(given) == 3:
        argument = first_argument(subject, outer)
        if argument is not None and given[1] == shape[0]:
            axis = 1 if module.arguments.get("batch_first") is True else 0
            text = f"{bracketed(subject.text(argument))}.unsqueeze({axis})"
            yield labelled(subject, [Edit(argument, text)], means="a sequence of one step for each sample")
    resized = resized_state(subject, outer, wrong, given, wanted)
    if resized is not None:
        yield resized
    method = _method(given, wanted)
    if method and places:
        edits = [Edit(place, bracketed(subject.text(place)) + method) for place in places]
        yield labelled(subject, edits, means=f"a state of {shape_text(wanted)}")
    if given and len(given) == len(wanted) and given[-1] != wanted[-1] and given[:-1] == wanted[:-1]:
        setting = module_setting(subject, module, "hidden_size")
        for way in ways_to_set(subject, setting, given[-1]):
            yield labelled(subject, way.edits, means="as wide as the state that it gets")
    if (
        len(given) == len(wanted) == 3
        and given[1:] == wanted[1:]
        and not module.arguments.get("bidirectional")
    ):
        setting = module_setting(subject, module, "num_layers")
        for way in ways_to_set(subject, setting, given[0])[:1]:
            yield labelled(subject, way.edits, means=f"{given[0]} layers, one for each state")
        if places and given[0] > wanted[0]:
            edits = [Edit(place, f"{bracketed(subject.text(place))}[-{wanted[0]}:]") for place in places]
            yield labelled(subject, edits, means="the last of the states", safe=False)
    dropped = _dropped(subject, outer, wrong)
    if dropped is not None:
        yield dropped


def _method(given: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """What brings a state's axes in order, without changing a number."""
    if given == wanted[1:] and wanted[0] == 1:
        return ".unsqueeze(0)"
    if len(given) == 3 and given[0] == 1 and given[1:] == wanted:
        return ".squeeze(0)"
    if len(given) == 3 and (given[1], given[0], given[2]) == wanted:
        return ".transpose(0, 1).contiguous()"
    return ""


def _state_places(subject: Subject, outer: Call, wrong: int) -> list[Place]:
    """Where the states are written in the call: one expression, or each of a tuple's."""
    written = subject.source_call(outer.place)
    if written is None:
        return []
    positional = [a for a in written.arguments if not a.name]
    named = next((a for a in written.arguments if a.name == "hx"), None)
    place = named.place if named else positional[1].place if len(positional) > 1 else None
    if place is None:
        return []
    import ast

    text = subject.text(place)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return []
    if isinstance(tree, ast.Tuple):
        found = [inside(place, part) for part in tree.elts] if text.isascii() else []
        return [part for part in found if part is not None]
    return [place] if wrong == 1 else []


def _dropped(subject: Subject, outer: Call, wrong: list[int]) -> Fix | None:
    """The call without its state, where that is zeros: the layer begins with those by itself."""
    written = subject.source_call(outer.place)
    # A cell is called once a step, and its first state alone is zeros: without one every step would begin anew.
    if (
        written is None
        or outer.name in CELLS
        or not all(maker_of_state(subject, state)[1] for state in wrong)
    ):
        return None
    positional = [a for a in written.arguments if not a.name]
    named = next((a for a in written.arguments if a.name == "hx"), None)
    gone = named or (positional[1] if len(positional) == 2 else None)
    before = [
        a for a in written.arguments if gone is not None and a.place.line <= gone.place.line and a is not gone
    ]
    if gone is None or not before:
        return None
    start, end = after(before[-1].place), gone.place
    if before[-1].index > gone.index and not gone.name:
        return None
    place = Place(start.path, start.line, start.column, end.end_line, end.end_column, start.function)
    return labelled(
        subject, [Edit(place, "")], means="without a state the layer begins with zeros, for any batch"
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, num_layers=2, bidirectional=True, batch_first=True)

            def forward(self, x):
                h = torch.zeros(4, x.size(0), 5)
                return self.gru(x, h)[0]
        """,
        "3,6,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, sizes=(6, 5)):
                super().__init__()
                self.sizes = sizes
                self.cells = nn.ModuleList([nn.GRUCell(4, sizes[0]), nn.GRUCell(sizes[0], sizes[1])])

            def forward(self, x):
                states = [torch.zeros(x.size(0), self.sizes[0]) for _, size in enumerate(self.sizes)]
                for step in x.unbind(1):
                    for i, cell in enumerate(self.cells):
                        states[i] = step = cell(step, states[i])
                return step
        """,
        "3,7,4",
        at="self.sizes[0])",
        fixed="states = [torch.zeros(x.size(0), size) for _, size in enumerate(self.sizes)]",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, layers=2):
                super().__init__()
                self.layers = layers
                self.gru = nn.GRU(4, 5, layers, batch_first=True, bidirectional=True)

            def first(self, batch):
                return torch.zeros(self.layers, batch, 5)

            def forward(self, x):
                return self.gru(x, self.first(x.size(0)))[0]
        """,
        "3,6,4",
        at="self.layers, batch",
        fixed="return torch.zeros(self.layers * 2, batch, 5)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)

            def forward(self, x):
                h = torch.zeros(1, 32, 5)
                return self.gru(x, h)[0]
        """,
        "3,6,4",
        at="32",
        fixed="h = torch.zeros(1, x.size(0), 5)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5)

            def forward(self, x):
                h, c = torch.zeros(1, x.size(0), 5), torch.zeros(1, x.size(0), 5)
                return self.lstm(x, (h, c))[0]
        """,
        "3,6,4",
        at=")\n\n    def forward",
        fixed="self.lstm = nn.LSTM(4, 5, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.start = nn.Linear(3, 5)
                self.gru = nn.GRU(4, 5, batch_first=True)

            def forward(self, x, context):
                return self.gru(x, self.start(context))[0]
        """,
        ("3,6,4", "3,3"),
        at="self.start(context)",
        fixed="return self.gru(x, self.start(context).unsqueeze(0))[0]",
    ),
    Bad(
        """
        from torch import nn

        batch = 50

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)

            def forward(self, x):
                return self.gru(x, self.first())[0]

            def first(self):
                return next(self.parameters()).new_zeros(1, batch, 5)
        """,
        "3,6,4",
        at=", self.first())",
        fixed="return self.gru(x)[0]",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(4, 6, 2, batch_first=True)

            def forward(self, x):
                first = torch.zeros(2, x.size(0), 6)
                out, _ = self.rnn(x, first)
                return out[:, -1]
        """,
        "3,5,4",
        at="first)",
        fixed="out, _ = self.rnn(x, (first, torch.zeros_like(first)))",
    ),
)
