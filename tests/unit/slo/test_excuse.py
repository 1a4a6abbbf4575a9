"""What the machine took: theft, backlog, and who gets no excuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.report import MachineInterval
from dojo.slo.excuse import Excuse, theft


def interval(
    start_s: float = 0.0,
    length_s: float = 1.0,
    delay: float = 0.5,
    outside: float = 1.0,
    used: float = 2.0,
    steal: float = 0.0,
) -> MachineInterval:
    return MachineInterval(start_s, start_s + length_s, delay, outside, used, steal)


@pytest.mark.parametrize(
    ("delay", "outside", "used", "expected"),
    [
        (0.0, 1.0, 2.0, 0.0),  # nobody waited
        (0.5, 0.0, 2.0, 0.0),  # nobody else was there
        (0.5, 1.0, 2.0, 0.25),
        (1.0, 2.0, 2.0, 1.0),
        (55.0, 1.0, 2.0, 0.5 / 55),  # two hundred threads wait for one another
        (0.5, 1.0, 0.0, 0.0),  # nothing was measured
    ],
)
def test_theft_is_share_times_delay_and_never_the_own_queue(
    delay: float, outside: float, used: float, expected: float
) -> None:
    """share × min(d, 1 / d): what others used, as far as the app waited, and not for itself."""
    assert theft(interval(delay=delay, outside=outside, used=used)) == pytest.approx(expected)


@given(st.floats(0, 1e4), st.floats(0, 64), st.floats(0, 64))
def test_theft_is_at_most_all_the_time_there_is(delay: float, outside: float, used: float) -> None:
    """Nobody can lose more than a second a second."""
    assert 0 <= theft(interval(delay=delay, outside=outside, used=used)) <= 1


def test_an_event_is_given_back_what_was_taken_in_its_life() -> None:
    """A quarter of a second a second was stolen; an event of 0.4 s is given back 0.1 s."""
    excuse = Excuse([interval(at_s) for at_s in range(4)], 0.4, 0.6)
    assert excuse.of_request(1.3, 1.3, 1.7) == pytest.approx(0.1)
    assert excuse.stolen_s(0.0, 4.0) == pytest.approx(1.0)


def test_time_outside_the_watch_was_not_stolen() -> None:
    """Before the first interval and after the last nothing is given back."""
    excuse = Excuse([interval(1.0)], 0.4, 0.6)
    assert excuse.of_request(-5.0, -5.0, 0.5) == 0
    assert excuse.stolen_s(-5.0, 9.0) == pytest.approx(0.25)
    assert excuse.stolen_s(3.0, 9.0) == 0


def test_theft_leaves_a_backlog_that_drains() -> None:
    """Where more is stolen than the demand leaves free, a queue grows, and goes afterwards."""
    heavy = [interval(at_s, delay=1.0, outside=1.8, used=2.0) for at_s in range(3)]
    calm = [interval(at_s, outside=0.0, used=0.6) for at_s in range(3, 8)]
    excuse = Excuse([*heavy, *calm], demand_cores=0.4, run_demand_cores=0.6)
    assert excuse.backlog_s(0.5) == 0
    assert excuse.backlog_s(1.5) == pytest.approx(0.3)
    assert excuse.backlog_s(3.5) == pytest.approx(0.9)
    assert excuse.backlog_s(4.5) == pytest.approx(0.3)
    assert excuse.backlog_s(7.5) == 0


def test_the_backlog_is_never_more_than_the_burst_lost() -> None:
    """With no core left free the queue is as long as what was stolen, and no longer."""
    excuse = Excuse([interval(at_s, delay=1.0, outside=2.0) for at_s in range(5)], 1.0, 1.0)
    assert excuse.backlog_s(4.5) <= 5.0


def test_who_is_busy_with_himself_gets_neither_steal_nor_backlog() -> None:
    """A run that uses far more than its demand made its queue itself."""
    busy = [
        interval(at_s, delay=1.0, outside=0.5, used=2.0, steal=0.3) for at_s in range(4)
    ]  # the run uses 1.5 cores where 0.6 are its demand
    excuse = Excuse(busy, demand_cores=1.0, run_demand_cores=0.6)
    assert excuse.backlog_s(3.5) == 0
    assert excuse.stolen_s(0.0, 4.0) == pytest.approx(4 * 0.25)


def test_steal_is_added() -> None:
    """What the host took from the virtual machine shows in no queue."""
    quiet = [interval(at_s, delay=0.0, outside=0.0, used=0.5, steal=0.2) for at_s in range(2)]
    assert Excuse(quiet, 0.4, 0.6).stolen_s(0.0, 2.0) == pytest.approx(0.4)


def test_without_a_watch_nothing_is_excused() -> None:
    """No figures, no excuse."""
    excuse = Excuse([], 0.4, 0.6)
    assert excuse.of_request(0.0, 0.0, 5.0) == 0
    assert excuse.at_most_s == 0


@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0, 2), st.floats(0, 0.5)), max_size=20),
    st.floats(-1, 25),
    st.floats(0, 10),
)
def test_an_excuse_is_never_negative_and_never_more_than_there_was(
    machine: list[tuple[float, float, float]], start_s: float, length_s: float
) -> None:
    """What is given back lies between nothing and the event's life plus all that was lost."""
    intervals = [
        interval(at_s, delay=delay, outside=outside, used=2.0, steal=steal)
        for at_s, (delay, outside, steal) in enumerate(machine)
    ]
    excuse = Excuse(intervals, 0.5, 0.8)
    assert 0 <= excuse.stolen_s(start_s, start_s + length_s) <= length_s + 1e-9
    given_back_s = excuse.of_request(start_s, start_s, start_s + length_s)
    assert 0 <= given_back_s <= length_s + len(intervals) + 1e-9
    assert given_back_s <= excuse.at_most_s + 1e-9


def test_lateness_is_given_back_as_far_as_it_was_stolen_from_the_generator() -> None:
    """A generator that waits for a CPU beside others is excused, a slow one is not."""
    waiting = MachineInterval(0.0, 1.0, 0.0, 1.0, 2.0, generator_delay=0.4)
    assert Excuse([waiting], 0.4, 0.6).of_request(0.2, 0.7, 0.8) == pytest.approx(0.1)
    alone = MachineInterval(0.0, 1.0, 0.0, 0.0, 2.0, generator_delay=0.4)
    assert Excuse([alone], 0.4, 0.6).of_request(0.2, 0.7, 0.8) == 0


def test_the_most_that_was_stolen_in_a_stretch() -> None:
    """Two seconds of theft in a row count more than one."""
    excuse = Excuse([interval(0.0), interval(1.0), interval(2.0, outside=0.0)], 0.4, 0.6)
    assert excuse.most_stolen_s(2.0) == pytest.approx(0.5)
    assert excuse.most_stolen_s(1.0) == pytest.approx(0.25)
