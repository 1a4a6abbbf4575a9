"""A report as a kata would make it, for the tests of what is done with reports."""

from dataclasses import replace
from typing import Any

from dojo.report import (
    BadExample,
    CheckResult,
    Lateness,
    ObjectiveResult,
    Percentiles,
    Point,
    Report,
    StatementCost,
    WhereTimeWent,
)

__all__ = ["made_report"]


def made_report(**changes: Any) -> Report:
    """A missed objective and a met one over 200 page loads; `changes` replaces fields."""
    points = tuple(
        Point(
            intended_s=place / 50,
            latency_s=None if place >= 190 else 0.02 + (0.2 if place % 4 == 0 else 0.0),
            cause="timeout" if place >= 190 else "slow" if place % 4 == 0 else None,
        )
        for place in range(200)
    )
    report = Report(
        kata="01-latency",
        title="The site is slow to load",
        event="page loads",
        verdict="not_met",
        started_at="2024-05-06T07:08:09+00:00",
        number=2,
        plan_seed=7,
        rate_per_s=50,
        planned_s=12,
        burst_s=4.0,
        objectives=(
            ObjectiveResult("95% within 100 ms", 0.95, 0.1, 142, 200, "not_met", (0.6, 0.8)),
            ObjectiveResult("90% within 300 ms", 0.9, 0.3, 190, 200, "met", (0.91, 0.99)),
        ),
        checks=(
            CheckResult("pages_right", True, "All 190 pages were right."),
            CheckResult("visits_counted", False, "3 visits were counted for 190 pages."),
        ),
        bad_events={"slow": 48, "timeout": 10},
        latency_s=Percentiles(0.02, 0.22, 0.22, 0.22),
        points=points,
        examples=(
            BadExample(
                "slow", 48, "GET / at 1.00 s", 200, "an answer in 100 ms", "220 ms", ("log",)
            ),
        ),
        where=WhereTimeWent(
            statements_per_event=75.5,
            statements=(StatementCost("SELECT 1", 100, 250.0, 2.5, 100),),
            round_trip_ms=2.0,
            connections_opened=5,
            pool_waits=3,
            pool_wait_ms=30.0,
        ),
        service_time_s=0.015,
        lateness=Lateness(0.001, 0.002, 0.003, 0, 200),
        timings_s={"burst": 4.0, "total": 8.0},
        environment={"postgres": "17.1", "provider": "embedded", "python": "3.12.1", "cpus": 2},
    )
    return replace(report, **changes)
