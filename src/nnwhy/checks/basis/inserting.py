"""Edits that put an operation in front of a layer: in `forward`, in a Sequential, or where the network is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nnwhy.checks.basis.editing import added_argument, argument_written, before, bracketed, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import tensors_in


def in_front(
    subject: Subject, call: Call, method: str, layer: str, *, means: str = "", safe: bool = True
) -> list[Fix]:
    """Fixes that apply `method` (".flatten(1)") to what `call` gets, or put `layer` ("Flatten()") before its layer in a Sequential."""
    found: list[Fix] = []
    outer = subject.user_call(call)
    argument = first_argument(subject, outer)
    if argument is not None and _first_inside(subject, outer, call):
        edit = Edit(argument, bracketed(subject.text(argument)) + method)
        found.append(labelled(subject, [edit], means=means, safe=safe))
        further = [
            labelled(subject, [Edit(place, bracketed(subject.text(place)) + method)], means=means, safe=safe)
            for place in dict.fromkeys(_handed_in(subject, outer))
        ]
        # What several blocks share is changed where the first of them is called.
        found = [*reversed(further), *found] if _shared(subject, outer) else [*found, *further]
    module = subject.layer(call)
    edit = before_in_sequence(subject, module, layer) if module is not None and layer else None
    if edit is not None:
        found.append(labelled(subject, [edit], means=means, safe=safe))
    return found


def _handed_in(subject: Subject, call: Call) -> Iterator[Place]:
    """Where the blocks around a call were given the very tensor that it gets, the outermost last."""
    above = subject.calls[call.parent] if call.parent is not None else None
    while above is not None and above.parent is not None and above.inputs[:1] == call.inputs[:1]:
        argument = first_argument(subject, above) if subject.owned(above.place) else None
        if argument is not None:
            yield argument
        above = subject.calls[above.parent]


def _shared(subject: Subject, call: Call) -> bool:
    """Whether the code around a call runs for several blocks of one class."""
    above = subject.calls[call.parent] if call.parent is not None else None
    block = subject.modules.get(above.module) if above is not None and above.kind == "module" else None
    if block is None or block.qualified_type.startswith("torch.nn."):
        return False
    return sum(module.qualified_type == block.qualified_type for module in subject.modules.values()) > 1


def around(subject: Subject, call: Call, method: str, behind: str) -> Edit | None:
    """Apply `method` to what the user's call gets and `behind` to what it gives; `{x}` in them is the argument's text."""
    outer = subject.user_call(call)
    written = subject.source_call(outer.place)
    argument = first_argument(subject, outer)
    if written is None or argument is None or not _first_inside(subject, outer, call):
        return None
    text = subject.text(argument)
    call_text = subject.text(written.place)
    start = argument.column - written.place.column
    if argument.line != written.place.line or argument.end_line != argument.line:
        return None
    head, tail = call_text[:start], call_text[start + len(text) :]
    x = bracketed(text)
    return Edit(written.place, f"{head}{x}{method.replace('{x}', x)}{tail}{behind.replace('{x}', x)}")


def first_argument(subject: Subject, call: Call) -> Place | None:
    """The place of the data in the user's call: its first argument, or the tensor of a method."""
    written = subject.source_call(call.place)
    if written is None:
        return None
    for argument in written.arguments:
        if not argument.starred and (not argument.name or argument.name in ("input", "x")):
            return argument.place
    return None


def before_in_sequence(subject: Subject, module: Module, text: str) -> Edit | None:
    """`nn.<text>, ` before the layer, where it is written as an item of a Sequential or of a list."""
    call = subject.source_call(module.constructed[0] if module.constructed else None)
    if call is None or not (call.within in ("List", "Tuple") or call.within.endswith("Sequential(")):
        return None
    prefix = call.function.rpartition(".")[0]
    return Edit(before(call.place), f"{prefix + '.' if prefix else ''}{text}, ")


def feeding_calls(subject: Subject) -> Iterator[SourceCall]:
    """The calls in the user's files that hand data to the network itself."""
    if subject.trace is None:
        return
    root = subject.trace.root
    places = set(subject.modules[""].constructed if "" in subject.modules else ())
    for source in subject.sources.values():
        holders = {
            assignment.target
            for assignment in source.assignments
            if assignment.text.startswith(f"{root}(")
            or any(place.path == source.path and _within(assignment.value, place) for place in places)
        }
        for call in source.calls:
            made_here = call.function.startswith(f"{root}(")
            if (call.function in holders or made_here) and call.arguments:
                yield call


def fed_otherwise(
    subject: Subject,
    change: Callable[[str], str],
    inputs: tuple[InputSpec, ...],
    *,
    means: str = "",
    which: int = 0,
) -> list[Fix]:
    """Where the network is called in the file: its argument at position `which` changed. The proof runs on `inputs`."""
    found: list[Fix] = []
    names = [given.name for given in subject.trace.inputs] if subject.trace is not None else []
    for call in feeding_calls(subject):
        name = names[which] if which < len(names) else ""
        place = argument_written(call, name, which)
        argument = next((a for a in call.arguments if a.place == place), None)
        if argument is not None:
            fix = labelled(subject, [Edit(argument.place, change(argument.text))], means=means)
            found.append(Fix(fix.label, fix.edits, fix.means, fix.safe, None, inputs))
    return found


def input_specs(
    subject: Subject, change: Callable[[tuple[int, ...]], tuple[int, ...]]
) -> tuple[InputSpec, ...]:
    """The inputs of the pass as specs, the sizes of the first tensor changed."""
    assert subject.trace is not None
    specs: list[InputSpec] = []
    for given in subject.trace.inputs:
        for tensor in tensors_in(given.value):
            fact = subject.trace.tensors[tensor]
            shape = change(fact.shape) if not specs else fact.shape
            specs.append(InputSpec(shape, fact.dtype))
    return tuple(specs)


def with_keyword(subject: Subject, module: Module, text: str) -> Edit | None:
    """One more argument in the call that constructs a layer."""
    call = subject.source_call(module.constructed[0] if module.constructed else None)
    return None if call is None else added_argument(call, text)


def _first_inside(subject: Subject, outer: Call, call: Call) -> bool:
    """Whether `call` gets the very tensor that the user's call was given (activations and dropouts in between aside)."""
    if outer.id == call.id:
        return True
    given = set(outer.inputs[:1])
    for inner in subject.calls[outer.id + 1 : call.id + 1]:
        if inner.id == call.id:
            return bool(given & set(inner.inputs))
        if inner.kind == "function" and given & set(inner.inputs) and inner.outputs:
            if inner.name not in ("relu", "dropout", "gelu", "tanh", "leaky_relu", "sigmoid"):
                return False
            given |= set(inner.outputs)
    return False


def _within(outer: Place, inner: Place) -> bool:
    from nnwhy.checks.basis.editing import contains

    return contains(outer, inner)
