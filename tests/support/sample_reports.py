"""Reports as katas write them, for the tests of what is done with reports."""

from dataclasses import replace
from random import Random
from typing import Any, Literal

from dojo.burst_figures import Lateness, Pace, Percentiles, Point, StepTime
from dojo.costs import StatementCost, StepAlone, StepCost, WhereTimeWent
from dojo.earlier_attempt import EarlierAttempt
from dojo.report import CheckResult, ErrorGroup, ObjectiveResult, Report
from dojo.slo import binomial
from dojo.slo.judgement import overall
from dojo.slo.sequential import bounds
from dojo.slo.sli import percentiles

__all__ = [
    *(
        "FOUR_POINTS",
        "HOSTILE",
        "earlier_attempts",
        "error_group",
        "invalid_report",
        "objective",
        "point",
        "report",
        "report_of",
    ),
    "small_report",
]

CALLS: dict[str, Literal["met", "not_met", "undecided"]] = {
    "green": "met",
    "red": "not_met",
    "open": "undecided",
}

HOSTILE = (
    "</code></pre></style></title><script>window.ran = 1; alert(1)</script>"
    '<img src=http://192.0.2.1/x onerror="window.ran = 1"> \' onfocus=alert(1) \x1b[31m\x00\u202e'
)

FOUR_POINTS = (
    Point(0.0, 0.01, None),
    Point(3.0, 0.05, None),
    Point(6.0, 0.2, "slow"),
    Point(9.0, None, "timeout"),
)


def objective(points: tuple[Point, ...], target: float, threshold_s: float) -> ObjectiveResult:
    """An objective held against points, by the grader's own arithmetic."""
    good = sum(
        p.latency_s is not None and p.cause in (None, "slow") and p.latency_s <= threshold_s
        for p in points
    )
    total = len(points)
    verdict: Literal["met", "not_met", "undecided"] = "undecided"
    green_at_most = -1
    if total:
        limits = bounds(target, (total,))
        verdict, green_at_most = CALLS[limits.call(0, total - good)], limits.green_at_most[0]
    return ObjectiveResult(
        name=f"{target * 100:g}% of page loads within {threshold_s * 1000:g} ms",
        target=target,
        threshold_s=threshold_s,
        good=good,
        total=total,
        verdict=verdict,
        interval=binomial.interval(good, total),
        bad_after_excuses=total - good,
        green_at_most=green_at_most,
    )


def slo_of(results: tuple[ObjectiveResult, ...]) -> Literal["met", "not_met", "undecided"]:
    """Met is all of the objectives, not met is any."""
    verdicts = {result.verdict for result in results} or {"undecided"}
    if "not_met" in verdicts:
        return "not_met"
    return "undecided" if "undecided" in verdicts else "met"


def report_of(
    points: tuple[Point, ...], objectives: tuple[tuple[float, float], ...] = ((0.95, 0.1),)
) -> Report:
    """A report of just these points and objectives (target, threshold in seconds)."""
    results = tuple(objective(points, *each) for each in objectives)
    causes = [point.cause for point in points if point.cause is not None]
    times_s = [point.latency_s for point in points if point.latency_s is not None]
    slo = slo_of(results)
    return Report(
        kata="01-latency",
        title="The site is slow to load",
        event="page loads",
        verdict=slo,
        slo=slo,
        site_works=None,
        looks=1,
        disturbed=False,
        started_at="2026-03-01T20:15:00+00:00",
        number=3,
        plan_seed=7,
        rate_per_s=80,
        planned_s=12,
        burst_s=12,
        objectives=results,
        checks=(),
        bad_events={cause: causes.count(cause) for cause in dict.fromkeys(causes)},
        latency_s=percentiles(times_s),
        points=points,
    )


