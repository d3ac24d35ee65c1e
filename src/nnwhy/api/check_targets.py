"""From what the user names to the networks to check, and the settings of the project. Needs no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nnwhy.errors import NnwhyError


def expanded(targets: Sequence[str]) -> tuple[str, ...]:
    """Directories and files without a name as their networks; other targets as they are. Raises TargetError."""
    from nnwhy.load import find_targets, parse_target
    from nnwhy.load.running import existing_file

    found: list[str] = []
    for target in targets or (".",):
        parsed = parse_target(target)
        path = Path(parsed.path) if parsed.path else None
        if path is None or parsed.name:
            found.append(target)
        elif path.is_dir():
            found += find_targets(path)
        else:
            found += _in_file(existing_file(path)) or [target]
    return tuple(dict.fromkeys(found))


def _in_file(path: Path) -> list[str]:
    """The networks of a file that no other of its networks uses; [] where it has none or one alone."""
    from nnwhy.load.reading import module_classes, names_in
    from nnwhy.load.running import tree_of

    tree = tree_of(path)
    classes = module_classes(tree)
    used = names_in(tree).used_inside
    roots = [name for name in classes if name not in used]
    return [f"{path}:{name}" for name in roots] if len(roots) > 1 else []


def project_settings(start: Path) -> dict[str, Any]:
    """`[tool.nnwhy]` of the nearest pyproject.toml: "select", "ignore", "severity", "play" and "per-path" (a pattern to names)."""
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            import tomllib

            try:
                table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("nnwhy", {})
            except (OSError, tomllib.TOMLDecodeError) as error:
                raise NnwhyError(f"{file} cannot be read: {error}") from error
            found = {name: table[name] for name in ("select", "ignore", "severity", "play") if name in table}
            if "per-path" in table:
                found["per_path"] = table["per-path"]
            return found
    return {}
