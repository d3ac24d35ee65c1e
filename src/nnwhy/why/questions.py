"""Questions about numbers: an argument ("fc1.in_features"), a number ("9216"), a place ("net.py:22"), a size ("conv1[2]")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from nnwhy.errors import QuestionError, nearest
from nnwhy.facts.derivation import Derivation
from nnwhy.facts.explanation import Answer, Occurrence
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.trace import Call, Module, Trace
from nnwhy.facts.value import Traced, Value, plain, tensors_in
from nnwhy.source import text_at
from nnwhy.why.consumed import Consumed, consumed
from nnwhy.why.derive import Derivations
from nnwhy.why.parameters import element

_PLACE = re.compile(r"(?P<path>.*\.(?:py|ipynb))?:(?P<line>\d+)(?::\d+)?")
_ELEMENT = re.compile(r"(?P<name>.+)\[(?P<index>-?\d+)\]")
_SHOWN = 12


def answer(trace: Trace, question: str, derivations: Derivations | None = None) -> Answer:
    """Where the number that `question` asks for comes from.

    Raises QuestionError where the question names something that the network does not have, with the nearest things it has.
    """
    asked = question.strip()
    work = _Questions(trace, derivations or Derivations(trace))
    if re.fullmatch(r"\d[\d_,]*", asked):
        return work.number(asked, int(re.sub(r"[_,]", "", asked)))
    place = _PLACE.fullmatch(asked)
    if place:
        return work.place(asked, place["path"] or "", int(place["line"]))
    return work.named(asked)


class _Questions:
    def __init__(self, trace: Trace, derivations: Derivations) -> None:
        self.trace = trace
        self.derivations = derivations
        self.modules = {module.path: module for module in trace.modules if not module.same_as}

    def number(self, asked: str, number: int) -> Answer:
        """Every place where `number` occurs: layer arguments, arguments of calls, sizes."""
        found = [
            *(item for module in self.modules.values() for item in self._arguments(module, number)),
            *self._call_arguments(number),
            *self._sizes(number),
        ]
        found = found or list(self._parameter_sizes(number))
        if not found:
            raise QuestionError(
                f"{number} is no size and no argument of this network; {self._near_number(number)}"
            )
        notes = (f"and {len(found) - _SHOWN} more places",) if len(found) > _SHOWN else ()
        return Answer(asked, tuple(found[:_SHOWN]), number, notes)

    def place(self, asked: str, path: str, line: int) -> Answer:
        """The sizes that the calls on a line make, and the arguments of layers constructed there."""
        calls = [
            call for call in self.trace.calls if call.place and self._on(call, path, line) and call.outputs
        ]
        found: list[Occurrence] = []
        for call in self._outermost(calls):
            for axis, size in enumerate(self.trace.tensors[call.outputs[0]].shape):
                found.append(self._size(call.outputs[0], axis, size, call))
        for module in self.modules.values():
            if (
                module.constructed
                and self._same_file(module.constructed[0].path, path)
                and module.constructed[0].line == line
            ):
                found.extend(self._arguments(module, None))
        if not found:
            lines = sorted(
                {
                    call.place.line
                    for call in self.trace.calls
                    if call.place and self._same_file(call.place.path, path)
                }
            )
            close = sorted(lines, key=lambda other: abs(other - line))[:3]
            hint = f"; lines near it that do: {', '.join(map(str, sorted(close)))}" if close else ""
            raise QuestionError(f"line {line} makes no tensor and constructs no layer{hint}")
        return Answer(asked, tuple(found))

    def named(self, asked: str) -> Answer:
        """An argument of a layer, a layer (all its numbers), or an axis of what a layer makes."""
        indexed = _ELEMENT.fullmatch(asked)
        path, _, last = asked.rpartition(".")
        if asked in self.modules and asked:
            module = self.modules[asked]
            return Answer(asked, (*self._arguments(module, None), *self._outputs(module, None)))
        if indexed and indexed["name"] in self.modules:
            return Answer(asked, tuple(self._outputs(self.modules[indexed["name"]], int(indexed["index"]))))
        name, index = (indexed["name"].rpartition(".")[2], int(indexed["index"])) if indexed else (last, None)
        if path in self.modules and name in self.modules[path].arguments:
            found = tuple(self._argument(self.modules[path], name, index))
            if not found:
                raise QuestionError(
                    f"{asked} is {self._shown(self.modules[path].arguments[name])}, which is no whole number"
                )
            number = element(self.modules[path].arguments[name], index)
            return Answer(asked, found, number)
        raise QuestionError(self._no_such(asked, path, name))

    def _no_such(self, asked: str, path: str, name: str) -> str:
        if path in self.modules:
            known = [f"{path}.{argument}" for argument in self.modules[path].arguments]
            hint = nearest(asked, known) or f"it has {', '.join(known) or 'no arguments'}"
            return f"{path or 'the network'} has no argument {name!r}; {hint}"
        everything = [
            *self.modules,
            *(f"{m.path}.{argument}" for m in self.modules.values() for argument in m.arguments),
        ]
        hint = nearest(asked, [known for known in everything if known])
        return f"the network has no layer or argument {asked!r}; {hint or 'ask for a number (9216), a place (net.py:22) or an argument (fc1.in_features)'}"

    def _arguments(self, module: Module, number: int | None) -> Iterator[Occurrence]:
        """The whole-number arguments of a layer (those equal to `number`, where it is given)."""
        for name, value in module.arguments.items():
            if number is None or number in _numbers(value):
                yield from self._argument(module, name, None)

    def _argument(self, module: Module, name: str, index: int | None) -> Iterator[Occurrence]:
        value = module.arguments[name]
        if not _numbers(value):
            return
        written = f"{module.path}.{name}" if module.path else name
        place = module.argument_places.get(name) or (module.constructed[0] if module.constructed else None)
        met = next(
            (
                item
                for item in consumed(self.trace, module.path)
                if item.argument == name and item.index in (None, index or 0)
            ),
            None,
        )
        if met is not None:
            yield self._consumed(met, written)
            return
        number = element(value, index if isinstance(value, tuple) else None)
        what = self._choice(module, name, value if number is None else number)
        leaf = Argument(None, name, number if number is not None else _numbers(value)[0], index, module.path)
        yield Occurrence(what, place, self.derivations.of_argument(leaf), written)

    def _consumed(self, met: Consumed, written: str) -> Occurrence:
        place = met.module.argument_places.get(met.argument) or (
            met.module.constructed[0] if met.module.constructed else None
        )
        actual = self.trace.tensors[met.tensor].shape[met.axis]
        axis = self._axis(met.tensor, met.axis)
        what = f"{written} must equal {axis} of its input"
        if actual != met.value:
            what = f"{written} is {met.value}, but its input has {self._many(actual, met.tensor, met.axis)}"
        return Occurrence(what, place, self.derivations.of(met.tensor, met.axis), written)

    def _choice(self, module: Module, name: str, value: Value) -> str:
        """An argument that nothing before it fixes: a choice, and what follows from it."""
        written = f"{module.path}.{name}" if module.path else name
        free = f"{written} = {self._shown(value)} is a free choice"
        dependents = self._dependents(module, name)
        if dependents:
            return f"{free}; {', '.join(dependents)} depend{'s' if len(dependents) == 1 else ''} on it"
        return f"{free}: the size of the network's output" if self._is_output(written) else free

    def _dependents(self, module: Module, name: str) -> list[str]:
        """The arguments of later layers that must follow this one."""
        found: list[str] = []
        for met in consumed(self.trace):
            if met.module.path == module.path or len(found) >= 3:
                continue
            steps = self.derivations.of(met.tensor, met.axis).steps
            if any(
                step.kind == "argument" and step.about.startswith(f"{module.path}.{name}") for step in steps
            ):
                written = f"{met.module.path}.{met.argument}"
                if written not in found:
                    found.append(written)
        return found

    def _is_output(self, written: str) -> bool:
        """Whether the argument is itself a size of what the network gives."""
        outputs = [self.trace.tensors[tensor] for tensor in tensors_in(self.trace.result)]
        firsts = (
            self.derivations.of(tensor.id, axis).steps[0]
            for tensor in outputs
            for axis in range(len(tensor.shape))
        )
        return any(step.kind == "argument" and step.about == written for step in firsts)

    def _call_arguments(self, number: int) -> Iterator[Occurrence]:
        """Numbers that the user's code passed to functions, such as `x.view(-1, 9216)`."""
        for call in self.trace.calls:
            if call.kind != "function" or self.derivations.layer_of(call) is not None or call.place is None:
                continue
            for name, value in call.arguments.items():
                if number not in _numbers(value) or any(
                    isinstance(part, Traced) for part in (value if isinstance(value, tuple) else (value,))
                ):
                    continue
                yield Occurrence(
                    f"{name} of {self._written(call)}",
                    call.place,
                    self._where_made(call, number),
                    f"{call.name}({name})",
                )

    def _where_made(self, call: Call, number: int) -> Derivation | None:
        """For a written size, the size of the result that it fixes."""
        for output in call.outputs[:1]:
            shape = self.trace.tensors[output].shape
            if number in shape:
                return self.derivations.of(output, shape.index(number))
        return None

    def _sizes(self, number: int) -> Iterator[Occurrence]:
        """Sizes of results and inputs, each told where it first arises."""
        told: set[Size] = set()
        for tensor in self.trace.tensors:
            if tensor.origin.kind in ("parameter", "buffer"):
                continue
            for axis, size in enumerate(tensor.shape):
                source = self.derivations.resolved(Size(tensor.id, axis, size))
                if size != number or source in told:
                    continue
                told.add(source)
                origin = self.trace.tensors[source.tensor].origin
                if origin.kind in ("parameter", "buffer"):
                    continue
                call = self.trace.calls[origin.call] if origin.call is not None else None
                yield self._size(source.tensor, source.axis, size, call)

    def _parameter_sizes(self, number: int) -> Iterator[Occurrence]:
        """Sizes of parameters, for numbers that occur nowhere else: the 3·hidden_size rows of a GRU's weight."""
        for tensor in self.trace.tensors:
            if tensor.origin.kind == "parameter" and number in tensor.shape:
                axis = tensor.shape.index(number)
                place = tensor.constructed[0] if tensor.constructed else None
                what = f"axis {axis} of {tensor.origin.name}"
                yield Occurrence(what, place, self.derivations.of(tensor.id, axis))

    def _size(self, tensor: int, axis: int, size: int, call: Call | None) -> Occurrence:
        name = self._axis(tensor, axis)
        owner = self.derivations.layer_of(call) if call else None
        maker = (
            owner.path if owner else (self._written(call) if call else self.trace.tensors[tensor].origin.name)
        )
        what = f"{name} of what {maker} gives" if call else f"{name} of the input {maker}"
        return Occurrence(what, call.place if call else None, self.derivations.of(tensor, axis))

    def _many(self, size: int, tensor: int, axis: int) -> str:
        name = self.derivations.axes.name(tensor, axis)
        return (
            f"{size} {name}" if name in ("features", "channels") else f"{size} along {name or f'axis {axis}'}"
        )

    def _axis(self, tensor: int, axis: int) -> str:
        name = self.derivations.axes.name(tensor, axis)
        return {"": f"axis {axis}", "batch": "the batch size"}.get(name, f"the {name}")

    def _outputs(self, module: Module, axis: int | None) -> Iterator[Occurrence]:
        call = next(
            (
                call
                for call in self.trace.calls
                if call.kind == "module" and call.module == module.path and call.outputs
            ),
            None,
        )
        if call is None:
            return
        shape = self.trace.tensors[call.outputs[0]].shape
        if axis is not None and not -len(shape) <= axis < len(shape):
            raise QuestionError(
                f"{module.path} gives {len(shape)} axes, 0 to {len(shape) - 1}; there is no axis {axis}"
            )
        for position in range(len(shape)) if axis is None else [axis % len(shape)]:
            yield self._size(call.outputs[0], position, shape[position], call)

    def _written(self, call: Call) -> str:
        text = " ".join(text_at(call.place).split()) if call.place else ""
        return text if text and len(text) <= 60 else call.name

    def _outermost(self, calls: list[Call]) -> list[Call]:
        ids = {call.id for call in calls}
        return [call for call in calls if call.parent not in ids]

    def _on(self, call: Call, path: str, line: int) -> bool:
        return call.place is not None and self._same_file(call.place.path, path) and call.place.line <= line <= call.place.end_line and (
            call.parent is not None or call.kind == "function"
        )  # fmt: skip

    def _same_file(self, known: str, asked: str) -> bool:
        return not asked or PurePath(known).parts[-len(PurePath(asked).parts) :] == PurePath(asked).parts

    def _near_number(self, number: int) -> str:
        known = {size for tensor in self.trace.tensors for size in tensor.shape}
        known |= {
            value
            for module in self.modules.values()
            for argument in module.arguments.values()
            for value in _numbers(argument)
        }
        close = sorted(known, key=lambda other: abs(other - number))[:3]
        return (
            f"numbers near it that are: {', '.join(map(str, sorted(close)))}"
            if close
            else "it has no numbers"
        )

    def _shown(self, value: Value) -> str:
        value = plain(value)
        if isinstance(value, tuple):
            return "×".join(str(item) for item in value)
        return str(value)


def _numbers(value: Value) -> tuple[int, ...]:
    value = plain(value)
    if isinstance(value, bool):
        return ()
    if isinstance(value, int):
        return (value,)
    if isinstance(value, tuple):
        return tuple(number for item in value for number in _numbers(item))
    return ()
