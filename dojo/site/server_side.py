"""Where the time of a load went, as the server's side saw it: Postgres, the proxy, the app's pool.

`ServerSide.begin` before the load, `read` after it, however many bursts lie between. What follows
from the two readings is `where_time_went`, which needs no site.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from dojo.costs import StatementCost, WhereTimeWent
from dojo.kata.exposition import Exposition
from dojo.postgres import statements
from dojo.postgres.statements import StatementCounts
from dojo.site.running_site import RunningSite

__all__ = [
    "Readings",
    "ServerSide",
    "where_time_went",
]

POOL_WAITS, POOL_WAIT_S = (
    "db_client_connection_waits_total",
    "db_client_connection_wait_time_seconds_total",
)
LOOP_LAG = "shop_event_loop_lag_seconds"
LONGEST_LAG = "shop_event_loop_lag_longest_seconds"


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read before and after a load."""

    before: Exposition  # the app's own metrics
    after: Exposition
    connections_opened: int  # through the proxy, during the load
    round_trip_ms: float  # between app and Postgres
    statements: tuple[StatementCost, ...] = ()  # heaviest first
    connections_at_end: dict[str, int] = field(default_factory=dict)  # of the app, by state
    counts: StatementCounts | None = None  # of all statements
    running_ms: float = 0.0  # of those that had not ended


@dataclass(frozen=True, slots=True)
class ServerSide:
    """The counters of a site before its load."""

    site: RunningSite
    before: Exposition
    opened_before: int

    @classmethod
    def begin(cls, site: RunningSite) -> "ServerSide":
        """Read the counters; Postgres' statistics of statements start anew."""
        before = site.metrics()
        statements.reset_statements(site.db)
        return cls(site, before, site.database.proxy.stats().connections_opened)

    def read(self) -> Readings:
        """Read them again, the passing ones first: connections as the load has left them."""
        site = self.site
        connections_at_end = statements.connections_by_state(site.db)
        running_ms = statements.running_statements_ms(site.db)
        after = site.metrics()
        return Readings(
            before=self.before,
            after=after,
            connections_opened=site.database.proxy.stats().connections_opened - self.opened_before,
            round_trip_ms=site.environment["round_trip_ms"],
            statements=statements.all_statements(site.db),
            connections_at_end=connections_at_end,
            counts=statements.statement_counts(site.db),
            running_ms=running_ms,
        )


def where_time_went(
    readings: Readings,
    pending_s: Iterable[float] = (),
    length_s: float = 0.0,
    statements_per_event: float | None = None,
) -> WhereTimeWent:
    """What the readings say of a load.

    `pending_s`: how long each request had been under way that had no answer at the end; `length_s`:
    how long the load went on.
    """
    waiting = round(readings.after.total("db_client_connection_pending_requests"))
    waited_s = _growth(readings, POOL_WAIT_S) + _still_waiting_s(waiting, pending_s)
    blocked_s = _growth(readings, f"{LOOP_LAG}_sum") if _tells_lag(readings.after) else None
    counts = readings.counts
    return WhereTimeWent(
        statements_per_event=statements_per_event,
        statements=readings.statements,
        round_trip_ms=readings.round_trip_ms,
        connections_opened=readings.connections_opened,
        pool_waits=round(_growth(readings, POOL_WAITS)),
        pool_wait_ms=1000 * waited_s,
        pool_use_ms=1000 * _growth(readings, "db_client_connection_use_time_seconds_total"),
        pool_size=round(readings.after.total("db_client_connection_count")),
        waiting_at_end=waiting,
        connections_at_end=readings.connections_at_end,
        loop_late_ms=None if blocked_s is None else 1000 * blocked_s,
        loop_blocked_most_s=None if blocked_s is None else _longest_lag_s(readings),
        loop_blocked_share=min(1.0, blocked_s / length_s) if blocked_s and length_s else blocked_s,
        length_s=length_s or None,
        postgres_ms=None if counts is None else counts.total_ms + readings.running_ms,
        postgres_calls=None if counts is None else counts.statements + counts.of_transactions,
    )


def _still_waiting_s(waiting: int, pending_s: Iterable[float]) -> float:
    """How long those waited at least that still wait for a pooled connection.

    A pool counts a wait when it is over. Its queue is first in, first out: who still waits came
    last, so they are the youngest of the requests without an answer.
    """
    return sum(sorted(pending_s)[:waiting])


def _tells_lag(metrics: Exposition) -> bool:
    return any(series == f"{LOOP_LAG}_sum" for series, _, _ in metrics.series)


def _longest_lag_s(readings: Readings) -> float:
    """The longest lag of the load; one of the time before it is not taken for it.

    If the longest one is older than the load, it is the upper edge of the highest bucket that grew.
    """
    before_s, after_s = (each.total(LONGEST_LAG) for each in (readings.before, readings.after))
    if after_s != before_s:
        return after_s
    edges = readings.after.edges(LOOP_LAG)
    cumulative = [_growth(readings, f"{LOOP_LAG}_bucket", le=edge) for edge in edges.values()]
    counts = [upto - below for below, upto in pairwise((0.0, *cumulative))]
    highest_s = max((edge_s for edge_s, n in zip(edges, counts, strict=True) if n > 0), default=0.0)
    return min(after_s, highest_s)


def _growth(readings: Readings, counter: str, **labels: str) -> float:
    """Zero if the counter fell, as it does when the app starts anew."""
    before, after = (each.total(counter, **labels) for each in (readings.before, readings.after))
    return max(0.0, after - before)
