"""`./run dojo sql "SELECT …"`: one statement on the shop's data, as the app's own role.

Beside `./run dojo up` it runs on the running shop's own database, where a change stays. Else it
runs on a copy with all of the app's migrations, which is dropped afterwards: try an index or
explain a plan, and no change stays.

With --kata 04 it queries the simulated data of that kata's last run, which may only be read.
"""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.errors import BadSetting
from dojo.settings import Settings
from dojo.site.live_database import live_database
from dojo.site.simulated_database import data_name
from dojo.site.workshop import Workshop
from dojo.slo.catalog import is_simulated, kata_folders

__all__ = ["cell_text", "run"]

MOST_ROWS = 200
LARGE = 1e6  # a float from here on is printed whole
TIMEOUT = "60s"
COMMAND = "./run dojo sql"
NOTE = """
SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database
WHERE datname = current_database()
"""


def run(statements: str, root: Path, stream: TextIO, kata: str | None = None) -> None:
    """The command; `kata`: the simulated kata whose data are asked, as somebody calls it."""
    name = None if kata is None else _simulated(root, kata)
    run_query(Settings.read(root, os.environ), statements, stream, name)


def run_query(settings: Settings, statements: str, stream: TextIO, kata: str | None = None) -> None:
    """Print the result of the last statement; BadSetting with Postgres' message if it fails.

    `kata`: the folder's name of a simulated kata whose data are asked.
    """

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with ExitStack() as stack:
        dsn = live_database(settings.cache_dir)
        if kata is not None:
            dsn = _data(stack, settings, kata, dsn, say)
        elif dsn is not None:
            say("The shop is running: this is its own database, and a change stays.")
        else:
            workshop = stack.enter_context(Workshop.open(settings, say, command=COMMAND))
            dsn = workshop.server.app_dsn(stack.enter_context(workshop.database()))
        db = stack.enter_context(psycopg.connect(dsn, autocommit=True))
        db.execute(f"SET statement_timeout = '{TIMEOUT}'".encode())
        try:
            cursor = db.execute(statements.encode())
            while cursor.nextset():
                pass
            rows = cursor.fetchmany(MOST_ROWS) if cursor.description else []
        except (psycopg.Error, ValueError) as error:
            raise BadSetting(f"Postgres refuses this: {str(error).strip()}") from error
        _print(cursor, rows, stream)


def _simulated(root: Path, name: str) -> str:
    """The folder's name of the simulated kata with that number or name."""
    names = [folder.name for folder in kata_folders(root) if is_simulated(folder)]
    matches = [each for each in names if name in (each, each.partition("-")[0])]
    if not matches:
        raise BadSetting(
            f"There is no kata {name!r} with simulated data."
            f" There are: {', '.join(names) or 'none'}."
        )
    return matches[0]


def _data(
    stack: ExitStack,
    settings: Settings,
    kata: str,
    live_dsn: str | None,
    say: Callable[[str], None],
) -> str:
    """The conninfo of the data of the kata's last run; BadSetting if there are none."""
    if live_dsn is not None:  # the server of the running shop has them, too
        prefix = str(conninfo_to_dict(live_dsn)["dbname"]).rpartition("run_")[0]
        dsn = make_conninfo(live_dsn, dbname=f"{prefix}{data_name(kata)}")
    else:
        opening = Workshop.open(settings, say, command=COMMAND, measures=False)
        server = stack.enter_context(opening).server
        dsn = server.app_dsn(server.database(data_name(kata)))
    try:
        with psycopg.connect(dsn) as db:
            (note,) = db.execute(NOTE).fetchone() or ("",)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise BadSetting(f"The data of {kata} can't be reached: {error}") from error
        raise BadSetting(
            f"{kata} has no data yet, or others than this Postgres has them."
            f" Draw some with: ./run pytest katas/{kata}"
        ) from error
    say(f"The data of the last run of {kata}{f' ({note})' if note else ''}.")
    return dsn


def cell_text(value: object) -> str:
    """A value as a table shows it: floats to six digits, moments as UTC."""
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < LARGE else str(value)
    if isinstance(value, datetime):
        moment = value if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(" ").replace("+00:00", "Z")
    return str(value)


def _print(
    cursor: "psycopg.Cursor[tuple[Any, ...]]", rows: list[tuple[Any, ...]], stream: TextIO
) -> None:
    if cursor.description is None:
        print(cursor.statusmessage or "Done.", file=stream)
        return
    names = [column.name for column in cursor.description]
    if names == ["QUERY PLAN"]:  # its indentation has a meaning
        for (line,) in rows:
            print(line, file=stream)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for place, column in enumerate(table.columns):
        column.no_wrap = any(isinstance(row[place], datetime) for row in rows)
    for row in rows:
        table.add_row(*(Text(cell_text(value)) for value in row))
    width = shutil.get_terminal_size((100, 24)).columns
    Console(file=stream, width=width, markup=False, highlight=False).print(table)
    total = max(cursor.rowcount, len(rows))
    count = f"{len(rows):,} of {total:,}" if total > len(rows) else f"{total:,}"
    print(f"({count} row{'' if total == 1 else 's'})", file=stream)
