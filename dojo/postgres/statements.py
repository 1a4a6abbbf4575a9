"""What the app sent to Postgres, and what it cost there: pg_stat_statements, pg_stat_activity."""

from dataclasses import dataclass
from typing import Any

import psycopg

from dojo.report import StatementCost

__all__ = [
    "OF_THE_APP",
    "StatementCounts",
    "connections_by_state",
    "heaviest_statements",
    "reset_statements",
    "statement_counts",
]

OF_THE_APP = (
    "dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND userid = (SELECT oid FROM pg_roles WHERE rolname = 'shop')"
)
OF_A_TRANSACTION = "query ~* '^(begin|start transaction|commit|end|rollback|savepoint|release)\\M'"
Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """Statements that the app sent; those that only begin or end a transaction stand apart."""

    statements: int
    of_transactions: int


def reset_statements(db: Connection) -> None:
    """Set all counts to 0, so that the figures are of the burst alone; nothing without the view."""
    if _available(db):
        db.execute("SELECT pg_stat_statements_reset()")


def heaviest_statements(db: Connection, most: int = 5) -> tuple[StatementCost, ...]:
    """The app's statements by total time in ms, the heaviest first; none without the extension.

    Statements of one text are one, however many entries the extension keeps of them.
    """
    if not _available(db):
        return ()
    rows = db.execute(
        "SELECT regexp_replace(btrim(query), '\\s+', ' ', 'g'), sum(calls)::bigint,"
        " sum(total_exec_time), sum(rows)::bigint FROM pg_stat_statements"
        f" WHERE {OF_THE_APP} GROUP BY 1 ORDER BY 3 DESC LIMIT {most:d}".encode()
    ).fetchall()
    return tuple(
        StatementCost(text, calls, total_ms, total_ms / calls, count)
        for text, calls, total_ms, count in rows
    )


def connections_by_state(db: Connection) -> dict[str, int]:
    """How many connections the app has open now, by state: {"idle": 5, "active": 1}."""
    rows = db.execute(
        "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'shop' GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    return {str(state): int(count) for state, count in rows}


def statement_counts(db: Connection) -> StatementCounts | None:
    """How many statements the app sent since the reset; None if unknown."""
    if not _available(db):
        return None
    row = db.execute(
        f"SELECT coalesce(sum(calls) FILTER (WHERE NOT {OF_A_TRANSACTION}), 0)::bigint,"
        f" coalesce(sum(calls) FILTER (WHERE {OF_A_TRANSACTION}), 0)::bigint"
        f" FROM pg_stat_statements WHERE {OF_THE_APP}".encode()
    ).fetchone()
    return None if row is None else StatementCounts(int(row[0]), int(row[1]))


def _available(db: Connection) -> bool:
    row = db.execute("SELECT to_regclass('pg_stat_statements') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])
