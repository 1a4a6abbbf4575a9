"""What the app sent to Postgres, and what it cost there: pg_stat_statements, pg_stat_activity.

The app's role owns the app's database, so its figures are those of the database's owner.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from dojo.costs import StatementCost

__all__ = [
    "HAS_LIBRARY",
    "HAS_STATEMENTS",
    "OF_THE_APP",
    "StatementCounts",
    "all_statements",
    "connections_by_state",
    "reset_statements",
    "running_statements_ms",
    "statement_counts",
]

MOST_STATEMENTS = 1000
OWNER = "(SELECT datdba FROM pg_database WHERE datname = current_database())"
OF_THE_APP = (
    f"dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND userid = {OWNER}"
)
# The view is there wherever somebody has made the extension; it can be read only where the server
# loaded the library when it started, and then its settings are known.
HAS_LIBRARY = "EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.track')"
HAS_STATEMENTS = f"SELECT to_regclass('pg_stat_statements') IS NOT NULL AND {HAS_LIBRARY}"
RESET = (
    f"SELECT pg_stat_statements_reset({OWNER},"
    " (SELECT oid FROM pg_database WHERE datname = current_database()), 0)"
)
MAY_RESET = (
    "SELECT has_function_privilege("
    "(SELECT oid FROM pg_proc WHERE proname = 'pg_stat_statements_reset' LIMIT 1), 'EXECUTE')"
)
OF_A_TRANSACTION = "query ~* '^(begin|start transaction|commit|end|rollback|savepoint|release)\\M'"
Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """Statements that the app sent; those that only begin or end a transaction stand apart."""

    statements: int
    of_transactions: int
    total_ms: float = 0.0  # of all of them, in Postgres


def reset_statements(db: Connection) -> None:
    """Set the counts of the app in its database to 0, so that the figures are of the burst alone.

    Nobody else's counts are touched. Nothing is done where the figures can't be had.
    """
    if _available(db):
        db.execute(RESET.encode())


def all_statements(db: Connection) -> tuple[StatementCost, ...]:
    """The app's statements by total time in ms, the heaviest first; none without the extension.

    Statements of one text are one, however many entries the extension keeps of them.
    """
    if not _available(db):
        return ()
    rows = db.execute(
        "SELECT regexp_replace(btrim(query), '\\s+', ' ', 'g'), sum(calls)::bigint,"
        " sum(total_exec_time), sum(rows)::bigint FROM pg_stat_statements"
        f" WHERE {OF_THE_APP} GROUP BY 1 ORDER BY 3 DESC LIMIT {MOST_STATEMENTS:d}".encode()
    ).fetchall()
    return tuple(
        StatementCost(text, calls, total_ms, total_ms / calls, count)
        for text, calls, total_ms, count in rows
    )


def connections_by_state(db: Connection) -> dict[str, int]:
    """How many connections the app has open now, by state: {"idle": 5, "active": 1}."""
    rows = db.execute(
        "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity"
        f" WHERE datname = current_database() AND usesysid = {OWNER}"
        " GROUP BY 1 ORDER BY 2 DESC, 1".encode()
    ).fetchall()
    return {str(state): int(count) for state, count in rows}


def running_statements_ms(db: Connection) -> float:
    """How long the app's statements have been running that have not ended yet, all together."""
    row = db.execute(
        "SELECT coalesce(sum(extract(epoch FROM clock_timestamp() - query_start)), 0)"
        " FROM pg_stat_activity WHERE state = 'active' AND datname = current_database()"
        f" AND usesysid = {OWNER}".encode()
    ).fetchone()
    return 0.0 if row is None else 1000 * float(row[0])


def statement_counts(db: Connection) -> StatementCounts | None:
    """How many statements the app sent since the reset, and their time; None if unknown."""
    if not _available(db):
        return None
    row = db.execute(
        f"SELECT coalesce(sum(calls) FILTER (WHERE NOT {OF_A_TRANSACTION}), 0)::bigint,"
        f" coalesce(sum(calls) FILTER (WHERE {OF_A_TRANSACTION}), 0)::bigint,"
        " coalesce(sum(total_exec_time), 0)"
        f" FROM pg_stat_statements WHERE {OF_THE_APP}".encode()
    ).fetchone()
    return None if row is None else StatementCounts(int(row[0]), int(row[1]), float(row[2]))


def _available(db: Connection) -> bool:
    """Whether the figures can be had: the library is loaded, and this role may start them anew."""
    for query in (HAS_STATEMENTS, MAY_RESET):
        row = db.execute(query.encode()).fetchone()
        if row is None or not row[0]:
            return False
    return True
