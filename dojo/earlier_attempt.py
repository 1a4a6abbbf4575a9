"""What is remembered of an attempt, for the comparison with the next one, as values. Pure."""

from dataclasses import dataclass, field
from typing import Any

from dojo.burst_figures import Pace, Percentiles, Point, StepTime

__all__ = [
    "EarlierAttempt",
    "GroupCount",
]


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
    statements_per_event: float | None = None  # of those answered under load
    first_burst_s: float | None = None  # how long the first burst went on: shorter if stopped
    points: tuple[Point, ...] = ()
