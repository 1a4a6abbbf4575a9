"""`./run dojo …`, which is `python -m dojo …`: the command line as a whole.

What the commands are called and which options they take stands in `learner_commands`,
`facilitator_commands`, `shop_commands` and `author_commands`. What a command does is a module of
its own, imported when it is called: --help needs neither Postgres nor a client.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from dojo.cli import author_commands, facilitator_commands, learner_commands, shop_commands
from dojo.environment import drop_inherited
from dojo.errors import message_of

__all__ = ["command_line", "main"]

PROGRAM = "./run dojo"
WRONG_USAGE = 2


class CommandGroup(TyperGroup):
    """Commands; a name that is none of them is answered with those that there are."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # click's own types
        """As Typer's."""
        try:
            return super().resolve_command(ctx, args)
        except typer.TyperException as error:
            error.message += f"\nThe commands are: {', '.join(self.commands)}."
            raise


def command_line() -> TyperGroup:
    """The commands, declared."""
    app = typer.Typer(
        cls=CommandGroup,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
        help="The learner's tools, the running shop and its database, and tools for authors of"
        " katas.",
        epilog="A kata is run with ./run pytest katas/01-latency.",
    )

    @app.callback()
    def whole() -> None:
        pass

    for group in (learner_commands, facilitator_commands, shop_commands, author_commands):
        app.add_typer(group.COMMANDS)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup)
    return command


def main(argv: list[str] | None = None) -> int:
    """The exit status: 0, 1 after a message, 2 for a wrong usage."""
    arguments = sys.argv[1:] if argv is None else argv
    inherited = set(os.environ)
    drop_inherited(os.environ)
    dropped = inherited - set(os.environ)  # of interest to `doctor` alone
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that can't show every character
    try:
        status: int | None = command_line().main(
            arguments or ["--help"], prog_name=PROGRAM, standalone_mode=False, obj=dropped
        )
    except typer.TyperException as error:
        print(_usage_problem(error, arguments[0]), file=sys.stderr)
        return error.exit_code
    except Exception as error:
        print(message_of(error), file=sys.stderr)
        return 1
    return status or (0 if arguments else WRONG_USAGE)


def _usage_problem(error: typer.TyperException, command: str) -> str:
    """The usage, what is wrong, what was probably meant, and where to read more."""
    context = getattr(error, "ctx", None)
    if context is None:
        return f"Error: {error.format_message()}\nFor help: {PROGRAM} {command} --help"
    message = error.format_message()
    if hasattr(error, "option_name") and hasattr(error, "possibilities"):
        message = f"{error.message}.{_options(context.command, error.possibilities)}"
    return f"{context.get_usage()}\nError: {message}\nFor help: {context.command_path} --help"


def _options(command: Any, close: Sequence[str] | None) -> str:
    """What to say of an option that there is not: the close ones, or all of the command's."""
    if close:
        return f" Did you mean {' or '.join(sorted(close))}?"
    names = [name for each in command.params for name in each.opts if name.startswith("-")]
    return f"\nThe options are: {', '.join([*names, '--help'])}."
