"""The burst that a service level calls for."""

from dataclasses import replace
from random import Random

import pytest

from dojo.errors import BadSetting
from dojo.load.plan import Flow, Journey, Load, Step
from dojo.slo import verdict
from dojo.slo.burst_plan import StopRule, plan_burst
from dojo.slo.openslo import Objective, ServiceLevel

PAGE = Objective("fast", "95% within 100 ms", 0.95, 0.1, "page", "good", "total")
LEVEL = ServiceLevel(
    title="Slow",
    description="",
    event="page loads",
    journey="page",
    rate_per_s=50,
    burst_s=10,
    staleness_s=2,
    objectives=(PAGE, replace(PAGE, target=0.99, threshold_s=0.3)),
)


def page(rng: Random) -> Journey:
    think_s = rng.choice((0.0, 1.5))
    return Journey("page", (Step("home", "GET", "/"), Step("next", "GET", "/2", think_s=think_s)))


def other(rng: Random) -> Journey:
    return Journey("other", (Step("buy", "POST", "/buy", think_s=60),))


LOAD = Load(page, (Flow("other", 5, other),))


def test_the_load_is_the_flows_times_the_factor() -> None:
    """Rate × length × factor journeys of each flow, the same for the same seed."""
    burst = plan_burst(LEVEL, LOAD, seed=7, load_factor=0.5)
    assert (burst.plan.count("page"), burst.plan.count("other")) == (250, 25)
    assert burst.plan.duration_s == 10
    assert burst == plan_burst(LEVEL, LOAD, seed=7, load_factor=0.5)
    assert burst.plan != plan_burst(LEVEL, LOAD, seed=8, load_factor=0.5).plan


def test_a_flow_beside_has_a_name_of_its_own() -> None:
    """Else its journeys would be counted with those that slo.yaml names."""
    with pytest.raises(BadSetting, match="two flows of one name: page, page"):
        plan_burst(LEVEL, Load(page, (Flow("page", 5, other),)), seed=1)


def test_answers_are_awaited_until_they_can_only_be_bad() -> None:
    """The slowest threshold and the journey's longest think time, not that of other journeys."""
    drain_s = plan_burst(LEVEL, LOAD, seed=1).drain_s
    assert 0.3 + 1.5 < drain_s <= 0.3 + 1.5 + 0.2


def test_each_objective_is_watched_at_its_threshold() -> None:
    """What is counted while the burst runs is what the stop rule asks for."""
    burst = plan_burst(LEVEL, LOAD, seed=1)
    assert burst.watch == (("page", 0.1), ("page", 0.3))
    assert [key[:2] for key in burst.stop_rule.red_from] == list(burst.watch)


def test_a_burst_may_stop_when_red_is_certain_and_its_shape_was_seen() -> None:
    """Not before three seconds, not with one bad event fewer, and for any of the objectives."""
    rule = plan_burst(LEVEL, LOAD, seed=1).stop_rule
    least = verdict.red_from(500, 0.99)
    assert rule.may_stop(3.0, lambda _: {0.1: 0, 0.3: least})
    assert not rule.may_stop(2.9, lambda _: {0.1: 0, 0.3: least})
    assert not rule.may_stop(9.0, lambda _: {0.1: least, 0.3: least - 1})
    assert not rule.may_stop(9.0, lambda _: {})


def test_objectives_of_one_threshold_and_two_targets_both_count() -> None:
    """The stricter target is missed first."""
    twice = replace(LEVEL, objectives=(replace(PAGE, target=0.99), PAGE))
    rule = StopRule.of(twice, plan_burst(twice, LOAD, seed=1).plan)
    assert rule.may_stop(5.0, lambda _: {0.1: verdict.red_from(500, 0.99)})
