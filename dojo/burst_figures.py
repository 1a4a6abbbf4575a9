"""What was measured of a burst's events, as values: times, paces, shares. Pure."""

from dataclasses import dataclass

__all__ = [
    "Lateness",
    "Pace",
    "Percentiles",
    "Point",
    "SegmentSli",
    "StepTime",
]


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
class Lateness:
    """How late the generator was, in seconds: what says whether the run can be trusted."""

    p50: float
    p99: float
    max: float
    late: int  # events sent later than allowed
    sent: int
