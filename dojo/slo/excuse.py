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
leaves free of a core drains it. A request that was sent late is given back what was stolen from the
load generator between its intended time and the time at which it was sent; the rest of its lateness
is not: an app that swamps the machine makes the generator late, too.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from dojo.report import MachineInterval

__all__ = ["NO_EXCUSE", "Excuse", "theft"]

OVER_DEMAND = 1.5  # above that multiple of its calibrated demand a run is busy with itself


def theft(interval: MachineInterval) -> float:
    """Seconds a second that processes outside the run took from the app: share × min(d, 1 / d)."""
    return _theft(interval, interval.delay)


def _theft(interval: MachineInterval, delay: float) -> float:
    if interval.used_cores <= 0 or delay <= 0:
        return 0.0
    share = min(1.0, interval.outside_cores / interval.used_cores)
    return share * min(delay, 1 / delay)


class _Stolen:
    """A rate in seconds a second over intervals, as its integral."""

    def __init__(self, intervals: Sequence[MachineInterval], rates: Sequence[float]) -> None:
        self._intervals, self._rates = tuple(intervals), tuple(rates)
        self._starts = [interval.start_s for interval in intervals]
        amounts = (rate * each.length_s for rate, each in zip(rates, intervals, strict=True))
        self._before = [0.0, *accumulate(amounts)]

    @property
    def total_s(self) -> float:
        return self._before[-1]

    def place(self, at_s: float) -> int:
        """The interval that began last before a moment; -1 before the first."""
        return bisect_right(self._starts, at_s) - 1

    def between_s(self, start_s: float, end_s: float) -> float:
        return max(0.0, self._until_s(end_s) - self._until_s(start_s))

    def most_in_s(self, length_s: float) -> float:
        """The most in any stretch of that length."""
        return max((self.between_s(at_s, at_s + length_s) for at_s in self._starts), default=0.0)

    def _until_s(self, at_s: float) -> float:
        place = self.place(at_s)
        if place < 0:
            return 0.0
        interval = self._intervals[place]
        inside_s = min(max(0.0, at_s - interval.start_s), interval.length_s)
        return self._before[place] + self._rates[place] * inside_s


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
        rates, backlogs, backlog = list[float](), list[float](), 0.0
        drain = max(0.0, 1 - demand_cores)
        for interval in intervals:
            calm = interval.run_cores <= OVER_DEMAND * run_demand_cores
            rate = min(1.0, theft(interval) + (max(0.0, interval.steal) if calm else 0.0))
            backlogs.append(backlog if calm else 0.0)
            backlog = max(0.0, backlog + (rate - drain) * interval.length_s)
            rates.append(rate)
        self._backlogs = backlogs
        self._app = _Stolen(intervals, rates)
        self._generator = _Stolen(
            intervals, [_theft(each, each.generator_delay) for each in intervals]
        )

    @property
    def at_most_s(self) -> float:
        """No event of the burst is given back more than this."""
        return self._app.total_s + max(self._backlogs, default=0.0) + self._generator.total_s

    def stolen_s(self, start_s: float, end_s: float) -> float:
        """Theft from the app between two moments, in seconds."""
        return self._app.between_s(start_s, end_s)

    def most_stolen_s(self, length_s: float) -> float:
        """The most that was stolen from the app in any stretch of that length."""
        return self._app.most_in_s(length_s)

    def backlog_s(self, at_s: float) -> float:
        """The queue, in seconds of work, that theft alone would have left at a moment."""
        place = self._app.place(at_s)
        return self._backlogs[place] if place >= 0 else 0.0

    def of_request(self, intended_s: float, sent_s: float, end_s: float) -> float:
        """Seconds to give back to a request that was answered, or given up, at `end_s`."""
        late_s = self._generator.between_s(intended_s, sent_s)
        return late_s + self.stolen_s(sent_s, end_s) + self.backlog_s(sent_s)


NO_EXCUSE = Excuse((), 0.0, 0.0)
