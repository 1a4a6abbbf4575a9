"""A running Postgres server, whoever provides it."""

from dataclasses import dataclass

from psycopg.conninfo import make_conninfo

__all__ = ["Server"]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, its superuser, and why this server was chosen."""

    provider: str  # "docker", "embedded" or "external"
    why: str
    version: str
    host: str
    port: int
    user: str
    password: str
    admin_database: str = "postgres"
    pid: int | None = None  # of its first process on this machine; None if that can't be seen

    def dsn(
        self, database: str | None = None, user: str | None = None, password: str | None = None
    ) -> str:
        """A conninfo string; without arguments, of the superuser for the admin database."""
        return make_conninfo(
            host=self.host,
            port=self.port,
            user=user or self.user,
            password=self.password if password is None else password,
            dbname=database or self.admin_database,
            connect_timeout=10,
        )
