"""The facilitator's commands, as a person writes them: names, options, help."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dojo.settings import ROOT

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


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Judge the submissions of a whole course, one after the other.",
    epilog="Example: ./run dojo grade 01 submissions/*, and for several katas:"
    " ./run dojo grade 01,04 submissions/*",
)
def grade(
    katas: Annotated[str, typer.Argument(metavar="KATA", help="01, or several: 01,04.")],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH…",
            help="Folders (a clone, or an app/), .patch files, .tar.gz or .zip archives,"
            " references of this clone.",
        ),
    ] = None,
    each_of: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Whatever is in that folder is a submission, by name."),
    ] = None,
    index: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Judge number N alone, from 0; write no tables."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the results go. [default: .dojo/grading]"),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Judge anew what has a result already.")
    ] = False,
) -> int:
    """Judge submissions one after the other, each with this release's grader and its own database.

    Only app/ is taken from a submission, and it runs in a sandbox; docs/grading.md says what that
    protects. Results are cohort.csv, cohort.json and the page cohort.html. A second call goes on
    where the first one was ended, by the submissions' content.

    Exit status: 0 if each submission has a result, whatever it is; 11 if a run said nothing (call
    it again); 130 after Ctrl-C.
    """
    from dojo.cli.grade import Choice, run

    choice = Choice(katas, tuple(paths or ()), each_of, index, to, again)
    return run(choice, ROOT, sys.stdout)
