"""Observations held against a service level."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.report import CheckResult, Verdict
from dojo.slo.decision import Decision, ObjectiveDecision
from dojo.slo.judgement import Judgement, count, overall, site_works
from dojo.slo.judgement import judge as judge_decided
from dojo.slo.observation import Mismatch, Observation
from tests.unit.slo.test_burst_plan import LEVEL
from tests.unit.slo.test_excuse import burning, excuse_of, interval

HOME = Journey("page", (Step("home", "GET", "/"),))
PASSED, FAILED = CheckResult("a", True, ""), CheckResult("b", False, "")
UNCHECKED = CheckResult("c", None, "")
DECISION = Decision("not_met", (ObjectiveDecision("met", 27), ObjectiveDecision("not_met", 1)))
STEALING = interval(0.0, 10.0, delay=0.25, run=0.75)  # a quarter of a second each second


def judge(observations: Sequence[Observation]) -> Judgement:
    return judge_decided(LEVEL, observations, DECISION)


def burst(good: int, slow: int = 0, failed: int = 0) -> Observation:
    """So many page loads of 50 ms, of half a second, and failed ones of 50 ms, in this order."""
    samples = []
    for place in range(good + slow + failed):
        done_s = 1.5 if good <= place < good + slow else 1.05
        status = 500 if place >= good + slow else 200
        samples.append(Sample(place, 0, f"id{place}", 1.0, 1.0, done_s, status))
    plan = Plan(1, 10, (replace(HOME, intended_s=1.0),) * len(samples))
    return Observation(plan, tuple(samples), {})


def beside_others(observation: Observation) -> Observation:
    """The same beside somebody who takes a quarter of the app's time."""
    return replace(observation, excuse=excuse_of(STEALING))


def test_a_good_run_has_no_bad_event() -> None:
    """Every figure is over all events, and the decision stands beside them."""
    judgement = judge([burst(1000)])
    assert [each.verdict for each in judgement.objectives] == ["met", "not_met"]
    assert [each.green_at_most for each in judgement.objectives] == [27, 1]
    assert [(each.good, each.total) for each in judgement.objectives] == [(1000, 1000)] * 2
    assert judgement.bad_events == {}
    assert judgement.latency_s is not None
    assert judgement.latency_s.max == pytest.approx(0.05)
    assert len(judgement.points) == 1000


def test_bad_events_are_counted_by_cause() -> None:
    """Slow ones at the tightest threshold; failures whatever their time."""
    judgement = judge([burst(600, slow=300, failed=100)])
    assert judgement.bad_events == {"slow": 300, "http_5xx": 100}
    assert [each.bad for each in judgement.objectives] == [400, 400]


def test_bursts_are_judged_together() -> None:
    """Two bursts with plans of their own give the figures of one twice as long."""
    twice = judge([burst(300, slow=5), burst(300, slow=5)])
    once = judge([burst(600, slow=10)])
    assert twice.objectives == once.objectives
    assert twice.bad_events == once.bad_events
    assert twice.lateness == once.lateness
    assert twice.latency_s == once.latency_s
    assert len(twice.points) == 610


def test_points_of_later_bursts_stand_after_those_of_earlier_ones() -> None:
    """One axis for all bursts: each begins where the plan of the one before ends."""
    judgement = judge([burst(2), burst(1), burst(1)])
    assert [point.intended_s for point in judgement.points] == [1.0, 1.0, 11.0, 21.0]


def test_nothing_observed_has_no_events() -> None:
    """No burst, no figure."""
    judgement = judge([])
    assert [each.total for each in judgement.objectives] == [0, 0]
    assert judgement.latency_s is None
    assert judgement.lateness is None


def test_a_wrong_answer_is_a_bad_event() -> None:
    """However quickly it came."""
    observation = replace(burst(1000), wrong={(3, 0): Mismatch("a product", "another")})
    assert judge([observation]).bad_events == {"wrong_content": 1}


