"""The burst that a service level calls for."""

from dataclasses import replace
from random import Random

import pytest

from dojo.errors import BadSetting
from dojo.load.plan import Flow, Journey, Load, Step
from dojo.slo.burst_plan import FACTORS, plan_burst, stop_rule
from dojo.slo.decision import Counts, level_bounds
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


LIMITS = level_bounds(LEVEL, 500)
LEAST = LIMITS[1].red_from[0]  # of 99% within 300 ms
WAITED_S = 0.3 * FACTORS[1]  # 450 ms


def test_each_objective_is_watched_at_its_threshold_and_beyond() -> None:
    """What is counted while the burst runs is all that the stop rule may ask for."""
    rule = stop_rule(LEVEL, LIMITS, [])
    assert {("page", 0.1), ("page", 0.3)} < set(rule.watch)
    assert len(rule.watch) == 2 * len(FACTORS)
    asked: set[float] = set()

    class Noted(dict[float, int]):
        def get(self, key: float, default: int = 0) -> int:  # type: ignore[override]
            asked.add(key)
            return 0

    assert not rule.may_stop(9.0, lambda _: Noted())
    assert asked == {time_s for _, time_s in rule.watch}


def test_a_burst_may_stop_when_red_is_certain_and_its_shape_was_seen() -> None:
    """Not before three seconds, not with one bad event fewer, and for any of the objectives."""
    rule = stop_rule(LEVEL, LIMITS, [])
    assert rule.may_stop(3.0, lambda _: {0.1: 0, 0.3: LEAST})
    assert not rule.may_stop(2.9, lambda _: {0.1: 0, 0.3: LEAST})
    assert not rule.may_stop(9.0, lambda _: {0.1: LEAST, 0.3: LEAST - 1})
    assert not rule.may_stop(9.0, lambda _: {})


def test_where_time_may_be_given_back_only_those_who_waited_longer_are_certain() -> None:
    """100 ms that may be excused: an event must have taken 300 ms and that, so 450 ms count."""
    rule = stop_rule(LEVEL, LIMITS, [])
    assert not rule.may_stop(9.0, lambda _: {0.3: LEAST}, excuse_at_most_s=0.1)
    assert rule.may_stop(9.0, lambda _: {0.3: LEAST, WAITED_S: LEAST}, excuse_at_most_s=0.1)
    assert not rule.may_stop(9.0, lambda _: {WAITED_S: LEAST}, excuse_at_most_s=0.2)
    longest_s = 0.3 * (max(FACTORS) - 1)
    assert rule.may_stop(9.0, lambda _: {0.3 * max(FACTORS): LEAST}, longest_s)
    assert not rule.may_stop(9.0, lambda _: {0.3 * max(FACTORS): LEAST}, longest_s + 0.01)


def test_a_later_look_counts_what_the_looks_before_have_brought() -> None:
    """The bound is one for all events together; what was excused there is not among them."""
    before = (Counts(500, 40, 30), Counts(500, 9, 4))
    rule = stop_rule(LEVEL, LIMITS, [before])
    assert [least for _, _, least in rule.red_from] == [
        LIMITS[0].red_from[1] - 30,
        LIMITS[1].red_from[1] - 4,
    ]


def test_objectives_of_one_threshold_and_two_targets_both_count() -> None:
    """The stricter target is missed first."""
    twice = replace(LEVEL, objectives=(replace(PAGE, target=0.99), PAGE))
    rule = stop_rule(twice, level_bounds(twice, 500), [])
    assert rule.may_stop(5.0, lambda _: {0.1: LEAST})
