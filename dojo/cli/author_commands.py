"""The commands for authors of katas, as a person writes them: names, options, help."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dojo.settings import ROOT

__all__ = ["COMMANDS"]

COMMANDS = typer.Typer()
PANEL = "For authors of katas"


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Write the Prometheus rules and the dashboard that follow from each slo.yaml.",
    epilog="Example: ./run dojo export && git diff grafana/",
)
def export() -> None:
    """Write the Prometheus rules and the dashboard that follow from each slo.yaml.

    Prints the names of the files.
    """
    from dojo.cli.export import run

    run(ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Make the folder of a new kata, which runs red at once.",
    epilog="Example: ./run dojo new 06-checkout, then ./run pytest katas/06-checkout and"
    " ./run dojo check 06-checkout, which names what is missing.",
)
def new(
    name: Annotated[
        str, typer.Argument(metavar="NN-name", help="Two digits and a short name: 06-checkout.")
    ],
    simulated: Annotated[
        bool,
        typer.Option(
            "--simulated",
            help="A kata that is judged on simulated data, in seconds and without a load.",
        ),
    ] = False,
) -> None:
    """Make katas/NN-name with a page of the shop, one scenario and one check.

    It is a draft: it runs when it is named, and ./run pytest katas leaves it out.
    """
    from dojo.cli.new import run

    run(name, ROOT, sys.stdout, simulated=simulated)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Hold katas against every rule, and say what is missing.",
    epilog="Example: ./run dojo check 01-latency --run",
)
def check(
    kata: Annotated[
        str | None,
        typer.Argument(metavar="NN-name", help="A kata: 01, or 01-latency. [default: all]"),
    ] = None,
    with_runs: Annotated[
        bool,
        typer.Option(
            "--run",
            help="Also run the app as it is (must be red), the solution (green), one fault (red)"
            " and one cheat (red by its check): some minutes a kata.",
        ),
    ] = False,
) -> int:
    """Hold one kata, or all, against every rule for katas.

    Names for each rule that is broken the file, what is wrong and what to do. Runs nothing, unless
    --run is given.

    Exit status: 0 if every rule holds, 1 if one is broken, 2 for a wrong usage.
    """
    from dojo.cli.check import run

    return run(kata, with_runs, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Make the source archive of a release from what is committed.",
    epilog="Example: ./run dojo archive --folder /tmp",
)
def archive(
    commit: Annotated[
        str, typer.Option(metavar="COMMIT", help="A commit, a tag or a branch.")
    ] = "HEAD",
    folder: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Where the archive goes.")
    ] = Path(),
) -> int:
    """Make slo-dojo-VERSION.tar.gz, which runs without git, and say what weighs most in it.

    Exit status: 0, or 1 if it would be larger than 5 MB.
    """
    from dojo.cli.archive import run

    return run(commit, folder, ROOT, sys.stdout)
