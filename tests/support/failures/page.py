"""docs/failures.md, made from the rows: `./run python -m tests.support.failures.page`."""

from tests.support.failures.row import AREAS, Row
from tests.support.failures.rows import ROWS
from tests.support.project import ROOT

__all__ = ["PATH", "document"]

PATH = ROOT / "docs" / "failures.md"
HEAD = """# What can go wrong, and what comes of it

Each row is a test (`tests/e2e/test_failures.py`; those marked *long*: `tests/e2e/long`). It does
what the first column says, and holds the outcome, the message, what is left behind (processes,
databases, containers, volumes, folders: nothing unless the row says so), and that there are never
30 seconds without a word. In a message * stands for anything. This page is made from the rows:
`./run python -m tests.support.failures.page`.

Rows of Docker are skipped without an engine, those that mount something without the right to, and
those of a plugin of pytest *itself* unless `DOJO_PYTEST_PLUGINS` names a folder that has it:
`pip install --target FOLDER pytest-xdist pytest-rerunfailures pytest-repeat pytest-randomly
pytest-timeout`. What can't be seen on Linux (macOS, colima, OrbStack, Docker Desktop, SELinux) is
untested: of contexts, only that they are followed.

Four harms on somebody else's server, tried on Debian's Postgres 15 in a private cluster:

| | before | now |
|---|---|---|
| a role `shop` that was there: its password and settings | replaced, reset | as they were |
| a colleague's database `dojo_run_4711`, connected | dropped, connection ended | as it was |
| the server's statistics of statements | all gone | only our database's begin anew |
| a server that has not loaded `pg_stat_statements` | *a bug of ours* | runs; the report says so |
"""


def document() -> str:
    """The page."""
    parts = [HEAD]
    for area, title in AREAS.items():
        rows = [row for row in ROWS if row.area == area]
        parts += [f"## {title}\n", _table(rows)]
    return "\n".join(parts)


def _table(rows: list[Row]) -> str:
    lines = [
        "| what was done | what comes of it | what it says | what is left |",
        "|---|---|---|---|",
    ]
    for row in rows:
        message = f"`{row.says.replace('|', chr(92) + '|')}`" if row.says else ""
        done = row.done + (" (*long*)" if row.long else "")
        lines.append(f"| {done} | {row.expected.value} | {message} | {row.left} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
