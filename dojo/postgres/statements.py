"""What the app sent to Postgres, and what it cost there: pg_stat_statements, pg_stat_activity."""

from typing import Any

import psycopg

from dojo.report import StatementCost

__all__ = [
    "OF_THE_APP",
    "connections_by_state",
    "heaviest_statements",
    "reset_statements",
    "statement_count",
]

OF_THE_APP = (
    "dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND userid = (SELECT oid FROM pg_roles WHERE rolname = 'shop')"
)
Connection = psycopg.Connection[tuple[Any, ...]]


def reset_statements(db: Connection) -> None:
    """Set all counts to 0, so that the figures are of the burst alone; nothing without the view."""
    if _available(db):
        db.execute("SELECT pg_stat_statements_reset()")


def heaviest_statements(db: Connection, most: int = 5) -> tuple[StatementCost, ...]:
    """The app's statements by total time in ms, the heaviest first; none without the extension."""
    if not _available(db):
        return ()
    rows = db.execute(
        "SELECT query, calls, total_exec_time, mean_exec_time, rows FROM pg_stat_statements"
        f" WHERE {OF_THE_APP} ORDER BY total_exec_time DESC LIMIT {most:d}".encode()
    ).fetchall()
    return tuple(
        StatementCost(" ".join(text.split()), calls, total_ms, mean_ms, count)
        for text, calls, total_ms, mean_ms, count in rows
    )


def connections_by_state(db: Connection) -> dict[str, int]:
    """How many connections the app has open now, by state: {"idle": 5, "active": 1}."""
    rows = db.execute(
        "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'shop' GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return {str(state): int(count) for state, count in rows}


def statement_count(db: Connection) -> int | None:
    """How many statements the app sent since the reset, COMMITs and all; None if unknown."""
    if not _available(db):
        return None
    row = db.execute(
        "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements"
        f" WHERE {OF_THE_APP}".encode()
    ).fetchone()
    return None if row is None else int(row[0])


def _available(db: Connection) -> bool:
    row = db.execute("SELECT to_regclass('pg_stat_statements') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])
