"""Service levels made up for tests."""

from dojo.slo.openslo import Objective, ServiceLevel

__all__ = ["level_of"]


def level_of(*objectives: tuple[float, float], rate_per_s: float = 80.0) -> ServiceLevel:
    """A service level with an objective for each (target, threshold in seconds)."""
    return ServiceLevel(
        title="Slow",
        description="",
        event="page loads",
        journey="page",
        rate_per_s=rate_per_s,
        burst_s=12,
        staleness_s=2,
        objectives=tuple(
            Objective(
                f"within-{threshold_s * 1000:g}ms",
                f"{target:.0%} within {threshold_s * 1000:g} ms",
                target,
                threshold_s,
                "page",
                "good",
                "total",
            )
            for target, threshold_s in objectives
        ),
    )
