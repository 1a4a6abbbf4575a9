"""The learner's commands, as a person writes them: names, options, help."""

import sys
from typing import Annotated

import typer

from dojo.settings import ROOT

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
PANEL = "For learners"

Kata = Annotated[str, typer.Argument(metavar="KATA", help="01, latency or 01-latency.")]


@COMMANDS.command(
    "next",
    rich_help_panel=PANEL,
    short_help="Which kata to take up now, how long it takes, how to stop and come back.",
    epilog="Example: ./run dojo next --minutes 15",
)
def next_kata(
    minutes: Annotated[int, typer.Option(min=1, metavar="N", help="How much time you have.")] = 30,
) -> None:
    """Say which kata to take up now, how long it takes, and how to stop and come back."""
    from dojo.cli.next_kata import run

    run(minutes, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="The next hint of a kata.",
    epilog="Example: ./run dojo hint 01",
)
def hint(kata: Kata) -> None:
    """Show the next hint of a kata, one more each time; never the solution first.

    The same as ./run pytest katas/01-latency --hint. Hints count: ./run dojo status says how many
    you took.
    """
    from dojo.cli.hint import run

    run(kata, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="How far you are: attempts, best figures, hints, when solved.",
    epilog="Example: ./run dojo status --json",
)
def status(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """Say how far you are with each kata: attempts, best figures, hints, when it was solved.

    Reads what earlier runs have stored in .dojo/, and runs nothing.
    """
    from dojo.cli.status import run

    run(as_json, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="A kata's attempts, as bars and as a table.",
    epilog="Example: ./run dojo history 01",
)
def history(kata: Kata) -> None:
    """Show a kata's attempts: each objective's SLI as bars, and what else moves with a fix.

    Reads what earlier runs have stored in .dojo/, and runs nothing.
    """
    from dojo.cli.history import run

    run(kata, ROOT, sys.stdout)


@COMMANDS.command(
    "compare-load",
    rich_help_panel=PANEL,
    short_help="What an open and a closed load see of the same small server.",
    epilog="Example: ./run dojo compare-load",
)
def compare_load() -> None:
    """Show coordinated omission: the same small server under two loads, in 13 seconds.

    The server stands still once. A load that waits for its answers hardly sees it, visitors do.
    docs/primer.md says what follows. Everything stays on this machine: some 50 requests a second.
    """
    from dojo.cli.compare_load import run

    run(sys.stdout)
