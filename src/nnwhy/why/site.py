"""A rule's view of one recorded call: sizes and arguments as expressions."""

from __future__ import annotations

from nnwhy.facts.expression import Argument, Constant, Expression, Size, Unknown
from nnwhy.facts.trace import Call, Tensor, Trace
from nnwhy.facts.value import TensorRef, Traced, Value, plain


class NoRule(Exception):
    """The rule does not cover this use of the function; torch's symbolic shapes are asked instead."""


class Site:
    """One call with its trace. Names are those of torch's signatures: "input", "weight", "kernel_size", "dim"."""

    def __init__(self, trace: Trace, call: Call) -> None:
        self.trace = trace
        self.call = call

    def has(self, name: str) -> bool:
        """Whether the argument was given and is not None."""
        return self.call.arguments.get(name) is not None

    def value(self, name: str, default: Value = None) -> Value:
        """The plain value of an argument (traced numbers as numbers)."""
        found = self.call.arguments.get(name)
        return default if found is None else plain(found)

    def integer(self, name: str, default: int | None = None) -> int:
        """The plain value of a whole-number argument. Raises NoRule where it is something else."""
        found = self.value(name, default)
        if isinstance(found, bool) or not isinstance(found, int):
            raise NoRule(f"{name} is no whole number")
        return found

    def tensor(self, name: str = "input") -> Tensor:
        """The tensor argument `name`. Raises NoRule where it is none."""
        found = self.call.arguments.get(name)
        if not isinstance(found, TensorRef):
            raise NoRule(f"{name} is no tensor")
        return self.trace.tensors[found.id]

    def tensors(self, name: str) -> tuple[Tensor, ...]:
        """The tensors of a sequence argument, such as cat's "tensors". Raises NoRule for anything else."""
        found = self.call.arguments.get(name)
        if not isinstance(found, tuple):
            raise NoRule(f"{name} is no sequence")
        refs = [item for item in found if isinstance(item, TensorRef)]
        if len(refs) != len(found):
            raise NoRule(f"{name} holds other things than tensors")
        return tuple(self.trace.tensors[ref.id] for ref in refs)

    def sizes(self, name: str = "input") -> tuple[Size, ...]:
        """The sizes of the tensor argument `name`, axis by axis."""
        return sizes_of(self.tensor(name))

    def output(self, index: int = 0) -> Tensor:
        """The recorded output tensor `index`, for what a rule cannot know: which outputs there are, how many axes they have."""
        if index >= len(self.call.outputs):
            raise NoRule(f"no output {index}")
        return self.trace.tensors[self.call.outputs[index]]

    def from_data(self, cause: str, axis: int, index: int = 0) -> Unknown:
        """A size that depends on the values of tensors, as recorded, with the cause in words."""
        return Unknown(self.output(index).shape[axis], cause)

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value."""
        found = self.value(name)
        return default if found is None else bool(found)

    def number(self, name: str, default: int | None = None) -> Expression:
        """A whole-number argument as a leaf, or as the expression that the user computed it by; the default as a constant."""
        found = self.call.arguments.get(name)
        if found is None:
            if default is None:
                raise NoRule(f"{name} was not given")
            return Constant(default)
        return self.leaf(name, found)

    def numbers(self, name: str, rank: int, default: int | None = None) -> tuple[Expression, ...]:
        """A whole number or a tuple of them, one for each of `rank` axes."""
        found = self.call.arguments.get(name)
        if found is None or found == ():
            return (self.number(name, default),) * rank if found is None else (Constant(default or 0),) * rank
        if isinstance(found, tuple):
            parts = tuple(self.leaf(name, item, index) for index, item in enumerate(found))
            return parts * rank if len(parts) == 1 else parts
        return (self.leaf(name, found),) * rank

    def elements(self, name: str) -> tuple[Expression, ...]:
        """All elements of a sequence of whole numbers, or the single one."""
        found = self.call.arguments.get(name)
        if isinstance(found, tuple):
            return tuple(self.leaf(name, item, index) for index, item in enumerate(found))
        return (self.leaf(name, found),)

    def leaf(self, name: str, value: Value, index: int | None = None) -> Expression:
        """`value`, an element of the argument `name`, as an expression."""
        if isinstance(value, Traced):
            return value.expression
        if isinstance(value, bool) or not isinstance(value, int):
            raise NoRule(f"{name} is no whole number")
        return Argument(self.call.id, name, value, index)

    def axis(self, name: str, rank: int, default: int | None = None) -> int:
        """An axis argument, counted from 0."""
        axis = self.integer(name, default)
        if not -rank <= axis < rank:
            raise NoRule(f"axis {axis} of {rank} axes")
        return axis % rank

    def axes(self, name: str, rank: int) -> tuple[int, ...]:
        """One or several axes, counted from 0; all where none was given."""
        found = self.value(name)
        if found is None:
            return tuple(range(rank))
        given = found if isinstance(found, tuple) else (found,)
        if any(not isinstance(axis, int) or not -rank <= axis < max(rank, 1) for axis in given):
            raise NoRule(f"{name} {found} of {rank} axes")
        return tuple(axis % max(rank, 1) for axis in given if isinstance(axis, int))


def sizes_of(tensor: Tensor) -> tuple[Size, ...]:
    """The sizes of a tensor as leaves."""
    return tuple(Size(tensor.id, axis, size) for axis, size in enumerate(tensor.shape))
