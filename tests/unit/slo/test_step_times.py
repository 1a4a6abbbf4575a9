"""The steps of a journey, one by one."""

import pytest

from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from dojo.slo.observation import Observation
from dojo.slo.step_times import step_times

SHORT = Journey("find", (Step("search", "GET", "/s"), Step("open", "GET", "/o", think_s=1)))
LONG = Journey("find", (SHORT.steps[0], Step("more", "GET", "/s2", think_s=1), SHORT.steps[1]))
OTHER = Journey("other", (Step("buy", "POST", "/b"), Step("pay", "POST", "/p")))


def test_steps_stand_in_the_journeys_order() -> None:
    """A step that some skip stands where the others have it; think time is in none."""
    plan = Plan(1, 10, (SHORT, LONG, OTHER))
    samples = [
        Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
        Sample(0, 1, "b", 1.2, 1.2, 1.5, 200),
        Sample(1, 0, "c", 0.0, 0.0, 0.4, 200),
        Sample(1, 1, "d", 1.4, 1.4, None, None, "timeout"),
        Sample(1, 2, "e", 0.0, None, None, None, "not_sent"),
        Sample(2, 0, "f", 0.0, 0.0, 9.0, 200),
    ]
    steps = step_times([Observation(plan, tuple(samples), {})], "find")
    search, more, opened = steps
    assert [step.name for step in steps] == ["search", "more", "open"]
    assert (search.sent, search.answered) == (2, 2)
    assert search.spent_s == pytest.approx(0.6)
    assert (more.sent, more.answered, more.latency_s) == (1, 0, None)
    assert (opened.sent, opened.answered) == (1, 1)
    assert opened.latency_s is not None
    assert opened.latency_s.max == pytest.approx(0.3)


def test_a_step_without_an_answer_counts_with_its_wait() -> None:
    """In the percentiles as a lower bound, and in the time that all waited for the step."""
    samples = (
        Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
        Sample(1, 0, "b", 0.5, 0.5, None, None, "timeout"),
        Sample(2, 0, "c", 0.6, 0.6, None, None, "connection"),
    )
    observation = Observation(Plan(1, 10, (SHORT,) * 3), samples, {}, ended_s=3.5)
    search, _ = step_times([observation], "find")
    assert (search.sent, search.answered) == (3, 1)
    assert search.spent_s == pytest.approx(3.2)
    assert search.latency_s is not None
    assert (search.latency_s.p50, search.latency_s.at_least) == (3.0, ("p50", "p95", "p99", "max"))


def test_a_single_step_needs_no_table() -> None:
    """For a journey of one step the journey's own figures say it all."""
    page = Journey("page", (Step("home", "GET", "/"),))
    sample = Sample(0, 0, "a", 0, 0, 0.1, 200)
    assert step_times([Observation(Plan(1, 1, (page,)), (sample,), {})], "page") == ()


def test_steps_of_several_bursts_are_counted_together() -> None:
    """Each burst has a plan of its own; a step is known by its name."""
    first = Observation(Plan(1, 10, (SHORT,)), (Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),), {})
    second = Observation(Plan(2, 10, (OTHER, LONG)), (Sample(1, 0, "b", 0.0, 0.0, 0.4, 200),), {})
    search, *_ = step_times([first, second], "find")
    assert (search.sent, search.answered) == (2, 2)
    assert search.spent_s == pytest.approx(0.6)
