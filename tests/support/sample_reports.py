"""Reports as katas write them, made from a seed: what the tests of the page look at."""

from dataclasses import replace
from random import Random

from dojo.report import (
    Attempt,
    BadExample,
    CheckResult,
    ErrorGroup,
    Lateness,
    ObjectiveResult,
    Percentiles,
    Point,
    Report,
    StatementCost,
    StepTime,
    WhereTimeWent,
)
from dojo.slo import verdict
from dojo.slo.sli import percentiles

__all__ = ["HOSTILE", "earlier_attempts", "invalid_report", "objective", "report", "report_of"]

HOSTILE = (
    "</code></pre></style></title><script>window.ran = 1; alert(1)</script>"
    '<img src=http://192.0.2.1/x onerror="window.ran = 1"> \' onfocus=alert(1) \x1b[31m\x00\u202e'
)


def objective(points: tuple[Point, ...], target: float, threshold_s: float) -> ObjectiveResult:
    """An objective held against points, by the grader's own arithmetic."""
    good = sum(
        p.latency_s is not None and p.cause in (None, "slow") and p.latency_s <= threshold_s
        for p in points
    )
    total = len(points)
    return ObjectiveResult(
        name=f"{target * 100:g}% of page loads within {threshold_s * 1000:g} ms",
        target=target,
        threshold_s=threshold_s,
        good=good,
        total=total,
        verdict=verdict.decide(total - good, total, target),
        interval=verdict.interval(good, total),
    )


def report_of(
    points: tuple[Point, ...], promised: tuple[tuple[float, float], ...] = ((0.95, 0.1),)
) -> Report:
    """A report of just these points and objectives (target, threshold in seconds)."""
    objectives = tuple(objective(points, *one) for one in promised)
    causes = [point.cause for point in points if point.cause is not None]
    times_s = [point.latency_s for point in points if point.latency_s is not None]
    met = bool(objectives) and all(one.verdict == "met" for one in objectives)
    return Report(
        kata="01-latency",
        title="The site is slow to load",
        event="page loads",
        verdict="met" if met else "not_met",
        started_at="2026-03-01T20:15:00+00:00",
        number=3,
        plan_seed=7,
        rate_per_s=80,
        planned_s=12,
        burst_s=12,
        objectives=objectives,
        checks=(),
        bad_events={cause: causes.count(cause) for cause in dict.fromkeys(causes)},
        latency_s=percentiles(times_s),
        points=points,
    )


def report(events: int = 960, bad_ratio: float = 0.0, seed: int = 1, told: str = "") -> Report:
    """A whole report: `bad_ratio` of it slow, lost or wrong, and `told` in every text."""
    rng = Random(seed)
    points = tuple(_point(rng, 12 * place / events, bad_ratio) for place in range(events))
    made = report_of(points, ((0.95, 0.1), (0.99, 0.3)))
    log = (f"2026-03-01 20:15:03,353 ERROR shop GET / 500 12.6 ms {told}", f"  frame {told}")
    return replace(
        made,
        title=made.title + told,
        event=made.event + told,
        checks=(
            CheckResult("pages_right", True, f"All {events:,} pages were right. {told}"),
            CheckResult(f"pages_fresh{told}", not bad_ratio, f"None was older than 2 s. {told}"),
        ),
        examples=tuple(
            BadExample(
                cause=cause,
                count=count,
                request=f"GET / at 3.21 s {told}",
                status=None if cause == "timeout" else 200,
                expected=f"an answer in 100 ms {told}",
                came=f"something else {told}",
                log_lines=log,
            )
            for cause, count in made.bad_events.items()
        ),
        error_groups=tuple(
            ErrorGroup(
                cause="http_5xx",
                route=f"POST /login {told}",
                status=500,
                exception=f"KeyError: 'name' {told}",
                place=f"app/accounts.py:{place} in login {told}",
                count=10 - place % 10,
                example=f"POST /login at 3.21 s {told}",
                log_lines=log,
            )
            for place in range(14 if bad_ratio else 0)
        ),
        steps=(
            StepTime(f"search{told}", events, events, Percentiles(0.02, 0.05, 0.08, 0.11)),
            StepTime("product", events, 0, None),
        ),
        where=WhereTimeWent(
            statements_per_event=3.2,
            statements=tuple(
                StatementCost(f"SELECT {'column, ' * 40} {told}", 960, 900.0 / n, 0.9 / n, 23040)
                for n in range(1, 6)
            ),
            round_trip_ms=2.0,
            connections_opened=4,
            pool_waits=8,
            pool_wait_ms=140.0,
        ),
        service_time_s=0.017,
        lateness=Lateness(0.001, 0.004, 0.007, 0, events),
        timings_s={"postgres": 0.5, "burst": 12.0, "total": 17.5},
        environment={
            "postgres": f"18.6{told}",
            "provider": "embedded",
            "python": "3.13",
            "cpus": 2,
        },
        next_steps=(f"Edit app/, then: pytest katas/01-latency {told}",),
    )


def _point(rng: Random, intended_s: float, bad_ratio: float) -> Point:
    if rng.random() >= bad_ratio:
        return Point(intended_s, min(0.09, rng.lognormvariate(-4, 0.3)), None)
    cause = rng.choice(("slow", "timeout", "wrong_content"))
    if cause == "timeout":
        return Point(intended_s, None, cause)
    return Point(intended_s, rng.uniform(0.11, 4) if cause == "slow" else 0.02, cause)


def invalid_report() -> Report:
    """A run that says nothing about the app."""
    reason = "the generator sent 40 of 960 requests more than 25 ms late"
    return replace(report(bad_ratio=0.2), verdict="invalid", invalid_because=(reason,))


def earlier_attempts(count: int = 3) -> tuple[Attempt, ...]:
    """What is remembered of attempts 1 to `count`, each better than the one before."""
    return tuple(
        Attempt(
            number=number,
            verdict="not_met",
            slis={
                "95% of page loads within 100 ms": number / (count + 1),
                "99% of page loads within 300 ms": number / (count + 1),
            },
            latency_s=Percentiles(0.5 / number, 4 / number, 5 / number, 6 / number),
            statements_per_event=90 / number,
            service_time_s=0.7 / number,
        )
        for number in range(1, count + 1)
    )
