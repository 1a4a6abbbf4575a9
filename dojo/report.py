"""The facts of one attempt, as values: what the terminal shows and what latest.json holds. Pure."""

from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = [
    "CheckResult",
    "Culprit",
    "EarlierAttempt",
    "ErrorGroup",
    "Failure",
    "GroupCount",
    "Lateness",
    "ObjectiveResult",
    "Pace",
    "Percentiles",
    "Point",
    "Report",
    "RequestAlone",
    "SegmentSli",
    "StatementCost",
    "StepAlone",
    "StepCost",
    "StepTime",
    "WhereTimeWent",
]

# "not_met" also if the objectives are met and the site no longer does its job
Verdict = Literal["met", "not_met", "undecided", "invalid"]


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """One objective held against what was measured."""

    name: str
    target: float  # a ratio
    threshold_s: float | None
    good: int
    total: int
    verdict: Literal["met", "not_met", "undecided"]
    interval: tuple[float, float]  # of the SLI: Clopper-Pearson, 99.8%
    bad_after_excuses: int = 0  # still bad with the time given back that the machine took
    green_at_most: int = -1  # bad events that green allowed at the last look; -1: none
    excused: int = 0  # bad events that were late only for what the machine took

    @property
    def sli(self) -> float:
        """Good events / total events."""
        return self.good / self.total if self.total else 0.0

    @property
    def bad(self) -> int:
        """Bad events: budget spent, in events."""
        return self.total - self.good

    @property
    def budget(self) -> float:
        """Error budget in events: (1 - target) × total."""
        return (1 - self.target) * self.total

    @property
    def burn_rate(self) -> float:
        """Bad ratio / (1 - target): 1 spends exactly the budget. Google SRE Workbook, chapter 5."""
        return (1 - self.sli) / (1 - self.target)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that the site must still do. `detail`: measured, required, over how many, next."""

    name: str
    passed: bool | None  # None: not checked, and `detail` says why
    detail: str

    @property
    def failed(self) -> bool:
        """Whether it was checked and does not hold."""
        return self.passed is False

    @property
    def unchecked(self) -> bool:
        """Whether nobody knows."""
        return self.passed is None


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Response times in seconds, over all events, the unanswered ones among them; nearest rank.

    Nobody knows how long one would have taken that was never answered: it counts with the time that
    it had waited, and the figures that may be its own are lower bounds.
    """

    p50: float
    p95: float
    p99: float
    max: float
    at_least: tuple[str, ...] = ()  # names of the figures that are lower bounds: "p99", "max"

    def of(self, name: str) -> float:
        """A figure by its name."""
        return {"p50": self.p50, "p95": self.p95, "p99": self.p99, "max": self.max}[name]


@dataclass(frozen=True, slots=True)
class Point:
    """One event of the burst, for the pictures."""

    intended_s: float  # bursts stand one after another, without the pauses between them
    latency_s: float | None  # None: never answered
    cause: str | None  # None: good under every threshold; else a Cause, against the tightest one


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of a request that failed: the exception and the app's own frame."""

    exception: str  # its type and first words
    place: str  # "app/login.py:33 in login"; "" without a frame of the app's


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Bad events that have the same thing in common, so that three causes are seen as three."""

    cause: str
    route: str  # "POST /login"
    status: int | None
    exception: str  # its type and first words, as the app logged it; "" if it logged none
    place: str  # the app's innermost frame: "app/login.py:33 in login"; "" likewise
    count: int
    example: str  # one of its requests: "POST /login at 3.21 s"
    step: str = ""  # of a journey of several steps
    expected: str = ""  # of that request …
    came: str = ""  # … and what happened
    log_lines: tuple[str, ...] = ()  # the app's own, for that request


@dataclass(frozen=True, slots=True)
class SegmentSli:
    """The SLI of some of the visitors alone, at the tightest threshold."""

    name: str  # as the kata calls them: "wrong password"
    good: int
    total: int

    @property
    def sli(self) -> float:
        """Good events / total events of this segment."""
        return self.good / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class StepTime:
    """Response times of one step of the SLI's journey, for journeys that have several."""

    name: str  # "search"
    sent: int
    answered: int
    latency_s: Percentiles | None  # of all that were sent; None if nothing is known
    spent_s: float = 0.0  # waited for it, by all together, in vain or not


