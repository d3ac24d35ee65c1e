"""From a tape of live events to a Trace: plain facts, read once the pass is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from nnwhy.facts.expression import Expression
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Failure, NetworkInput, Origin, Pass, Tensor, Trace
from nnwhy.facts.value import Value
from nnwhy.trace.constructions import Constructions
from nnwhy.trace.integers import RawSize
from nnwhy.trace.modules import ModuleTable
from nnwhy.trace.naming import full_name, named_arguments, short_name
from nnwhy.trace.places import place_of
from nnwhy.trace.tape import Event, user_frame
from nnwhy.trace.values import resolved_size, tensors, value_of

_OUTSIDE = (
    "made where no recorded function was seen: NumPy, a compiled or scripted part, or code before the pass"
)


class Transcript:
    """The growing facts of one pass. Every tensor object has versions: an in-place call starts a new one."""

    def __init__(self, events: list[Event], root: nn.Module, constructions: Constructions) -> None:
        self.events = events
        self.modules = ModuleTable(root, constructions)
        self.tensors: list[Tensor] = []
        self.calls: list[Call] = []
        self.failures: list[Failure] = []
        self._versions: dict[int, list[tuple[int, int]]] = {}
        self._kept: list[Any] = []
        self._named: set[int] = set()
        self._failure_of: dict[int, int] = {}
        self._reshaped: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for moment, event in enumerate(events):
            for tensor, shape in event.shapes_before or ():
                self._reshaped.setdefault(id(tensor), []).append((moment, shape))

    def register(
        self,
        tensor: torch.Tensor,
        origin: Origin,
        names: tuple[str, ...] = (),
        constructed: tuple[Place, ...] = (),
    ) -> int:
        """A tensor that is there before the first call: a parameter, a buffer, an input."""
        fact = self._new_tensor(tensor, origin, -1, names, constructed)
        if origin.kind in ("parameter", "buffer"):
            self._named.add(id(tensor))
        return fact

    def value(self, thing: Any, moment: int) -> Value:
        """`thing` as it was at `moment`."""
        return value_of(thing, lambda tensor: self._at(tensor, moment), self._size)

    def write(self) -> None:
        """Transcribe all events."""
        open_calls: list[int] = []
        for moment, event in enumerate(self.events):
            while open_calls and open_calls[-1] != event.parent:
                self._finish(open_calls.pop(), moment)
            arguments = {name: self.value(value, moment) for name, value in self._arguments(event).items()}
            inputs = tuple(self._at(tensor, moment) for tensor in tensors((event.args, event.kwargs)))
            call = self._call(moment, event, arguments, inputs)
            self.calls.append(call)
            if event.kind == "call":
                self._finish(moment, moment)
            else:
                open_calls.append(moment)
        while open_calls:
            self._finish(open_calls.pop(), len(self.events))

    def _arguments(self, event: Event) -> dict[str, Any]:
        if event.kind == "call":
            return named_arguments(event.function, event.args, event.kwargs)
        function = event.function.forward if event.kind == "module" else None
        return self.modules.forward_arguments(function, event.args, event.kwargs)

    def _call(self, moment: int, event: Event, arguments: dict[str, Value], inputs: tuple[int, ...]) -> Call:
        if event.kind == "module":
            path, name, full = self.modules.called(event.function)
        elif event.kind == "autograd":
            path, name, full = self._owner(event), event.function.__name__, event.function.__qualname__
        else:
            path, name, full = self._owner(event), short_name(event.function), full_name(event.function)
        return Call(
            id=moment,
            kind="function" if event.kind == "call" else event.kind,  # type: ignore[arg-type]
            name=name,
            function=full,
            module=path,
            parent=event.parent if event.parent >= 0 else None,
            arguments=arguments,
            result=None,
            inputs=inputs,
            outputs=(),
            place=place_of(event.code, event.instruction),
        )

    def _owner(self, event: Event) -> str:
        return self.calls[event.parent].module if event.parent >= 0 else ""

    def _finish(self, index: int, moment: int) -> None:
        """Give call `index` its outputs, which exist from `moment` on."""
        event, call = self.events[index], self.calls[index]
        result = event.result
        if call.name in ("__setitem__",):
            result = event.args[0]
        if event.kind == "call" or event.kind == "autograd" or event.stand_in:
            self._renew(event, call, result)
        else:
            for tensor in tensors(result):
                if id(tensor) not in self._versions:
                    self._new_tensor(tensor, Origin("call", call=index), index)
        after = moment if event.kind == "module" else index
        made = self.value(result, after)
        outputs = tuple(self._at(tensor, after) for tensor in tensors(result))
        self.calls[index] = replace(
            call,
            result=made,
            outputs=outputs,
            failure=self._failure(index, event, call),
            stand_in=event.stand_in,
        )

    def _renew(self, event: Event, call: Call, result: Any) -> None:
        """Results are new versions, also where an input object is handed back; a parameter stays itself unless written to."""
        given = {id(tensor) for tensor in tensors((event.args, event.kwargs))}
        in_place = call.name == "__setitem__" or call.function.rstrip("_") != call.function
        for position, tensor in enumerate(tensors(result)):
            known = id(tensor) in self._versions
            if known and (id(tensor) not in given or (id(tensor) in self._named and not in_place)):
                continue
            self._new_tensor(tensor, Origin("call", name=str(position), call=call.id), call.id)

    def _failure(self, index: int, event: Event, call: Call) -> int | None:
        error = event.error
        if error is None:
            return None
        known = self._failure_of.get(id(error))
        if known is not None:
            return known
        place = call.place if event.kind == "call" else raised_at(error) or call.place
        self.failures.append(Failure(index, type(error).__name__, str(error), place))
        self._failure_of[id(error)] = len(self.failures) - 1
        return len(self.failures) - 1

    def _at(self, tensor: torch.Tensor, moment: int) -> int:
        """The id of `tensor` as it was at `moment`; a tensor that nobody made is taken up with its cause."""
        versions = self._versions.get(id(tensor))
        if not versions:
            attribute = self.modules.attribute_name(tensor)
            origin = Origin("attribute", name=attribute) if attribute else Origin("unknown", cause=_OUTSIDE)
            return self._new_tensor(tensor, origin, -1)
        found = versions[0][1]
        for since, fact in versions:
            if since > moment:
                break
            found = fact
        return found

    def _size(self, leaf: RawSize) -> Expression:
        known = id(leaf.tensor) in self._versions
        return resolved_size(leaf, self._at(leaf.tensor, leaf.moment) if known else None)

    def _new_tensor(
        self,
        tensor: torch.Tensor,
        origin: Origin,
        moment: int,
        names: tuple[str, ...] = (),
        constructed: tuple[Place, ...] = (),
    ) -> int:
        fact = Tensor(
            id=len(self.tensors),
            shape=self._shape(tensor, moment),
            dtype=str(tensor.dtype).removeprefix("torch."),
            origin=origin,
            names=names,
            device=tensor.device.type,
            requires_grad=tensor.requires_grad,
            constructed=constructed,
        )
        self.tensors.append(fact)
        self._versions.setdefault(id(tensor), []).append((moment, fact.id))
        self._kept.append(tensor)
        return fact.id

    def _shape(self, tensor: torch.Tensor, moment: int) -> tuple[int, ...]:
        for later, shape in self._reshaped.get(id(tensor), ()):
            if later > moment:
                return tuple(int(size) for size in shape)
        return tuple(_whole(size) for size in tensor.shape)


def _whole(size: Any) -> int:
    try:
        return int(size)
    except Exception:  # a size that depends on data has no value on fake tensors
        return 0


def raised_at(error: BaseException) -> Place | None:
    """The innermost place in the user's code that the exception went through."""
    found: Place | None = None
    traceback = error.__traceback__
    while traceback is not None:
        if user_frame(traceback.tb_frame) is traceback.tb_frame:
            found = place_of(traceback.tb_frame.f_code, traceback.tb_lasti) or found
        traceback = traceback.tb_next
    return found


