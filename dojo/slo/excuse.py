"""What of a bad event is the machine's: time that others took from the run. Pure.

Green takes each event as it came. Red must be the app's: it stands only if it still stands after
each bad event is given back the time that the machine took. The app's threads use R seconds of CPU
a second, and are ready to run and wait for a CPU for D more. So R + D of them are ready at a time,
and each waits D / (R + D) of that time. Others can have caused no more waiting than the CPU time O
that processes used which can be named and are not the run's. What a thread lost to them, in seconds
a second, is

    theft = min(D, O) / (R + D)

A swamped app can't excuse itself with it: of two hundred threads that hash beside one innocent loop
each is given O / 200 back, and where nobody else is there O is nothing, and so is theft. Time that
a virtual machine lost to its host (steal) shows in no queue, and is added. What Postgres' processes
lost is left out: with it a fault that harms a share of the visitors would be excused beside two
busy loops, and without it every reference solution is (docs/decision.md has the table).

An event is given back the theft during its life, and before it the backlog that a healthy server
would have had at its beginning: theft makes it grow, and what the reference solution's demand
leaves free of a core drains it. That queue is given back twice, since a server does not serve in
order: behind a queue that theft made, a part of the reference solution's answers waited for twice
the mean and more (docs/decision.md has that table, too). Its life begins at its intended time, so
that a load generator that was kept from sending is excused alike; one that the app itself kept from
it is not.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from dojo.slo.machine_interval import MachineInterval

__all__ = ["NO_EXCUSE", "Excuse", "theft"]

QUEUE_TIMES = 2.0  # times the backlog: no server serves in order
OVER_DEMAND = 1.5  # above that multiple of its calibrated demand a run is busy with itself


def theft(interval: MachineInterval) -> float:
    """Seconds a second that a thread of the app, ready to run, lost to others: 0 to 1."""
    app = interval.app
    return min(app.delay, interval.outside_cores) / app.ready if app.ready > 0 else 0.0


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

    `demand_cores` is what the reference solution's app needs of a
    core under this load, on this machine; `run_demand_cores` what the whole run needs then. Steal
    and backlog are not credited while the run uses over `OVER_DEMAND` times that.
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
            calm = interval.run.cores <= OVER_DEMAND * run_demand_cores
            rate = theft(interval) + (max(0.0, interval.steal) if calm else 0.0)
            rate = min(1.0, rate)
            backlogs.append(backlog if calm else 0.0)
            backlog = max(0.0, backlog + (rate - drain) * interval.length_s)
            rates.append(rate)
        self._backlogs = backlogs
        self._stolen = _Stolen(intervals, rates)

    @property
    def at_most_s(self) -> float:
        """No event of the burst is given back more than this."""
        return self._stolen.total_s + QUEUE_TIMES * max(self._backlogs, default=0.0)

    def stolen_s(self, start_s: float, end_s: float) -> float:
        """Theft between two moments, in seconds."""
        return self._stolen.between_s(start_s, end_s)

    def most_stolen_s(self, length_s: float) -> float:
        """The most that was stolen in any stretch of that length."""
        return self._stolen.most_in_s(length_s)

    def backlog_s(self, at_s: float) -> float:
        """The queue, in seconds of work, that theft alone would have left at a moment."""
        place = self._stolen.place(at_s)
        return self._backlogs[place] if place >= 0 else 0.0

    def of_request(self, intended_s: float, end_s: float) -> float:
        """Seconds to give back to a request that was answered, or given up, at `end_s`."""
        return self.stolen_s(intended_s, end_s) + QUEUE_TIMES * self.backlog_s(intended_s)


NO_EXCUSE = Excuse((), 0.0, 0.0)
