"""Calls of loss functions: what is compared with what, and where the prediction came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from nnwhy.facts.place import Place
from nnwhy.facts.session import LossCall, Tokens, Values
from nnwhy.watch.drawn import drawn_apart
from nnwhy.watch.frames import Spot
from nnwhy.watch.functions import REGRESSIONS, RESHAPES, TARGET_THIRD
from nnwhy.watch.history import Node, ancestors, main_line
from nnwhy.watch.likeness import own_pairs
from nnwhy.watch.looking import Look, readable, tensors_in, values_of
from nnwhy.watch.tokens import filled_rows, looks_ahead, reader, tokens_of
from nnwhy.watch.views import cut_from, scores_cut_anew
from nnwhy.watch.windows import told_before

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LOOKED_AT = 8
_PLAIN = (int, float, str)
_SETTINGS = ("reduction", "ignore_index", "label_smoothing", "log_target", "log_input")


@dataclass(slots=True)
class Loss:
    """One call of a loss function; see the fact of it, `LossCall`. `node` is the call, `before` and `after` those that made
    its prediction and its target."""

    function: str
    step: int
    node: Node
    before: Node | None
    after: Node | None
    prediction: Look
    target: Look
    settings: dict[str, float | int | str | None]
    cut_anew: tuple[int, ...] = ()
    cut_from: Values | None = None
    value: float | None = None
    loader: int | None = None
    apart: tuple[Spot, ...] = ()
    tokens: Tokens | None = None
    follows: int = -1
    reads: int | None = None
    itself: bool = False
    filled: tuple[int, int, int] | tuple[()] = ()
    told: bool = False

    def fact(self, *, trained: bool) -> LossCall:
        """The call as a fact."""
        return LossCall(
            function=self.function,
            step=self.step,
            place=_place(self.node),
            prediction=self.prediction.values,
            target=self.target.values,
            value=self.value,
            history=tuple(step.made for step in main_line(self.before)),
            settings=self.settings,
            trained=trained,
            from_network=self.before.network if self.before else False,
            prediction_place=_place(self.before),
            target_place=_place(self.after),
            cut_anew=self.cut_anew,
            cut_from=self.cut_from,
            loader=self.loader,
            apart=tuple(place for spot in self.apart if (place := spot.place) is not None),
            tokens=self.tokens,
            reads=self.reads,
            itself=self.itself,
            gradient=self.node.alive,
            filled=self.filled,
            told=self.told,
            **self._where_it_grew(),
            target_origin=_place(
                next((one for one in main_line(self.after) if one.name not in RESHAPES), None)
            ),
        )

    def _where_it_grew(self) -> dict[str, Any]:
        """Where the target of a column of predictions became several numbers a row."""
        shape, target = self.prediction.values.shape, self.target.values.shape
        if self.after is None or len(shape) != 2 or len(target) != 2 or shape == target or shape[1] != 1:
            return {}
        grew = [one for one in ancestors(self.after) if one.wide >= 0]
        met = next(
            (one for one in grew if not any(other.wide >= 0 for other in ancestors(one) if other is not one)),
            None,
        )
        return {"grown": _place(met), "wide": met.wide} if met is not None else {}


class Losses:
    """The loss calls of a session, in order."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.calls: list[Loss] = []
        self.trained: set[int] = set()

    def call(self, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the loss function, looked at before, so that one that raises is seen too."""
        watch = self._watch
        seen = watch.aside.call(self._look, name, args, kwargs)
        result = function(*args, **kwargs)
        if seen is not None and isinstance(result, torch.Tensor):
            watch.aside.call(self._made, seen, result)
        return result

    def _look(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Loss | None:
        watch = self._watch
        prediction = args[0] if args else kwargs.get("input")
        place = 2 if name in TARGET_THIRD else 1
        target = args[place] if len(args) > place else kwargs.get("target")
        if not isinstance(prediction, torch.Tensor) or not isinstance(target, torch.Tensor):
            return None
        node = watch.seeing.node(name, args, kwargs)
        full = len(self.calls) < _LOOKED_AT
        whole = cut_from(target) if full else None
        seen = Loss(
            name, watch.steps_done, node, watch.history.of(prediction), watch.history.of(target),
            watch.look(prediction, full), watch.look(target, full),
            {key: value for key in _SETTINGS if isinstance(value := kwargs.get(key), _PLAIN)},
            scores_cut_anew(prediction) if full else (),
            values_of(whole) if whole is not None else None,
        )  # fmt: skip
        if full:
            seen.itself = name == "cross_entropy" and own_pairs(prediction, target)
            self._beside_input(seen, target, kwargs)
        node.loss = len(self.calls)
        self.calls.append(seen)
        watch.order("loss", len(self.calls) - 1)
        return seen

    def _beside_input(self, seen: Loss, target: torch.Tensor, settings: dict[str, Any]) -> None:
        """The target beside what the network read."""
        watch = self._watch
        seen.loader = watch.data.loader_of(target)
        last = watch.not_finite.last_pass
        if seen.before is None or not seen.before.network or last is None:
            return
        seen.reads = watch.forwards[seen.before.latest].alone
        inputs = list(tensors_in(last[1:]))
        seen.filled = filled_rows(inputs)
        seen.told = seen.function in REGRESSIONS and told_before(inputs, target)
        seen.apart = drawn_apart(
            [watch.data.history_of(tensor) for tensor in inputs], watch.data.history_of(target)
        )
        if seen.function in ("cross_entropy", "nll_loss") and _counts(settings):
            found = tokens_of(inputs, target, int(settings.get("ignore_index", -100)))
            if found is not None:
                seen.tokens, seen.follows = found

    def look_ahead(self, network: int, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """The network of the last loss is asked whether it sees later tokens than those whose next it tells."""
        seen = self.calls[-1] if self.calls else None
        if seen is None or seen.tokens is None or seen.tokens.shift is None or seen.before is None:
            return
        if self._watch.forwards[seen.before.latest].network != network:
            return
        ahead = looks_ahead(module, args, kwargs, seen.follows)
        where = reader(seen.before)
        seen.tokens = replace(seen.tokens, ahead=ahead, reader=where.place if where else None)

    def _made(self, seen: Loss, result: torch.Tensor) -> None:
        node = seen.node
        if node.requires and not result.requires_grad:
            node.cuts = True
            node.no_grad = not torch.is_grad_enabled()
            node.off = self._watch.gradients_off()
        self._watch.history.keep(result, node)
        if result.numel() == 1 and len(self.calls) <= 64 and readable(result):
            seen.value = float(result.item())

    def value_of(self, node: Node | None) -> float | None:
        """The number that the call gave, where it is a loss function's and that was looked at."""
        return self.calls[node.loss].value if node is not None and node.loss >= 0 else None

    def last(self) -> LossCall | None:
        """The last call, as a fact."""
        return self.calls[-1].fact(trained=False) if self.calls else None

    def facts(self) -> tuple[LossCall, ...]:
        """The calls, with those marked from which a backward pass went."""
        return tuple(call.fact(trained=index in self.trained) for index, call in enumerate(self.calls))


def _place(node: Node | None) -> Place | None:
    return node.spot.place if node and node.spot else None


def _counts(settings: dict[str, Any]) -> bool:
    """Whether every target counts in the loss: it becomes one number, and no class weighs nothing."""
    weight = settings.get("weight")
    zero = isinstance(weight, torch.Tensor) and readable(weight) and bool((weight == 0).any())
    return settings.get("reduction", "mean") != "none" and not zero
