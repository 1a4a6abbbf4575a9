"""When a policy would have rung in a year: exactly, on counts a minute. Pure.

A minute's rules are evaluated at its end, with what was counted in it. The same formulas, in the
same order of operations, stand in the rules that are exported for Prometheus.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dojo import AlertCondition, AlertPolicy, Measurement
from katas.alerts.traffic import DAY, HOUR, Floats
from katas.alerts.years import TARGET, Year

__all__ = ["Minutes", "Spans", "evaluate", "holds", "sent"]

Flags: TypeAlias = NDArray[np.bool_]
Minutes: TypeAlias = NDArray[np.int64]

PAGE_AGAIN_MIN = 4 * HOUR
TICKET_AGAIN_MIN = DAY


@dataclass(frozen=True, slots=True)
class Spans:
    """When an alert was active: first minutes, and the minutes after the last ones."""

    starts: Minutes
    ends: Minutes


def holds(condition: AlertCondition, year: Year, target: float = TARGET) -> Flags:
    """In which minutes the condition is true; a window without events has no burn rate."""
    bad = _within(year.bad_until, condition.window_min)
    least = condition.threshold(target)
    if condition.measurement is Measurement.BUDGET_DROP:
        requests: Floats = np.repeat(year.requests_28d[:-1], HOUR)
        return bad >= least * requests
    total = _within(year.total_until, condition.window_min)
    flags: Flags = (total > 0) & (bad / np.maximum(total, 1) >= least)
    return flags


def evaluate(policy: AlertPolicy, year: Year, target: float = TARGET) -> Spans:
    """When the policy's alert was active, cool-down included."""
    flags = holds(policy.conditions[0], year, target)
    for condition in policy.conditions[1:]:
        flags &= holds(condition, year, target)
    minutes = np.flatnonzero(flags)
    if not len(minutes):
        return Spans(minutes, minutes)
    breaks = np.flatnonzero(np.diff(minutes) > policy.cool_down_min + 1)
    starts = minutes[np.concatenate(([0], breaks + 1))]
    last = minutes[np.concatenate((breaks, [len(minutes) - 1]))]
    return Spans(starts, last + policy.cool_down_min + 1)


def sent(policy: AlertPolicy, spans: Spans) -> Minutes:
    """The minutes in which a page or a ticket is sent: at the start, and again while it goes on."""
    again = PAGE_AGAIN_MIN if policy.pages else TICKET_AGAIN_MIN
    times = -(-(spans.ends - spans.starts) // again)
    first = np.repeat(np.cumsum(times) - times, times)
    minutes: Minutes = np.repeat(spans.starts, times) + again * (np.arange(times.sum()) - first)
    return minutes


def _within(until: NDArray[np.int32], window_min: int) -> NDArray[np.int32]:
    """Counts of the window that ends with each minute; at the start, of as much as there is."""
    window = until[1:].copy()
    window[window_min - 1 :] -= until[: len(until) - window_min]
    return window
