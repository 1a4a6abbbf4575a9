"""What the plots are made of: events, good or bad under a threshold. Pure."""

from collections.abc import Sequence

from dojo.burst_figures import Point
from dojo.report import ObjectiveResult, Report

__all__ = ["bad_moments_s", "is_good", "right_times_s", "thresholds_s"]

# a Point's cause holds against the tightest threshold, so these are right, at whatever time
RIGHT = (None, "slow")


def is_good(point: Point, threshold_s: float | None) -> bool:
    """Answered, right, and in time: as the SLI counts it."""
    if point.latency_s is None or point.cause not in RIGHT:
        return False
    return threshold_s is None or point.latency_s <= threshold_s


def right_times_s(points: Sequence[Point]) -> list[float]:
    """How long the right answers took, the quickest first."""
    return sorted(
        point.latency_s for point in points if point.latency_s is not None and point.cause in RIGHT
    )


def bad_moments_s(report: Report, objective: ObjectiveResult) -> list[float]:
    """The intended moments of the events that are bad under an objective, the first first."""
    return sorted(
        point.intended_s for point in report.points if not is_good(point, objective.threshold_s)
    )


def thresholds_s(report: Report) -> list[float]:
    """Every threshold once, the tightest first."""
    return sorted({o.threshold_s for o in report.objectives if o.threshold_s is not None})
