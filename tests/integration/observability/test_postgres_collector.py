"""What Postgres does for the app, as Prometheus scrapes it."""

import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from dojo.kata.exposition import Exposition
from dojo.observability.postgres_collector import PostgresCollector
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server

NAME = "dojo_collector"


@pytest.fixture
def dsn(server: Server) -> Iterator[str]:
    """A database with one table of a hundred rows, owned by the app."""
    databases = Databases(server)

    def build(dsn: str) -> None:
        app = psycopg.conninfo.make_conninfo(dsn, user="shop", password="shop")
        with psycopg.connect(app, autocommit=True) as db:
            db.execute("CREATE TABLE things AS SELECT generate_series(1, 100) AS id")

    databases.template(NAME, build)
    yield server.dsn(NAME)
    databases.drop(NAME)


def read(registry: CollectorRegistry) -> Exposition:
    return Exposition.parse(generate_latest(registry).decode())


def test_the_apps_work_is_counted(dsn: str) -> None:
    """Statements, rows of sequential scans, and connections are the app's alone."""
    registry = CollectorRegistry()
    with closing(PostgresCollector(dsn)) as collector:
        registry.register(collector)
        before = read(registry)
        as_app = psycopg.conninfo.make_conninfo(dsn, user="shop", password="shop")
        with psycopg.connect(as_app, autocommit=True) as app, psycopg.connect(dsn) as other:
            for _ in range(3):
                app.execute("SELECT count(*) FROM things WHERE id > 0")
            other.execute("SELECT 1")
            during = read(registry)
        after = read(registry)
    growth = {
        "dojo_postgres_statements_total": 3,
        "dojo_postgres_sequential_rows_total": 300,
    }
    for name, expected in growth.items():
        assert after.total(name) - before.total(name) == expected, name
    assert during.total("dojo_postgres_connections") == 1
    assert during.total("dojo_postgres_connections", state="idle") == 1


def test_a_busy_server_delays_no_scrape(dsn: str) -> None:
    """While a catalog is locked, a scrape gets the latest figures within a second."""
    registry = CollectorRegistry()
    with closing(PostgresCollector(dsn)) as collector:
        registry.register(collector)
        before = read(registry)
        with psycopg.connect(dsn) as db:
            db.execute("LOCK TABLE pg_catalog.pg_class IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            during = read(registry)
            assert time.monotonic() - began < 1
        assert during.series == before.series != ()


def test_a_missing_database_has_no_figures(server: Server) -> None:
    """A scrape succeeds without Postgres' figures."""
    registry = CollectorRegistry()
    with closing(PostgresCollector(server.dsn("no_such_database"))) as collector:
        registry.register(collector)
        assert read(registry).series == ()


def test_a_lost_connection_is_opened_again(dsn: str, server: Server) -> None:
    """A connection that Postgres ends costs at most one scrape its figures."""
    registry = CollectorRegistry()
    with closing(PostgresCollector(dsn)) as collector:
        registry.register(collector)
        assert read(registry).series
        with psycopg.connect(server.dsn(), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [NAME]
            )
        read(registry)
        assert read(registry).series
