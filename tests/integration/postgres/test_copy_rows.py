"""dojo.postgres.copy_rows: values go through COPY as they are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from dojo.postgres import copy_rows as module
from dojo.postgres.copy_rows import copy_rows
from dojo.postgres.server import Server


@pytest.fixture
def db(server: Server) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute(
            "CREATE TEMP TABLE values_of (n bigint, x double precision, word text, yes boolean,"
            " at timestamptz, day date)"
        )
        yield connection
        connection.rollback()


def test_values_come_back_as_they_were(db: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Numbers, texts with every sign that COPY knows, truth, moments, and nothing at all."""
    at, day = datetime(2026, 2, 3, 4, 5, tzinfo=UTC), date(2026, 2, 3)
    columns: dict[str, list[object]] = {
        "n": [1, -(2**60), None],
        "x": [0.1, 1e300, None],
        "word": ["a\tb\\c\nd\r", "\\N", ""],
        "yes": [True, False, None],
        "at": [at, at, None],
        "day": [day, day, None],
    }
    copy_rows(db, "values_of", columns)
    rows = list(zip(*columns.values(), strict=True))
    assert db.execute("SELECT * FROM values_of").fetchall() == rows


def test_many_rows_come_in_parts(
    db: "psycopg.Connection[tuple[Any, ...]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row once, in order, wherever a part ends; no rows are none."""
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 10)
    copy_rows(db, "values_of", {"n": list(range(25)), "x": [float(n) for n in range(25)]})
    copy_rows(db, "values_of", {"n": [], "x": []})
    rows = db.execute("SELECT n, x FROM values_of").fetchall()
    assert rows == [(n, float(n)) for n in range(25)]


def test_columns_of_different_lengths_are_an_error(
    db: "psycopg.Connection[tuple[Any, ...]]",
) -> None:
    """Nothing is copied then."""
    with pytest.raises(ValueError, match="different lengths"):
        copy_rows(db, "values_of", {"n": [1, 2], "x": [1.0]})
    assert db.execute("SELECT count(*) FROM values_of").fetchone() == (0,)
