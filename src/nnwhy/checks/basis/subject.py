"""What a check looks at: the recorded passes of one network, their derivations, and the syntax of the user's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Construction, Mixing
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts, SourceFunction
from nnwhy.facts.trace import Call, Failure, Module, Tensor, Trace
from nnwhy.facts.value import TensorRef, Traced, Value, plain
from nnwhy.facts.written import Written
from nnwhy.why.consumed import Consumed, consumed
from nnwhy.why.derive import Derivations


@dataclass(frozen=True)
class Subject:
    """One network. `trace` is its pass in the mode that it is in (training, as a rule), `evaluation` one in evaluation mode;
    None where there is none (no input is known, the network cannot be built). `sources` are the user's files by path.

    `mixing` says at which call one sample of a batch reached the others, `construction` why the network could not be built.
    `brief`: only what is wrong is asked for, and the first way out of it, not every way. `written`: which literals the layers'
    arguments come from, None where nobody looked. `asked`: the least and the greatest number of a lookup that a real run failed at.
    """

    sources: Mapping[str, SourceFacts]
    trace: Trace | None = None
    evaluation: Trace | None = None
    mixing: Mixing | None = None
    construction: Construction | None = None
    brief: bool = False
    written: Written | None = None
    asked: tuple[int, int] | None = None

    @cached_property
    def derivations(self) -> Derivations:
        """Derivations of the trace. Raises ValueError where there is no trace."""
        if self.trace is None:
            raise ValueError("there is no trace")
        return Derivations(self.trace, closing=not self.brief)

    @cached_property
    def evaluated(self) -> Subject:
        """The same network looked at in evaluation mode: the calls of `mixing` are those of its trace."""
        return self if self.evaluation is None else Subject(self.sources, self.evaluation, mixing=self.mixing)

    @property
    def mixing_call(self) -> Call | None:
        """The call of `evaluated` that mixes the samples of a batch; None where none does, or none is known."""
        if self.mixing is None or self.mixing.call is None or self.mixing.call >= len(self.evaluated.calls):
            return None
        return self.evaluated.calls[self.mixing.call]

    @cached_property
    def modules(self) -> dict[str, Module]:
        """The modules of the trace by path."""
        return {module.path: module for module in self.trace.modules} if self.trace else {}

    @cached_property
    def children(self) -> dict[int | None, list[Call]]:
        """The calls inside each call; under None the outermost."""
        found: dict[int | None, list[Call]] = {}
        for call in self.calls:
            found.setdefault(call.parent, []).append(call)
        return found

    @cached_property
    def readers(self) -> dict[int, list[Call]]:
        """The function calls that take each tensor."""
        found: dict[int, list[Call]] = {}
        for call in self.calls:
            if call.kind != "module":
                for tensor in dict.fromkeys(call.inputs):
                    found.setdefault(tensor, []).append(call)
        return found

    @cached_property
    def consumers(self) -> list[Consumed]:
        """Which layer's argument must equal which axis of its input."""
        return list(consumed(self.trace)) if self.trace else []

    @cached_property
    def functions(self) -> dict[str, SourceFunction]:
        """The functions of all files, by qualified name."""
        return {function.name: function for source in self.sources.values() for function in source.functions}

    @cached_property
    def memory(self) -> dict[str, object]:
        """What was worked out once for several checks, by the name of what worked it out."""
        return {}

    @cached_property
    def _calls_by_place(self) -> dict[tuple[str, int, int, int, int], SourceCall]:
        return {_key(call.place): call for source in self.sources.values() for call in source.calls}

    @property
    def calls(self) -> tuple[Call, ...]:
        """The recorded calls."""
        return self.trace.calls if self.trace else ()

    def tensor(self, value: Value) -> Tensor | None:
        """The tensor that a value refers to."""
        if isinstance(value, TensorRef) and self.trace is not None:
            return self.trace.tensors[value.id]
        return None

    def maker(self, tensor: int) -> Call | None:
        """The call that made a tensor, None for inputs, parameters and the like."""
        assert self.trace is not None
        origin = self.trace.tensors[tensor].origin
        return self.calls[origin.call] if origin.call is not None else None

    def argument(self, call: Call, name: str) -> Tensor | None:
        """The tensor argument `name` of a call, None where it is something else."""
        return self.tensor(call.arguments.get(name))

    def shape(self, tensor: int) -> tuple[int, ...]:
        """The shape of a tensor."""
        assert self.trace is not None
        return self.trace.tensors[tensor].shape

    def failed(self, *names: str) -> Iterator[tuple[Call, Failure]]:
        """The calls that failed themselves (not those around them), of these short names; all where none is given."""
        if self.trace is None:
            return
        for failure in self.trace.failures:
            if failure.call is not None:
                call = self.trace.calls[failure.call]
                if not names or call.name in names:
                    yield call, failure

    def layer(self, call: Call) -> Module | None:
        """The torch layer that made the call, None for a function that the user called."""
        return self.derivations.layer_of(call)

    def user_call(self, call: Call) -> Call:
        """The call that stands in the user's own code: for what happens inside a layer, the outermost layer's call."""
        here = call
        while here.parent is not None:
            above = self.calls[here.parent]
            module = self.modules.get(above.module)
            if above.kind != "module" or module is None or not module.qualified_type.startswith("torch.nn."):
                break
            here = above
        return here

    def source_call(self, place: Place | None) -> SourceCall | None:
        """The call as written at exactly this place."""
        return self._calls_by_place.get(_key(place)) if place else None

    def text(self, place: Place | None) -> str:
        """The user's text at a place, "" where its file was not read."""
        source = self.sources.get(place.path) if place else None
        return source.at(place) if source and place else ""

    def owned(self, place: Place | None) -> bool:
        """Whether a place lies in one of the user's files."""
        return place is not None and place.path in self.sources

    def root(self, tensor: int, axis: int) -> Size:
        """The size followed back through calls that only hand it on."""
        return self.derivations.resolved(Size(tensor, axis, self.shape(tensor)[axis]))

    def inputs(self) -> set[int]:
        """The ids of the network's input tensors."""
        return {t.id for t in self.trace.tensors if t.origin.kind == "input"} if self.trace else set()


def integer(value: Value) -> int | None:
    """A whole number, plain or traced."""
    value = plain(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def integers(value: Value) -> tuple[int, ...]:
    """A whole number or a sequence of them as a tuple; () for anything else."""
    value = plain(value)
    if isinstance(value, tuple):
        found = tuple(item for item in (integer(item) for item in value) if item is not None)
        return found if len(found) == len(value) else ()
    number = integer(value)
    return () if number is None else (number,)


def traced(value: Value) -> bool:
    """Whether a number was computed from sizes."""
    return isinstance(value, Traced)


def _key(place: Place) -> tuple[str, int, int, int, int]:
    return (place.path, place.line, place.column, place.end_line, place.end_column)
