"""When to look: at the first steps of the optimizers and at the first evaluation; then not at all.

Between the two only rare events are noticed (a loop over data begins, the mode is switched, a step is made), so that
training runs at full speed.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from nnwhy.facts.session import Session
from nnwhy.watch.frames import foreign, here, spot
from nnwhy.watch.modes import unseen
from nnwhy.watch.patches import FullHooks, Patches, light_hooks
from nnwhy.watch.watching import Watch

_EVALUATION_PASSES = 3
_TRIES = 20
_BACKWARDS = 40


class Phases:
    """One watched run. `tell` is called with the session when the steps are over and when the evaluation is."""

    def __init__(
        self,
        watch: Watch,
        *,
        steps: int,
        tell: Callable[[Session], None],
        stop: Callable[[], None] | None,
    ) -> None:
        self._watch = watch
        self._wanted = steps
        self._tell = tell
        self._stop = stop
        self._full = FullHooks(watch)
        self._light: Patches | None = None
        self._guards: Patches | None = None
        self.phase = "training"
        self._evaluated_before = 0
        self._tries = 0
        self._compiled = False
        self._inside: list[bool] = []

    def begin(self) -> None:
        """From now on the script is watched."""
        self._light = light_hooks(self._watch, self._before_step, self._after_step)
        self._guards = Patches()
        self._guards.replace(torch.autograd, "backward", self._on_backward)
        self._watch.constructed.watch(self._guards)
        self._guards.replace(torch, "compile", self._on_compile)
        self._watch.after_forward = self._after_forward
        self._look()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._in_child)

    def end(self) -> None:
        """Everything off."""
        self._look_away()
        for patches in (self._guards, self._light):
            if patches is not None:
                patches.undo()
        self._light = self._guards = None
        self.phase = "over"
        self._watch.history.forget()

    def _in_child(self) -> None:
        """Worker processes are not watched."""
        self._watch.quiet += 1_000_000

    def _before_step(self, optimizer: Any, closure: bool) -> None:
        watch = self._watch
        if self.phase == "training":
            if watch.looking():
                with watch.aside, unseen():
                    watch.training.before_step(optimizer, closure)
            self._inside.append(not closure)
            if not closure:
                watch.quiet += 1
                self._full.pause()
        elif self.phase == "evaluation":
            self._evaluation_over()
            self._look_at_modes()
        elif self.phase in ("waiting", "after"):
            self._look_at_modes()

    def _after_step(self, optimizer: Any) -> None:
        watch = self._watch
        if self.phase != "training":
            return
        if self._inside and self._inside.pop():
            watch.quiet -= 1
            if True not in self._inside:
                self._full.resume()
        if watch.looking():
            with watch.aside, unseen():
                watch.training.after_step(optimizer, here())
        counts = [live.steps for live in watch.training.live.values() if live.steps]
        if counts and min(counts) >= self._wanted:
            self._training_over()

    def _on_backward(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A script that never steps is not watched for ever; a gradient ends an evaluation."""

        @functools.wraps(original)
        def backward(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            passes = len(self._watch.training.backwards)
            if (
                self.phase == "training"
                and not self._watch.steps_done
                and passes >= max(_BACKWARDS, 4 * self._wanted)
            ):
                self._training_over()
            return result

        return backward

    def _training_over(self) -> None:
        self._look_away()
        watch = self._watch
        watch.steps_over = True
        evaluated = evaluations(watch) > 0
        self.phase = "after" if evaluated else "waiting"
        self._tell(watch.session("steps"))
        if self._stop is not None:
            self.end()
            self._stop()
        if self.phase == "waiting":
            self._wait()
        elif not _depends_on_mode(watch):
            self.end()

    def _wait(self) -> None:
        """Until an evaluation begins."""
        assert self._guards is not None
        self._evaluated_before = len(self._watch.forwards)
        self._guards.replace(nn.Module, "eval", self._on_eval)
        for manager in (torch.no_grad, torch.inference_mode):
            self._guards.replace(manager, "__enter__", self._on_no_grad)
        self._guards.replace(DataLoader, "__iter__", self._on_loop)

    def _on_eval(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def eval(module: nn.Module) -> Any:
            if self.phase == "waiting" and self._watch.looking():
                self._evaluate()
            return original(module)

        return eval

    def _on_no_grad(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def __enter__(manager: Any) -> Any:
            if self.phase == "waiting" and self._watch.looking() and self._tries < _TRIES and _from_user():
                self._tries += 1
                self._evaluate()
            return original(manager)

        return __enter__

    def _on_loop(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def __iter__(loader: Any) -> Any:
            if self.phase == "waiting" and self._watch.looking():
                self._evaluate()
            return original(loader)

        return __iter__

    def _evaluate(self) -> None:
        self._evaluated_before = len(self._watch.forwards)
        self.phase = "evaluation"
        self._look()

    def _after_forward(self) -> None:
        if self.phase != "evaluation":
            return
        fresh = range(self._evaluated_before, len(self._watch.forwards))
        if len(fresh) <= _EVALUATION_PASSES:
            return
        if any(index in self._watch.trained for index in fresh):
            self._look_away()
            self.phase = "waiting"
        else:
            self._evaluation_over()

    def _evaluation_over(self) -> None:
        """The passes that were seen were an evaluation unless a gradient went back from them."""
        self._look_away()
        watch = self._watch
        fresh = range(self._evaluated_before, len(watch.forwards))
        if all(index in watch.trained or index in watch.used for index in fresh):
            self.phase = "waiting"
            return
        self.phase = "after"
        self._tell(watch.session("steps"))
        if not _depends_on_mode(watch):
            self.end()

    def _look_at_modes(self) -> None:
        """A training step after an evaluation: is the network in training mode again?"""
        watch = self._watch
        if not any(not one.training for one in watch.forwards):
            return
        for seen, module in watch.networks():
            if seen.layers and not module.training:
                watch.act("step-in-eval", spot(), seen.type, seen.id)
        if any(act.kind == "eval" for act in watch.acts):
            self._tell(watch.session("steps"))
            self.end()

    def _look(self) -> None:
        """See every call; a compiled network runs as it was written while that lasts."""
        self._full.put_on()
        if self._compiled:
            torch.compiler.set_stance("force_eager")

    def _look_away(self) -> None:
        if self._full.on and self._compiled:
            torch.compiler.set_stance("default")
        self._full.take_off()

    def _on_compile(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def compile(*args: Any, **kwargs: Any) -> Any:
            compiled = original(*args, **kwargs)
            self._compiled = True
            if self._full.on:
                torch.compiler.set_stance("force_eager")
            return compiled

        return compile


def evaluations(watch: Watch) -> int:
    """How many passes so far look like an evaluation: nothing was trained from them, after a first step."""
    return sum(
        index not in watch.trained
        and index not in watch.used
        and one.step > 0
        and not (one.training and one.gradients)
        for index, one in enumerate(watch.forwards)
    )


def _depends_on_mode(watch: Watch) -> bool:
    return any(seen.layers for seen, _ in watch.networks())


def _from_user() -> bool:
    """Whether the user's own code enters the context, not torch's or a library's."""
    return not foreign(sys._getframe(2).f_code.co_filename)