def transcribe(
    events: list[Event],
    root: nn.Module,
    *,
    state: dict[str, torch.Tensor],
    inputs: list[tuple[str, Any, tuple[str | None, ...]]],
    result: Any,
    how: Pass,
    constructions: Constructions,
    complete: bool,
) -> Trace:
    """The Trace of a tape. `state` has the parameters and buffers that the pass ran with, by name."""
    transcript = Transcript(events, root, constructions)
    parameters = dict(root.named_parameters(remove_duplicate=False))
    names: dict[int, list[str]] = {}
    for name, tensor in state.items():
        names.setdefault(id(tensor), []).append(name)
    ids: dict[str, int] = {}
    for name, tensor in state.items():
        shared = names[id(tensor)]
        if name == shared[0]:
            kind = "parameter" if name in parameters else "buffer"
            constructed = constructions.places(parameters.get(name))
            fact = transcript.register(tensor, Origin(kind, name=name), tuple(shared), constructed)
            ids.update(dict.fromkeys(shared, fact))
    named_inputs: list[NetworkInput] = []
    for name, thing, letters in inputs:
        found = list(tensors(thing))
        for position, tensor in enumerate(found):
            transcript.register(
                tensor, Origin("input", name=name if len(found) == 1 else f"{name}[{position}]")
            )
        named_inputs.append(NetworkInput(name, transcript.value(thing, -1), letters))
    transcript.write()
    return Trace(
        root=type(root).__name__,
        how=how,
        training=root.training,
        inputs=tuple(named_inputs),
        result=transcript.value(result, len(events)),
        modules=transcript.modules.facts(ids),
        tensors=tuple(transcript.tensors),
        calls=tuple(transcript.calls),
        failures=tuple(transcript.failures),
        complete=complete,
    )
