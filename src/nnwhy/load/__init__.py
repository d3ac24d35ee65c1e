"""From "net.py:Net" to the module: the user's file is run (in a worker) and its network built."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnwhy.errors import SeveralNetworks, TargetError, UserCodeError
from nnwhy.load.target import Target, parse_target

if TYPE_CHECKING:
    from torch import nn

    from nnwhy.load.arguments import Arguments, Init
    from nnwhy.load.candidates import Candidate
    from nnwhy.load.hints import InputHint
    from nnwhy.load.large import MetaBeyond
    from nnwhy.load.reading import FileNames
    from nnwhy.load.running import Ran

__all__ = ["Loaded", "Target", "find_targets", "load", "parse_target"]


@dataclass(frozen=True)
class Loaded:
    """A network, built.

    path:       its file (absolute), "" for a module without one
    name:       the class, function or instance in it that was taken
    how:        one phrase: how it was built and where its arguments came from
    device:     "cpu", or "meta" where its large tensors have shapes only
    candidates: the names of the file's networks, the taken one first
    stopped:    what the file raised before its end, after the network was there
    read_hints: makes `hints`, which most callers do without
    """

    module: nn.Module
    path: str
    name: str
    how: str
    device: str
    candidates: tuple[str, ...]
    stopped: UserCodeError | None = None
    read_hints: Callable[[], tuple[InputHint, ...]] = tuple

    @cached_property
    def hints(self) -> tuple[InputHint, ...]:
        """What the file says about the network's input, read, not run; where a call of the network raised, that call."""
        return self.read_hints()


def load(
    target: str,
    *,
    init: Mapping[str, object] | str | None = None,
    directory: Path | None = None,
    whole: bool = False,
) -> Loaded:
    """Run the file of `target` and build the network in it. For a worker process only: user code runs here.

    `init` are constructor arguments, as a mapping or as Python writes them ("hidden=128"). Relative targets count from
    `directory` (default: the working directory). A file that raises after its network is defined is taken as far as it came,
    and one that trains is left after some seconds of it unless `whole`. To record where modules are constructed, wrap this call in
    `nnwhy.trace.watching_constructions()`. Raises TargetError and UserCodeError, one sentence each.
    """
    from nnwhy.load.large import VALUES_BYTES, MetaBeyond

    parsed = parse_target(target)
    folder = directory or Path.cwd()
    watch = MetaBeyond()
    try:
        return _loaded(parsed, folder, init, whole, watch)
    except (TargetError, UserCodeError):
        if not watch.meta_elements or watch.asked > VALUES_BYTES:
            raise
    # The constructor may have computed with values, which a tensor that is a shape only does not have.
    return _loaded(parsed, folder, init, whole, MetaBeyond(VALUES_BYTES))


def _loaded(parsed: Target, folder: Path, init: Init, whole: bool, watch: MetaBeyond) -> Loaded:
    with watch:
        ran, path = _run(parsed, folder, whole)
        try:
            return _built(parsed, ran, path, init, watch)
        except (TargetError, UserCodeError):
            if ran.cut:  # what is missing may be defined after the training
                ran, path = _run(parsed, folder, whole=True)
                return _built(parsed, ran, path, init, watch)
            if ran.stopped is not None:
                raise ran.stopped from ran.stopped.__cause__
            raise


def find_targets(directory: Path) -> tuple[str, ...]:
    """The networks defined below a directory as targets ("net.py:Net"), from the syntax trees: nothing is run.

    In each file the classes that no other class of the file uses. Hidden folders and virtual environments are left out.
    """
    from nnwhy.load.reading import module_classes, names_in
    from nnwhy.load.running import tree_of

    found: list[str] = []
    for path in sorted((*directory.rglob("*.py"), *directory.rglob("*.ipynb"))):
        folders = path.relative_to(directory).parts[:-1]
        if any(
            part.startswith(".") or part in ("site-packages", "node_modules", "__pycache__")
            for part in folders
        ):
            continue
        try:
            tree = tree_of(path)
        except (TargetError, UserCodeError):
            continue
        classes = module_classes(tree)
        used = names_in(tree).used_inside
        found += [f"{path}:{name}" for name in classes if name not in used] or [
            f"{path}:{name}" for name in classes
        ]
    return tuple(found)