@dataclass(frozen=True, slots=True)
class Pace:
    """How many events a second were answered, and how many came.

    While a site can't keep up, its answers a second are its capacity.
    """

    answered: int  # right answers, whether or not in time
    length_s: float  # from the first event until no answer was awaited any more, or all had come
    come_per_s: float
    keeps_up: bool | None  # whether no queue grew; None: too few events to say
    requests: int = 0  # of those events that were answered, also of those that had no end

    @property
    def answered_per_s(self) -> float:
        """Events a second that came to their end with a right answer."""
        return self.answered / self.length_s if self.length_s else 0.0

    @property
    def requests_per_s(self) -> float:
        """Requests a second that were answered, whatever became of their events."""
        return self.requests / self.length_s if self.length_s else 0.0


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


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the generator was, in seconds: what says whether the run can be trusted."""

    p50: float
    p99: float
    max: float
    late: int  # events sent later than allowed
    sent: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group of bad events of an earlier attempt: what they had in common, and how many."""

    cause: str
    route: str
    step: str
    status: int | None
    exception: str
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class EarlierAttempt:
    """What is remembered of an earlier attempt, for the comparison."""

    number: int
    verdict: str
    slis: dict[str, float]
    latency_s: Percentiles | None
    service_time_s: float | None
    statements_alone: float | None = None
    verdicts: dict[str, str] = field(default_factory=dict)  # of each objective
    slo: str = ""  # the verdict of the objectives alone
    site_works: bool | None = None
    conditions: dict[str, Any] = field(default_factory=dict)  # of its environment
    pace: Pace | None = None
    total: int = 0  # events of the SLI …
    answered: int = 0  # … and those that came to their end
    groups: tuple[GroupCount, ...] = ()
    steps: tuple[StepTime, ...] = ()
    journey_alone: bool = True  # whether its service time is of the whole journey
    pool_wait_s: float | None = (
        None  # for a pooled connection, the mean of all requests that waited
    )
    loop_blocked_share: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One attempt at a kata."""

    kata: str  # the folder's name: "01-latency"
    title: str  # "The site is slow to load"
    event: str  # what one event is, in the plural: "page loads"
    verdict: Verdict
    slo: Verdict  # of the objectives alone
    site_works: bool | None  # False: a check failed; None: none did, and not all were made
    looks: int  # bursts that were sent, one after another
    disturbed: bool  # by the machine: another run may say more
    started_at: str  # ISO 8601, UTC
    number: int  # attempt, from 1
    plan_seed: int
    rate_per_s: float
    planned_s: float  # one burst as planned
    burst_s: float  # all bursts together, as they were: shorter if red was certain early
    objectives: tuple[ObjectiveResult, ...]
    checks: tuple[CheckResult, ...]
    bad_events: dict[str, int]  # by cause, most frequent first, against the tightest threshold
    latency_s: Percentiles | None  # of all events of the SLI
    points: tuple[Point, ...] = ()
    error_groups: tuple[ErrorGroup, ...] = ()  # the largest first
    segments: tuple[SegmentSli, ...] = ()  # the worst first; empty if the kata names none
    steps: tuple[StepTime, ...] = ()  # in the journey's order; empty for journeys of one step
    costs: tuple[StepCost, ...] = ()  # of each step, also of the only one
    pace: Pace | None = None
    where: WhereTimeWent = field(default_factory=WhereTimeWent)
    service_time_s: float | None = None  # median of one event without any load beside it
    journey_alone: bool = True  # False: of a journey of several steps only the first was sent
    lateness: Lateness | None = None
    sent_again: int = 0  # requests whose kept connection the server closed before any answer
    invalid_because: tuple[str, ...] = ()  # only if verdict is "invalid"
    repeated: bool = False  # a first run was disturbed
    culprits: tuple["Culprit", ...] = ()  # who else used the machine, the most first
    timings_s: dict[str, float] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    hints: int = 0  # that were given for the kata by then
    previous: EarlierAttempt | None = None
    next_steps: tuple[str, ...] = ()
    new_words: tuple[str, ...] = ()  # that no report before has used


@dataclass(frozen=True, slots=True)
class Culprit:
    """A process that is not the run's, and how much of the machine it used."""

    pid: int
    name: str
    cores: float
    written_mb_per_s: float = 0.0  # to a disk that was slow with it; else 0

    @property
    def described(self) -> str:
        """Who it is and what it did, as part of a sentence."""
        if self.written_mb_per_s:
            return (
                f"process {self.name!r} ({self.pid}) wrote {self.written_mb_per_s:.0f} MB a second"
            )
        return f"process {self.name!r} ({self.pid}) used {self.cores:.0%} of a core"
