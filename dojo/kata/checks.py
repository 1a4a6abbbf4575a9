"""Checks that hold for every kata: the site is honest about itself, and its data is intact."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import httpx
import psycopg
from psycopg import sql

from dojo.kata.contract import SeededRows, Site
from dojo.report import CheckResult

__all__ = ["SEEDED_TABLES", "metrics_agree", "reached", "seed_intact", "seeded_rows"]

SEEDED_TABLES = ("sellers", "colors", "products", "customers", "purchases", "reviews", "referrals")
# Tables of which a kata may let some columns change, and judge those itself.
BY_COLUMN = {"customers": ("id", "name", "lower(email)", "password_hash", "joined_at")}


def metrics_agree(
    route: str, counted: float, answered: int, sent: int, status: str = "200"
) -> CheckResult:
    """The app's own count of a route's good answers lies between what was answered and sent."""
    passed = answered <= counted <= sent
    metrics = f"/metrics counted {counted:.0f} answers of {route} with {status} during the burst"
    visitors = f"visitors received {answered:,} of {sent:,} that they asked for"
    where = "app/instrumentation/metrics.py"
    advice = "" if passed else f". Every request must be observed, fast or slow: see {where}"
    return CheckResult("metrics_agree", passed, f"{metrics}; {visitors}{advice}.")


def reached(name: str, check: Callable[[], CheckResult]) -> Callable[[], CheckResult]:
    """The check, which fails under `name` if the site can't be reached while it runs."""

    def run() -> CheckResult:
        try:
            return check()
        except httpx.HTTPError as error:
            detail = f"The site broke off an answer: {type(error).__name__}: {error}."
            return CheckResult(name, False, detail)

    return run


def seeded_rows(
    db: "psycopg.Connection[tuple[Any, ...]]", tables: Iterable[str] = SEEDED_TABLES
) -> dict[str, SeededRows]:
    """Count and checksum the rows of each table, over the columns that it has now."""
    seeded = {}
    for table in tables:
        columns = tuple(
            name
            for (name,) in db.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
                (table,),
            )
        )
        row = db.execute(
            sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        last_id = row[0] if row else 0
        count, checksum = _checksum(db, table, columns, last_id)
        by_column = {
            column: _column_checksum(db, table, column, last_id)
            for column in BY_COLUMN.get(table, ())
        }
        seeded[table] = SeededRows(columns, last_id, count, checksum, by_column)
    return seeded


def seed_intact(site: Site, but: Mapping[str, Collection[str]] | None = None) -> CheckResult:
    """Every row of the seed is still there and unchanged.

    `but`: for a table of BY_COLUMN, the columns that may change, which the kata judges itself.
    """
    for table, before in site.seeded_rows.items():
        left_out = (but or {}).get(table, ())
        try:
            count, checksum = _checksum(site.db, table, before.columns, before.last_id)
            same = checksum == before.checksum
            if left_out:
                judged = [column for column in before.by_column if column not in left_out]
                same = bool(judged) and all(
                    _column_checksum(site.db, table, column, before.last_id)
                    == before.by_column[column]
                    for column in judged
                )
        except psycopg.Error as error:
            return CheckResult(
                "seed_intact", False, f"Table {table} can't be read as it was: {error}".strip()
            )
        if count != before.count or not same:
            return CheckResult(
                "seed_intact",
                False,
                f"Table {table}: {before.count:,} rows were seeded, {count:,} of them are left"
                f"{', and their content differs' if count == before.count else ''}."
                " The shop's data must stay as it is; look at app/migrations.",
            )
    total = sum(rows.count for rows in site.seeded_rows.values())
    return CheckResult("seed_intact", True, f"All {total:,} seeded rows are unchanged.")


def _column_checksum(
    db: "psycopg.Connection[tuple[Any, ...]]", table: str, column: str, last_id: int
) -> int:
    """The checksum of one column, or expression, of BY_COLUMN."""
    row = db.execute(
        f"SELECT coalesce(sum(hashtext(id || '|' || ({column}))), 0)::bigint"
        f" FROM {table} WHERE id <= %s".encode(),
        (last_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def _checksum(
    db: "psycopg.Connection[tuple[Any, ...]]", table: str, columns: tuple[str, ...], last_id: int
) -> tuple[int, int]:
    text = sql.SQL(", ").join(map(sql.Identifier, columns))
    row = db.execute(
        sql.SQL(
            "SELECT count(*), coalesce(sum(hashtext(concat_ws('|', {}))), 0)::bigint"
            " FROM {} WHERE id <= %s"
        ).format(text, sql.Identifier(table)),
        (last_id,),
    ).fetchone()
    if row is None:
        raise ValueError(f"no checksum of {table}")
    return int(row[0]), int(row[1])
