"""Rows: DOJO_POSTGRES names a server on which somebody else's data live.

The tests' own embedded server stands for it: it is told nothing of us but a URL.
"""

from dataclasses import replace

import psycopg
from psycopg import sql

from dojo.postgres.server import Server
from tests.support.failures.bench import Bench
from tests.support.failures.ended import Ended, Expect
from tests.support.failures.environment_rows import LIBPQ
from tests.support.failures.row import Table

__all__ = ["TABLE"]

TABLE = Table("foreign")
row = TABLE.row

ROLES = "SELECT oid, rolname, rolpassword, rolconnlimit FROM pg_authid ORDER BY rolname"
SETTINGS = "SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting ORDER BY 1, 2"
DATABASES = "SELECT oid, datname FROM pg_database ORDER BY datname"
CALLS = "SELECT sum(calls) FROM pg_stat_statements WHERE query LIKE 'SELECT $1 AS of_a_colleague'"


def address(server: Server, user: str = "", password: str = "") -> str:
    login = f"{user or server.user}:{password or server.password}"
    return f"postgresql://{login}@{server.host}:{server.port}/postgres"


def seen(server: Server, *queries: str) -> list[object]:
    """What the queries give, as text to compare."""
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        return [str(db.execute(query.encode()).fetchall()) for query in queries]


def with_difference(ended: Ended, before: list[object], after: list[object]) -> Ended:
    """The ending, and what is not as it was before."""
    changed = tuple(f"it was {a} and is {b}" for a, b in zip(before, after, strict=True) if a != b)
    return replace(ended, left=ended.left + changed)


def role(server: Server, name: str, rights: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
        create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'given' ").format(sql.Identifier(name))
        db.execute(create + sql.SQL(rights))


def session_as(bench: Bench, name: str, rights: str) -> Ended:
    """A session as a role that has these rights and no more."""
    server = bench.server()
    role(server, name, rights)
    return bench.foreign_session(address(server, name, "given"))


@row(
    "a role called shop is there already, with settings of its own",
    Expect.UNCHANGED,
    left=("the role as it was; a role and databases of ours until `./run dojo clean`"),
)
def role_shop(bench: Bench) -> Ended:
    server = bench.server()
    of_shop = ROLES.replace("ORDER", "WHERE rolname = 'shop' ORDER")
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute("ALTER ROLE shop SET work_mem = '5MB'")
        before = seen(server, of_shop, SETTINGS)
        try:
            ended = bench.foreign_session(address(server))
            return with_difference(ended, before, seen(server, of_shop, SETTINGS))
        finally:
            db.execute("ALTER ROLE shop RESET ALL")


@row(
    "a colleague's run is alive on the server, and the server's statistics are in use",
    Expect.UNCHANGED,
    left="the colleague's database and all statistics but ours",
)
def colleague(bench: Bench) -> Ended:
    server = bench.server()
    with psycopg.connect(server.dsn(), autocommit=True) as db:
        db.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        db.execute("SELECT 1 AS of_a_colleague")
        for name in ("dojo_run_1", "dojo_0123456789_run_1"):
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            before = seen(server, DATABASES, CALLS)
            assert "None" not in str(before[1]), "nothing has been counted"
            with psycopg.connect(server.dsn("dojo_run_1"), autocommit=True) as alive:
                ended = bench.foreign_session(address(server))
                alive.execute("SELECT 1")
            return with_difference(ended, before, seen(server, DATABASES, CALLS))
        finally:
            for name in ("dojo_run_1", "dojo_0123456789_run_1"):
                db.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@row("a role that may create neither", Expect.ERROR, "BadSetting: * lacks CREATEDB and CREATEROLE")
def no_rights(bench: Bench) -> Ended:
    return session_as(bench, "row_nothing", "")


@row(
    "a role that may not create roles",
    Expect.ERROR,
    "BadSetting: * lacks CREATEROLE. * ALTER ROLE",
    long=True,
)
def no_createrole(bench: Bench) -> Ended:
    return session_as(bench, "row_databases", "CREATEDB")


@row(
    "a role that is no superuser, may create both, and may not read statistics",
    Expect.UNCHANGED,
    "This server can't tell which queries cost: * or this role may not reset it.",
)
def no_superuser(bench: Bench) -> Ended:
    return session_as(bench, "row_both", "CREATEDB CREATEROLE")


@row("a password in PGPASSWORD, for a URL without one", Expect.UNCHANGED, long=True)
def password_in_variable(bench: Bench) -> Ended:
    server = bench.server()
    url = f"postgresql://{server.user}@{server.host}:{server.port}/postgres"
    return bench.foreign_session(url, PGPASSWORD=server.password)


@row("PG* variables of another project's server beside a URL that names its host", Expect.UNCHANGED)
def variables_beside_a_host(bench: Bench) -> Ended:
    variables = LIBPQ | {"PGHOST": "192.0.2.1", "PGPORT": "9", "PGSSLMODE": "disable"}
    return bench.foreign_session(address(bench.server()), **variables)


@row("a Unix socket where nobody listens", Expect.ERROR, "PostgresUnavailable: * does not answer")
def unix_socket(bench: Bench) -> Ended:
    return bench.foreign_session("postgresql:///postgres?host=/nonexistent")
