"""What a load that goes on has brought in the last minutes, in bins of some seconds. Pure.

A bin holds the journeys whose end became known within it, and each objective's share of good events
in the minute before its end. So a page that shows it draws as many points however long it goes on.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dojo.slo.openslo import Objective
from dojo.slo.window import ObjectiveStatus, Outcome

__all__ = ["BIN_S", "EDGES_S", "KEPT_S", "RIGHT", "Bin", "History", "edges_s"]

BIN_S = 5.0
KEPT_S = 300.0
RIGHT, LATE = "right", "too late"
EDGES_S = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(slots=True)
class Bin:
    """`BIN_S` seconds from `start_s` on, in seconds since the load began."""

    start_s: float
    ended: dict[str, Counter[str]] = field(default_factory=dict)  # by journey: how they ended
    times: dict[str, Counter[int]] = field(default_factory=dict)  # by journey: index of the edge
    shares: dict[str, float] = field(default_factory=dict)  # by objective; none without events
    statements: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # by journey: sum, journeys


def edges_s(objectives: Sequence[Objective]) -> tuple[float, ...]:
    """The upper edges of the bins of response times, in seconds: round ones, and all thresholds."""
    return tuple(sorted({*EDGES_S, *(objective.threshold_s for objective in objectives)}))


class History:
    """The bins of the last `KEPT_S` seconds, the oldest first; moments never go back."""

    def __init__(self, objectives: Sequence[Objective]) -> None:
        self.edges_s = edges_s(objectives)
        self._tightest_s: Mapping[str, float] = {
            each.journey: min(o.threshold_s for o in objectives if o.journey == each.journey)
            for each in objectives
        }
        self._bins: deque[Bin] = deque()

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Copies, which stay as they are while more is added."""
        return tuple(
            Bin(
                each.start_s,
                {name: Counter(counts) for name, counts in each.ended.items()},
                {name: Counter(counts) for name, counts in each.times.items()},
                dict(each.shares),
                dict(each.statements),
            )
            for each in self._bins
        )

    def add(self, outcome: Outcome, statements: int | None = None) -> None:
        """One more journey that is over. Those of no objective are not counted.

        `statements`: how many the app sent for it, if it says so.
        """
        event = outcome.event
        if event.name not in self._tightest_s:
            return
        into = self._bin(outcome.ended_s)
        cause = event.cause(self._tightest_s[event.name])
        how = RIGHT if cause is None else LATE if event.failure is None else str(cause)
        into.ended.setdefault(event.name, Counter())[how] += 1
        place = bisect_left(self.edges_s, outcome.waited_s)
        into.times.setdefault(event.name, Counter())[place] += 1
        if statements is not None:
            sent, of_how_many = into.statements.get(event.name, (0, 0))
            into.statements[event.name] = (sent + statements, of_how_many + 1)

    def note(self, statuses: Sequence[ObjectiveStatus], now_s: float) -> None:
        """What the last minute says at `now_s`."""
        into = self._bin(now_s)
        for status in statuses:
            if status.window.sli is not None:
                into.shares[status.objective.name] = status.window.sli

    def _bin(self, at_s: float) -> Bin:
        start_s = max(0.0, at_s // BIN_S * BIN_S)
        if not self._bins or self._bins[-1].start_s < start_s:
            self._bins.append(Bin(start_s))
            while self._bins[0].start_s <= start_s - KEPT_S:
                self._bins.popleft()
        for each in reversed(self._bins):
            if each.start_s <= start_s:
                return each
        return self._bins[0]
