"""A running Postgres server, and the settings that every provider gives it."""

from dataclasses import dataclass

from psycopg.conninfo import make_conninfo

__all__ = ["SETTINGS", "Server"]

SETTINGS = {
    "shared_preload_libraries": "pg_stat_statements",  # the report's "where the time went"
    "pg_stat_statements.track": "top",
    # the data is made anew whenever it is missing, so no run waits for a disk
    "fsync": "off",
    "full_page_writes": "off",
    # a workstation with 16 cores must not outrun a fault that a laptop shows
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "autovacuum": "off",  # nothing may start in the middle of a measurement
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, who may do everything there, and why it was chosen."""

    provider: str  # "docker", "embedded" or "external"
    why: str
    version: str
    host: str
    port: int
    user: str
    password: str
    admin_database: str = "postgres"

    def dsn(self, database: str | None = None) -> str:
        """A conninfo string for the superuser."""
        return make_conninfo(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or self.admin_database,
            connect_timeout=10,
        )
