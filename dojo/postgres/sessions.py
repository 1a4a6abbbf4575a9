"""Who has logged in to a database: Postgres' own count, and the role as it should be."""

import time
from typing import Any

import psycopg

__all__ = ["await_end_of_sessions", "role_state", "session_count"]

POLL_S = 0.02
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = %s AND pid <> pg_backend_pid()"
)
ROLE = (
    "SELECT rolpassword, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
    " FROM pg_authid WHERE rolname = %s"
)
Connection = psycopg.Connection[tuple[Any, ...]]


def session_count(db: Connection) -> tuple[int, object]:
    """Sessions of this database since it was created, and when that count was reset, if ever.

    A session is counted a second after it began at the latest, or when it ends. Who is not let in
    is not counted. Postgres 14 or newer.
    """
    row = db.execute(
        "SELECT sessions, stats_reset FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def await_end_of_sessions(db: Connection, role: str, at_most_s: float) -> None:
    """Wait until the app's role has no session of this database any more."""
    until = time.monotonic() + at_most_s
    while time.monotonic() < until:
        row = db.execute(OTHERS, (role,)).fetchone()
        if not row or not row[0]:
            return
        time.sleep(POLL_S)


def role_state(db: Connection, role: str) -> object:
    """The app's role as Postgres keeps it; None where only a superuser may look."""
    try:
        return db.execute(ROLE, (role,)).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return None
