"""Drawn years of a shop: requests and bad requests by the minute, and what went wrong. Pure.

Good and bad requests are Poisson processes, independent of each other; outside of incidents few are
bad, and each is placed by itself, which is quick.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from katas.alerts.incidents import Incident, place
from katas.alerts.traffic import DAYS, HOUR, LEAD_IN_DAYS, MINUTES, Floats, expected_requests

__all__ = ["TARGET", "YEARS", "Counts", "Year", "draw_year", "draw_years"]

Counts: TypeAlias = NDArray[np.int32]

YEARS = 20
TARGET = 0.995  # of the shop's SLO; a share of the requests of 28 days
ALWAYS_BAD = 0.0008  # the share of bad requests at the best of times
BUDGET_HOURS = LEAD_IN_DAYS * 24


@dataclass(frozen=True)
class Year:
    """What was counted in each minute, lead-in included, and the incidents behind it."""

    total: Counts
    bad: Counts
    incidents: list[Incident]

    @cached_property
    def total_until(self) -> Counts:
        """Requests before each minute; one entry more than minutes."""
        return _sums(self.total)

    @cached_property
    def bad_until(self) -> Counts:
        """Bad requests before each minute."""
        return _sums(self.bad)

    @cached_property
    def requests_28d(self) -> Floats:
        """At each full hour: the requests of the 28 days before, or as many as their mean gives.

        Entry h is what is known in the minutes of hour h: full hours only.
        """
        hourly = _sums(self.total.reshape(-1, HOUR).sum(axis=1, dtype=np.int64)).astype(float)
        hours = np.arange(len(hourly))
        first = np.maximum(0, hours - BUDGET_HOURS)
        known = np.maximum(1, hours - first)
        requests: Floats = (hourly - hourly[first]) * (BUDGET_HOURS / known)
        return requests

    def budget(self, minute: int, target: float = TARGET) -> float:
        """The bad requests that 28 days allow, as seen in a minute."""
        return float(self.requests_28d[minute // HOUR]) * (1 - target)


def draw_years(seed: int, years: int = YEARS) -> Iterator[Year]:
    """So many years, each independent of the others, one after the other."""
    for sequence in np.random.SeedSequence(seed).spawn(years):
        yield draw_year(np.random.Generator(np.random.SFC64(sequence)))


def draw_year(rng: np.random.Generator) -> Year:
    """A year's minutes and its incidents."""
    rates = expected_requests(rng)
    incidents = place(rng, rates, _budgets(rates))
    ratios = np.full(MINUTES, ALWAYS_BAD)
    for incident in incidents:
        kind, span = incident.kind, slice(incident.start, incident.end)
        ramp = np.linspace(0, 1, kind.minutes) if kind.creeping else 1.0
        ratios[span] = np.maximum(ALWAYS_BAD, kind.bad_ratio * ramp)
    bad = _bad(rng, rates, ratios, incidents)
    return Year(rng.poisson(rates * (1 - ratios)).astype(np.int32) + bad, bad, incidents)


def _bad(
    rng: np.random.Generator, rates: Floats, ratios: Floats, incidents: list[Incident]
) -> Counts:
    """Bad requests by the minute: drawn in incidents, and strewn over all other minutes."""
    strewn = np.cumsum(np.where(ratios > ALWAYS_BAD, 0.0, rates * ALWAYS_BAD))
    places = rng.random(rng.poisson(strewn[-1])) * strewn[-1]
    bad = np.bincount(np.searchsorted(strewn, places, side="right"), minlength=MINUTES)
    for incident in incidents:
        span = slice(incident.start, incident.end)
        harmed = ratios[span] > ALWAYS_BAD
        bad[span] += np.where(harmed, rng.poisson(rates[span] * ratios[span]), 0)
    return bad.astype(np.int32)


def _budgets(rates: Floats) -> Floats:
    """By day: the bad requests that the 28 days before it are expected to allow."""
    daily = rates.reshape(DAYS, -1).sum(axis=1)
    until = np.concatenate(([0.0], np.cumsum(daily)))
    days = np.maximum(LEAD_IN_DAYS, np.arange(DAYS))
    budgets: Floats = (until[days] - until[days - LEAD_IN_DAYS]) * (1 - TARGET)
    return budgets


def _sums(counts: NDArray[np.int32] | NDArray[np.int64]) -> Counts:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
