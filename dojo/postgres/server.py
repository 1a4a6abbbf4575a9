"""A running Postgres server, whoever provides it, and the names of what is ours on it."""

from dataclasses import dataclass

from psycopg.conninfo import make_conninfo

__all__ = ["Server"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, as whom we log in, why this server was chosen, and our names on it.

    On a server that only we use the app's role is `shop`. On somebody else's server the names carry
    this installation's id, so that they meet nothing that is there already.
    """

    provider: str  # "docker", "embedded" or "external"
    why: str
    version: str
    host: str
    port: int
    user: str
    password: str
    admin_database: str = "postgres"
    pid: int | None = None  # of its first process on this machine; None if that can't be seen
    app_role: str = "shop"
    app_password: str = "shop"
    prefix: str = "dojo_"  # of the names of our databases
    parameters: tuple[tuple[str, str], ...] = ()  # more of libpq's, as the user's URL has them

    def dsn(
        self, database: str | None = None, user: str | None = None, password: str | None = None
    ) -> str:
        """A conninfo string; without arguments, of the superuser for the admin database."""
        return make_conninfo(
            **dict(self.parameters),
            host=self.host,
            port=self.port,
            user=user or self.user,
            password=self.password if password is None else password,
            dbname=database or self.admin_database,
            connect_timeout=10,
        )

    def app_dsn(self, database: str) -> str:
        """A conninfo string for the app's own role, which owns its databases."""
        return self.dsn(database, self.app_role, self.app_password)

    def database(self, name: str) -> str:
        """The full name of a database of ours: dojo_run_17 for run_17."""
        return f"{self.prefix}{name}"
