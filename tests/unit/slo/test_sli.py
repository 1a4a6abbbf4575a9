"""From samples to SLIs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.burst_figures import Percentiles
from dojo.load.plan import Flow, Journey, Plan, Step
from dojo.load.sample import Cause, Sample
from dojo.slo.sli import (
    causes,
    certain,
    events,
    latency_percentiles,
    lateness,
    percentiles,
    tally,
)

PAGE = Journey("page", (Step("home", "GET", "/"),))


def plan(count: int) -> Plan:
    return Plan.of(1, float(count), [Flow("page", 1, lambda _: PAGE)])


def answered(journey: int, latency_s: float, status: int = 200) -> Sample:
    return Sample(journey, 0, f"{journey:x}", 1.0, 1.0, 1.0 + latency_s, status)


def test_latency_counts_from_the_intended_time() -> None:
    """A request that was sent late is slow by as much."""
    sample = Sample(0, 0, "a", 1.0, 1.5, 1.6, 200)
    assert sample.latency_s == pytest.approx(0.6)
    assert sample.lateness_s == pytest.approx(0.5)


def test_each_bad_event_has_one_cause() -> None:
    """Status, transport, content and time each show up as themselves."""
    samples = [
        answered(0, 0.01),
        answered(1, 0.5),
        answered(2, 0.01, 503),
        answered(3, 0.01, 404),
        answered(4, 0.01),
        Sample(5, 0, "f", 1.0, 1.0, None, None, "timeout"),
        Sample(6, 0, "g", 1.0, 1.0, None, None, "connection"),
    ]
    found = events(plan(7), samples, {(4, 0)})
    assert tally(found, "page", 0.1) == (1, 7)
    assert causes(found, "page", 0.1) == dict.fromkeys(
        ["slow", "http_5xx", "http_4xx", "wrong_content", "timeout", "connection"], 1
    )


def test_a_journey_lasts_as_long_as_its_steps() -> None:
    """Think time is not in the latency, and a failed step makes the whole journey bad."""
    journey = Journey("two", (Step("a", "GET", "/a"), Step("b", "GET", "/b", think_s=5)))
    both = Plan(1, 10, (journey, journey))
    samples = [
        Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
        Sample(0, 1, "b", 5.2, 5.2, 5.5, 200),
        Sample(1, 0, "c", 0.0, 0.0, 0.2, 500),
        Sample(1, 1, "d", 0.0, None, None, None, "not_sent"),
    ]
    first, second = events(both, samples)
    assert first.latency_s == pytest.approx(0.5)
    assert second.failure == Cause.HTTP_5XX


def test_what_the_stop_cut_short_is_no_event() -> None:
    """A journey that was thinking when the burst was stopped counts only if it is slow already."""
    journey = Journey("two", (Step("a", "GET", "/a"), Step("b", "GET", "/b", think_s=5)))
    plan = Plan(1, 10, (journey, journey, journey))
    samples = [
        Sample(0, 0, "a", 0.0, 0.0, 0.2, 200),
        Sample(0, 1, "b", 0.0, None, None, None, "not_sent"),
        Sample(1, 0, "c", 0.0, 0.0, 3.0, 200),
        Sample(1, 1, "d", 0.0, None, None, None, "not_sent"),
        Sample(2, 0, "e", 0.0, 0.0, 0.2, 500),
        Sample(2, 1, "f", 0.0, None, None, None, "not_sent"),
    ]
    found = certain(events(plan, samples), 0.6)
    assert [event.journey for event in found] == [1, 2]
    assert causes(found, "two", 0.6) == {"slow": 1, "http_5xx": 1}
    assert [event.journey for event in certain(events(plan, samples), 4.0)] == [2]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=200))
def test_percentiles_are_values_that_occurred(latencies: list[float]) -> None:
    """Nearest rank: no value is made up, and they ascend."""
    p = percentiles(latencies)
    assert p is not None
    assert {p.p50, p.p95, p.p99, p.max} <= set(latencies)
    assert p.p50 <= p.p95 <= p.p99 <= p.max
    assert sum(x <= p.p95 for x in latencies) >= 0.95 * len(latencies)


@given(
    st.lists(st.floats(0, 100), max_size=100),
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=100),
)
def test_percentiles_hold_whatever_the_unanswered_would_have_taken(
    answered_s: list[float], unanswered: list[tuple[float, float]]
) -> None:
    """(waited, further) of each: what is no lower bound is right, and a bound is never too high."""
    known = percentiles(answered_s, [waited_s for waited_s, _ in unanswered])
    truth = percentiles(
        [*answered_s, *(waited_s + further_s for waited_s, further_s in unanswered)]
    )
    if known is None or truth is None:
        assert (known, truth) == (None, None)
        return
    for name in ("p50", "p95", "p99", "max"):
        assert known.of(name) <= truth.of(name)
        assert name in known.at_least or known.of(name) == truth.of(name)


def test_who_waits_at_the_end_is_no_survivor() -> None:
    """Of ten, three were answered after 20 ms and seven had waited 3 s: the median is over 3 s."""
    assert percentiles([0.02] * 3, [3.0] * 7) == Percentiles(
        3.0, 3.0, 3.0, 3.0, ("p50", "p95", "p99", "max")
    )
    assert percentiles([0.02] * 97, [3.0] * 3) == Percentiles(0.02, 0.02, 3.0, 3.0, ("p99", "max"))


def test_who_will_never_get_an_answer_is_slower_than_all() -> None:
    """A refused connection is no quick answer: the figure is over the longest known time."""
    assert percentiles([0.02, 0.5], [math.inf] * 8) == Percentiles(
        0.5, 0.5, 0.5, 0.5, ("p50", "p95", "p99", "max")
    )
    assert percentiles([], [math.inf]) is None


def test_an_event_without_an_answer_has_waited_or_has_no_end() -> None:
    """Pending at the end it had waited 1 s; reset or failed on the way it has no time at all."""
    journey = Journey("page", (Step("home", "GET", "/"), Step("next", "GET", "/n")))
    samples = [
        Sample(0, 0, "a", 2.0, 2.0, None, None, "timeout"),
        Sample(1, 0, "b", 1.0, 1.0, None, None, "connection"),
        Sample(2, 0, "c", 1.0, 1.0, 1.01, 500),
        Sample(2, 1, "d", 1.0, None, None, None, "not_sent"),
        Sample(3, 0, "e", 1.0, 1.0, 1.2, 200),
        Sample(3, 1, "f", 1.2, 1.2, 1.5, 200),
    ]
    found = events(Plan(1, 4, (journey,) * 4), samples, ended_s=3.0)
    assert [event.known_s for event in found] == pytest.approx([1.0, math.inf, math.inf, 0.5])
    times = latency_percentiles(found)
    assert times is not None
    assert (times.p50, times.at_least) == (1.0, ("p50", "p95", "p99", "max"))


def test_nothing_has_no_percentiles() -> None:
    """No answers, no figures."""
    assert percentiles([]) is None
    assert lateness([], 0.1) is None


@given(st.integers(0, 1000))
def test_a_seed_gives_one_plan(seed: int) -> None:
    """The same seed gives the same arrivals, in order and within the burst."""
    flows = [Flow("page", 7, lambda _: PAGE), Flow("other", 3, lambda _: PAGE)]
    one, two = Plan.of(seed, 4, flows), Plan.of(seed, 4, flows)
    assert one == two
    times = [journey.intended_s for journey in one.journeys]
    assert times == sorted(times)
    assert all(0 <= time < 4 for time in times)
    assert (one.count("page"), one.count("other")) == (28, 12)
