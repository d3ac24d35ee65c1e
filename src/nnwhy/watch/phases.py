"""When to look: at the first steps of the optimizers and at the first evaluation; then not at all.

Between the two only rare events are noticed (a loop over data begins, the mode is switched, gradients are switched off):
nothing that a training step calls is changed, so that training runs at full speed.
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from nnwhy.facts.session import Session
from nnwhy.watch.frames import foreign, spot, user_frame
from nnwhy.watch.noticed import rare_hooks, training_hooks
from nnwhy.watch.patches import FullHooks, Patches, step_hooks
from nnwhy.watch.watching import Watch
from nnwhy.watch.weights import parameters_of

EVALUATION_WITHIN = 20.0
"""Seconds after the watched steps that a script which is to be stopped gets for its first evaluation."""

_EVALUATION_PASSES = 3
_PASSES_BEFORE_A_STEP = 12
"""What a step's targets and losses take, where a pass with gradients says that it may be one."""
_TRIES = 2
_BACKWARDS = 40


class Phases:
    """One watched run. `tell` is called with the session when the steps are over and when the evaluation is. `stop` is called
    when both are, or when no evaluation begins in time; with whether there was one. `finished` likewise, but where a mode may
    be lost in the evaluation only after the step behind it."""

    def __init__(
        self,
        watch: Watch,
        *,
        steps: int,
        tell: Callable[[Session], None],
        stop: Callable[[bool], None] | None,
        finished: Callable[[bool], None] | None = None,
    ) -> None:
        self._watch = watch
        self._wanted = steps
        self._tell = tell
        self._stop = stop
        self._finished = finished
        self._full = FullHooks(watch)
        self._rare: Patches | None = None
        self._waiting: Patches | None = None
        self._training: Patches | None = None
        self._steps: Patches | None = None
        self.phase = "training"
        self._evaluated_before = 0
        self._tries: dict[tuple[CodeType, int], int] = {}
        self._until = 0.0
        self._compiled = False
        self._inside: list[bool] = []

    def begin(self) -> None:
        """From now on the script is watched."""
        self._rare = rare_hooks(self._watch)
        self._rare.replace(torch, "compile", self._on_compile)
        self._training = training_hooks(self._watch)
        self._watch.after_backward = self._after_backward
        self._look()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._in_child)

    def end(self) -> None:
        """Everything off."""
        self._look_away()
        for patches in (self._steps, self._training, self._waiting, self._rare):
            if patches is not None:
                patches.undo()
        self._steps = self._training = self._waiting = self._rare = None
        self.phase = "over"
        self._watch.history.forget()

    def _in_child(self) -> None:
        """Worker processes are not watched."""
        self._watch.quiet += 1_000_000

    def _before_step(self, optimizer: Any, closure: bool) -> None:
        watch = self._watch
        if self.phase == "training":
            if watch.looking():
                watch.aside.call(watch.training.before_step, optimizer, closure)
            self._inside.append(not closure)
            if not closure:
                watch.quiet += 1
                self._full.pause()
        elif self.phase in ("evaluation", "after"):
            if self.phase == "evaluation":
                self._evaluation_over()
            if self.phase == "after":
                self._look_at_modes(optimizer)
        elif self.phase == "waiting" and time.monotonic() > self._until:
            self._end_and_stop(evaluated=False)

    def _after_step(self, optimizer: Any) -> None:
        watch = self._watch
        if self.phase != "training":
            return
        if self._inside and self._inside.pop():
            watch.quiet -= 1
            if True not in self._inside:
                self._full.resume()
        if watch.looking():
            watch.aside.call(watch.training.after_step, optimizer, spot())
        if watch.training.all_made(self._wanted):
            self._training_over()

    def _after_backward(self) -> None:
        """A script that never steps is not watched for ever."""
        passes = len(self._watch.training.backwards)
        if (
            self.phase == "training"
            and not self._watch.steps_done
            and passes >= max(_BACKWARDS, 4 * self._wanted)
        ):
            self._training_over()

    def _training_over(self) -> None:
        self._look_away()
        watch = self._watch
        watch.steps_over = True
        if self._training is not None:
            self._training.undo()
        if evaluations(watch) > 0:
            self._tell(watch.session("steps"))
            self._evaluated()
            return
        self._tell(watch.session("steps"))
        if self._stop is not None or self._finished is not None:
            self._until = time.monotonic() + EVALUATION_WITHIN
        self._wait()

    def _wait(self) -> None:
        """Until an evaluation begins."""
        self.phase = "waiting"
        self._notice_steps(self._stop is not None or self._finished is not None)
        if self._waiting is None:
            self._waiting = Patches()
            self._waiting.replace(nn.Module, "eval", self._on_eval)
            for manager in (torch.no_grad, torch.inference_mode):
                self._waiting.replace(manager, "__enter__", self._on_no_grad)
            self._waiting.replace(DataLoader, "__iter__", self._on_loop)

    def _on_eval(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def eval(module: nn.Module) -> Any:
            self._may_be_evaluation(user_frame(sys._getframe(1)))
            return original(module)

        return eval

    def _on_no_grad(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def __enter__(manager: Any) -> Any:
            self._may_be_evaluation(_entered_by(sys._getframe(1)))
            return original(manager)

        return __enter__

    def _on_loop(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def __iter__(loader: Any) -> Any:
            self._may_be_evaluation(user_frame(sys._getframe(1)))
            return original(loader)

        return __iter__

    def _may_be_evaluation(self, frame: FrameType | None) -> None:
        """Look what passes follow; where that was in vain at this place before, it is no evaluation."""
        if frame is None or self.phase != "waiting" or not self._watch.looking():
            return
        where = frame.f_code, frame.f_lasti
        tries = self._tries.get(where, 0)
        if tries >= _TRIES:
            return
        self._tries[where] = tries + 1
        self._evaluated_before = len(self._watch.forwards)
        self.phase = "evaluation"
        self._watch.after_forward = self._after_forward
        self._look()

    def _after_forward(self) -> None:
        fresh = self._watch.forwards[self._evaluated_before :]
        trains = any(one.training and one.gradients for one in fresh)
        if len(fresh) > (_PASSES_BEFORE_A_STEP if trains else _EVALUATION_PASSES):
            self._evaluation_over()

    def _evaluation_over(self) -> None:
        """The passes that were seen were an evaluation unless a gradient went back from them."""
        self._look_away()
        watch = self._watch
        watch.after_forward = None
        fresh = range(self._evaluated_before, len(watch.forwards))
        if watch.trained | watch.used >= set(fresh):
            self._wait()
            return
        self._tell(watch.session("steps"))
        self._evaluated()

    def _evaluated(self) -> None:
        """The steps and the evaluation are over; where a mode may be lost, the next step is awaited."""
        if self._waiting is not None:
            self._waiting.undo()
            self._waiting = None
        self.phase = "after"
        watch = self._watch
        if self._stop is not None:
            self._end_and_stop(evaluated=True)
        elif any(seen.layers for seen, _ in watch.networks()) and any(
            kind == "eval" for kind, *_ in watch.acts
        ):
            self._notice_steps(True)
        else:
            self._end_and_stop(evaluated=True)

    def _look_at_modes(self, optimizer: Any) -> None:
        """A training step after an evaluation: is the network that is trained in training mode again?"""
        watch = self._watch
        held = {id(parameter) for parameter in parameters_of(optimizer)}
        for seen, module in watch.networks():
            if not any(id(parameter) in held for parameter in module.parameters()):
                continue
            if seen.layers and not module.training:
                watch.act("step-in-eval", spot(), seen.type, seen.id)
        self._tell(watch.session("steps"))
        self._end_and_stop(evaluated=True)

    def _end_and_stop(self, *, evaluated: bool) -> None:
        self.end()
        stop = self._stop or self._finished
        if stop is not None:
            stop(evaluated)

    def _notice_steps(self, wanted: bool) -> None:
        if wanted and self._steps is None:
            self._steps = step_hooks(self._before_step, self._after_step)
        elif not wanted and self._steps is not None:
            self._steps.undo()
            self._steps = None

    def _look(self) -> None:
        """See every call; a compiled network runs as it was written while that lasts."""
        self._notice_steps(True)
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
    computed_from = watch.trained | watch.used
    return sum(
        index not in computed_from and one.step > 0 and not (one.training and one.gradients)
        for index, one in enumerate(watch.forwards)
    )


def _entered_by(frame: FrameType) -> FrameType | None:
    """The user's frame that switches gradients off, by `with` or by calling what `@torch.no_grad()` decorates; None where
    torch or a library does."""
    called = frame.f_back if frame.f_code.co_name == "decorate_context" else frame
    return called if called is not None and not foreign(called.f_code.co_filename) else None
