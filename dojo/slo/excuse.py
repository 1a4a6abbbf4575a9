"""What of a bad event is the machine's: time that others took from the app. Pure.

Green takes each event as it came. Red must be the app's: it stands only if it still stands after
each bad event is given back the time that the machine took. What the machine took is

    theft = share × min(d, 1 / d)        in seconds a second

`d`: seconds a second in which the app's threads, or the Postgres processes that work for it, were
ready to run and waited for a CPU. Above 1 it is mostly the app's own queue: two hundred threads
that hash beside one innocent loop wait for one another. `share`: CPU time used by processes that
can be named and are not the run's, of all that was used. A swamped app waits for itself, and its
share of what was used is large, so it can't excuse itself. Time that a virtual machine lost to its
host (steal) shows in no queue, and is added.

An event is given back the theft during its life, and before it the backlog that a healthy server
would have had at its beginning: theft makes it grow, and what the reference solution's demand
leaves free of a core drains it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from dojo.report import MachineInterval

__all__ = ["Excuse", "theft"]

OVER_DEMAND = 1.5  # above that multiple of its calibrated demand a run is busy with itself


def theft(interval: MachineInterval) -> float:
    """Seconds a second that processes outside the run took from the app: share × min(d, 1 / d)."""
    if interval.used_cores <= 0 or interval.delay <= 0:
        return 0.0
    share = min(1.0, interval.outside_cores / interval.used_cores)
    return share * min(interval.delay, 1 / interval.delay)


class Excuse:
    """How much of an event's time the machine took, over one burst.

    `demand_cores` is what the reference solution's app needs of a core under this load, on this
    machine; `run_demand_cores` what the whole run needs then. Steal and backlog are not credited
    while the run uses over `OVER_DEMAND` times that.
    """

    def __init__(
        self,
        intervals: Sequence[MachineInterval],
        demand_cores: float,
        run_demand_cores: float,
    ) -> None:
        self._starts = [interval.start_s for interval in intervals]
        self._intervals = tuple(intervals)
        rates, backlogs, backlog = list[float](), list[float](), 0.0
        drain = max(0.0, 1 - demand_cores)
        cap = sum(theft(interval) * interval.length_s for interval in intervals)
        for interval in intervals:
            calm = interval.run_cores <= OVER_DEMAND * run_demand_cores
            rate = theft(interval) + (max(0.0, interval.steal) if calm else 0.0)
            backlogs.append(backlog if calm else 0.0)
            backlog = min(cap, max(0.0, backlog + (rate - drain) * interval.length_s))
            rates.append(min(1.0, rate))
        self._rates, self._backlogs = rates, backlogs
        amounts = (rate * each.length_s for rate, each in zip(rates, intervals, strict=True))
        self._before = [0.0, *accumulate(amounts)]

    def stolen_s(self, start_s: float, end_s: float) -> float:
        """Theft between two moments, in seconds."""
        return max(0.0, self._until(end_s) - self._until(start_s))

    def backlog_s(self, at_s: float) -> float:
        """The queue, in seconds of work, that theft alone would have left at a moment."""
        place = bisect_right(self._starts, at_s) - 1
        return self._backlogs[place] if place >= 0 else 0.0

    def of(self, start_s: float, end_s: float) -> float:
        """Seconds to give back to an event that lived so long."""
        return self.stolen_s(start_s, end_s) + self.backlog_s(start_s)

    def _until(self, at_s: float) -> float:
        place = bisect_right(self._starts, at_s) - 1
        if place < 0:
            return 0.0
        interval = self._intervals[place]
        inside_s = min(max(0.0, at_s - interval.start_s), interval.length_s)
        return self._before[place] + self._rates[place] * inside_s
