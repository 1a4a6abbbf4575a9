"""dojo.slo.window: SLIs over the last minute and since the start."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.load.sample import Cause
from dojo.slo.openslo import Objective
from dojo.slo.sli import Event
from dojo.slo.window import Count, ObjectiveStatus, Outcome, RunningSlis


def objective(name: str, target: float, threshold_s: float, journey: str) -> Objective:
    return Objective(name, name, target, threshold_s, journey, "good", "total")


FAST = objective("95% of page loads within 100 ms", 0.95, 0.1, "page")
SURE = objective("99% of page loads within 300 ms", 0.99, 0.3, "page")
LOG_IN = objective("99% of log-ins within 1 s", 0.99, 1.0, "log_in")


def outcome(
    at_s: float,
    latency_s: float | None = 0.05,
    failure: Cause | None = None,
    name: str = "page",
    lateness_s: float = 0.0,
) -> Outcome:
    event = Event(0, name, at_s, latency_s, failure)
    return Outcome(event, lateness_s, at_s + (latency_s or 7.0))


def status(now_s: float, *outcomes: Outcome) -> ObjectiveStatus:
    running = RunningSlis([FAST])
    for one in outcomes:
        running.add(one)
    return running.statuses(now_s)[0]


def test_the_window_forgets_and_the_whole_does_not() -> None:
    """After a minute bad events are out of the window, and still in the count since the start."""
    bad = [outcome(at_s, 0.2) for at_s in range(10)]
    good = [outcome(at_s) for at_s in range(60, 70)]
    now = status(70.0, *bad, *good)
    assert (now.window, now.whole) == (Count(10, 10), Count(10, 20))


def test_an_event_of_the_windows_edge_is_in_it() -> None:
    """The window is closed at its older end."""
    now = status(60.0, outcome(0.0), outcome(-0.001))
    assert (now.window, now.whole) == (Count(1, 1), Count(2, 2))


def test_nothing_happened_is_neither_met_nor_missed() -> None:
    """Without events there is no SLI, not one of 0 or 100%."""
    now = status(10.0)
    assert (now.window.sli, now.whole.sli, now.latency_s) == (None, None, None)
    assert now.call == "no_events"
    assert now.interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("good", "bad", "call"),
    [
        (20, 0, "too_few"),  # an app on target does this in 36 of 100 windows
        (58, 0, "too_few"),
        (59, 0, "met"),
        (1, 1, "too_few"),
        (0, 2, "not_met"),  # rare at 95%: 1 in 400
        (570, 30, "undecided"),  # exactly on target
        (579, 21, "undecided"),
        (580, 20, "met"),
        (560, 40, "not_met"),
        (561, 39, "undecided"),
    ],
)
def test_a_call_is_wrong_at_one_moment_of_twenty(good: int, bad: int, call: str) -> None:
    """At 95%, by the exact tails of the binomial distribution."""
    now = ObjectiveStatus(FAST, Count(good, good + bad), Count(0, 0), None, ())
    assert now.call == call


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_open_call_has_the_target_within_its_interval(good: int, bad: int) -> None:
    """And a clear one outside of it."""
    now = ObjectiveStatus(FAST, Count(good, good + bad), Count(0, 0), None, ())
    low, high = now.interval
    clear = now.call in ("met", "not_met")
    assert clear == (not low < FAST.target < high)


def test_objectives_of_one_journey_and_of_others() -> None:
    """Each objective counts the events of its journey, at its own threshold."""
    running = RunningSlis([FAST, SURE, LOG_IN])
    for one in (outcome(1, 0.2), outcome(2, 0.05), outcome(3, 2.0, name="log_in")):
        running.add(one)
    fast, sure, log_in = running.statuses(5.0)
    assert (fast.whole, sure.whole, log_in.whole) == (Count(1, 2), Count(2, 2), Count(0, 1))
    assert running.total == 3


def test_causes_and_p95_are_of_the_window() -> None:
    """Old causes are gone; an unanswered event counts with the time for which it was awaited."""
    old = outcome(0.0, None, Cause.CONNECTION)
    new = [outcome(100.0, 0.2), outcome(101.0, 0.4), outcome(102.0, None, Cause.TIMEOUT)]
    now = status(110.0, old, *new)
    assert dict(now.causes) == {"slow": 2, "timeout": 1}
    assert now.latency_s is not None
    assert (now.latency_s.p50, now.latency_s.at_least) == (0.4, ("p95", "p99", "max"))


def test_counts_do_not_depend_on_the_order_in_which_they_become_known() -> None:
    """A slow answer to an early request may come after a quick one to a later request."""
    rng = Random(2)
    outcomes = [outcome(rng.random() * 200, rng.random() * 0.2) for _ in range(500)]
    shuffled = rng.sample(outcomes, len(outcomes))
    in_order = sorted(outcomes, key=lambda one: one.event.intended_s)
    assert status(200.0, *shuffled) == status(200.0, *in_order)
    assert status(200.0, *outcomes).window.total == sum(o.event.intended_s >= 140 for o in outcomes)


def test_memory_is_bounded_by_the_window() -> None:
    """However long it runs, no more than a window's events are kept."""
    running = RunningSlis([FAST])
    for at_s in range(10_000):
        running.add(outcome(float(at_s)))
        running.statuses(float(at_s))
    assert len(running._recent) == 61
    assert running.total == 10_000


