"""`./run dojo sql "SELECT …"`: one statement on the shop's data, as the app's own role.

Beside `./run dojo up` it runs on the running shop's own database, where a change stays. Else it
runs on a copy with all of the app's migrations, which is dropped afterwards: try an index or
explain a plan, and no change stays.
"""

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import psycopg
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.errors import BadSetting
from dojo.settings import Settings
from dojo.site.live_database import live_database
from dojo.site.workshop import Workshop

__all__ = ["run"]

MOST_ROWS = 200
TIMEOUT = "60s"
COMMAND = "./run dojo sql"


def run(statements: str, root: Path, stream: TextIO) -> None:
    """The command."""
    run_query(Settings.read(root, os.environ), statements, stream)


def run_query(settings: Settings, statements: str, stream: TextIO) -> None:
    """Print the result of the last statement; BadSetting with Postgres' message if it fails."""

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with ExitStack() as stack:
        dsn = live_database(settings.cache_dir)
        if dsn is not None:
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
    for row in rows:
        table.add_row(*(Text("NULL" if value is None else str(value)) for value in row))
    width = shutil.get_terminal_size((100, 24)).columns
    Console(file=stream, width=width, markup=False, highlight=False).print(table)
    total = max(cursor.rowcount, len(rows))
    count = f"{len(rows):,} of {total:,}" if total > len(rows) else f"{total:,}"
    print(f"({count} row{'' if total == 1 else 's'})", file=stream)
