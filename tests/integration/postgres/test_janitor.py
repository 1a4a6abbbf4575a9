"""dojo.postgres.janitor: templates are built once, cloned, and swept."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import psycopg
import pytest

from dojo.errors import PostgresUnavailable
from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server

PREFIX = "dojo_test_db_"


@pytest.fixture
def databases(server: Server) -> Iterator[Databases]:
    """A janitor; databases that a test made are dropped after it."""
    janitor = Databases(server)
    yield janitor
    janitor.sweep(PREFIX)


def fill(dsn: str) -> None:
    """A table with a row."""
    with psycopg.connect(dsn) as db:
        db.execute("CREATE TABLE t AS SELECT 42 AS n")


def test_the_apps_role_logs_in_and_is_no_superuser(server: Server, databases: Databases) -> None:
    """Made twice, the role is there once, and has no right beyond its own databases."""
    databases.ensure_role()
    with psycopg.connect(server.app_dsn("postgres")) as db:
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'shop'"
        assert db.execute(rights).fetchall() == [(False, False, False)]


def test_a_template_is_built_once_and_cloned(server: Server, databases: Databases) -> None:
    """The second call builds nothing; a clone has the rows, belongs to the app, and sorts by C."""
    assert databases.template(PREFIX + "t", fill)
    assert not databases.template(PREFIX + "t", lambda _: pytest.fail("built again"))
    databases.clone(PREFIX + "t", PREFIX + "copy")
    with psycopg.connect(server.dsn(PREFIX + "copy")) as db:
        assert db.execute("SELECT n FROM t").fetchone() == (42,)
        facts = (
            "SELECT pg_get_userbyid(datdba), datcollate, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = current_database()"
        )
        assert db.execute(facts).fetchone() == ("shop", "C", "UTF8")
        assert db.execute("SELECT count(*) FROM pg_stat_statements").fetchone() is not None
        assert db.execute("SELECT 'B' < 'a'").fetchone() == (True,)


def test_a_template_can_be_built_on_another(server: Server, databases: Databases) -> None:
    """A template begins as a copy of its source, which stays as it was."""
    databases.template(PREFIX + "t", fill)

    def add(dsn: str) -> None:
        with psycopg.connect(dsn) as db:
            db.execute("INSERT INTO t VALUES (43)")

    databases.template(PREFIX + "more", add, source=PREFIX + "t")
    for name, rows in ((PREFIX + "t", 1), (PREFIX + "more", 2)):
        with psycopg.connect(server.dsn(name)) as db:
            assert db.execute("SELECT count(*) FROM t").fetchone() == (rows,)


def test_a_build_that_fails_leaves_nothing(databases: Databases) -> None:
    """The builder's own error comes through, and the next call builds afresh."""

    def fail(dsn: str) -> None:
        fill(dsn)
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        databases.template(PREFIX + "t", fail)
    assert databases.names(PREFIX) == []
    assert databases.template(PREFIX + "t", fill)


def test_what_a_killed_build_has_left_is_built_anew(databases: Databases) -> None:
    """A half-built template of a killed run is not taken for a finished one."""
    databases.clone("template0", PREFIX + "t_building")
    assert databases.template(PREFIX + "t", fill)
    assert databases.names(PREFIX) == [PREFIX + "t"]


def test_a_full_disk_is_reported(databases: Databases) -> None:
    """When the disk fills while a template is built, that is PostgresUnavailable."""

    def full(_: str) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    with pytest.raises(PostgresUnavailable, match=r"disk.*full.*Make room"):
        databases.template(PREFIX + "t", full)


def test_dropping_ends_other_peoples_connections(server: Server, databases: Databases) -> None:
    """A database is dropped whoever is connected, and one that is not there is no error."""
    databases.clone("template0", PREFIX + "busy")
    with psycopg.connect(server.dsn(PREFIX + "busy"), autocommit=True) as db:
        databases.drop(PREFIX + "busy")
        with pytest.raises(psycopg.OperationalError):
            db.execute("SELECT 1")
    databases.drop(PREFIX + "busy")


def test_sweeping_takes_only_the_prefix(databases: Databases) -> None:
    """What killed runs have left is dropped, and nothing else."""
    for name in ("a_1", "a_2", "b_1"):
        databases.clone("template0", PREFIX + name)
    databases.sweep(PREFIX + "a_")
    assert databases.names(PREFIX) == [PREFIX + "b_1"]


