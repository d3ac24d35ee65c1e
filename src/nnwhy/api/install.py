"""Explanations of crashes in scripts and notebooks that run without `nnwhy run`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from nnwhy.api.watch import explanation_of
from nnwhy.watch.arrival import when_torch_is_imported
from nnwhy.watch.places import with_paths

if TYPE_CHECKING:
    from nnwhy.watch.constructed import Constructed

_constructed: Constructed | None = None
_MARK = "_explained_by_nnwhy"
_uninstallers: list[Any] = []


def install() -> None:
    """From now on an exception that ends the script, or a notebook's cell, is explained where it comes from a network.

    The explanation stands before the traceback, which stays complete; other exceptions are left alone. Networks that are
    constructed afterwards are known by the line that constructs them. Calling it twice changes nothing.
    """
    if _uninstallers:
        return
    when_torch_is_imported(_watch_constructions)
    shell = _shell()
    if shell is not None:
        _uninstallers.append(_into_shell(shell))
    else:
        before = sys.excepthook
        sys.excepthook = _hook(before)
        _uninstallers.append(lambda: setattr(sys, "excepthook", before))


def uninstall() -> None:
    """As it was before `install`."""
    while _uninstallers:
        _uninstallers.pop()()


@contextmanager
def explained() -> Generator[None]:
    """Within this context an exception that comes from a network is explained on its way out; it is raised as ever."""
    when_torch_is_imported(_watch_constructions)
    try:
        yield
    except Exception as error:
        explain(error)
        raise


def explain(error: BaseException | None) -> None:
    """Print what `error` is about, once."""
    if not isinstance(error, Exception) or "torch" not in sys.modules or getattr(error, _MARK, False):
        return
    setattr(error, _MARK, True)
    explanation_of(error, _findings)


def _findings(error: BaseException) -> Any:
    from nnwhy.api.crash import crash_findings
    from nnwhy.watch.unnoticed import unnoticed

    with unnoticed():
        found = crash_findings(error, None, _constructed)
    shell = _shell()
    return found if shell is None else with_paths(found, _cell_names(shell))


def _watch_constructions() -> None:
    global _constructed
    if _constructed is None:
        from nnwhy.watch.constructed import Constructed
        from nnwhy.watch.patches import Patches

        _constructed = Constructed()
        _constructed.watch(Patches())


def _hook(before: Any) -> Any:
    def excepthook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        explain(error.with_traceback(traceback))
        before(kind, error, traceback)

    return excepthook


def _shell() -> Any:
    """The running IPython shell, None outside of one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _cell_names(shell: Any) -> Callable[[str], str]:
    """Cells under the numbers that the notebook shows; their text stays to be had under the new name."""
    import linecache

    numbers: Any = getattr(shell.compile, "_filename_map", {})

    def rename(path: str) -> str:
        if path not in numbers:
            return path
        name = f"In[{numbers[path]}]"
        if path in linecache.cache:
            linecache.cache[name] = linecache.cache[path]
        return name

    return rename


def _into_shell(shell: Any) -> Any:
    """The shell shows an explanation before each traceback."""
    before = shell.showtraceback

    def showtraceback(exc_tuple: Any = None, *args: Any, **kwargs: Any) -> Any:
        explain(exc_tuple[1] if exc_tuple else sys.exc_info()[1])
        return before(exc_tuple, *args, **kwargs)

    shell.showtraceback = showtraceback

    def undo() -> None:
        shell.showtraceback = before

    return undo
