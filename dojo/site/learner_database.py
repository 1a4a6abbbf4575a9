"""A simulated kata's database, asked by a learner's SQL as a role that may read and no more."""

import sys
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from dojo.errors import FileRefused
from dojo.kata.simulated import LearnerFile

__all__ = ["LearnerSession"]

MOST_BYTES = 128 << 20  # of all rows, as Python keeps them
ONE_SELECT = "it must be one SELECT"
# several statements, which Postgres finds without a place, and what writes or is for sessions
NO_SELECT = (
    psycopg.errors.SyntaxError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.ActiveSqlTransaction,
)
Connection = psycopg.Connection[tuple[Any, ...]]


class LearnerSession:
    """Satisfies dojo.kata.simulated.LearnerDatabase.

    `db` is a superuser's connection, `learner_dsn` that of `role`, which owns no table.
    """

    def __init__(self, db: Connection, learner_dsn: str, role: str) -> None:
        self._db, self._learner_dsn = db, learner_dsn
        self._role = sql.Identifier(role)

    def allow_all(self) -> None:
        """Let the role read every table, as whoever looks around may."""
        self._db.execute(
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(self._role)
        )

    def query(
        self,
        file: LearnerFile,
        *,
        tables: Sequence[str],
        columns: Sequence[str],
        timeout_s: float = 5.0,
        most_rows: int = 200_000,
    ) -> list[tuple[Any, ...]]:
        """The rows of the file's one statement, which may read `tables` and nothing else."""
        self._allow_only(tables)
        try:
            with psycopg.connect(self._learner_dsn) as db:
                return _read_only_rows(db, file, columns, timeout_s, most_rows)
        except psycopg.Error as error:
            raise _refused(file, error, tables, timeout_s) from error
        finally:
            self.allow_all()

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement of the kata's own."""
        return self._db.execute(statement.encode(), parameters or None).fetchall()

    def _allow_only(self, tables: Sequence[str]) -> None:
        role = self._role
        self._db.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role))
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        self._db.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(names, role))


def _read_only_rows(
    db: Connection, file: LearnerFile, columns: Sequence[str], timeout_s: float, most_rows: int
) -> list[tuple[Any, ...]]:
    """All rows, read one by one, so that an endless answer ends at the limit.

    A stream takes one statement, and a transaction that has begun to be read-only remains so.
    """
    db.read_only = True
    db.execute(f"SET LOCAL statement_timeout = {round(timeout_s * 1000)}".encode())
    rows: list[tuple[Any, ...]] = []
    size = 0
    with db.cursor() as cursor:
        for row in cursor.stream(file.text.encode()):
            if not rows:
                _require_columns(file, cursor, columns)
            rows.append(row)
            if len(rows) > most_rows:
                raise file.refused(f"it gives more than {most_rows:,} rows")
            size += sum(map(sys.getsizeof, row))
            if size > MOST_BYTES:
                raise file.refused(f"its rows take more than {MOST_BYTES >> 20} MB")
    return rows


def _require_columns(
    file: LearnerFile, cursor: "psycopg.Cursor[tuple[Any, ...]]", columns: Sequence[str]
) -> None:
    names = [column.name for column in cursor.description or ()]
    if names != list(columns):
        raise file.refused(f"its columns must be {', '.join(columns)}, not {', '.join(names)}")


def _refused(
    file: LearnerFile, error: psycopg.Error, tables: Sequence[str], timeout_s: float
) -> FileRefused:
    """The refusal that an error of Postgres' comes to; raises what is not the statement's fault."""
    if isinstance(error, psycopg.errors.QueryCanceled):
        return file.refused(f"it was not over after {timeout_s:g} s and was stopped")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        allowed = ", ".join(tables)
        return file.refused(f"{_first_line(error)}; it may read {allowed} and nothing else")
    if isinstance(error, psycopg.errors.ProtocolViolation):
        return file.refused("a parameter such as $1 has no value here: write the value itself")
    if error.sqlstate is None:  # psycopg's own: what came was no row, or no value of Python
        if isinstance(error, psycopg.ProgrammingError | psycopg.InternalError):
            return file.refused(f"{ONE_SELECT} that gives rows")
        if isinstance(error, psycopg.DataError | psycopg.NotSupportedError):
            return file.refused(f"it gives a value that can't be read: {error}")
        raise error
    line, column = _place(file.text, error.diag.statement_position)
    reason = _first_line(error)
    if line is None and isinstance(error, NO_SELECT):
        reason = f"{reason}; {ONE_SELECT}"
    return file.refused(reason, line, column)


def _first_line(error: psycopg.Error) -> str:
    message = error.diag.message_primary or str(error)
    return " ".join([f"Postgres says: {message}", *filter(None, [_hint(error)])])


def _hint(error: psycopg.Error) -> str:
    hint = error.diag.message_hint
    return f"({hint.rstrip('.')})" if hint else ""


def _place(text: str, position: str | None) -> tuple[int | None, int | None]:
    """Line and column, from 1, of the character that Postgres counts to, from 1."""
    if position is None:
        return None, None
    before = text[: int(position) - 1]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