@pytest.mark.parametrize(("most", "kept"), [(2, ["one", "three"]), (0, []), (9, None)])
def test_the_templates_used_last_are_kept(
    databases: Databases, most: int, kept: list[str] | None
) -> None:
    """The ones longest out of use go first, and half-built ones always."""
    for name in ("one", "two", "three", "one"):
        databases.template(PREFIX + name, lambda _: None)
    databases.clone("template0", PREFIX + "zzz_building")
    databases.keep_recent(PREFIX, most)
    expected = ["one", "three", "two"] if kept is None else kept
    assert databases.names(PREFIX) == [PREFIX + name for name in expected]


def test_the_databases_made_last_are_kept(databases: Databases) -> None:
    """Whatever their names; one that is made anew counts from then on."""
    for name in ("c", "b", "a", "c"):
        databases.drop(PREFIX + name)
        databases.clone("template0", PREFIX + name)
    databases.keep_newest(PREFIX, 2)
    assert databases.names(PREFIX) == [PREFIX + "a", PREFIX + "c"]


def test_a_server_that_has_gone_is_reported(server: Server) -> None:
    """A server that does not answer any more is PostgresUnavailable."""
    gone = Databases(replace(server, port=1))
    with pytest.raises(PostgresUnavailable, match="does not answer any more"):
        gone.names("")


@pytest.fixture
def foreign(server: Server) -> Iterator[Server]:
    """The same server as if it were somebody else's, with a role that is no superuser's."""
    creator, app_role = "dojo_test_creator", "dojo_test_foreign_shop"
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute("CREATE ROLE dojo_test_creator LOGIN PASSWORD 'c' CREATEDB CREATEROLE")
        try:
            yield replace(
                server, provider="external", user=creator, password="c", app_role=app_role
            )
        finally:
            Databases(server).sweep(PREFIX)
            db.execute("DROP ROLE IF EXISTS dojo_test_foreign_shop")
            db.execute("DROP ROLE dojo_test_creator")


def connection_limit(server: Server) -> int:
    """Of the app's role."""
    with psycopg.connect(server.dsn()) as db:
        query = "SELECT rolconnlimit FROM pg_roles WHERE rolname = %s"
        row = db.execute(query, (server.app_role,)).fetchone()
    assert row is not None
    return int(row[0])


def test_the_app_gets_at_most_half_of_what_is_free_on_a_foreign_server(
    server: Server, foreign: Server
) -> None:
    """Of 100 connections; on a server of ours it is 85, whoever is connected."""
    Databases(foreign).ensure_role()
    assert 25 <= connection_limit(foreign) <= 49
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(psycopg.connect(server.dsn()))
        Databases(foreign).ensure_role()
        Databases(server).ensure_role()
    assert 5 <= connection_limit(foreign) <= 29
    assert connection_limit(server) == 85


def test_a_run_killed_after_it_made_the_role_hinders_no_other(foreign: Server) -> None:
    """The right to make databases for the app's role is made up for, and asked for twice."""
    with psycopg.connect(foreign.dsn(), autocommit=True) as db:
        db.execute("CREATE ROLE dojo_test_foreign_shop LOGIN")
    databases = Databases(foreign)
    databases.ensure_role()
    databases.ensure_role()
    databases.clone("template0", PREFIX + "foreign")
    assert databases.names(PREFIX) == [PREFIX + "foreign"]


def last_checkpoint(server: Server) -> str:
    """Its place in the log."""
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        row = db.execute("SELECT checkpoint_lsn FROM pg_control_checkpoint()").fetchone()
    assert row is not None
    return str(row[0])


def test_a_copy_on_a_foreign_server_forces_no_checkpoint(server: Server, foreign: Server) -> None:
    """On a server of ours it does: there it is the quicker way, and nobody else waits."""
    Databases(foreign).ensure_role()
    Databases(server).template(PREFIX + "t", fill)
    as_owner = replace(foreign, user=server.user, password=server.password)

    def forces_one(of: Server) -> bool:
        before = last_checkpoint(server)
        Databases(of).clone(PREFIX + "t", PREFIX + "copy")
        after = last_checkpoint(server)
        Databases(server).drop(PREFIX + "copy")
        return after != before

    # the server makes one by itself every five minutes
    assert not all(forces_one(as_owner) for _ in range(3))
    assert forces_one(server)
