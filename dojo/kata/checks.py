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
    told = f"/metrics counted {counted:.0f} answers of {route} with {status} during the burst"
    seen = f"visitors received {answered:,} of {sent:,} that they asked for"
    where = "app/instrumentation/metrics.py"
    ask = "" if passed else f". Every request must be observed, fast or slow: see {where}"
    return CheckResult("metrics_agree", passed, f"{told}; {seen}{ask}.")


def reached(name: str, check: Callable[[], CheckResult]) -> Callable[[], CheckResult]:
    """The same check, which fails if the site can't be reached while it is made."""

    def made() -> CheckResult:
        try:
            return check()
        except httpx.HTTPError as error:
            told = f"The site broke off an answer: {type(error).__name__}: {error}."
            return CheckResult(name, False, told)

    return made


def seeded_rows(
    db: "psycopg.Connection[tuple[Any, ...]]", tables: Iterable[str] = SEEDED_TABLES
) -> dict[str, SeededRows]:
    """Count and checksum each table as it is now, over the columns that it has now."""
    found = {}
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
        count, checksum = _sum(db, table, columns, last_id)
        by_column = {
            column: _column_sum(db, table, column, last_id) for column in BY_COLUMN.get(table, ())
        }
        found[table] = SeededRows(columns, last_id, count, checksum, by_column)
    return found


def seed_intact(site: Site, but: Mapping[str, Collection[str]] | None = None) -> CheckResult:
    """Every row of the seed is still there and unchanged.

    `but` names, for a table of BY_COLUMN, the columns that the kata judges itself.
    """
    for table, then in site.seeded_rows.items():
        left_out = (but or {}).get(table, ())
        try:
            count, checksum = _sum(site.db, table, then.columns, then.last_id)
            same = checksum == then.checksum
            if left_out:
                judged = [column for column in then.by_column if column not in left_out]
                same = bool(judged) and all(
                    _column_sum(site.db, table, column, then.last_id) == then.by_column[column]
                    for column in judged
                )
        except psycopg.Error as error:
            return CheckResult(
                "seed_intact", False, f"Table {table} can't be read as it was: {error}".strip()
            )
        if count != then.count or not same:
            return CheckResult(
                "seed_intact",
                False,
                f"Table {table}: {then.count:,} rows were seeded, {count:,} of them are left"
                f"{', and their content differs' if count == then.count else ''}."
                " The shop's data must stay as it is; look at app/migrations.",
            )
    total = sum(then.count for then in site.seeded_rows.values())
    return CheckResult("seed_intact", True, f"All {total:,} seeded rows are unchanged.")


def _column_sum(
    db: "psycopg.Connection[tuple[Any, ...]]", table: str, column: str, last_id: int
) -> int:
    """The checksum of one column, or expression, of BY_COLUMN."""
    row = db.execute(
        f"SELECT coalesce(sum(hashtext(id || '|' || ({column}))), 0)::bigint"
        f" FROM {table} WHERE id <= %s".encode(),
        (last_id,),
    ).fetchone()
    return int(row[0]) if row else 0


def _sum(
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
        raise ValueError(f"no sum over {table}")
    return int(row[0]), int(row[1])
