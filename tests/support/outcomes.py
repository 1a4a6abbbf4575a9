"""One report of each outcome, for the tests of what is done with reports."""

from dataclasses import replace
from random import Random

from dojo.burst_figures import Point
from dojo.output.next_steps import next_steps
from dojo.report import CheckResult, Culprit, Report
from dojo.slo.sequential import bounds
from dojo.slo.sli import percentiles
from tests.support.sample_reports import invalid_report, point, report, report_of

__all__ = ["OUTCOMES"]


def _outcomes() -> dict[str, Report]:
    """One report of each outcome, as a learner gets it, and of an SLO met by a broken site."""
    facts = ".dojo/reports/01-latency/latest.json"
    stress = Culprit(4711, "stress --cpu 2", 0.96)
    broken = tuple(replace(check, passed=check.name != "pages_fresh") for check in report().checks)
    slow = report(bad_ratio=0.3)
    first, second = slow.objectives
    outcomes = {
        "met": report(bad_ratio=0.0),
        "not met": replace(
            slow,
            checks=slow.checks[:1],
            site_works=True,
            objectives=(first, replace(second, excused=29, bad_after_excuses=second.bad - 29)),
            culprits=(stress,),
        ),
        "undecided": _undecided(),
        "invalid": replace(
            invalid_report(),
            disturbed=True,
            culprits=(stress,),
            invalid_because=(
                "the machine was busy with something else, which may be all that made it late:"
                f" {stress.described}",
            ),
            environment={**slow.environment, "outside_cores": 0.96, "run_queue_delay": 0.41},
        ),
        "broken": replace(report(), verdict="not_met", site_works=False, checks=broken),
        "stopped early": replace(
            report(bad_ratio=0.9), burst_s=3.1, site_works=None, checks=_unchecked()
        ),
    }
    return {
        name: replace(each, next_steps=next_steps(each, facts, facts.replace("json", "html")))
        for name, each in outcomes.items()
    }


def _unchecked() -> tuple[CheckResult, ...]:
    """Of a burst that was stopped early: hardly anything can be said."""
    early = "The burst was stopped early, so too little came to be judged."
    return (
        CheckResult("pages_right", None, early),
        CheckResult("visits_counted", None, early),
        CheckResult("seed_intact", True, "All 4 seeded rows are unchanged."),
        CheckResult("survives_restart", None, "An objective is not met."),
    )


def _undecided() -> Report:
    """Three bursts, 14 bad events where green allows 11."""
    rng = Random(3)
    bad = set(rng.sample(range(2880), 14))
    points = tuple(
        Point(place / 80, rng.uniform(0.31, 0.9), "slow")
        if place in bad
        else point(rng, place / 80, 0.0)
        for place in range(2880)
    )
    fast, sure = report_of(points, ((0.95, 0.1), (0.99, 0.3))).objectives
    allowed = bounds(0.99, (960, 1920, 2880)).green_at_most[-1]
    objectives = (fast, replace(sure, verdict="undecided", green_at_most=allowed))
    return replace(
        report(2880),
        verdict="undecided",
        slo="undecided",
        looks=3,
        sent_again=2,
        burst_s=36,
        objectives=objectives,
        points=points,
        bad_events={"slow": 14},
        latency_s=percentiles([p.latency_s for p in points if p.latency_s is not None]),
    )


OUTCOMES = _outcomes()
