"""What the app sent, as pg_stat_statements keeps it."""

from collections.abc import Iterator

import psycopg
import pytest

from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from dojo.postgres.statements import (
    StatementCounts,
    all_statements,
    reset_statements,
    statement_counts,
)

NAME = "dojo_test_statements_"


@pytest.fixture
def dsns(server: Server) -> Iterator[tuple[str, str]]:
    """Of one database: the superuser's and the app's."""
    databases = Databases(server)
    databases.ensure_role()
    databases.template(NAME + "t", lambda _: None)
    databases.clone(NAME + "t", NAME + "copy")
    yield server.dsn(NAME + "copy"), server.app_dsn(NAME + "copy")
    databases.sweep(NAME)


def test_statements_are_told_from_begin_and_commit(dsns: tuple[str, str]) -> None:
    """A transaction of two statements is two and two; the superuser's are not there."""
    with (
        psycopg.connect(dsns[0], autocommit=True) as db,
        psycopg.connect(dsns[1], autocommit=True) as app,
    ):
        app.execute("SELECT 1")
        reset_statements(db)
        with app.transaction():
            app.execute("SELECT 1")
            app.execute("SELECT 1 + 1")
        db.execute("SELECT 3")
        assert statement_counts(db) == StatementCounts(2, 2)


def test_one_text_is_one_statement(dsns: tuple[str, str]) -> None:
    """Even where Postgres keeps two entries of it, as for tables of one name."""
    with (
        psycopg.connect(dsns[0], autocommit=True) as db,
        psycopg.connect(dsns[1], autocommit=True) as app,
    ):
        for schema in ("one", "two"):
            app.execute(f"CREATE SCHEMA {schema} CREATE TABLE things (n int)")
        reset_statements(db)
        for schema, times in (("one", 2), ("two", 3)):
            app.execute(f"SET search_path = {schema}")
            for _ in range(times):
                app.execute("SELECT n  FROM\n things")
        (cost,) = [each for each in all_statements(db) if "things" in each.text]
        assert (cost.text, cost.calls) == ("SELECT n FROM things", 5)
        assert cost.mean_ms == pytest.approx(cost.total_ms / 5)
