"""Where the time of a load went, as the server's side saw it: Postgres, the proxy, the app's pool.

`ServerSide.begin` before the load, `read` after it, however many bursts lie between. What follows
from the two readings is `where_time_went`, which needs no site.
"""

from dataclasses import dataclass, field

from dojo.kata.exposition import Exposition
from dojo.postgres import statements
from dojo.report import StatementCost, WhereTimeWent
from dojo.site.running_site import RunningSite

__all__ = ["Readings", "ServerSide", "where_time_went"]


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read before and after a load."""

    before: Exposition  # the app's own metrics
    after: Exposition
    connections_opened: int  # through the proxy, during the load
    round_trip_ms: float  # between app and Postgres
    statement_count: int | None = None  # that the app sent to Postgres; None: unknown
    statements: tuple[StatementCost, ...] = ()  # heaviest first
    connections_at_end: dict[str, int] = field(default_factory=dict)  # of the app, by state


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
        return cls(site, before, site.proxy.stats().connections_opened)

    def read(self) -> Readings:
        """Read them again, the passing ones first: connections as the load has left them."""
        site = self.site
        connections_at_end = statements.connections_by_state(site.db)
        after = site.metrics()
        return Readings(
            before=self.before,
            after=after,
            connections_opened=site.proxy.stats().connections_opened - self.opened_before,
            round_trip_ms=site.environment["round_trip_ms"],
            statement_count=statements.statement_count(site.db),
            statements=statements.heaviest_statements(site.db),
            connections_at_end=connections_at_end,
        )


def where_time_went(readings: Readings, answered: int) -> WhereTimeWent:
    """The readings per answer, and what the app's pool counted; `answered` requests of the SLI."""
    sent = readings.statement_count
    return WhereTimeWent(
        statements_per_event=sent / answered if sent and answered else None,
        statements=readings.statements,
        round_trip_ms=readings.round_trip_ms,
        connections_opened=readings.connections_opened,
        pool_waits=round(_growth(readings, "db_client_connection_waits_total")),
        pool_wait_ms=1000 * _growth(readings, "db_client_connection_wait_time_seconds_total"),
        pool_use_ms=1000 * _growth(readings, "db_client_connection_use_time_seconds_total"),
        pool_size=round(readings.after.total("db_client_connection_count")),
        waiting_at_end=round(readings.after.total("db_client_connection_pending_requests")),
        connections_at_end=readings.connections_at_end,
        loop_late_ms=1000 * _growth(readings, "shop_event_loop_lag_seconds_sum"),
    )


def _growth(readings: Readings, counter: str) -> float:
    """Zero if the counter fell, as it does when the app starts anew."""
    return max(0.0, readings.after.total(counter) - readings.before.total(counter))
