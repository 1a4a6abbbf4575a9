"""The commands of the running shop, as a person writes them: names, options, help."""

import sys
from typing import Annotated

import typer

from dojo.cli.duration import duration_s
from dojo.settings import ROOT

__all__ = ["COMMANDS"]

MOST_FOR_S = 24 * 3600
MOST_PER_S = 50.0
MOST_PORT = 65535

COMMANDS = typer.Typer()
PANEL = "The running shop"


def _length_s(text: str) -> float:
    try:
        length_s = duration_s(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if length_s > MOST_FOR_S:
        raise typer.BadParameter(f"{text!r} is longer than 24h")
    return length_s


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MOST_PORT:
        raise typer.BadParameter(f"{text!r} is no port; it can be 0 to {MOST_PORT}")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 < rate <= MOST_PER_S:
        raise typer.BadParameter(f"{text!r} is no rate; it can be up to {MOST_PER_S:g}")
    return rate


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="The shop at localhost:3000, a steady load, and a board that draws it live.",
    epilog="Example: ./run dojo up --for 10m --reload",
)
def up(
    for_s: Annotated[
        float,
        typer.Option(
            "--for",
            parser=_length_s,
            metavar="TIME",
            help="How long: 60 (seconds), 90s, 10m, 1h; at most 24h.",
        ),
    ] = "1h",  # type: ignore[assignment]  # parsed, too
    port: Annotated[
        int, typer.Option(parser=_port, metavar="N", help="Where the shop is; 0: any free port.")
    ] = "3000",  # type: ignore[assignment]
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="What the shop listens on: 127.0.0.1, or 0.0.0.0 within a container. The load goes"
            " to loopback in any case.",
        ),
    ] = "127.0.0.1",
    rate_per_s: Annotated[
        float,
        typer.Option(
            "--rate",
            parser=_rate,
            metavar="R",
            help="Journeys a second, all katas together; the shop bears 1 as it is shipped; at most"
            f" {MOST_PER_S:g}. More while a browser shows the board.",
        ),
    ] = "1",  # type: ignore[assignment]
    no_load: Annotated[bool, typer.Option("--no-load", help="Only the shop.")] = False,
    reload: Annotated[
        bool,
        typer.Option(
            "--reload",
            help="Start the app anew whenever a file under app/ changes. A changed migration gets a"
            " new database as well.",
        ),
    ] = False,
    no_board: Annotated[bool, typer.Option("--no-board", help="No page of figures.")] = False,
    board_port: Annotated[
        int | None,
        typer.Option(
            parser=_port,
            metavar="N",
            help="Where the board is; 0: any."
            " [default: 3001, or any free port where that is taken]",
        ),
    ] = None,
    app: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Folder of the app, itself named app. [default: app/]"),
    ] = None,
) -> None:
    """Start the shop, send it a steady load, and show a board that draws it live.

    Starts Postgres (as DOJO_POSTGRES says), fills it with the dataset, starts the shop, and sends
    it the katas' journeys at a gentle rate. The board, a page for your browser, says of each
    objective whether it is met and draws the last minutes; the terminal has a line for each. Ctrl-C
    ends it all.

    Exit status: 0 after the time is over or Ctrl-C, 1 if something could not go on, 2 for options
    that can't be used. It pauses while a kata is run, since the two would disturb each other's
    measurements, and goes on afterwards.
    """
    from dojo.cli.up import UpOptions, run

    options = UpOptions(
        for_s=for_s,
        port=port,
        host=host,
        rate_per_s=rate_per_s,
        load=not no_load,
        reload=reload,
        board=not no_board,
        board_port=board_port,
    )
    run(options, app, ROOT, sys.stdout)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Query the shop's database: SELECT, EXPLAIN, statistics.",
    epilog='Example: ./run dojo sql "SELECT count(*) FROM products"',
)
def sql(
    statements: Annotated[
        str, typer.Argument(metavar="SQL", help="One statement, or some with ; between them.")
    ],
    kata: Annotated[
        str | None,
        typer.Option(
            metavar="NN",
            help="Query the simulated data of that kata's last run: 04.",
        ),
    ] = None,
) -> None:
    """Run SQL as the app's own role and print the result.

    Beside ./run dojo up it runs on the running shop's database, else on a fresh copy with all of
    app/migrations, which is dropped afterwards.
    """
    from dojo.cli.sql import run

    run(statements, ROOT, sys.stdout, kata)


@COMMANDS.command(
    rich_help_panel=PANEL,
    short_help="Remove what runs have made: databases, containers, volumes, the cache.",
    epilog="Example: ./run dojo clean",
)
def clean() -> int:
    """Remove what runs have made outside the project's files.

    Drops this installation's databases and role from the server of DOJO_POSTGRES, if that is a URL,
    and removes its containers and volumes, those of caches that are gone, and the cache, which all
    your clones share, with the packages that `prepare` has kept. Reports and hints stay.

    Exit status: 0, or 1 if something could not be removed.
    """
    from dojo.cli.clean import run

    return run(ROOT, sys.stdout)
