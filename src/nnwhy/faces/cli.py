"""`nnwhy`: a command is imported only when it is called, so that `--help` and `--version` load nothing heavy."""

from __future__ import annotations

import ast
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from nnwhy import __version__
from nnwhy.errors import NnwhyError

_COMMANDS = Path(__file__).parent / "commands"


def command_names() -> list[str]:
    """The names of all commands, which are those of their files."""
    return sorted(path.stem for path in _COMMANDS.glob("*.py") if not path.stem.startswith("_"))


class _Commands(click.Group):
    """The files of the folder `commands`; the help of each is read from its first line, not by importing it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return import_module(f"nnwhy.faces.commands.{cmd_name}").command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            from nnwhy.errors import nearest

            hint = nearest(args[0], known) or f"there are {', '.join(known)}"
            raise NnwhyError(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _first_sentence(_COMMANDS / f"{name}.py")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n\n")[0].replace("\n", " ").split(": ", 1)[-1]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nnwhy")
def _nnwhy() -> None:
    """What does this layer do, and where does this number come from?

    nnwhy answers about any PyTorch network, from the network itself.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; exit code 0 when all is well, 1 when a check found something, 2 for bad input."""
    try:
        code = _nnwhy.main(args=arguments, prog_name="nnwhy", standalone_mode=False)
    except NnwhyError as error:
        click.echo(f"nnwhy: {error}", err=True)
        code = 2
    except click.ClickException as error:
        click.echo(f"nnwhy: {error.format_message()}", err=True)
        code = 2
    except click.exceptions.Abort:
        code = 130
    except BrokenPipeError:
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
