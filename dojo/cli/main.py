"""`./run dojo …`, which is `python -m dojo …`: what there is beside the katas' tests."""

import argparse
import os
import sys
from pathlib import Path

from dojo.cli.duration import duration_s
from dojo.errors import DojoError

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
MOST_FOR_S = 24 * 3600
MOST_PER_S = 50.0
MOST_PORT = 65535


def main(argv: list[str] | None = None) -> int:
    """The exit status: 0, or 1 after a message; SystemExit(2) on a usage that there is not."""
    given = _parser().parse_args(argv)
    try:
        if given.command == "up":
            _up(given)
        elif given.command == "sql":
            _sql(given)
        else:
            _export()
    except DojoError as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run dojo",
        description="The shop to walk about in, and what is made from the katas' objectives.",
        epilog="A kata is run with ./run pytest katas/01-latency.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser(
        "up",
        help="Postgres, the shop at localhost:3000 and a background load; Ctrl-C ends it all",
        description="Starts Postgres (as DOJO_POSTGRES says), fills it with the dataset, starts the"
        " shop, and sends it the katas' journeys at a gentle rate, with a live line of how each"
        " objective stands. Ctrl-C ends it all.",
        epilog="Exit status: 0 after the time is over or Ctrl-C, 1 if something could not go on, 2"
        " for options that can't be used. A kata's run waits while this runs, since the two would"
        " measure each other.",
    )
    up.add_argument(
        "--for",
        dest="for_s",
        type=_length,
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
        f" shipped; at most {MOST_PER_S:g})",
    )
    up.add_argument("--no-load", dest="load", action="store_false", help="only the shop")
    up.add_argument(
        "--reload",
        action="store_true",
        help="start the app anew whenever a file under app/ changes; a changed migration gets a"
        " new database as well",
    )
    up.add_argument(
        "--app", metavar="FOLDER", help="folder of the app (default: app), itself named app"
    )
    sql = commands.add_parser(
        "sql",
        help="ask the shop's database: SELECT …, EXPLAIN (ANALYZE, BUFFERS) SELECT …",
        description="Runs SQL on a fresh copy of the shop's database with all of app/migrations, as"
        " the app's own role, and prints what comes. The copy is dropped afterwards.",
    )
    sql.add_argument("statements", metavar="SQL", help="one statement, or some with ; between them")
    commands.add_parser(
        "export",
        help="write the Prometheus rules and the dashboard that follow from each slo.yaml",
        description="Writes the Prometheus rules and the dashboard that follow from each slo.yaml,"
        " and prints the files' names.",
    )
    return parser


def _up(given: argparse.Namespace) -> None:
    from dojo.cli.up import UpOptions, up
    from dojo.settings import Settings

    settings = Settings.read(ROOT, os.environ, given.app)
    options = UpOptions(
        for_s=given.for_s,
        port=given.port,
        host=given.host,
        rate_per_s=given.rate_per_s,
        load=given.load,
        reload=given.reload,
    )
    up(options, settings, ROOT, sys.stdout)


def _sql(given: argparse.Namespace) -> None:
    from dojo.cli.sql import run_query
    from dojo.settings import Settings

    run_query(Settings.read(ROOT, os.environ), given.statements, sys.stdout)


def _export() -> None:
    from dojo.cli.export import export

    for path in export(ROOT):
        print(path.relative_to(ROOT))


def _length(text: str) -> float:
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
