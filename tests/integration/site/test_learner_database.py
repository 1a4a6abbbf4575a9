"""dojo.site.learner_database: a learner's SQL may read what it is allowed, for a while."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from dojo.errors import FileRefused
from dojo.kata.simulated import LearnerFile
from dojo.postgres.copy_rows import copy_rows
from dojo.postgres.server import Server
from dojo.site.learner_database import LearnerSession
from dojo.site.simulated_database import data_name, new_data
from tests.support.dice import QUERY, write_dice
from tests.support.simulated_workshop import open_workshop


@pytest.fixture(scope="module")
def database(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LearnerSession]:
    """The tables of the dice, ten throws among them."""
    root = tmp_path_factory.mktemp("dice")
    folder = write_dice(root)
    (root / "app" / "main.py").touch()

    def fill(db: "psycopg.Connection[tuple[Any, ...]]") -> None:
        copy_rows(db, "throws", {"eyes": [1, 1, 2, 3, 4, 4, 4, 5, 6, 6]})

    with new_data(open_workshop(server, root, root / "app"), folder, "ten throws", fill) as session:
        yield session


def rows(
    database: LearnerSession,
    query: str,
    columns: Sequence[str] = ("eyes", "throws"),
    timeout_s: float = 60.0,
) -> list[tuple[Any, ...]]:
    file = LearnerFile("app/ops/dice.sql", query)
    return database.query(
        file, tables=["throws"], columns=columns, timeout_s=timeout_s, most_rows=6
    )


def test_it_gives_the_rows_of_a_query(database: LearnerSession) -> None:
    """As Postgres gives them; a comment, a WITH and a % are nothing special."""
    assert rows(database, QUERY) == [(1, 2), (2, 1), (3, 1), (4, 3), (5, 1), (6, 2)]
    query = "-- 100% %s\nWITH t AS (SELECT eyes % 2 AS odd FROM throws) SELECT sum(odd) FROM t;"
    assert rows(database, query, columns=["sum"]) == [(4,)]
    assert rows(database, "SELECT eyes AS throws FROM throws WHERE false") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT eyes,\n  trows FROM throws", ':2:3: Postgres says: column "trows" does not exist'),
        ("SELECT eyes\nFORM throws", ':2:6: Postgres says: syntax error at or near "throws"'),
        ("SELECT eyes FROM throws", "its columns must be eyes, throws, not eyes"),
        ("SELECT 1 AS eyes, 1 AS throws FROM throws", "it gives more than 6 rows"),
        (
            "SELECT 1 AS eyes, 2 AS throws; SELECT 1",
            "into a prepared statement; it must be one SELECT",
        ),
        ("SELECT word AS eyes, 1 AS throws FROM secrets", "it may read throws and nothing else"),
        ("DELETE FROM throws RETURNING eyes, 1 AS throws", "cannot execute DELETE in a read-only"),
        ("SELECT 1/0 AS eyes, 1 AS throws", "Postgres says: division by zero"),
        ("CREATE TABLE mine (id int)", "in a read-only transaction; it must be one SELECT"),
        ("COPY throws TO STDOUT", "it must be one SELECT"),
        ("SET statement_timeout = 0", "it must be one SELECT"),
        ("", "it must be one SELECT"),
        ("VACUUM throws", "VACUUM cannot run inside a transaction block; it must be one SELECT"),
        ("-- nothing", "it must be one SELECT that gives rows"),
        ("SELECT 1 AS eyes, $1::int AS throws", "a parameter such as $1 has no value here"),
        ("SELECT 'infinity'::date AS eyes, 1 AS throws", "a value that can't be read: date too"),
        ("SELECT '24:00'::time AS eyes, 1 AS throws", "a value that can't be read: can't parse"),
        (
            "SELECT repeat('x', 50000000) AS eyes, 1 AS throws FROM throws",
            "its rows take more than 128 MB",
        ),
        (
            "SELECT set_config('transaction_read_only', 'off', true) AS eyes, 1 AS throws",
            "read-write mode must be set before any query",
        ),
        (
            "SELECT set_config('role', 'postgres', true) AS eyes, 1 AS throws",
            "permission denied to set role",
        ),
        (
            "SELECT pg_read_file('/etc/passwd') AS eyes, 1 AS throws",
            "permission denied for function pg_read_file",
        ),
    ],
)
def test_a_query_that_is_refused(database: LearnerSession, query: str, words: str) -> None:
    """Postgres' own words with line and column, or what the query must be."""
    with pytest.raises(FileRefused) as refused:
        rows(database, query)
    assert words in str(refused.value)
    assert str(refused.value).startswith("app/ops/dice.sql")


@pytest.mark.parametrize("source", ["pg_sleep(3600)", "generate_series(1, 100000000000)"])
def test_a_query_without_an_end_is_stopped(database: LearnerSession, source: str) -> None:
    """Whether it sleeps or works, and with the time that it had."""
    with pytest.raises(FileRefused, match=r"it was not over after 0\.3 s and was stopped"):
        rows(database, f"SELECT count(*) AS eyes, 1 AS throws FROM {source}", timeout_s=0.3)


def test_afterwards_everything_may_be_read_again(database: LearnerSession, server: Server) -> None:
    """What a query may not read, `./run dojo sql` may; and nothing was changed."""
    with pytest.raises(FileRefused):
        rows(database, "SELECT word AS eyes, 1 AS throws FROM secrets")
    with psycopg.connect(server.app_dsn(server.database(data_name("90-dice")))) as db:
        assert db.execute("SELECT count(*) FROM secrets").fetchone() == (0,)
    assert database.rows("SELECT count(*) FROM throws") == [(10,)]
