"""What the app has written anywhere in its database that the seed did not hold."""

from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import sql

from dojo import Site

__all__ = ["rows_of_the_run"]

MOST_ROWS = 20_000  # of a table, the newest
SHORTEST = 11  # letters of a text that may hide a password or a digest
# Types whose values are no texts, and of which there may be very many.
NO_TEXTS = ("tsvector", "bool", "int2", "float4", "float8", "date", "timestamp", "timestamptz")
COLUMNS = """
SELECT format('%I.%I', nspname, relname), relname, attname, typname
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_type ON pg_type.oid = atttypid
WHERE relkind IN ('r', 'm') AND attnum > 0 AND NOT attisdropped
AND nspname NOT IN ('information_schema', 'pg_toast') AND nspname NOT LIKE 'pg\\_%'
ORDER BY 1, attnum
"""


def rows_of_the_run(site: Site, customers: Sequence[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, row as JSON) of every table of the app's, new ones included.

    Of the seed's tables: rows that came later, and of the older ones the columns that a migration
    added; of `customers` the whole rows of these.
    """
    tables: dict[str, tuple[str, list[str]]] = {}
    for table, name, column, kind in site.db.execute(COLUMNS).fetchall():
        if kind not in NO_TEXTS:
            tables.setdefault(table, (name, []))[1].append(column)
    for table, (name, columns) in tables.items():
        seeded = site.seeded_rows.get(name)
        if seeded is None or not table.startswith("public."):
            yield from _rows(site, table, columns, sql.SQL("true"))
        elif name == "customers":
            chosen = sql.SQL("id = ANY ({}) OR id > {}").format(list(customers), seeded.last_id)
            yield from _rows(site, table, columns, chosen)
        else:
            later = sql.SQL("id > {}").format(seeded.last_id)
            yield from _rows(site, table, columns, later)
            added = [column for column in columns if column not in seeded.columns]
            if added:
                yield from _rows(site, table, ["id", *added], sql.SQL("true"), added)


def _rows(
    site: Site,
    table: str,
    columns: Sequence[str],
    where: sql.Composable,
    long: Sequence[str] | None = None,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The newest rows in which one of the columns `long`, or any, has a long text."""
    long_one = sql.SQL(" OR ").join(
        sql.SQL("length({}::text) >= {}").format(sql.Identifier(column), SHORTEST)
        for column in (columns if long is None else long)
    )
    query = sql.SQL(
        "SELECT to_jsonb(kept) FROM (SELECT {columns} FROM {table} WHERE ({where}) AND ({long})"
        " ORDER BY ctid DESC LIMIT {most}) AS kept"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        table=sql.SQL(table),  # quoted by Postgres
        where=where,
        long=long_one,
        most=MOST_ROWS,
    )
    for (row,) in site.db.execute(query):
        yield table, row
