"""Playing a program for some seconds: what stands under `if __name__ == "__main__":`, or a function that nothing else calls."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import signal
import sys
import threading
import time
import types
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader

from nnwhy.load.running import Training, run_file, text_of, training_at_most

PLAYED_SECONDS = 1.0
"""How long a program is played, in seconds of the processor for its main thread."""
TRAINED_SECONDS = 0.3
"""How long of that it may train."""
WAITED_SECONDS = 3.0
"""After so long by the clock it is left, whatever it does: it may sleep, or count."""

_OF_WORKERS = ("num_workers", "prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout")


def parts_to_play(tree: ast.Module, network: str) -> list[list[ast.stmt]]:
    """What begins the program: the main block; without one, the functions without parameters that nothing in the file calls
    and that come to the class `network`, at most two."""
    mains = [node.body for node in tree.body if isinstance(node, ast.If) and _is_main(node.test)]
    if mains:
        return [[statement for body in mains for statement in body]]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached = {name: _names(node) for name, node in functions.items()}
    classes = {node.name: _names(node) for node in tree.body if isinstance(node, ast.ClassDef)}
    alone = [
        name
        for name, node in functions.items()
        if not node.decorator_list
        and _takes_nothing(node)
        and not any(name in names for other, names in reached.items() if other != name)
        and not any(name in names for names in (*classes.values(), *_at_top(tree)))
        and network in _closure(name, {**classes, **reached})
    ]
    return [[ast.Expr(ast.Call(ast.Name(name, ast.Load()), [], []))] for name in alone[:2]]


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare) and "__name__" in ast.unparse(test) and "__main__" in ast.unparse(test)
    )


def _takes_nothing(node: ast.FunctionDef) -> bool:
    given = node.args
    return len(given.args) + len(given.posonlyargs) <= len(given.defaults) and all(
        default is not None for default in given.kw_defaults
    )


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _at_top(tree: ast.Module) -> list[set[str]]:
    plain = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return [_names(node) for node in tree.body if not isinstance(node, plain)]


def _closure(name: str, reached: dict[str, set[str]]) -> set[str]:
    found, todo = set[str](), [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += reached.get(one, ())
    return found


def play(path: Path, statements: list[ast.stmt], *, bare: bool = False) -> Exception | None:
    """Run a file, then the statements in it, for some seconds; what they raised, None where they came to an end or were stopped.

    What they print is left out, and the random numbers, command line and number types of this process are as they were. `bare`:
    nothing of ours stands between the program and torch's functions, and only its training is limited, ten times as long.
    Where the system has no timer that could end it, or this is not the main thread, nothing is played. Raises NnwhyError where
    the file itself cannot be run.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return None
    with _as_alone(path), contextlib.suppress(SystemExit):
        ran = run_file(path)
        if ran.stopped is not None or ran.cut:
            return None
        body = ast.fix_missing_locations(ast.Module(statements, []))
        if "optim" in text_of(path):
            importlib.import_module(
                "torch._dynamo"
            )  # an optimizer's first call does, in a second that is not the program's
        return _played(compile(body, str(path), "exec"), ran.module, bare)
    return None


def _played(code: types.CodeType, module: types.ModuleType, bare: bool) -> Exception | None:
    waited = 5 * WAITED_SECONDS if bare else WAITED_SECONDS
    try:
        with _left_after(waited), training_at_most(10 * TRAINED_SECONDS) if bare else _Until():
            exec(code, vars(module))
    except (Training, KeyboardInterrupt):
        return None
    except Exception as error:
        return error
    return None


@contextmanager
def _left_after(seconds: float) -> Generator[None]:
    """Raises Training when so much time has gone by; again and again, for programs that catch everything."""

    def over(number: int, frame: types.FrameType | None) -> None:
        raise Training

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _as_alone(path: Path) -> Generator[None]:
    words, type_before, threads = sys.argv, torch.get_default_dtype(), torch.get_num_threads()
    made: Any = DataLoader.__init__
    sys.argv = [str(path)]
    if threads != 1:  # many threads wait for each other on what is small
        torch.set_num_threads(1)
    DataLoader.__init__ = _without_workers(made)  # type: ignore[method-assign]
    silent = io.StringIO()
    try:
        with (
            torch.random.fork_rng(devices=[]),
            torch.enable_grad(),
            contextlib.redirect_stdout(silent),
            contextlib.redirect_stderr(silent),
        ):
            torch.default_generator.manual_seed(0)
            yield
    finally:
        DataLoader.__init__ = made  # type: ignore[method-assign]
        sys.argv = words
        torch.set_default_dtype(type_before)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)


def _without_workers(made: Any) -> Any:
    def __init__(loader: Any, *args: Any, **kwargs: Any) -> None:
        made(loader, *args, **{name: value for name, value in kwargs.items() if name not in _OF_WORKERS})

    return __init__


class _Until(TorchFunctionMode):
    """Raises Training at the first torch function after PLAYED_SECONDS, or after TRAINED_SECONDS from the first backward pass."""

    def __init__(self) -> None:
        super().__init__()
        self._end = time.thread_time() + PLAYED_SECONDS
        self._trains = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if time.thread_time() > self._end:
            raise Training
        if not self._trains and func is torch.Tensor.backward:
            self._trains = True
            self._end = min(self._end, time.thread_time() + TRAINED_SECONDS)
        return func(*args, **(kwargs or {}))
