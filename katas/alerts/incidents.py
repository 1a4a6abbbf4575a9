"""What goes wrong in a year: kinds of incidents, and where each is placed. Pure.

Sizes are shares of the error budget of 28 days. *Real* is what takes at least a twentieth of it.
Each incident has days of its own, so that it can be said what an alert was about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from katas.alerts.traffic import DAY, HOUR, LEAD_IN_DAYS, YEAR_DAYS, Floats

__all__ = ["KINDS", "Incident", "Kind", "Pace", "place"]

Pace: TypeAlias = Literal["fast", "slow", "harmless"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of incident: how often in a year, how long, how bad, when, and of which size."""

    name: str
    pace: Pace
    times: int
    minutes: int
    bad_ratio: float  # of the requests; of a creeping one, at its end
    hours: tuple[float, float]  # of the day, in which it begins
    size: tuple[float, float]  # the least and the greatest share of the budget that it takes
    creeping: bool = False

    @property
    def days(self) -> int:
        """How many days it needs for itself; a real one also the day after."""
        return -(-self.minutes // DAY) + (self.pace != "harmless")


KINDS: Sequence[Kind] = (
    Kind("outage", "fast", 4, 12, 0.97, (9, 22), (0.06, 0.16)),
    Kind("errors for an hour", "fast", 4, HOUR, 0.4, (9, 21), (0.12, 0.3)),
    Kind("bad afternoon", "fast", 3, 6 * HOUR, 0.06, (12, 15), (0.12, 0.35)),
    Kind("night outage", "fast", 3, 3 * HOUR, 0.9, (1.5, 3.5), (0.06, 0.12)),
    Kind("bad release", "slow", 3, 3 * DAY, 0.02, (8, 12), (0.25, 0.7)),
    Kind("slow leak", "slow", 3, 5 * DAY, 0.02, (8, 12), (0.2, 0.7), creeping=True),
    Kind("deploy", "harmless", 51, 2, 0.9, (10, 17), (0.005, 0.018)),
    Kind("few failures at night", "harmless", 44, 1, 0.6, (1, 5.5), (0.0, 0.002)),
    Kind("short outage at night", "harmless", 16, 15, 0.95, (0.5, 5.5), (0.005, 0.0125)),
    Kind("blip", "harmless", 76, 10, 0.06, (8, 22), (0.001, 0.01)),
)
CANDIDATES = 64  # places to choose from


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, from its first minute to the one after its last."""

    kind: Kind
    start: int
    end: int


def place(rng: np.random.Generator, rates: Floats, budgets: Floats) -> list[Incident]:
    """The incidents of a year in the order of time.

    `rates`: expected requests a minute; `budgets`: the bad events that 28 days allow, by day.
    """
    expected = np.concatenate(([0.0], np.cumsum(rates)))
    return [_within(rng, kind, first_day, expected, budgets) for kind, first_day in _days(rng)]


def _days(rng: np.random.Generator) -> Iterator[tuple[Kind, int]]:
    """Which incident begins on which day; the days that are left over are quiet, anywhere."""
    kinds: list[Kind | None] = [kind for kind in KINDS for _ in range(kind.times)]
    kinds += [None] * (YEAR_DAYS - sum(kind.days for kind in kinds if kind))
    day = LEAD_IN_DAYS
    for index in rng.permutation(len(kinds)):
        kind = kinds[index]
        if kind:
            yield kind, day
        day += kind.days if kind else 1


def _within(
    rng: np.random.Generator, kind: Kind, first_day: int, expected: Floats, budgets: Floats
) -> Incident:
    """A beginning on that day at which the incident has a size of its kind, or nearly so."""
    low, high = (int(first_day * DAY + hour * HOUR) for hour in kind.hours)
    starts = rng.integers(low, high, CANDIDATES)
    ratio = kind.bad_ratio / 2 if kind.creeping else kind.bad_ratio
    bad = (expected[starts + kind.minutes] - expected[starts]) * ratio
    sizes = bad / budgets[first_day]
    distance = np.maximum(kind.size[0] - sizes, sizes - kind.size[1])
    start = int(starts[np.argmax(distance <= 0) if (distance <= 0).any() else distance.argmin()])
    return Incident(kind, start, start + kind.minutes)
