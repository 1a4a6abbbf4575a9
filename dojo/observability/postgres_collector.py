"""What Postgres does for the app, as metrics: read when Prometheus scrapes, never in between."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dojo.postgres.statements import HAS_STATEMENTS, OF_THE_APP

__all__ = ["PostgresCollector"]

COLLECT_TIMEOUT_S = 0.3  # a scrape may take a second, and also carries the load's own metrics
STALE_AFTER_S = 5.0
CONNECT_TIMEOUT_S = 2
STATEMENT_TIMEOUT_MS = 500  # a scrape must not burden a server that is busy
STATEMENTS = f"SELECT coalesce(sum(calls), 0) FROM pg_stat_statements(false) WHERE {OF_THE_APP}"
TABLES = "SELECT relname, seq_tup_read FROM pg_stat_user_tables ORDER BY relname"
CONNECTIONS = (
    "SELECT CASE WHEN state LIKE 'idle in transaction%' THEN 'idle in transaction'"
    " ELSE coalesce(state, 'unknown') END AS state_group, count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usesysid ="
    " (SELECT datdba FROM pg_database WHERE datname = current_database()) GROUP BY state_group"
)
STATES = ("active", "idle", "idle in transaction")

Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresCollector(Collector):
    """The app's statements, rows that it scanned and connections, as Postgres counts them.

    `dsn`: the app's database, as a role that may see all statements; `on_connect` is called before
    each connection to it. A scrape waits at most
    COLLECT_TIMEOUT_S for a busy server, then reports the latest metrics; none if they are older
    than STALE_AFTER_S.
    """

    def __init__(self, dsn: str, on_connect: Callable[[], None] = lambda: None) -> None:
        self._dsn, self._on_connect = dsn, on_connect
        self._db: Connection | None = None
        self._reading = threading.Lock()  # held by the one thread that queries Postgres
        self._latest: list[Metric] = []
        self._read_at_s = 0.0  # time.monotonic() of `_latest`

    def describe(self) -> list[Metric]:
        """No metrics: registering the collector must not query the server."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The metrics for one scrape."""
        reader = threading.Thread(target=self._refresh, name="postgres-collector", daemon=True)
        reader.start()
        reader.join(COLLECT_TIMEOUT_S)
        if time.monotonic() - self._read_at_s < STALE_AFTER_S:
            yield from self._latest

    def close(self) -> None:
        """Close the connection, so that the database can be dropped."""
        with self._reading:
            self._disconnect()

    def _refresh(self) -> None:
        if not self._reading.acquire(blocking=False):
            return  # another scrape's thread is still reading
        try:
            db = self._connect()
            self._latest = [*_statements(db), _scanned_rows(db), _connections(db)]
            self._read_at_s = time.monotonic()
        except psycopg.Error:
            self._latest = []
            self._disconnect()
        finally:
            self._reading.release()

    def _connect(self) -> Connection:
        if self._db is None:
            self._on_connect()
            self._db = psycopg.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
            )
        return self._db

    def _disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _statements(db: Connection) -> list[Metric]:
    """How many statements the app has sent; nothing where pg_stat_statements is not installed."""
    if db.execute(HAS_STATEMENTS.encode()).fetchone() != (True,):
        return []
    statements = CounterMetricFamily(
        "dojo_postgres_statements", "Statements that the app has sent to Postgres."
    )
    for (count,) in db.execute(STATEMENTS.encode()):
        statements.add_metric([], float(count))
    return [statements]


def _scanned_rows(db: Connection) -> Metric:
    """How many rows of each table were read in sequential scans."""
    rows = CounterMetricFamily(
        "dojo_postgres_sequential_rows", "Rows that sequential scans have read.", labels=["table"]
    )
    for table, row_count in db.execute(TABLES):
        rows.add_metric([table], row_count)
    return rows


def _connections(db: Connection) -> Metric:
    """The app's open connections by state, those of STATES at 0 if there are none."""
    connections = GaugeMetricFamily(
        "dojo_postgres_connections", "The app's connections by state.", labels=["state"]
    )
    counts = dict.fromkeys(STATES, 0)
    counts.update({str(state): int(count) for state, count in db.execute(CONNECTIONS)})
    for state, count in counts.items():
        connections.add_metric([state], count)
    return connections