def _run(target: Target, folder: Path, whole: bool) -> tuple[Ran, Path | None]:
    """The module of the target and its file."""
    from nnwhy.load.running import import_named, run_file

    if target.module:
        ran = import_named(target.module, folder, whole=whole)
        file = getattr(ran.module, "__file__", None)
        return ran, Path(file) if file else None
    path = folder / target.path
    if path.is_dir():
        found = find_targets(path)
        if len(found) != 1:
            shown = [
                str(Path(text).relative_to(folder) if Path(text).is_relative_to(folder) else text)
                for text in found
            ]
            raise TargetError(
                f"{target.path} has {len(found)} networks; name one of them: {_listed(shown)}"
                if found
                else f"there is no network below {target.path}: no class in its Python files is an nn.Module"
            )
        path = Path(found[0].rpartition(":")[0])
    return run_file(path, shown=target.path, whole=whole), path.resolve()


def _built(target: Target, ran: Ran, path: Path | None, init: Init, watch: Any) -> Loaded:
    from nnwhy.load.candidates import candidates_in
    from nnwhy.load.hints import hints_in
    from nnwhy.load.reading import FileNames, names_in
    from nnwhy.load.running import text_of, tree_of

    module = ran.module
    readable = path is not None and path.suffix in (".py", ".ipynb")
    tree = tree_of(path) if readable and path is not None else None
    names = names_in(tree) if tree is not None else FileNames({}, set(), {})
    candidates = candidates_in(module, names)
    chosen, arguments = _chosen(target, module, path, candidates, names, init)
    made = _made(chosen, arguments, target.place)
    failed = _failed(ran, made)

    def hints() -> tuple[InputHint, ...]:
        if failed is not None:
            return (failed,)
        if tree is None:
            return ()
        return hints_in(tree, text, type(made).__name__, chosen.name, vars(module), names)

    text = text_of(path) if readable and path is not None else ""
    others = [candidate.name for candidate in candidates if candidate.name != chosen.name]
    return Loaded(
        module=made,
        path=str(path) if path is not None else "",
        name=chosen.name,
        how=_how(chosen, arguments, watch.meta_elements, watch.real_bytes),
        device="meta" if watch.meta_elements else "cpu",
        candidates=(chosen.name, *others),
        stopped=ran.stopped,
        read_hints=hints,
    )


def _failed(ran: Ran, made: nn.Module) -> InputHint | None:
    """The call of the network that raised, where the file came to that."""
    if ran.stopped is None or ran.stopped.__cause__ is None:
        return None
    from nnwhy.load.failed_call import failed_call, hint_of

    call = failed_call(ran.stopped.__cause__)
    return hint_of(call) if call is not None and type(call.module) is type(made) else None


def _chosen(
    target: Target,
    module: types.ModuleType,
    path: Path | None,
    candidates: list[Candidate],
    names: FileNames,
    init: Init,
) -> tuple[Candidate, Arguments | None]:
    """The network that is meant and the arguments to make it with, None for an instance."""
    from nnwhy.load.candidates import choices, named

    if target.name:
        options = [named(module, target.name, candidates, target.place)]
    else:
        options = choices(candidates)
        if not options:
            raise TargetError(_nothing(target.place, module, path))
    ways = [(option, _ways(option, target, module, path, names, init)) for option in options]
    ready = [(option, way) for option, way in ways if not isinstance(way, str)]
    if not ready:
        if len(ways) > 1:
            raise _several(target.place, options)
        raise TargetError(str(ways[0][1]))
    if len(ready) > 1:
        ready = _with_parameters(ready) or ready
    if len(ready) > 1:
        raise _several(target.place, [option for option, _ in ready])
    option, way = ready[0]
    return option, None if isinstance(way, str) else way


