"""Loads the dataset into a database that has the shop's first migration. Knows only SQL."""

import psycopg
from psycopg import sql

from seed.dataset import TABLES, Dataset, Progress

__all__ = ["load"]


def load(conninfo: str, dataset: Dataset, progress: Progress | None = None) -> None:
    """COPY every table, in an order that foreign keys allow, in one transaction.

    `progress` is told (table, rows so far, rows in all).

    A superuser skips the checks of foreign keys, which makes it several times faster; what they
    would check is held by the tests of the generator.
    """
    with psycopg.connect(conninfo) as db:
        if db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (
            True,
        ):
            db.execute("SET LOCAL session_replication_role = replica")
        for table, columns in TABLES.items():
            _copy(db, table, columns, dataset, progress)


def _copy(
    db: "psycopg.Connection[tuple[object, ...]]",
    table: str,
    columns: tuple[str, ...],
    dataset: Dataset,
    progress: Progress | None,
) -> None:
    name = sql.Identifier(table)
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    done, total = 0, len(dataset.lines[table])
    with db.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, listed)) as copy:
            for rows, block in dataset.blocks(table):
                copy.write(block)
                done += rows
                if progress is not None:
                    progress(table, done, total)
        if columns[0] == "id":
            cursor.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                    sql.Literal(table), name
                )
            )
