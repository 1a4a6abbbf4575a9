"""dojo.load.progress: a journey counts as bad as soon as that is certain, and once."""

from hypothesis import given
from hypothesis import strategies as st

from dojo.load.progress import BurstProgress, EventCounter

WATCH = (("page", 0.1), ("page", 0.3), ("order", 0.1))
TIMES = st.floats(0, 0.5)


@given(st.lists(TIMES, min_size=1))
def test_a_journey_is_counted_once(spent_s: list[float]) -> None:
    """However often a journey is looked at, it is bad at most once at each threshold."""
    counter = EventCounter(WATCH)
    journey = counter.begin("page", 0.0)
    for time in sorted(spent_s):
        counter.count(journey, time)
    longest_s = max(spent_s)
    assert counter.bad() == {
        "page": {0.1: int(longest_s > 0.1), 0.3: int(longest_s > 0.3)},
        "order": {0.1: 0},
    }


@given(st.lists(st.tuples(TIMES, TIMES)), TIMES)
def test_who_waits_is_bad_when_older_than_the_threshold(
    journeys: list[tuple[float, float]], now_s: float
) -> None:
    """What has been spent in answers and the wait since then count together."""
    counter = EventCounter(WATCH)
    for waits_from_s, spent_s in journeys:
        counter.begin("page", waits_from_s).spent_s = spent_s
    counter.count_waiting(now_s)
    for threshold_s, count in counter.bad()["page"].items():
        assert count == sum(
            spent_s + max(0.0, now_s - waits_from_s) > threshold_s
            for waits_from_s, spent_s in journeys
        )


def test_thinking_is_not_waiting() -> None:
    """A visitor whose next step is due later does not wait, however much later it is."""
    counter = EventCounter(WATCH)
    counter.begin("page", waits_from_s := 5.0)
    counter.count_waiting(waits_from_s)
    assert counter.bad()["page"] == {0.1: 0, 0.3: 0}
    counter.count_waiting(waits_from_s + 0.2)
    assert counter.bad()["page"] == {0.1: 1, 0.3: 0}


def test_who_has_ended_waits_no_more() -> None:
    """A journey that is over is not looked at again, nor is one that nobody watches."""
    counter = EventCounter(WATCH)
    counter.end(counter.begin("page", 0.0))
    counter.begin("log_in", 0.0)
    counter.count_waiting(60.0)
    assert counter.bad() == {"page": {0.1: 0, 0.3: 0}, "order": {0.1: 0}}


def test_figures_that_were_handed_out_stay() -> None:
    """Progress of the past is not changed by what comes later."""
    counter = EventCounter(WATCH)
    before = BurstProgress(0.1, 1, 0, 1, counter.bad())
    counter.count(counter.begin("page", 0.0), 0.2)
    assert before.bad("page") == {0.1: 0, 0.3: 0}
    assert counter.bad()["page"] == {0.1: 1, 0.3: 0}
    assert before.bad("nobody") == {}