def _ways(
    option: Candidate,
    target: Target,
    module: types.ModuleType,
    path: Path | None,
    names: FileNames,
    init: Init,
) -> Arguments | str | None:
    """How to make the candidate; a sentence where nothing says how."""
    from nnwhy.load.arguments import (
        Arguments,
        file_arguments,
        given_arguments,
        how_to_give,
        missing_arguments,
        settings_arguments,
    )

    given = given_arguments(target.arguments, init, vars(module))
    if option.kind == "instance":
        if given is not None:
            raise TargetError(
                f"{option.name} is already built in {target.place} and takes no constructor arguments"
            )
        return None
    given = given or (settings_arguments(path, option.name) if path is not None else None)
    if given is not None:
        missing = missing_arguments(option.thing, given.args, given.kwargs)
        return how_to_give(target.place, option.name, missing, vars(module)) if missing else given
    constructions = names.constructions.get(option.name.rpartition(".")[2], [])
    shown = path.name if path is not None else target.place
    for found in file_arguments(constructions, option.thing, vars(module), shown):
        return found
    if option.needed:
        return how_to_give(target.place, option.name, list(option.needed), vars(module))
    return Arguments((), {}, "with its defaults")


def _with_parameters(ready: list[tuple[Candidate, Any]]) -> list[tuple[Candidate, Any]]:
    """Those that have parameters once built: losses and metrics are modules too, but not the network."""
    found: list[tuple[Candidate, Any]] = []
    for option, way in ready:
        try:
            made = option.thing if way is None else option.thing(*way.args, **way.kwargs)
        except Exception:
            found.append((option, way))
            continue
        if next(made.parameters(), None) is not None:
            found.append((option, way))
    return found


def _made(chosen: Candidate, arguments: Arguments | None, place: str) -> Any:
    from torch import nn

    from nnwhy.load.running import told

    if arguments is None:
        return chosen.thing
    with told(f"{chosen.name} in {place}"):
        made = chosen.thing(*arguments.args, **arguments.kwargs)
    if not isinstance(made, nn.Module):
        raise TargetError(f"{chosen.name} in {place} gives {type(made).__name__}, and not a network")
    return made


def _how(chosen: Candidate, arguments: Arguments | None, meta_elements: int, real_bytes: int) -> str:
    start = "taken as the file built it" if arguments is None else f"built {arguments.source}"
    if not meta_elements:
        return f"{start}, on the CPU"
    return f"{start}; beyond the first {real_bytes >> 20} MB on the meta device, shapes only"


def _nothing(place: str, module: types.ModuleType, path: Path | None) -> str:
    imported = sorted(
        name
        for name, thing in vars(module).items()
        if isinstance(thing, type) and _is_network(thing) and not thing.__module__.startswith("torch.")
    )
    trains = _made_as_it_trains(place, path, imported)
    if imported:
        text = f"{place} defines no network, it imports {_listed(imported)}; name one, as in {place}:{imported[0]}"
        return f"{text}; {trains}" if trains else text
    if trains:
        return f"there is no network at the top level of {place}: {trains}"
    return f"there is no network in {place}: no class in it is an nn.Module, and no variable holds one"


def _made_as_it_trains(place: str, path: Path | None, imported: list[str]) -> str:
    """Where a script makes its network while it runs, and the command that looks at it then; "" where it makes none."""
    from torch import nn

    from nnwhy.load.reading import made_in_function
    from nnwhy.load.running import tree_of

    if path is None or path.suffix != ".py":
        return ""
    layers = {
        name
        for name, thing in vars(nn).items()
        if isinstance(thing, type) and issubclass(thing, nn.Module) and not name.endswith("Loss")
    }
    found = made_in_function(tree_of(path), layers | set(imported))
    return (
        f"{found[0]} makes one in line {found[1]}, and nnwhy run {place} looks at it as it trains"
        if found
        else ""
    )


def _is_network(thing: type) -> bool:
    from torch import nn

    return issubclass(thing, nn.Module)


def _several(place: str, options: list[Candidate]) -> SeveralNetworks:
    names = [option.name for option in options]
    text = f"{place} has {len(names)} networks: {_listed(names)}; name one, as in {place}:{names[0]}"
    return SeveralNetworks(text, tuple(names))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
