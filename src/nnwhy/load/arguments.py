"""Where a constructor's arguments come from, in this order: the target's brackets, --init, pyproject.toml, the file's own construction, defaults."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nnwhy.errors import TargetError, nearest
from nnwhy.load.literal import Unreadable, arguments_of, parsed_arguments, read
from nnwhy.load.reading import Construction


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments to construct with, and where they came from, as a phrase ("as in net.py:40")."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    source: str


Init = Mapping[str, object] | str | None


def given_arguments(text: str | None, init: Init, names: Mapping[str, Any]) -> Arguments | None:
    """The arguments of the target's brackets and --init joined; None where neither was given. Raises TargetError."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    sources: list[str] = []
    for words, source in ((text, "the target"), (init, "--init")):
        if words is None or words == {}:
            continue
        sources.append(source)
        if isinstance(words, Mapping):
            kwargs.update(words)
            continue
        try:
            more, by_name = arguments_of(parsed_arguments(words), names)
        except Unreadable as error:
            raise TargetError(
                f"{error} in ({words}) is not known here; give numbers, texts, tuples, or names of the file itself"
            ) from None
        args += more
        kwargs.update(by_name)
    return Arguments(args, kwargs, f"given by {' and '.join(sources)}") if sources else None


def settings_arguments(path: Path, name: str) -> Arguments | None:
    """The arguments in the nearest pyproject.toml above the file: `[tool.nnwhy.init.Net]` or `[tool.nnwhy.init."net.py:Net"]`."""
    for folder in path.resolve().parents:
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            data: Any = tomllib.loads(file.read_text(encoding="utf-8"))
            table = data.get("tool", {}).get("nnwhy", {}).get("init", {})
            relative = path.resolve().relative_to(folder).as_posix()
        except (OSError, ValueError, AttributeError) as error:
            raise TargetError(f"{file} cannot be read: {error}") from None
        found = table.get(f"{relative}:{name}", table.get(f"{path.name}:{name}", table.get(name)))
        if found is None:
            return None
        if not isinstance(found, dict):
            raise TargetError(
                f"[tool.nnwhy.init] in {file} gives {name} no table; write [tool.nnwhy.init.{name}]"
            )
        return Arguments((), dict(found), f"from {file.name}")
    return None


def file_arguments(
    constructions: list[Construction], maker: Callable[..., Any], names: Mapping[str, Any], file: str
) -> Iterator[Arguments]:
    """The arguments of the file's own constructions that can be read without running anything."""
    for construction in constructions:
        try:
            args, kwargs = arguments_of(construction.call, _known_at(construction, names))
            complete = not missing_arguments(maker, args, kwargs)
        except (Unreadable, TargetError):
            continue
        if complete:
            yield Arguments(args, kwargs, f"as in {file}:{construction.call.lineno}")


def _known_at(construction: Construction, names: Mapping[str, Any]) -> dict[str, Any]:
    """The names of the module, and those that the construction's own block assigns before it."""
    known = dict(names)
    for name, value in construction.before:
        if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("parse_args"):
            known[name] = SimpleNamespace(**_options(construction, known))
            continue
        try:
            known[name] = read(value, known)
        except Unreadable:
            if name not in names:  # else the module's own value stands
                known.pop(name, None)
    return known


def _options(construction: Construction, names: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of the program's options, read from its `add_argument` calls."""
    found: dict[str, Any] = {}
    for name, value in construction.options:
        try:
            found[name] = read(value, names)
        except Unreadable:
            continue
    return found


def missing_arguments(
    maker: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> list[str]:
    """The arguments that `maker` still needs. Raises TargetError for one that it does not take."""
    name = getattr(maker, "__name__", str(maker))
    try:
        signature = inspect.signature(maker)
    except (TypeError, ValueError):
        return []
    try:
        bound = signature.bind_partial(*args, **kwargs)
    except TypeError as error:
        taken = [
            p.name for p in signature.parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        ]
        unknown = next((word for word in kwargs if word not in taken), "")
        hint = nearest(unknown, taken) if unknown else ""
        raise TargetError(
            f"{name} cannot be made this way: {error}; {hint or 'it takes ' + (', '.join(taken) or 'no arguments')}"
        ) from None
    return [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and parameter.name not in bound.arguments
    ]


def how_to_give(place: str, name: str, missing: list[str], names: Mapping[str, Any]) -> str:
    """The sentence for arguments that nobody gave."""
    shown = ", ".join(f"{word}={_example(word, names)}" for word in missing)
    return (
        f"{name} needs {_listed(missing)}, and nothing says what {'it is' if len(missing) == 1 else 'they are'}; "
        f'give {"it" if len(missing) == 1 else "them"} as "{place}:{name}({shown})", with --init "{shown}", '
        f"or in [tool.nnwhy.init.{name}] of pyproject.toml"
    )


def _example(word: str, names: Mapping[str, Any]) -> str:
    """A configuration class of the file that the word may mean, else an ellipsis."""
    if word.lower() in ("config", "cfg", "args", "params", "hparams"):
        for name, thing in names.items():
            if (
                isinstance(thing, type)
                and name.lower().endswith(("config", "cfg", "args"))
                and not name.startswith("_")
            ):
                try:
                    if not missing_arguments(thing, (), {}):
                        return f"{name}()"
                except TargetError:
                    continue
    return "..."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
