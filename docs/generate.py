"""The reference pages, made from what is in the package: cards, checks, commands, the JSON schema."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator

import click
import mkdocs_gen_files

from nnwhy import layers
from nnwhy.checks.basis.registry import all_checks
from nnwhy.checks.training.basis.registry import training_checks
from nnwhy.faces.cli import command_names
from nnwhy.facts.card import Card
from nnwhy.facts.schema import schema


def card_page(card: Card) -> Iterator[str]:
    yield f"# {card.name}\n"
    yield f"`{card.path}`\n" if card.path else ""
    yield f"{card.sentence}\n"
    for heading, text in (
        ("What it does to the data", card.data),
        ("Why it is there", card.why),
        ("Arguments", arguments(card)),
        ("Output shape", card.shape_note),
        ("Training and evaluation", card.modes),
        ("Initialisation", card.initialisation),
        ("Formula", card.formula),
        ("Cost", f"Parameters: {card.parameters or '0'}. Multiply-adds: {card.multiply_adds or '0'}."),
        ("Pitfalls", "\n".join(f"- {pitfall.text}" + (f" (check `{pitfall.check}`)" if pitfall.check else "") for pitfall in card.pitfalls)),
        ("Which one when", card.neighbours),
        ("NumPy reference", f"```python\n{layers.reference_source(card.name)}```" if card.reference else ""),
        ("References", "\n".join(reference(item) for item in card.references)),
    ):  # fmt: skip
        if text:
            yield f"## {heading}\n\n{text}\n"


def arguments(card: Card) -> str:
    rows = [
        f"| `{item.name}` | {f'`{item.default}`' if item.default else ''} | {escaped(item.meaning)} | {escaped(item.larger)} |"
        for item in card.arguments
    ]
    return (
        "\n".join(["| name | default | meaning | a larger value |", "|---|---|---|---|", *rows])
        if rows
        else ""
    )


def escaped(text: str) -> str:
    return text.replace("|", "\\|")


def reference(item: object) -> str:
    year = f" ({item.year})" if item.year else ""  # type: ignore[attr-defined]
    author = f"{item.author}, " if item.author else ""  # type: ignore[attr-defined]
    title = f"[{item.title}]({item.link})" if item.link else item.title  # type: ignore[attr-defined]
    return f"- {author}{title}{year}"


def write(path: str, parts: Iterator[str] | list[str]) -> None:
    with mkdocs_gen_files.open(path, "w") as page:
        page.write("\n".join(part for part in parts if part))


def layer_pages() -> None:
    index = [
        "# Layers\n",
        "A page for every class of `torch.nn` and for the functions that people use in `forward`.\n",
    ]
    for family, cards in layers.families().items():
        index.append(f"## {family.capitalize()}\n")
        for card in cards:
            name = card.name if card.is_module else f"function-{card.name}"
            write(f"reference/layers/{name}.md", card_page(card))
            index.append(f"- [{card.name}]({name}.md): {card.sentence}")
        index.append("")
    write("reference/layers/index.md", index)


def command_page() -> None:
    parts = ["# Commands\n"]
    for name in command_names():
        command: click.Command = importlib.import_module(f"nnwhy.faces.commands.{name}").command
        context = click.Context(command, info_name=f"nnwhy {name}", max_content_width=100)
        parts.append(f"## nnwhy {name}\n\n```text\n{command.get_help(context)}\n```\n")
    write("reference/commands.md", parts)


def schema_page() -> None:
    text = json.dumps(schema(), indent=2, ensure_ascii=False)
    write(
        "reference/schema.md",
        ["# JSON schema\n", "What `--json` prints, and `.data()` gives.\n", f"```json\n{text}\n```\n"],
    )


def check_pages() -> None:
    """One page a check, from the check's own file."""
    index = [
        "# Checks\n",
        "What `nnwhy check` and `nnwhy run` look for. Each page is the documentation of the check's own file.\n",
    ]
    families = {"Of networks": all_checks(), "Of training, while a script is watched": training_checks()}
    for family, checks in families.items():
        index += [f"## {family}\n", "| check | severity | finds |", "|---|---|---|"]
        for name, check in checks.items():
            page = name if family == "Of networks" else f"training-{name}"
            write(
                f"reference/checks/{page}.md",
                [f"# {name}\n", f"Severity: {check.severity}.\n", check.documentation],
            )
            index.append(f"| [{name}]({page}.md) | {check.severity} | {escaped(check.summary)} |")
        index.append("")
    write("reference/checks/index.md", index)


layer_pages()
command_page()
schema_page()
check_pages()
