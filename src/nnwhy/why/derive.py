"""From a size of a recorded tensor down to inputs, arguments and literals."""

from __future__ import annotations

from dataclasses import replace

from nnwhy.facts.derivation import Derivation, Step
from nnwhy.facts.expression import (
    Argument,
    Constant,
    Expression,
    Size,
    Unknown,
    leaves,
    multiply,
    substitute,
)
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module, Tensor, Trace
from nnwhy.source import text_at
from nnwhy.why.algebra import simplified, written
from nnwhy.why.axes import AxisNames
from nnwhy.why.parameters import axis_argument
from nnwhy.why.site import sizes_of
from nnwhy.why.sizes import AxisSize, CallSizes


class Derivations:
    """All derivations of one trace. Nothing is worked out before it is asked for; what was, is kept.

    `closing`: derivations have their closed forms as text, which take longer than all else.
    """

    def __init__(self, trace: Trace, *, closing: bool = True) -> None:
        self.trace = trace
        self._closing = closing
        self._whole: dict[tuple[int, int], Derivation] = {}
        self.sizes = CallSizes(trace)
        self.axes = AxisNames(trace, self.sizes)
        self._modules = {module.path: module for module in trace.modules}
        self._resolved: dict[Size, Size] = {}
        self._closed: dict[tuple[int, int], Expression | None] = {}
        self._sizes: dict[tuple[int, int], AxisSize] = {}

    def of(self, tensor: int, axis: int) -> Derivation:
        """Where the size of `axis` of tensor `tensor` comes from."""
        key = (tensor, axis)
        if key not in self._whole:
            steps: list[Step] = []
            self.walk(Size(tensor, axis, self.trace.tensors[tensor].shape[axis]), steps, {})
            closed = self.closed_text(tensor, axis) if self._closing else None
            self._whole[key] = Derivation(tuple(steps), closed)
        return self._whole[key]

    def of_argument(self, argument: Argument) -> Derivation:
        """An argument as a derivation of one step: it is what the user chose."""
        return Derivation((self.argument_step(argument),))

    def size(self, tensor: int, axis: int) -> AxisSize:
        """The size of one axis over the sizes and arguments of the call that made the tensor."""
        key = (tensor, axis)
        if key not in self._sizes:
            self._sizes[key] = self._size(tensor, axis)
        return self._sizes[key]

    def _size(self, tensor: int, axis: int) -> AxisSize:
        fact = self.trace.tensors[tensor]
        recorded = Size(tensor, axis, fact.shape[axis])
        if fact.origin.kind == "call" and fact.origin.call is not None:
            call = self.trace.calls[fact.origin.call]
            if tensor in call.outputs:
                return self.sizes.of(call)[call.outputs.index(tensor)][axis]
            return AxisSize(Unknown(recorded.value, f"made inside {call.name}"), None, "")
        if fact.origin.kind in ("parameter", "buffer"):
            owned = self._owned(fact, axis)
            return AxisSize(owned if owned is not None else recorded)
        if fact.origin.kind == "unknown":
            return AxisSize(Unknown(recorded.value, fact.origin.cause), None, "")
        return AxisSize(recorded)

    def resolved(self, size: Size) -> Size:
        """`size` followed back through calls that only hand it on (activations, dropout, norms)."""
        way: list[Size] = []
        while size not in self._resolved:
            expression = self.size(size.tensor, size.axis).expression
            if not isinstance(expression, Size) or expression == size:
                self._resolved[size] = size
                break
            way.append(size)
            size = expression
        end = self._resolved[size]
        self._resolved.update(dict.fromkeys(way, end))
        return end

    def closed(self, tensor: int, axis: int) -> Expression | None:
        """The size in the input's sizes alone; None where a part of it is unknown."""
        todo = [(tensor, axis)]
        while todo:
            key = todo[-1]
            if key in self._closed:
                todo.pop()
                continue
            found = self.size(*key)
            # The general formula holds for other sizes too, where the shortened one may only hold for these.
            expression = found.full or found.expression
            if isinstance(expression, Size) and (expression.tensor, expression.axis) == key:
                # The sizes of a buffer or a plain tensor are what they are: only those of inputs can vary.
                varies = self.trace.tensors[key[0]].origin.kind == "input"
                self._closed[key] = expression if varies else Constant(expression.value)
                continue
            parts = [leaf for leaf in leaves(expression) if isinstance(leaf, Size)]
            missing = [part for part in parts if (part.tensor, part.axis) not in self._closed]
            if missing:
                todo.extend((part.tensor, part.axis) for part in missing)
                continue
            self._closed[key] = self._closed_from(expression)
        return self._closed[(tensor, axis)]

    def closed_text(self, tensor: int, axis: int) -> str | None:
        """The closed form as text, None where there is none or it is a plain number or the input's own size."""
        found = self.closed(tensor, axis)
        if (
            found is None
            or not any(isinstance(leaf, Size) for leaf in leaves(found))
            or isinstance(found, Size)
        ):
            return None
        return written(found, self.letter)

    def letter(self, size: Size) -> str:
        """The letter of an input's size: the user's own, or the usual one of its axis."""
        return self.axes.letter(size.tensor, size.axis)

    def _closed_from(self, expression: Expression) -> Expression | None:
        if isinstance(expression, Size):  # handed on, as most sizes are
            return self._closed[(expression.tensor, expression.axis)]
        parts = list(leaves(expression))
        if any(isinstance(part, Unknown) for part in parts):
            return None
        if any(isinstance(part, Size) and self._closed[(part.tensor, part.axis)] is None for part in parts):
            return None

        def inserted(leaf: Expression) -> Expression:
            if isinstance(leaf, Size):
                return self._closed[(leaf.tensor, leaf.axis)] or leaf
            return Constant(leaf.value) if isinstance(leaf, Argument) else leaf

        return simplified(substitute(expression, inserted))

    def walk(self, size: Size, steps: list[Step], known: dict[Size | Argument, int]) -> int:
        """Add the step of `size` and all below it that are not `known` yet, without recursion; return its index."""
        root = self.resolved(size)
        if root in known:
            return known[root]
        todo: list[Size] = [root]
        known[root] = len(steps)
        steps.append(self._step(root))
        while todo:
            here = todo.pop()
            index = known[here]
            if steps[index].kind == "argument":
                continue
            terms: list[int | None] = []
            for leaf in leaves(steps[index].expression):
                if isinstance(leaf, Size) and leaf != here:
                    below = self.resolved(leaf)
                    if below not in known:
                        known[below] = len(steps)
                        steps.append(self._step(below))
                        todo.append(below)
                    terms.append(known[below])
                elif isinstance(leaf, Argument):
                    if leaf not in known:
                        known[leaf] = len(steps)
                        steps.append(self.argument_step(leaf))
                    terms.append(known[leaf])
                else:
                    terms.append(None)
            steps[index] = replace(steps[index], terms=tuple(terms))
        return known[root]

    def _step(self, size: Size) -> Step:
        fact = self.trace.tensors[size.tensor]
        found = self.size(size.tensor, size.axis)
        behind = self._behind_literal(size, found.expression)
        if behind is not None:
            found = AxisSize(behind)
        name = self.axes.name(size.tensor, size.axis)
        base = Step(
            value=size.value,
            kind="call",
            about="",
            expression=found.expression,
            full=found.full,
            tensor=size.tensor,
            axis=size.axis,
            axis_name=name,
        )
        if isinstance(found.expression, Unknown):
            return replace(
                base,
                kind="unknown",
                cause=found.expression.cause,
                about=self._maker(fact),
                place=self._place(fact),
            )
        if fact.origin.kind == "call" and fact.origin.call is not None:
            call = self.trace.calls[fact.origin.call]
            owner = self.layer_of(call)
            return replace(
                base,
                about=owner.path if owner else _as_written(call),
                module=owner.path if owner else "",
                call=call.id,
                place=self._call_place(call, owner),
                names=_argument_names(found.expression),
            )
        if fact.origin.kind == "input":
            return replace(base, kind="input", about=fact.origin.name)
        if fact.origin.kind in ("parameter", "buffer"):
            if isinstance(found.expression, Argument):
                return self.argument_step(found.expression, base=base)
            module = self._owner(fact)
            constructed = fact.constructed or (module.constructed if module else ())
            return replace(
                base, kind="parameter", about=fact.origin.name, place=constructed[0] if constructed else None
            )
        return replace(
            base, kind="parameter" if fact.origin.kind == "attribute" else "constant", about=fact.origin.name
        )

    def _behind_literal(self, size: Size, expression: Expression) -> Expression | None:
        """For a size that the user wrote into a view: the axes of the input that it joins, whose product it is."""
        fact = self.trace.tensors[size.tensor]
        if not isinstance(expression, Argument) or fact.origin.call is None:
            return None
        call = self.trace.calls[fact.origin.call]
        if call.name not in ("view", "reshape") or not call.inputs:
            return None
        joined = joined_axes(self.trace.tensors[call.inputs[0]].shape, fact.shape)[size.axis]
        sizes = sizes_of(self.trace.tensors[call.inputs[0]])
        return multiply(*(sizes[axis] for axis in joined)) if joined else None

    def argument_step(self, argument: Argument, base: Step | None = None) -> Step:
        """The step of an argument: what it is an argument of, and where the user wrote it."""
        call = self.trace.calls[argument.call] if argument.call is not None else None
        owner = self.layer_of(call) if call else self._modules.get(argument.owner)
        name = argument.name if argument.index is None else f"{argument.name}[{argument.index}]"
        place = call.place if call else None
        about = f"{call.name}({name})" if call else name
        if owner is not None and argument.name in owner.arguments:
            about = f"{owner.path}.{argument.name}" if owner.path else argument.name
            place = owner.argument_places.get(argument.name) or (
                owner.constructed[0] if owner.constructed else place
            )
        start = base or Step(argument.value, "argument", about, argument)
        return replace(
            start, kind="argument", about=about, place=place, expression=argument, names=(argument.name,),
            module=owner.path if owner else "",
        )  # fmt: skip

    def layer_of(self, call: Call) -> Module | None:
        """The torch layer whose forward made `call`; None for a function that stands in user code."""
        if call.kind == "module":
            return self._modules.get(call.module)
        if call.parent is None:
            return None
        parent = self.trace.calls[call.parent]
        module = self._modules.get(parent.module)
        return module if module is not None and module.qualified_type.startswith("torch.nn.") else None

    def _call_place(self, call: Call, owner: Module | None) -> Place | None:
        """For a layer, where it was constructed: there its numbers stand; else where the function is called."""
        if owner is not None and owner.constructed:
            return owner.constructed[0]
        return call.place

    def _owned(self, fact: Tensor, axis: int) -> Expression | None:
        module = self._owner(fact)
        if module is None:
            return None
        local = fact.origin.name.rpartition(".")[2]
        return axis_argument(module, local, axis, fact.shape[axis])

    def _owner(self, fact: Tensor) -> Module | None:
        return self._modules.get(fact.origin.name.rpartition(".")[0])

    def _maker(self, fact: Tensor) -> str:
        if fact.origin.call is not None:
            return self.trace.calls[fact.origin.call].name
        return fact.origin.name

    def _place(self, fact: Tensor) -> Place | None:
        return self.trace.calls[fact.origin.call].place if fact.origin.call is not None else None


def joined_axes(before: tuple[int, ...], after: tuple[int, ...]) -> list[tuple[int, ...]]:
    """For each axis after a reshape, the axes before it whose product it is; () where it shares axes with others."""
    groups: list[tuple[int, ...]] = [()] * len(after)
    left = right = 0
    while left < len(before) and right < len(after):
        ends = [left + 1, right + 1]
        products = [before[left], after[right]]
        while products[0] != products[1]:
            side = 0 if products[0] < products[1] else 1
            shape = (before, after)[side]
            if ends[side] >= len(shape):
                return groups
            products[side] *= shape[ends[side]]
            ends[side] += 1
        if ends[1] == right + 1:
            groups[right] = tuple(range(left, ends[0]))
        left, right = ends
    return groups


def _as_written(call: Call) -> str:
    """The call as it stands in the user's file, or its name where that is long or cannot be read."""
    text = " ".join(text_at(call.place).split()) if call.place else ""
    return text if text and len(text) <= 44 else call.name


def _argument_names(expression: Expression) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leaf.name for leaf in leaves(expression) if isinstance(leaf, Argument)))
