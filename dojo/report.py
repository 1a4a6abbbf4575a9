"""The facts of one attempt, as values: what the terminal shows and what latest.json holds. Pure."""

from dataclasses import dataclass, field
from typing import Any, Literal

from dojo.burst_figures import Lateness, Pace, Percentiles, Point, SegmentSli, StepTime
from dojo.costs import StepCost, WhereTimeWent
from dojo.earlier_attempt import EarlierAttempt

__all__ = [
    "CheckResult",
    "Culprit",
    "ErrorGroup",
    "Failure",
    "ObjectiveResult",
    "Report",
    "Verdict",
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
