"""The same first seconds of two attempts, where one burst was stopped sooner than the other. Pure.

A queue grows over a burst, so the SLI of its first 3 seconds says nothing beside that of 12.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.burst_figures import Point
from dojo.earlier_attempt import EarlierAttempt
from dojo.report import ObjectiveResult

__all__ = ["SameSeconds", "same_seconds"]

ALIKE = 0.1  # of the longer burst: lengths that differ by less are compared as they are


@dataclass(frozen=True, slots=True)
class SameSeconds:
    """The first bursts of two attempts, and what was due in both of them early enough."""

    then_s: float  # how long the first burst of the earlier attempt went on …
    now_s: float  # … and that of this one
    length_s: float  # what was due until then had its time in both
    then: tuple[Point, ...]
    now: tuple[Point, ...]

    def slis(self, objective: ObjectiveResult) -> tuple[float, float] | None:
        """The SLI of both over these seconds; None where nothing was due in one of them."""
        if not self.then or not self.now:
            return None
        return _sli(self.then, objective), _sli(self.now, objective)


def same_seconds(
    before: EarlierAttempt, now: EarlierAttempt, objectives: Sequence[ObjectiveResult]
) -> SameSeconds | None:
    """None where the bursts are of about the same length, or a length is not known.

    What was due in the last moments of a stopped burst had less time than a threshold, so it is
    left out of both.
    """
    then_s, now_s = before.first_burst_s, now.first_burst_s
    if not then_s or not now_s or abs(then_s - now_s) <= ALIKE * max(then_s, now_s):
        return None
    longest_s = max((each.threshold_s or 0.0 for each in objectives), default=0.0)
    length_s = max(0.0, min(then_s, now_s) - longest_s)
    return SameSeconds(
        then_s, now_s, length_s, _due(before.points, length_s), _due(now.points, length_s)
    )


def _due(points: Sequence[Point], until_s: float) -> tuple[Point, ...]:
    return tuple(point for point in points if point.intended_s < until_s)


def _sli(points: Sequence[Point], objective: ObjectiveResult) -> float:
    return sum(_is_good(point, objective.threshold_s) for point in points) / len(points)


def _is_good(point: Point, threshold_s: float | None) -> bool:
    """Right, and within that threshold; the point's cause is against the tightest one."""
    if point.latency_s is None or point.cause not in (None, "slow"):
        return False
    return threshold_s is None or point.latency_s <= threshold_s
