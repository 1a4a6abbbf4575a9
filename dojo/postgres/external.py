"""A Postgres server that runs already: DOJO_POSTGRES=postgresql://…"""

from collections.abc import Callable

import psycopg

from dojo.errors import BadSetting, PostgresUnavailable
from dojo.postgres.server import Server

__all__ = ["find_external"]

OLDEST_VERSION = 14
CONNECT_TIMEOUT_S = 5
MAY_CREATE = (
    "SELECT rolcreatedb AND rolcreaterole OR rolsuper FROM pg_roles WHERE rolname=current_user"
)
HAS_STATEMENTS = "SELECT 1 FROM pg_settings WHERE name = 'pg_stat_statements.track'"


def find_external(url: str, say: Callable[[str], None]) -> Server:
    """The server at `url`; its settings stay as they are.

    BadSetting if it is too old, listens on no TCP port, or the role may not create databases and
    roles; PostgresUnavailable if it does not answer.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S, autocommit=True) as db:
            info = db.info
            version = info.parameter_status("server_version") or "?"
            if info.server_version < OLDEST_VERSION * 10000:
                raise BadSetting(
                    f"DOJO_POSTGRES names a server of version {version}; it must be"
                    f" {OLDEST_VERSION} or newer."
                )
            if info.host.startswith("/"):
                raise BadSetting(
                    "DOJO_POSTGRES names a Unix socket; the proxy between app and Postgres needs a"
                    " host and a port, as in postgresql://user:password@localhost:5432/postgres."
                )
            row = db.execute(MAY_CREATE).fetchone()
            if row is None or not row[0]:
                raise BadSetting(
                    f"The role {info.user!r} of DOJO_POSTGRES may not create databases and roles."
                    f' Allow it: ALTER ROLE "{info.user}" CREATEDB CREATEROLE'
                )
            if db.execute(HAS_STATEMENTS).fetchone() is None:
                say(
                    "This server has no pg_stat_statements: reports won't say what each query cost."
                )
            return Server(
                provider="external",
                why="as DOJO_POSTGRES asks",
                version=version,
                host=info.host,
                port=info.port,
                user=info.user,
                password=info.password,
                admin_database=info.dbname,
            )
    except psycopg.Error as error:
        raise PostgresUnavailable(
            f"DOJO_POSTGRES names a server that does not answer: {error}".strip()
            + " Check the address, or unset DOJO_POSTGRES."
        ) from error
