"""`./run dojo …`, which is `python -m dojo …`: the command line, and which module a command is.

A command's module is imported when it is called: --help needs neither Postgres nor a client.
"""

import argparse
import importlib
import os
import sys
from io import TextIOWrapper
from pathlib import Path

from dojo.cli.duration import duration_s
from dojo.environment import drop_inherited
from dojo.errors import DojoError

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
MOST_FOR_S = 24 * 3600
MOST_PER_S = 50.0
MOST_PORT = 65535


def main(argv: list[str] | None = None) -> int:
    """The exit status: 0, or 1 after a message; SystemExit(2) for a wrong usage.

    Each command is a module `dojo.cli.COMMAND` with a function `run(arguments, root, stream)`,
    which returns the exit status or None for 0.
    """
    arguments = _parser().parse_args(argv)
    drop_inherited(os.environ)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that can't show every character
    command = importlib.import_module(f"dojo.cli.{arguments.command}")
    try:
        status: int | None = command.run(arguments, ROOT, sys.stdout)
    except DojoError as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    return status or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run dojo",
        description="The running shop, its database, what is generated from the katas'"
        " objectives, and tools for authors of katas.",
        epilog="A kata is run with ./run pytest katas/01-latency.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_up(
        commands.add_parser(
            "up",
            help="the shop at localhost:3000, a steady load, and a board that draws it live",
            description="Starts Postgres (as DOJO_POSTGRES says), fills it with the dataset, starts"
            " the shop, and sends it the katas' journeys at a gentle rate. The board, a page for"
            " your browser, says of each objective whether it is met and draws the last minutes;"
            " the terminal has a line for each. Ctrl-C ends it all.",
            epilog="Example: ./run dojo up --for 10m --reload. Exit status: 0 after the time is"
            " over or Ctrl-C, 1 if something could not go on, 2 for options that can't be used. A"
            " kata's run waits while this runs, since the two would disturb each other's"
            " measurements.",
        )
    )
    _add_sql(
        commands.add_parser(
            "sql",
            help="query the shop's database: SELECT …, EXPLAIN (ANALYZE, BUFFERS) SELECT …",
            description="Runs SQL as the app's own role and prints the result: beside ./run dojo up"
            " on the running shop's database, else on a fresh copy with all of app/migrations,"
            " which is dropped afterwards.",
            epilog='Example: ./run dojo sql "SELECT count(*) FROM products"',
        )
    )
    commands.add_parser(
        "clean",
        help="remove what runs have made: databases, containers, volumes, the cache",
        description="Drops this installation's databases and role from the server of DOJO_POSTGRES,"
        " if that is a URL, and removes its containers and volumes, those of clones that are gone,"
        " and the cache. Reports and hints stay.",
        epilog="Example: ./run dojo clean. Exit status: 0, or 1 if something could not be removed.",
    )
    commands.add_parser(
        "export",
        help="write the Prometheus rules and the dashboard that follow from each slo.yaml",
        description="Writes the Prometheus rules and the dashboard that follow from each slo.yaml,"
        " and prints the files' names.",
        epilog="Example: ./run dojo export && git diff grafana/",
    )
    _add_new(
        commands.add_parser(
            "new",
            help="make the folder of a new kata, which runs red at once",
            description="Makes katas/NN-name with a page of the shop, one scenario and one check."
            " It is a draft: it runs when it is named, and ./run pytest katas leaves it out.",
            epilog="Example: ./run dojo new 06-checkout, then ./run pytest katas/06-checkout and"
            " ./run dojo check 06-checkout, which names what is missing.",
        )
    )
    _add_check(
        commands.add_parser(
            "check",
            help="hold katas against every rule, and say what is missing",
            description="Holds one kata, or all, against every rule for katas and names for each"
            " that is broken the file, what is wrong and what to do. Runs nothing, unless --run is"
            " given.",
            epilog="Example: ./run dojo check 01-latency --run. Exit status: 0 if every rule holds,"
            " 1 if one is broken, 2 for a wrong usage.",
        )
    )
    return parser


def _add_new(new: argparse.ArgumentParser) -> None:
    new.add_argument("name", metavar="NN-name", help="two digits and a short name: 06-checkout")
    new.add_argument(
        "--simulated",
        action="store_true",
        help="a kata that is judged on simulated data, in seconds and without a load",
    )


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("kata", metavar="NN-name", nargs="?", help="a kata (default: all)")
    check.add_argument(
        "--run",
        action="store_true",
        help="also run the app as it is (must be red), the solution (green), one fault (red) and"
        " one cheat (red by its check): some minutes a kata",
    )


def _add_sql(sql: argparse.ArgumentParser) -> None:
    sql.add_argument(
        "--kata",
        metavar="NN",
        help="ask the simulated data of that kata's last run instead, such as 04",
    )
    sql.add_argument("statements", metavar="SQL", help="one statement, or some with ; between them")


def _add_up(up: argparse.ArgumentParser) -> None:
    up.add_argument(
        "--for",
        dest="for_s",
        type=_length_s,
        default=3600.0,
        metavar="TIME",
        help="how long: 60 (seconds), 90s, 10m, 1h (default: 1h, at most 24h)",
    )
    up.add_argument(
        "--port",
        type=_port,
        default=3000,
        metavar="N",
        help="where the shop is (default: 3000; 0: any free port)",
    )
    up.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="what the shop listens on: 127.0.0.1, or 0.0.0.0 within a container"
        " (default: 127.0.0.1); the load goes to loopback in any case",
    )
    up.add_argument(
        "--rate",
        dest="rate_per_s",
        type=_rate,
        default=1.0,
        metavar="R",
        help="journeys a second, all katas together (default: 1, which the shop bears as it is"
        f" shipped; at most {MOST_PER_S:g}); more while a browser shows the board",
    )
    up.add_argument("--no-load", dest="load", action="store_false", help="only the shop")
    up.add_argument(
        "--reload",
        action="store_true",
        help="start the app anew whenever a file under app/ changes; a changed migration gets a"
        " new database as well",
    )
    up.add_argument("--no-board", dest="board", action="store_false", help="no page of figures")
    up.add_argument(
        "--board-port",
        type=_port,
        metavar="N",
        help="where the board is (default: 3001, or any free port where that is taken; 0: any)",
    )
    up.add_argument(
        "--app", metavar="FOLDER", help="folder of the app (default: app), itself named app"
    )


def _length_s(text: str) -> float:
    try:
        length_s = duration_s(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if length_s > MOST_FOR_S:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than 24h")
    return length_s


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; it can be 0 to {MOST_PORT}")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 < rate <= MOST_PER_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate; it can be up to {MOST_PER_S:g}")
    return rate
