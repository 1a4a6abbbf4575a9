"""Observations held against a service level."""

from dataclasses import replace

import pytest

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import CheckResult
from dojo.slo.judgement import judge, overall
from dojo.slo.observation import Mismatch, Observation
from tests.unit.slo.test_burst_plan import LEVEL

HOME = Journey("page", (Step("home", "GET", "/"),))
PASSED, FAILED = CheckResult("a", True, ""), CheckResult("b", False, "")


def burst(
    good: int, slow: int = 0, failed: int = 0, late: int = 0, *, stopped_early: bool = False
) -> Observation:
    """So many page loads of each kind, in this order; `late` of the slow ones were sent late."""
    samples = []
    for place in range(good + slow + failed):
        is_slow = good <= place < good + slow
        sent_s = 1.2 if good <= place < good + late else 1.0
        done_s = 1.5 if is_slow else 1.05
        status = 500 if place >= good + slow else 200
        samples.append(Sample(place, 0, f"id{place}", 1.0, sent_s, done_s, status))
    plan = Plan(1, 10, (HOME,) * len(samples))
    return Observation(plan, tuple(samples), {}, stopped_early)


def test_a_good_run_is_met() -> None:
    """Both objectives, every figure over all events."""
    judgement = judge(LEVEL, [burst(1000)])
    assert [one.verdict for one in judgement.objectives] == ["met", "met"]
    assert [(one.good, one.total) for one in judgement.objectives] == [(1000, 1000)] * 2
    assert judgement.bad_events == {}
    assert judgement.latency_s is not None
    assert judgement.latency_s.max == pytest.approx(0.05)
    assert len(judgement.points) == len(judgement.events) == 1000
    assert judgement.may_be_met
    assert overall(judgement, [PASSED]) == "met"


def test_bad_events_are_counted_by_cause() -> None:
    """Slow ones at the tightest threshold; failures whatever their time."""
    judgement = judge(LEVEL, [burst(600, slow=300, failed=100)])
    assert judgement.bad_events == {"slow": 300, "http_5xx": 100}
    assert [one.bad for one in judgement.objectives] == [400, 400]
    assert not judgement.may_be_met
    assert overall(judgement, [PASSED]) == "not_met"


def test_bursts_are_judged_together() -> None:
    """Two bursts with plans of their own give the figures of one twice as long."""
    twice = judge(LEVEL, [burst(300, slow=5), burst(300, slow=5)])
    once = judge(LEVEL, [burst(600, slow=10)])
    assert twice.objectives == once.objectives
    assert twice.bad_events == once.bad_events
    assert twice.lateness == once.lateness
    assert len(twice.points) == 610


def test_nothing_observed_is_nothing_met() -> None:
    """No burst, no verdict but an invalid run."""
    judgement = judge(LEVEL, [])
    assert [one.verdict for one in judgement.objectives] == ["undecided"] * 2
    assert overall(judgement, [PASSED]) == "invalid"


def test_a_wrong_answer_is_a_bad_event() -> None:
    """However quickly it came."""
    observation = replace(burst(1000), wrong={(3, 0): Mismatch("a product", "another")})
    assert judge(LEVEL, [observation]).bad_events == {"wrong_content": 1}


def test_red_that_rests_on_late_requests_is_invalid() -> None:
    """In whichever burst they were, by the same journey's number or another."""
    judgement = judge(LEVEL, [burst(500), burst(400, slow=200, late=200)])
    assert overall(judgement, [PASSED]) == "invalid"
    judgement = judge(LEVEL, [burst(400, slow=200), burst(480, slow=20, late=20)])
    assert judgement.invalid_because == ()
    assert overall(judgement, [PASSED]) == "not_met"


def test_a_stopped_burst_counts_what_is_certain() -> None:
    """What the stop cut short is no event, and few events are no reason against it."""
    journey = Journey("page", (HOME.steps[0], Step("next", "GET", "/2", think_s=5)))
    stopped = Observation(
        Plan(1, 10, (journey,)),
        (
            Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
            Sample(0, 1, "b", 0.0, error="not_sent"),
        ),
        {},
        stopped_early=True,
    )
    judgement = judge(LEVEL, [burst(0, failed=100, stopped_early=True), stopped])
    assert [one.total for one in judgement.objectives] == [101, 100]
    assert judgement.invalid_because == ()


@pytest.mark.parametrize("checks", [[], [FAILED], [PASSED, FAILED]])
def test_without_every_check_nothing_is_met(checks: list[CheckResult]) -> None:
    """A kata without a check can't be met, nor one with a failed check."""
    assert overall(judge(LEVEL, [burst(1000)]), checks) == "not_met"


def test_within_noise_may_be_met_and_is_not() -> None:
    """The checks after a restart are still worth making."""
    judgement = judge(LEVEL, [burst(960, slow=40)])
    assert judgement.objectives[0].verdict == "undecided"
    assert judgement.objectives[1].verdict == "not_met"
    judgement = judge(replace(LEVEL, objectives=LEVEL.objectives[:1]), [burst(960, slow=40)])
    assert judgement.may_be_met
    assert overall(judgement, [PASSED]) == "not_met"
