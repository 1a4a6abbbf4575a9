"""What Postgres does for the app, told to Prometheus: read at a scrape, never in between."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dojo.postgres.statements import OF_THE_APP

__all__ = ["Activity"]

PATIENCE_S = 0.3  # a scrape has a second, and the load's own figures must not be lost on it
OLD_S = 5.0
STATEMENT_MS = 500  # a scrape is no reason to hold up a server that is busy
STATEMENTS = f"SELECT coalesce(sum(calls), 0) FROM pg_stat_statements(false) WHERE {OF_THE_APP}"
TABLES = "SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables ORDER BY relname"
CONNECTIONS = (
    "SELECT CASE WHEN state LIKE 'idle in transaction%' THEN 'idle in transaction'"
    " ELSE coalesce(state, 'unknown') END AS doing, count(*) FROM pg_stat_activity"
    " WHERE usename = 'shop' AND datname = current_database() GROUP BY doing"
)
STATES = ("active", "idle", "idle in transaction")


class Activity(Collector):
    """Statements, sequential reads and connections of the app, as Postgres counts them.

    `dsn` is of the app's database, as somebody who may see all statements. A scrape waits for a
    swamped Postgres only shortly; then it tells what was known last, and nothing if that is old.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._db: psycopg.Connection[tuple[Any, ...]] | None = None
        self._reading = threading.Lock()  # held by the one thread that asks Postgres
        self._known: list[Metric] = []
        self._known_at_s = 0.0

    def describe(self) -> list[Metric]:
        """No names beforehand: registering asks no server."""
        return []

    def collect(self) -> Iterator[Metric]:
        reader = threading.Thread(target=self._refresh, name="activity", daemon=True)
        reader.start()
        reader.join(PATIENCE_S)
        if time.monotonic() - self._known_at_s < OLD_S:
            yield from self._known

    def close(self) -> None:
        """Let go of the database, so that it can be dropped."""
        with self._reading:
            self._hang_up()

    def _refresh(self) -> None:
        if not self._reading.acquire(blocking=False):
            return  # somebody is at it already
        try:
            self._known = self._read()
            self._known_at_s = time.monotonic()
        except psycopg.Error:
            self._known = []
            self._hang_up()
        finally:
            self._reading.release()

    def _hang_up(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _read(self) -> list[Metric]:
        if self._db is None:
            self._db = psycopg.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=2,
                options=f"-c statement_timeout={STATEMENT_MS}",
            )
        db = self._db
        told: list[Metric] = []
        known = db.execute("SELECT to_regclass('pg_stat_statements') IS NOT NULL").fetchone()
        if known is not None and known[0]:
            statements = CounterMetricFamily(
                "dojo_postgres_statements", "Statements that the app has sent to Postgres."
            )
            for (count,) in db.execute(STATEMENTS.encode()):
                statements.add_metric([], float(count))
            told.append(statements)
        scans = CounterMetricFamily(
            "dojo_postgres_sequential_scans", "Times a table was read through.", labels=["table"]
        )
        rows = CounterMetricFamily(
            "dojo_postgres_sequential_rows", "Rows read by going through a table.", labels=["table"]
        )
        for table, scanned, read in db.execute(TABLES):
            scans.add_metric([table], scanned)
            rows.add_metric([table], read)
        connections = GaugeMetricFamily(
            "dojo_postgres_connections", "The app's connections by what they do.", labels=["state"]
        )
        counted = dict.fromkeys(STATES, 0)
        counted.update({str(state): int(count) for state, count in db.execute(CONNECTIONS)})
        for state, count in counted.items():
            connections.add_metric([state], count)
        return [*told, scans, rows, connections]