def test_the_loads_own_lateness() -> None:
    """Counted within the window, so that a busy machine is told from a slow app."""
    running = RunningSlis([FAST])
    for lateness_s in (0.0, 0.001, 0.2):
        running.add(outcome(50.0, lateness_s=lateness_s))
    assert running.sent_in_time(60.0, 0.025) == Count(2, 3)
    assert running.sent_in_time(120.0, 0.025) == Count(0, 0)


OUTCOMES = st.builds(
    outcome,
    st.integers(0, 200).map(float),
    st.none() | st.sampled_from([0.05, 0.1, 0.2, 0.3, 2.0]),
    st.none() | st.sampled_from([Cause.TIMEOUT, Cause.HTTP_5XX]),
    st.sampled_from(["page", "log_in", "other"]),
    st.sampled_from([0.0, 0.025, 0.1]),
)


def counted(outcomes: list[Outcome], of: Objective) -> Count:
    """By the definition: the objective's events, and those of them that are good."""
    events = [each.event for each in outcomes if each.event.name == of.journey]
    good = [
        event
        for event in events
        if event.failure is None
        and event.latency_s is not None
        and event.latency_s <= of.threshold_s
    ]
    return Count(len(good), len(events))


@given(st.lists(st.tuples(OUTCOMES, st.integers(0, 30)), max_size=40))
def test_figures_are_those_of_a_count_from_scratch(steps: list[tuple[Outcome, int]]) -> None:
    """Whatever comes in whatever order, looked at in between: as if all had been kept."""
    objectives = [FAST, SURE, LOG_IN]
    running = RunningSlis(objectives)
    added: list[Outcome] = []
    now_s = 0.0
    for each, passed_s in steps:
        running.add(each)
        added.append(each)
        now_s += passed_s
        recent = [o for o in added if o.event.intended_s >= now_s - 60]
        for status in running.statuses(now_s):
            assert status.window == counted(recent, status.objective)
            assert status.whole == counted(added, status.objective)
            bad = status.window.total - status.window.good
            assert sum(count for _, count in status.causes) == bad
        in_time = sum(o.lateness_s <= 0.025 for o in recent)
        assert running.sent_in_time(now_s, 0.025) == Count(in_time, len(recent))
        assert running.total == len(added)


@pytest.mark.parametrize(("latency_s", "waited_s"), [(0.3, 0.3), (None, 7.0)])
def test_how_long_a_visitor_waits(latency_s: float | None, waited_s: float) -> None:
    """Without an answer, as long as it was awaited."""
    assert outcome(10.0, latency_s).waited_s == waited_s


def test_what_hangs_is_bad_at_once() -> None:
    """A journey that can only be bad counts before it is over: in the window, and in the whole.

    One of another name, or whose answer may still be in time, does not.
    """
    running = RunningSlis([FAST, LOG_IN])
    running.add(outcome(50.0))
    fast, log_in = running.statuses(60.0, {"page": [0.05, 0.4, 0.7, 9.0], "other": [9.0]})
    assert (fast.window, fast.whole) == (Count(1, 3), Count(1, 3))
    assert fast.causes == (("no answer yet", 2),)
    assert fast.latency_s is not None
    assert fast.latency_s.at_least == ("p50", "p95", "p99", "max")
    assert log_in.window == Count(0, 0)


def test_objectives_of_one_journey_have_the_same_events() -> None:
    """What hangs counts for each of them, or for none yet."""
    running = RunningSlis([FAST, objective("99% of page loads within 3 s", 0.99, 3.0, "page")])
    running.add(outcome(50.0))
    fast, slow = running.statuses(60.0, {"page": [0.7, 3.4, 3.6]})
    assert fast.window.total == slow.window.total == 2
    assert fast.whole.total == slow.whole.total == 2
