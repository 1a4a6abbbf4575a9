"""Creates, clones and drops databases on a server, whatever its provider."""

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from dojo.errors import PostgresUnavailable
from dojo.postgres.server import Server

__all__ = ["Databases"]

UNFINISHED = "_building"  # ends the name of a template until it is complete
# of the 100 that a server of ours has; what is left over the grader needs
MOST_CONNECTIONS_OF_THE_APP = 85
# on somebody else's server at most half of what is free
HALF_OF_WHAT_IS_FREE = (
    "SELECT greatest(1, least(%s, (current_setting('max_connections')::int - count(*)) / 2))"
    " FROM pg_stat_activity"
)
LOCKS = 0x510D030  # the first key of our advisory locks; the second is of the database's name
Connection = psycopg.Connection[tuple[Any, ...]]


class Databases:
    """The databases of a server. A template is built once and cloned; until it is complete it has
    another name.

    A run holds an advisory lock on its database's name, so that nobody takes it for a leftover.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._role = sql.Identifier(server.app_role)
        self._is_foreign = server.provider == "external"

    @contextmanager
    def _admin(self) -> Iterator[Connection]:
        try:
            db = psycopg.connect(self._server.dsn(), autocommit=True)
        except psycopg.OperationalError as error:
            raise PostgresUnavailable(
                f"Postgres ({self._server.provider}) does not answer any more: {error}. Run again."
            ) from error
        with db, _disk_full_reported():
            yield db

    def ensure_role(self) -> None:
        """Create the app's own login role, which is no superuser, or bring it back to its state."""
        password = sql.Literal(self._server.app_password)
        with self._admin() as db:
            name = self._server.app_role
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
                db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(self._role))
                if self._is_foreign:
                    db.execute(
                        sql.SQL(
                            "COMMENT ON ROLE {} IS 'SLO Dojo; ./run dojo clean drops it'"
                        ).format(self._role)
                    )
            if self._is_foreign:  # each time, since a run may be killed right after CREATE ROLE
                with suppress(  # a superuser needs it not
                    psycopg.errors.InvalidGrantOperation, psycopg.errors.InsufficientPrivilege
                ):
                    db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(self._role))
            # an app can change its own role, and the next run would begin with that change
            db.execute(
                sql.SQL("ALTER ROLE {} LOGIN CONNECTION LIMIT {} PASSWORD {}").format(
                    self._role, sql.Literal(self._most_connections(db)), password
                )
            )
            db.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(self._role))

    def _most_connections(self, db: Connection) -> int:
        if not self._is_foreign:
            return MOST_CONNECTIONS_OF_THE_APP
        row = db.execute(HALF_OF_WHAT_IS_FREE, (MOST_CONNECTIONS_OF_THE_APP,)).fetchone()
        return int(row[0]) if row else 1

    def names(self, prefix: str) -> list[str]:
        """Databases whose names begin with `prefix`."""
        with self._admin() as db:
            rows = db.execute("SELECT datname FROM pg_database ORDER BY datname").fetchall()
        return [name for (name,) in rows if name.startswith(prefix)]

    def template(self, name: str, build: Callable[[str], None], source: str = "template0") -> bool:
        """Build the database `name` from `source` unless it is there; True if it was built.

        `build` gets a superuser's conninfo. The database gets its name when `build` has returned,
        so a run that dies before leaves nothing that looks complete.
        """
        if name in self.names(name):
            self._record_use(name)
            return False
        unfinished = f"{name}{UNFINISHED}"
        self.drop(unfinished)
        try:
            self.clone(source, unfinished)
            self._prepare(unfinished)
            with _disk_full_reported():
                build(self._server.dsn(unfinished))
            with self._admin() as db:
                db.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(unfinished), sql.Identifier(name)
                    )
                )
                if not self._is_foreign:
                    db.execute("CHECKPOINT")
        except BaseException:
            with suppress(
                psycopg.Error, PostgresUnavailable
            ):  # the first error is the one to report
                self.drop(unfinished)
            raise
        self._record_use(name)
        return True

    @contextmanager
    def clone_of_a_run(self, template: str, name: str) -> Iterator[None]:
        """A copy for the length of the block, locked and dropped afterwards."""
        with self._admin() as holder:
            holder.execute("SELECT pg_advisory_lock(%s, %s)", (LOCKS, _lock_key(name)))
            self.drop(name)
            self.clone(template, name)
            try:
                yield
            finally:
                self.drop(name)

    def clone(self, template: str, name: str) -> None:
        """A copy of a database, owned by the app's role."""
        with self._admin() as db:
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), self._role
            )
            if template == "template0":  # texts sort alike on every server
                copy += sql.SQL(" ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
            elif db.info.server_version >= 150000 and not self._is_foreign:
                # With fsync off a copy of files is several times quicker than one through the log.
                # It forces checkpoints, for which others on somebody else's server would wait.
                copy += sql.SQL(" STRATEGY file_copy")
            db.execute(copy)

    def drop(self, name: str) -> None:
        """Drop a database if it is there, whoever is connected to it."""
        with self._admin() as db:
            db.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def rename(self, name: str, new_name: str) -> None:
        """Rename a database; one that has the new name already is dropped."""
        self.drop(new_name)
        with self._admin() as db:
            db.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(name), sql.Identifier(new_name)
                )
            )

    def sweep(self, prefix: str) -> None:
        """Drop all databases whose names begin with `prefix` and whose run has ended."""
        names = self.names(prefix)
        if not names:
            return
        with self._admin() as db:
            for name in names:
                key = (LOCKS, _lock_key(name))
                row = db.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
                if row == (True,):
                    self.drop(name)
                    db.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    def drop_role(self) -> bool:
        """Drop the app's role, once none of its databases is left; whether there was one."""
        with self._admin() as db:
            there = db.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", (self._server.app_role,)
            ).fetchone()
            db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(self._role))
        return there is not None

    def keep_recent(self, prefix: str, most: int) -> None:
        """Drop all templates but the `most` that were used last; also those that are incomplete."""
        with self._admin() as db:
            rows = db.execute(
                "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '')"
                " FROM pg_database"
            ).fetchall()
        by_use = sorted((used, name) for name, used in rows if name.startswith(prefix))
        complete = [name for _, name in by_use if not name.endswith(UNFINISHED)]
        recent = complete[-most:] if most else []
        for _, name in by_use:
            if name not in recent:
                self.drop(name)

    def keep_newest(self, prefix: str, most: int) -> None:
        """Drop all databases whose names begin with `prefix` but the `most` that were made last."""
        with self._admin() as db:
            rows = db.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
        for name in [name for (name,) in rows if name.startswith(prefix)][most:]:
            self.drop(name)

    def _record_use(self, name: str) -> None:
        with self._admin() as db:
            db.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(name), sql.Literal(f"used {time.time():020.3f}")
                )
            )

    def _prepare(self, name: str) -> None:
        with psycopg.connect(self._server.dsn(name), autocommit=True) as db:
            try:
                db.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            except psycopg.Error:
                if not self._is_foreign:
                    raise
            with suppress(psycopg.errors.InsufficientPrivilege):
                db.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(self._role))


def _lock_key(name: str) -> int:
    """A number for pg_advisory_lock, which takes signed integers of 32 bits."""
    return zlib.crc32(name.encode()) - (1 << 31)


@contextmanager
def _disk_full_reported() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.DiskFull as error:
        if "shared memory" in str(error):
            raise PostgresUnavailable(
                f"Postgres has too little shared memory: {str(error).strip()}. Give /dev/shm more"
                " room (in a container: --shm-size=256m), then run again."
            ) from error
        raise PostgresUnavailable(
            f"The disk under Postgres is full: {error}. Make room, then run again."
        ) from error
