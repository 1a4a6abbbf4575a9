"""Checks that hold for every kata: the site is honest about itself, and its data is intact."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from dojo.kata import SeededRows, Site
from dojo.report import CheckResult

__all__ = ["SEEDED_TABLES", "metrics_agree", "seed_intact", "seeded_rows"]

SEEDED_TABLES = ("sellers", "colors", "products", "customers", "purchases", "reviews", "referrals")


def metrics_agree(route: str, counted: float, answered: int, sent: int) -> CheckResult:
    """The app's own count of a route's good answers lies between what was answered and sent."""
    passed = answered <= counted <= sent
    told = f"/metrics counted {counted:.0f} answers of {route} with status 200 during the burst"
    seen = f"visitors received {answered:,} of {sent:,} that they asked for"
    ask = "" if passed else ". Every request must be observed, fast or slow: see app/metrics.py"
    return CheckResult("metrics_agree", passed, f"{told}; {seen}{ask}.")


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
        found[table] = SeededRows(columns, last_id, count, checksum)
    return found


def seed_intact(site: Site) -> CheckResult:
    """Every row of the seed is still there and unchanged."""
    for table, then in site.seeded_rows.items():
        try:
            count, checksum = _sum(site.db, table, then.columns, then.last_id)
        except psycopg.Error as error:
            return CheckResult(
                "seed_intact", False, f"Table {table} can't be read as it was: {error}".strip()
            )
        if (count, checksum) != (then.count, then.checksum):
            return CheckResult(
                "seed_intact",
                False,
                f"Table {table}: {then.count:,} rows were seeded, {count:,} of them are left"
                f"{', and their content differs' if count == then.count else ''}."
                " The shop's data must stay as it is; look at app/migrations.",
            )
    total = sum(then.count for then in site.seeded_rows.values())
    return CheckResult("seed_intact", True, f"All {total:,} seeded rows are unchanged.")


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
