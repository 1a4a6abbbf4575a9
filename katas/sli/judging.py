"""What an SLI with its target says of each day, held against what customers suffered on it.

Knows counts a day and group and the truth; neither SQL nor files.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dojo import Measure
from katas.sli.calendar_of_years import CALM, INCIDENTS, Calendar
from katas.sli.design import Slo
from katas.sli.shop_traffic import MONTH_DAYS, MONTHS

__all__ = ["Counted", "Group", "Seen", "judge"]

NORMAL_MONTH = (0.05, 0.80)  # of its budget
Group = tuple[str | None, str | None]  # segment and route; None is all of them
Events = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counted:
    """Good and total events of each group, in the judged years: (groups, years, days)."""

    groups: tuple[Group, ...]
    good: Events
    total: Events

    @property
    def bad(self) -> Events:
        """Total less good."""
        return self.total - self.good

    def below(self, slo: Slo) -> NDArray[np.bool_]:
        """The days on which a group is below the target, by bad events enough to say so."""
        below = self.good < slo.target * self.total
        return np.asarray(below & (self.bad >= slo.min_bad_events))

    def spent(self, target: float) -> NDArray[np.float64]:
        """The part of each month's error budget that is spent, over all groups: (years, months)."""
        bad = _by_month(self.bad)
        budget = (1 - target) * _by_month(self.total)
        return np.divide(bad, budget, out=np.zeros_like(budget), where=budget > 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of each day, and the measures by their names in slo.yaml."""

    below: NDArray[np.bool_]  # (groups, years, days)
    days: NDArray[np.bool_]  # (years, days): some group is below the target
    spent: NDArray[np.float64]  # (years, months)
    measures: Mapping[str, Measure]


def judge(counted: Counted, slo: Slo, calendar: Calendar) -> Seen:
    """Each kind of incident seen or missed, calm days kept quiet, and the budget of each month."""
    below = counted.below(slo)
    days = np.asarray(below.any(axis=0))
    spent = counted.spent(slo.target)
    incident = np.isin(calendar.kinds, INCIDENTS)
    calm = np.isin(calendar.kinds, CALM)
    measures = {f"sees-{kind}": _measure(days[calendar.kinds == kind]) for kind in INCIDENTS}
    measures["sees-all"] = _measure(days[incident])
    measures["quiet"] = _measure(~days[calm])
    low, high = NORMAL_MONTH
    measures["normal-month"] = _measure((spent >= low) & (spent <= high))
    measures["worst-month"] = _measure(spent.max(axis=1) > 1)
    return Seen(below, days, spent, measures)


def _measure(good: NDArray[np.bool_]) -> Measure:
    return Measure(int(good.sum()), int(good.size))


def _by_month(counts: Events) -> NDArray[np.float64]:
    """Sums over the groups and the days of each month: (years, months)."""
    groups, years, _ = counts.shape
    by_month = counts.reshape(groups, years, MONTHS, MONTH_DAYS)
    return np.asarray(by_month.sum(axis=(0, 3)), dtype=np.float64)
