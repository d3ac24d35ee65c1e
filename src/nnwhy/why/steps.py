"""The data's way through a network as a list of explained steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from nnwhy.errors import QuestionError, nearest
from nnwhy.facts.card import Card
from nnwhy.facts.explanation import Cost, ExplainedStep, Explanation, LayerHere
from nnwhy.facts.expression import Size
from nnwhy.facts.trace import Call, Module, Trace
from nnwhy.facts.value import Value, tensors_in
from nnwhy.layers import card, sentence
from nnwhy.source import text_at
from nnwhy.why.cost import multiply_adds, tensor_bytes
from nnwhy.why.derive import Derivations
from nnwhy.why.field import ReceptiveFields
from nnwhy.why.folding import Node, folded

_CONTAINERS = ("torch.nn.modules.container.", "torch.nn.modules.transformer.")


def layer_here(trace: Trace, path: str) -> LayerHere:
    """The layer at `path` with the numbers of this network.

    Raises QuestionError where there is no such layer, with the nearest names.
    """
    return _Explainer(trace).layer_here(path)


def explain(trace: Trace, *, unfold: bool = False, input_reason: str = "") -> Explanation:
    """What each call of `trace` does, with its output, cost and receptive field, and the totals.

    Consecutive blocks that do the same are told once, unless `unfold` is set.
    """
    return _Explainer(trace).explanation(unfold, input_reason)


class _Explainer:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.derivations = Derivations(trace)
        self.fields = ReceptiveFields(trace)
        self.modules = {module.path: module for module in trace.modules}
        self.children: dict[int | None, list[Call]] = {}
        for call in trace.calls:
            self.children.setdefault(call.parent, []).append(call)
        self.user_letters = self._user_letters()
        self.counted: set[int] = set()
        self.no_card: set[str] = set()
        self.samples = self._samples()

    def explanation(self, unfold: bool, input_reason: str) -> Explanation:
        trace = self.trace
        roots = self.children.get(None, [])
        top = roots[0] if len(roots) == 1 and roots[0].kind == "module" else None
        nodes = [self._node(call, 0) for call in (self._inside(top) if top else roots)]
        steps = tuple(folded(nodes)) if not unfold else tuple(step for node in nodes for step in node.flat())
        parameters = [tensor for tensor in trace.tensors if tensor.origin.kind == "parameter"]
        leaves = [call for call in trace.calls if call.kind == "function" and call.outputs]
        return Explanation(
            root=trace.root,
            inputs=self._inputs(),
            steps=steps,
            total=Cost(
                parameters=sum(_count(tensor.shape) for tensor in parameters),
                multiply_adds=sum(multiply_adds(trace, call) for call in leaves) // self.samples,
                activation_bytes=sum(
                    tensor_bytes(trace.tensors[id]) for call in leaves for id in call.outputs
                )
                // self.samples,
            ),
            parameter_bytes=sum(tensor_bytes(tensor) for tensor in parameters),
            trainable=sum(_count(tensor.shape) for tensor in parameters if tensor.requires_grad),
            unused=self._unused(),
            how=trace.how,
            training=trace.training,
            input_reason=input_reason,
            per_sample=self.samples > 1,
            failed_by=_failed_by(trace),
        )

    def layer_here(self, path: str) -> LayerHere:
        """See the function of this name."""
        module = self.modules.get(path)
        if module is None:
            known = [known for known in self.modules if known]
            hint = nearest(path, known) or f"it has {', '.join(known[:8]) or 'none'}"
            raise QuestionError(f"the network has no layer {path!r}; {hint}")
        calls = [call for call in self.trace.calls if call.kind == "module" and call.module == path]
        first = calls[0] if calls else None
        whole = self.explanation(False, "").total
        self.counted.clear()
        step = self._step(first, 0, opened=False) if first else None
        return LayerHere(
            path=path,
            type=module.type,
            card=self._card(module),
            arguments=module.arguments,
            place=module.constructed[0] if module.constructed else None,
            step=step,
            inputs=tuple(self._shape_text(tensor) for tensor in dict.fromkeys(first.inputs)) if first else (),
            calls=len(calls),
            parameter_share=step.cost.parameters / whole.parameters if step and whole.parameters else 0.0,
            cost_share=(step.cost.multiply_adds or 0) / whole.multiply_adds
            if step and whole.multiply_adds
            else 0.0,
            before=self._makers(first) if first else (),
            after=self._takers(first) if first else (),
        )

    def _card(self, module: Module) -> Card | None:
        if not module.qualified_type.startswith("torch.nn."):
            return None
        try:
            return card(module.type)
        except QuestionError:
            return None

    def _shape_text(self, tensor: int) -> str:
        letters = self._letters(tensor)
        sizes = [
            letter or str(size)
            for letter, size in zip(letters, self.trace.tensors[tensor].shape, strict=True)
        ]
        return " × ".join(sizes) or "one number"

    def _makers(self, call: Call) -> tuple[str, ...]:
        """The layers or calls that made the inputs of `call`."""
        found: list[str] = []
        for tensor in call.inputs:
            origin = self.trace.tensors[tensor].origin
            if origin.kind == "call" and origin.call is not None:
                found.append(self._teller(self.trace.calls[origin.call]))
            elif origin.kind == "input":
                found.append(f"the input {origin.name}")
        return tuple(dict.fromkeys(found))

    def _takers(self, call: Call) -> tuple[str, ...]:
        """The layers or calls that take the outputs of `call`."""
        outputs = set(call.outputs)
        takers = [
            other
            for other in self.trace.calls
            if other.kind == "function" and outputs & set(other.inputs) and other.id > call.id
        ]
        inner = {child.id for child in self.children.get(call.id, ())}
        return tuple(dict.fromkeys(self._teller(taker) for taker in takers if taker.id not in inner))

    def _teller(self, call: Call) -> str:
        """The layer whose forward a call stands in, or the call as it was written."""
        owner = self.derivations.layer_of(call)
        return owner.path if owner is not None and owner.path else self._written(call)

    def _inside(self, call: Call) -> list[Call]:
        """The calls that a step for `call` opens into: none for a layer of torch, which is told as a whole."""
        inner = self.children.get(call.id, [])
        module = self.modules.get(call.module)
        if call.kind != "module" or module is None:
            return []
        layer = module.qualified_type.startswith("torch.nn.")
        if layer and not module.qualified_type.startswith(_CONTAINERS):
            return []
        if layer and not any(child.kind == "module" for child in inner):
            return []
        return [child for child in inner if child.outputs or child.kind == "module"]

    def _node(self, call: Call, depth: int) -> Node:
        inside = [self._node(child, depth + 1) for child in self._inside(call)]
        step = self._step(call, depth, opened=bool(inside))
        if inside:
            step = replace(step, cost=_total(node.total for node in inside))
        return Node(step, tuple(inside))

    def _step(self, call: Call, depth: int, opened: bool) -> ExplainedStep:
        output = call.outputs[0] if call.outputs else None
        tensor = self.trace.tensors[output] if output is not None else None
        module = self.modules.get(call.module) if call.kind == "module" else None
        return ExplainedStep(
            call=call.id,
            name=call.name,
            written=self._written(call),
            what="" if opened else self._words(call, module),
            shape=tensor.shape if tensor else None,
            letters=self._letters(output) if output is not None else (),
            axes=self.derivations.axes.of(output) if output is not None else (),
            dtype=tensor.dtype if tensor else "",
            cost=Cost() if opened else self._cost(call),
            field=self.fields.of(output) if output is not None else None,
            place=call.place,
            module=call.module if call.kind == "module" else "",
            depth=depth,
            note=self._note(call, opened),
        )

    def _written(self, call: Call) -> str:
        if call.kind == "module":
            return call.module or call.name
        text = text_at(call.place) if call.place else ""
        return " ".join(text.split()) if text else call.name

    def _words(self, call: Call, module: Module | None) -> str:
        """The card's sentence with this call's numbers; "" for the user's own modules and functions without a card."""
        if call.name in self.no_card or (
            module is not None and not module.qualified_type.startswith("torch.nn.")
        ):
            return ""
        values: Mapping[str, Value] = module.arguments if module is not None else call.arguments
        try:
            return sentence(call.name, values)
        except QuestionError:
            self.no_card.add(call.name)
            return ""

    def _cost(self, call: Call) -> Cost:
        """The cost of a call with all that happens inside it; a parameter counts where it is met first."""
        parameters, operations = 0, 0
        todo = [call]
        while todo:
            here = todo.pop()
            operations += multiply_adds(self.trace, here)
            for tensor in here.inputs:
                if self.trace.tensors[tensor].origin.kind == "parameter" and tensor not in self.counted:
                    self.counted.add(tensor)
                    parameters += _count(self.trace.tensors[tensor].shape)
            todo.extend(self.children.get(here.id, ()))
        size = sum(tensor_bytes(self.trace.tensors[output]) for output in call.outputs)
        return Cost(parameters, operations // self.samples, size // self.samples)

    def _samples(self) -> int:
        """The size of the batch where the user gave it a letter: costs are then told for one sample."""
        batches = {
            self.trace.tensors[tensor].shape[0]
            for given in self.trace.inputs
            if given.letters and given.letters[0] == "N"
            for tensor in list(tensors_in(given.value))[:1]
        }
        return batches.pop() if len(batches) == 1 else 1

    def _letters(self, tensor: int) -> tuple[str, ...]:
        """The user's letter of each axis that is just that input size, "" for the others."""
        found: list[str] = []
        for axis, size in enumerate(self.trace.tensors[tensor].shape):
            source = self.derivations.resolved(Size(tensor, axis, size))
            found.append(self.user_letters.get((source.tensor, source.axis), ""))
        return tuple(found)

    def _user_letters(self) -> dict[tuple[int, int], str]:
        letters: dict[tuple[int, int], str] = {}
        for given in self.trace.inputs:
            for tensor in list(tensors_in(given.value))[:1]:
                letters.update(
                    {(tensor, axis): letter for axis, letter in enumerate(given.letters) if letter}
                )
        return letters

    def _note(self, call: Call, opened: bool) -> str:
        """Whether the step failed; for a step that is told as a whole, whether anything in it did."""
        met = [call, *(() if opened else self.children.get(call.id, ()))]
        if any(part.failure is not None and part.stand_in for part in met):
            return "fails here; what follows assumes the shape that was meant"
        if any(part.failure is not None and not part.outputs for part in met):
            return "fails here"
        return ""

    def _inputs(self) -> tuple[str, ...]:
        described: list[str] = []
        for given in self.trace.inputs:
            for position, tensor in enumerate(tensors_in(given.value)):
                fact = self.trace.tensors[tensor]
                letters = given.letters if position == 0 else ()
                sizes = [
                    letters[axis] or str(size) if axis < len(letters) else str(size)
                    for axis, size in enumerate(fact.shape)
                ]
                described.append(f"{fact.origin.name}: {' × '.join(sizes) or 'a single number'} {fact.dtype}")
        return tuple(described)

    def _unused(self) -> tuple[str, ...]:
        """Layers with parameters of their own that were never called, and whose parameters nothing else used."""
        called = {call.module for call in self.trace.calls if call.kind == "module"}
        used = {tensor for call in self.trace.calls for tensor in call.inputs}
        return tuple(
            module.path
            for module in self.trace.modules
            if module.path and not module.same_as and module.path not in called
            and module.parameters and not any(id in used for id in module.parameters.values())
        )  # fmt: skip


def _failed_by(trace: Trace) -> str:
    """The first exception of the pass, with its place, "" where all went well."""
    if not trace.failures:
        return "" if trace.complete else "the pass ended early"
    failure = trace.failures[0]
    call = trace.calls[failure.call] if failure.call is not None else None
    what = f"{trace.root}'s forward" if call is None or call.kind != "function" else call.name
    where = f" at {PurePath(failure.place.path).name}:{failure.place.line}" if failure.place else ""
    first = failure.message.strip().splitlines()[0] if failure.message.strip() else ""
    return f"{what}{where} raised {failure.type}{': ' + first if first else ''}"


def _total(costs: object) -> Cost:
    parts: list[Cost] = list(costs)  # type: ignore[call-overload]
    return Cost(
        sum(part.parameters for part in parts),
        sum(part.multiply_adds or 0 for part in parts),
        sum(part.activation_bytes for part in parts),
    )


def _count(shape: tuple[int, ...]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product