def test_a_stopped_burst_counts_what_is_certain() -> None:
    """What the stop cut short is no event."""
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
    judgement = judge([burst(0, failed=100), stopped])
    assert [each.total for each in judgement.objectives] == [101, 100]


def test_counts_are_as_they_came_and_after_excuses() -> None:
    """Half a second beside a thief of a quarter: 375 ms are the app's own, over 300 ms still."""
    fast, sure = count(LEVEL, [beside_others(burst(600, slow=300, failed=100))])
    assert (fast.total, fast.bad, fast.bad_after_excuses) == (1000, 400, 400)
    assert fast.bad_at_twice == 400  # at 200 ms
    assert sure.bad_at_twice == 100  # at 600 ms: what failed has no excuse
    quick = replace(LEVEL.objectives[0], threshold_s=0.4)
    (excused,) = count(replace(LEVEL, objectives=(quick,)), [beside_others(burst(600, slow=300))])
    assert (excused.bad, excused.bad_after_excuses, excused.excused) == (300, 0, 300)


def test_who_burns_the_cores_himself_is_red_after_excuses_too() -> None:
    """Eight burners of the app's own beside an innocent loop: not one event is excused."""
    own = excuse_of(*burning(8, 1, cores=2))
    fast, sure = count(LEVEL, [replace(burst(600, slow=300), excuse=own)])
    assert (fast.bad, fast.bad_after_excuses) == (300, 300)
    assert (sure.bad, sure.bad_after_excuses) == (300, 300)


def test_excused_events_are_counted_where_time_was_given_back() -> None:
    """What is only late by what was stolen is excused; what the app made late itself is not."""
    level = replace(LEVEL, objectives=(replace(LEVEL.objectives[0], threshold_s=0.4),))
    decision = Decision("not_met", DECISION.objectives[1:])
    slow = burst(600, slow=300, failed=2)
    (beside,) = judge_decided(level, [beside_others(slow)], decision).objectives
    assert (beside.bad, beside.bad_after_excuses, beside.excused) == (302, 2, 300)
    (alone,) = judge_decided(level, [slow], decision).objectives
    assert (alone.bad, alone.bad_after_excuses, alone.excused) == (302, 302, 0)


def test_who_was_pending_when_the_burst_was_stopped_is_not_excused_by_others() -> None:
    """Nobody took time from a young request: it is bad as it came, and no excuse is counted."""
    young = Observation(
        Plan(1, 10, (HOME,)),
        (Sample(0, 0, "a", 3.0, 3.0, None, None, "timeout"),),
        {},
        stopped_early=True,
        ended_s=3.05,
    )
    fast, _ = judge([young]).objectives
    assert (fast.bad, fast.bad_after_excuses, fast.excused) == (1, 0, 0)
    (counted, _) = count(LEVEL, [young])
    assert (counted.bad, counted.bad_after_excuses, counted.excused) == (1, 0, 0)


@pytest.mark.parametrize("slo", ["met", "not_met", "undecided"])
def test_of_a_site_that_no_longer_does_its_job_nothing_is_met(slo: Verdict) -> None:
    """One failed check is enough."""
    assert overall(slo, [PASSED, FAILED]) == "not_met"
    assert overall(slo, [PASSED]) == slo


def test_without_a_check_nothing_is_met() -> None:
    """The other verdicts need none."""
    assert overall("met", []) == "not_met"
    assert overall("undecided", []) == "undecided"


def test_a_check_that_was_not_made_is_no_pass() -> None:
    """No green run may have one; a red run stays red, and nobody knows whether the site works."""
    assert overall("met", [PASSED, UNCHECKED]) == "not_met"
    assert overall("not_met", [PASSED, UNCHECKED]) == "not_met"
    assert overall("undecided", [UNCHECKED]) == "undecided"
    assert [site_works(each) for each in ([PASSED], [PASSED, UNCHECKED], [])] == [True, None, None]
    assert site_works([UNCHECKED, FAILED]) is False


def test_an_invalid_run_has_no_other_verdict() -> None:
    """Whatever its checks say."""
    assert overall("invalid", [FAILED]) == "invalid"
