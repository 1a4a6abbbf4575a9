"""The facilitator's commands, as a person writes them: names, options, help."""

import sys
from typing import Annotated

import typer

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
PANEL = "For facilitators"


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Who of a room is where, from the status files of many machines.",
    epilog="Example: ./run dojo room *.json, where each machine has made a file by"
    " ./run dojo status --json > anna.json",
)
def room(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="What ./run dojo status --json wrote, a file each."),
    ],
) -> None:
    """Show who of a room is where: one row for each file, named like the file.

    Those for whom nothing has got better for longest stand first. A file that can't be read is
    named below the table, with the reason.
    """
    from dojo.cli.room import run

    run(files, sys.stdout)
