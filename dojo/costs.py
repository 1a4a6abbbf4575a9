"""What an attempt's requests cost the site, alone and under load, as values. Pure."""

from dataclasses import dataclass, field

__all__ = [
    "RequestAlone",
    "StatementCost",
    "StepAlone",
    "StepCost",
    "WhereTimeWent",
]


@dataclass(frozen=True, slots=True)
class StatementCost:
    """One normalized statement, from pg_stat_statements."""

    text: str
    calls: int
    total_ms: float
    mean_ms: float
    rows: int


@dataclass(frozen=True, slots=True)
class StepAlone:
    """What one step took and cost with nobody else on the site, as seen from outside the app."""

    name: str
    time_s: float
    statements: float | None = None  # sent to Postgres …
    transaction_statements: float | None = None  # … and BEGIN, COMMIT and the like beside them
    postgres_s: float | None = None  # in Postgres, as it counts, without the way
    texts: tuple[StatementCost, ...] = ()  # the statements one by one

    @property
    def calls(self) -> float:
        """Round trips: statements, and those that only begin or end a transaction."""
        return (self.statements or 0.0) + (self.transaction_statements or 0.0)


@dataclass(frozen=True, slots=True)
class StepCost:
    """What a step of the SLI's journey costs, alone and under load; also of a journey of one."""

    name: str
    per_event: float  # how many of them an event has, by the plan
    sent: int = 0
    connection_s: float | None = None  # waited for a pooled connection, on average; the app says so
    postgres_s: float | None = None  # Postgres' time for it under load, all requests together
    alone: StepAlone | None = None

    @property
    def work_s(self) -> float:
        """Seconds of work under load, in Postgres and beside it; waiting in line is none."""
        beside_s = 0.0
        if self.alone is not None:
            beside_s = max(0.0, self.alone.time_s - (self.alone.postgres_s or 0.0))
        return (self.postgres_s or 0.0) + self.sent * beside_s


@dataclass(frozen=True, slots=True)
class RequestAlone:
    """What one event took and cost while nobody else was on the site: a request, or a journey."""

    time_s: float  # the median of a few
    statements: float | None = None  # sent to Postgres, by its own count …
    transaction_statements: float | None = None  # … and BEGIN, COMMIT and the like beside them
    steps: tuple[StepAlone, ...] = ()  # of the whole journey; empty if one request was sent


@dataclass(frozen=True, slots=True)
class WhereTimeWent:
    """What the server side saw during the burst."""

    statements_per_event: float | None = None  # mean over the answered events, as the app counts
    statements_alone: float | None = None  # of a single request without a load, as Postgres counts
    transaction_statements_alone: float | None = None  # BEGIN, COMMIT and the like beside them
    statements: tuple[StatementCost, ...] = ()  # heaviest first
    round_trip_ms: float | None = None  # the fixed distance between app and Postgres
    connections_opened: int | None = None  # through the proxy
    pool_waits: int | None = None  # requests that had to wait for a pooled connection
    pool_wait_ms: float | None = None  # how long they waited, all together, up to the end at least
    pool_use_ms: float | None = None  # of all connections that were given back, together
    pool_size: int | None = None  # pooled connections that the app counts
    waiting_at_end: int | None = None  # requests that waited for one when the burst was over …
    connections_at_end: dict[str, int] = field(default_factory=dict)  # … and Postgres', by state
    loop_late_ms: float | None = None  # of the event loop to what was due, over the whole burst
    loop_blocked_most_s: float | None = None  # … at most at a time
    loop_blocked_share: float | None = None  # … of the time of the bursts
    connecting_share: float | None = None  # of the visitors' waits, spent on connecting to the app
    length_s: float | None = None  # of the load, all bursts together
    postgres_ms: float | None = None  # of all statements of the app, in Postgres
    postgres_calls: int | None = None  # how many they were, BEGIN and the like among them