def report(events: int = 960, bad_ratio: float = 0.0, seed: int = 1, text: str = "") -> Report:
    """A whole report: `bad_ratio` of it slow, lost or wrong, and `text` in every text."""
    rng = Random(seed)
    points = tuple(point(rng, 12 * place / events, bad_ratio) for place in range(events))
    sample = report_of(points, ((0.95, 0.1), (0.99, 0.3)))
    log = (f"2026-03-01 20:15:03,353 ERROR shop GET / 500 12.6 ms {text}", f"  frame {text}")
    checks = (
        CheckResult("pages_right", True, f"All {events:,} pages were right. {text}"),
        CheckResult(f"pages_fresh{text}", not bad_ratio, f"None was older than 2 s. {text}"),
    )
    return replace(
        sample,
        verdict=overall(sample.slo, checks),
        site_works=not bad_ratio,
        title=sample.title + text,
        event=sample.event + text,
        checks=checks,
        error_groups=tuple(
            ErrorGroup(
                cause="http_5xx",
                route=f"POST /login {text}",
                status=500,
                exception=f"KeyError: 'name' {text}",
                place=f"app/login.py:{place} in login {text}",
                count=10 - place % 10,
                example=f"POST /login at 3.21 s {text}",
                expected=f"an answer within 100 ms {text}",
                came=f"something else {text}",
                log_lines=log,
            )
            for place in range(14 if bad_ratio else 0)
        ),
        steps=(
            StepTime(f"search{text}", events, events, Percentiles(0.02, 0.05, 0.08, 0.11)),
            StepTime("product", events, 0, None),
        ),
        costs=(
            StepCost(
                f"search{text}", 1.0, events, 1.8, 0.9, StepAlone("search", 0.011, 2, 0, 0.004)
            ),
            StepCost("product", 1.2, events, None, 12.4, StepAlone("product", 0.041, 3, 2, 0.029)),
        ),
        pace=Pace(events // 4, 12.0, 80, keeps_up=not bad_ratio),
        where=WhereTimeWent(
            statements_per_event=3.2,
            statements_alone=3.0,
            loop_late_ms=4600.0,
            loop_blocked_most_s=0.43,
            loop_blocked_share=0.38,
            statements=tuple(
                StatementCost(f"SELECT {'column, ' * 40} {text}", 960, 900.0 / n, 0.9 / n, 23040)
                for n in range(1, 6)
            ),
            round_trip_ms=2.0,
            connections_opened=4,
            pool_waits=8,
            pool_wait_ms=140.0,
            pool_use_ms=9000.0,
            pool_size=12,
            length_s=13.0,
            postgres_ms=13_300.0,
            postgres_calls=4800,
        ),
        service_time_s=0.017,
        lateness=Lateness(0.001, 0.004, 0.007, 0, events),
        timings_s={"postgres": 0.5, "burst": 12.0, "total": 17.5},
        environment={
            "postgres": f"18.6{text}",
            "provider": "embedded",
            "python": "3.13",
            "cpus": 2,
            "usable_cores": 2.0,
            "app_cores": 0.31,
        },
        next_steps=(f"Edit app/, then: pytest katas/01-latency {text}",),
    )


def point(rng: Random, intended_s: float, bad_ratio: float) -> Point:
    """An event at that moment, slow, lost or wrong with the chance `bad_ratio`."""
    if rng.random() >= bad_ratio:
        return Point(intended_s, min(0.09, rng.lognormvariate(-4, 0.3)), None)
    cause = rng.choice(("slow", "timeout", "wrong_content"))
    if cause == "timeout":
        return Point(intended_s, None, cause)
    return Point(intended_s, rng.uniform(0.11, 4) if cause == "slow" else 0.02, cause)


def invalid_report() -> Report:
    """A run that says nothing about the app."""
    reason = "the load generator sent 40 of 960 requests more than 25 ms late"
    return replace(
        report(bad_ratio=0.2),
        verdict="invalid",
        slo="invalid",
        site_works=None,
        checks=(),
        invalid_because=(reason,),
    )


def earlier_attempts(count: int = 3) -> tuple[EarlierAttempt, ...]:
    """Attempts 1 to `count`, each better than the one before."""
    return tuple(
        EarlierAttempt(
            number=number,
            verdict="not_met",
            slis={
                "95% of page loads within 100 ms": number / (count + 1),
                "99% of page loads within 300 ms": number / (count + 1),
            },
            latency_s=Percentiles(0.5 / number, 4 / number, 5 / number, 6 / number),
            statements_alone=90 / number,
            service_time_s=0.7 / number,
        )
        for number in range(1, count + 1)
    )


def error_group(**changes: Any) -> ErrorGroup:
    """48 slow page loads; `changes` replaces fields."""
    group = ErrorGroup(
        cause="slow",
        route="GET /",
        status=200,
        exception="",
        place="",
        count=48,
        example="GET / at 1.00 s",
        expected="an answer within 100 ms",
        came="an answer after 220 ms",
        log_lines=("log",),
    )
    return replace(group, **changes)


def small_report(**changes: Any) -> Report:
    """A missed objective and a met one over 200 page loads; `changes` replaces fields.

    With another verdict the SLO's is the same, unless it is among the changes.
    """
    verdict = changes.get("verdict", "not_met")
    changes.setdefault("slo", verdict)
    changes.setdefault("site_works", {"not_met": False, "invalid": None}.get(verdict, True))
    points = tuple(
        Point(
            intended_s=place / 50,
            latency_s=None if place >= 190 else 0.02 + (0.2 if place % 4 == 0 else 0.0),
            cause="timeout" if place >= 190 else "slow" if place % 4 == 0 else None,
        )
        for place in range(200)
    )
    small = Report(
        kata="01-latency",
        title="The site is slow to load",
        event="page loads",
        verdict="not_met",
        slo="not_met",
        site_works=False,
        looks=1,
        disturbed=False,
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
        error_groups=(error_group(),),
        where=WhereTimeWent(
            statements_alone=75.5,
            transaction_statements_alone=2.0,
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
    return replace(small, **changes)
