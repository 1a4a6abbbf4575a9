"""Answers a second against those that come."""

import math

import pytest

from dojo.burst_figures import Pace
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.slo.observation import Observation
from dojo.slo.pace import LEAST_EVENTS, pace

PAGE = Step("load", "GET", "/")
LOOK = Step("look", "GET", "/p", think_s=0.5)


def served(
    rate_per_s: float, capacity_per_s: float, burst_s: float = 12.0, ended_s: float = 13.0
) -> Observation:
    """Visitors at equal distances before one server that answers them in their order."""
    count = round(rate_per_s * burst_s)
    plan = Plan(1, burst_s, tuple(Journey("load", (PAGE,), n / rate_per_s) for n in range(count)))
    samples, free_s = [], 0.0
    for number in range(count):
        due_s = number / rate_per_s
        free_s = max(free_s, due_s) + 1 / capacity_per_s
        in_time = free_s <= ended_s
        samples.append(
            Sample(
                *(number, 0, "a", due_s, due_s),
                *((free_s, 200) if in_time else (None, None, "timeout")),
            )
        )
    return Observation(plan, tuple(samples), {}, ended_s=ended_s)


@pytest.mark.parametrize("capacity_per_s", [3, 9, 27, 60])
def test_of_a_saturated_site_the_pace_is_its_capacity(capacity_per_s: float) -> None:
    """However many come: so it moves with each fix, while the SLI stays at nothing."""
    seen = pace([served(80, capacity_per_s)], "load", 80, [12.0])
    assert seen is not None
    assert seen.answered_per_s == pytest.approx(capacity_per_s, rel=0.06)
    assert (seen.keeps_up, seen.come_per_s) == (False, 80)


def test_a_site_that_keeps_up_answers_as_many_as_come() -> None:
    """Slow or not: nobody waits behind a queue that grows."""
    seen = pace([served(80, 100)], "load", 80, [12.0])
    assert seen is not None
    assert seen.keeps_up is True
    assert seen.answered_per_s == pytest.approx(80, rel=0.02)


def test_visitors_who_all_wait_two_seconds_are_no_queue() -> None:
    """A fixed wait leaves as many open in the middle of the burst as at its end."""
    plan = Plan(1, 12, tuple(Journey("load", (PAGE,), n / 20) for n in range(240)))
    samples = tuple(Sample(n, 0, "a", n / 20, n / 20, n / 20 + 2.0, 200) for n in range(240))
    seen = pace([Observation(plan, samples, {}, ended_s=14.5)], "load", 20, [12.0])
    assert seen is not None
    assert seen.keeps_up is True


def test_wrong_answers_are_no_answers_and_wait_for_nobody() -> None:
    """A site that fails at once answers nothing, and yet no queue grows."""
    plan = Plan(1, 10, tuple(Journey("load", (PAGE,), n / 10) for n in range(100)))
    samples = tuple(Sample(n, 0, "a", n / 10, n / 10, n / 10 + 0.01, 500) for n in range(100))
    seen = pace([Observation(plan, samples, {}, ended_s=10.0)], "load", 10, [10.0])
    assert seen == Pace(0, 10.0, 10, True)


def test_bursts_count_together_and_few_events_say_nothing() -> None:
    """Two looks are twice the answers in twice the time; others' journeys are not in it."""
    one = served(80, 9)
    once, twice = pace([one], "load", 80, [12.0]), pace([one, one], "load", 80, [12.0, 12.0])
    assert once is not None
    assert twice == Pace(2 * once.answered, 2 * once.length_s, 80, False, 2 * once.requests)
    few = served(1, 5, burst_s=LEAST_EVENTS)
    assert pace([few], "load", 1, [float(LEAST_EVENTS)]) is not None
    assert pace([few], "load", 1, [float(LEAST_EVENTS)]).keeps_up is None  # type: ignore[union-attr]
    assert pace([one], "other", 80, [12.0]) is None


def test_a_journey_that_was_stopped_on_its_way_is_open() -> None:
    """In a burst that was stopped no step was begun any more, so answers count until then."""
    plan = Plan(1, 12, tuple(Journey("load", (PAGE, LOOK), n / 40) for n in range(480)))
    samples = []
    for number in range(120):  # of 3 s
        due_s = number / 40
        samples.append(Sample(number, 0, "a", due_s, due_s, due_s + 0.1, 200))
        if number < 12:
            samples.append(Sample(number, 1, "b", due_s + 0.6, due_s + 0.6, due_s + 0.8, 200))
        else:
            samples.append(Sample(number, 1, "b", due_s, error="not_sent"))
    stopped = Observation(plan, tuple(samples), {}, stopped_early=True, ended_s=4.0)
    assert pace([stopped], "load", 40, [3.0]) == Pace(12, 3.0, 40, False, 129)
    assert math.isfinite(stopped.ended_s)
