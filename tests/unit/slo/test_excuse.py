"""What the machine took: theft, backlog, and who gets no excuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.slo.excuse import QUEUE_TIMES, Excuse, theft
from dojo.slo.machine_interval import CpuLoad, MachineInterval

IDLE = CpuLoad(0.0, 0.0)


def interval(
    start_s: float = 0.0,
    length_s: float = 1.0,
    delay: float = 0.5,
    outside: float = 1.0,
    run: float = 0.5,
    steal: float = 0.0,
) -> MachineInterval:
    """By default a thread of the run that is ready loses half a second a second to others."""
    load = CpuLoad(run, delay)
    return MachineInterval(start_s, start_s + length_s, load, load, IDLE, outside, steal)


def excuse_of(*intervals: MachineInterval, demand: float = 0.4, of_run: float = 0.6) -> Excuse:
    return Excuse(intervals, demand, of_run)


@pytest.mark.parametrize(
    ("delay", "outside", "run", "expected"),
    [
        (0.0, 1.0, 0.5, 0.0),  # nobody waited
        (0.5, 0.0, 0.5, 0.0),  # nobody else was there
        (0.5, 1.0, 0.5, 0.5),
        (0.5, 0.1, 0.5, 0.1),  # others can't have taken more than they used
        (1.5, 1.5, 0.5, 0.75),
        (3.5, 1.5, 0.5, 0.375),  # four at a time share what was taken
        (198.2, 0.2, 1.8, 0.001),  # two hundred threads beside one innocent loop
        (7.0, 0.0, 2.0, 0.0),  # all burners are the run's own
        (0.0, 0.0, 0.0, 0.0),  # nothing was measured
    ],
)
def test_theft_is_what_others_took_and_never_the_own_queue(
    delay: float, outside: float, run: float, expected: float
) -> None:
    """What others used, as far as it was waited for, for each thread that was ready."""
    assert theft(interval(delay=delay, outside=outside, run=run)) == pytest.approx(expected)


@given(st.floats(0, 1e4), st.floats(0, 64), st.floats(0, 64))
def test_theft_is_at_most_all_the_time_there_is(delay: float, outside: float, run: float) -> None:
    """Nobody can lose more than a second a second."""
    assert 0 <= theft(interval(delay=delay, outside=outside, run=run)) <= 1


def test_an_event_is_given_back_what_was_taken_in_its_life() -> None:
    """Half a second a second was stolen; an event of 0.4 s is given back 0.2 s."""
    excuse = excuse_of(*(interval(at_s) for at_s in range(4)))
    assert excuse.of_request(1.3, 1.7) == pytest.approx(0.2)
    assert excuse.stolen_s(0.0, 4.0) == pytest.approx(2.0)


def test_time_outside_the_watch_was_not_stolen() -> None:
    """Before the first interval and after the last nothing is given back."""
    excuse = excuse_of(interval(1.0))
    assert excuse.of_request(-5.0, 0.5) == 0
    assert excuse.stolen_s(-5.0, 9.0) == pytest.approx(0.5)
    assert excuse.stolen_s(3.0, 9.0) == 0


def test_theft_leaves_a_backlog_that_drains() -> None:
    """Where more is stolen than the demand leaves free, a queue grows, and goes afterwards."""
    heavy = [interval(at_s, delay=1.35, outside=1.8, run=0.15) for at_s in range(3)]  # 0.9 s a s
    calm = [interval(at_s, outside=0.0) for at_s in range(3, 8)]
    excuse = excuse_of(*heavy, *calm)
    assert excuse.backlog_s(0.5) == 0
    assert excuse.backlog_s(1.5) == pytest.approx(0.3)
    assert excuse.backlog_s(3.5) == pytest.approx(0.9)
    assert excuse.backlog_s(4.5) == pytest.approx(0.3)
    assert excuse.backlog_s(7.5) == 0


def test_a_queue_that_theft_left_is_given_back_twice() -> None:
    """It is not served in order, so who came into it may wait for longer than it is."""
    heavy = [interval(at_s, delay=1.35, outside=1.8, run=0.15) for at_s in range(3)]
    calm = [interval(at_s, outside=0.0) for at_s in range(3, 8)]
    excuse = excuse_of(*heavy, *calm)
    assert excuse.of_request(3.5, 3.9) == pytest.approx(2 * 0.9)
    assert excuse.at_most_s == pytest.approx(3 * 0.9 + 2 * 0.9)


def test_who_is_busy_with_himself_gets_neither_steal_nor_backlog() -> None:
    """A run that uses far more than its demand made its queue itself."""
    busy = [interval(at_s, delay=0.5, run=1.5, steal=0.3) for at_s in range(4)]
    excuse = excuse_of(*busy, demand=1.0)
    assert excuse.backlog_s(3.5) == 0
    assert excuse.stolen_s(0.0, 4.0) == pytest.approx(4 * 0.25)


def test_steal_is_added() -> None:
    """What the host took from the virtual machine shows in no queue."""
    quiet = [interval(at_s, delay=0.0, outside=0.0, steal=0.2) for at_s in range(2)]
    assert excuse_of(*quiet).stolen_s(0.0, 2.0) == pytest.approx(0.4)


def test_without_a_watch_nothing_is_excused() -> None:
    """No figures, no excuse."""
    assert excuse_of().of_request(0.0, 5.0) == 0
    assert excuse_of().at_most_s == 0


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
        interval(at_s, delay=delay, outside=outside, steal=steal)
        for at_s, (delay, outside, steal) in enumerate(machine)
    ]
    excuse = excuse_of(*intervals, demand=0.5, of_run=0.8)
    assert 0 <= excuse.stolen_s(start_s, start_s + length_s) <= length_s + 1e-9
    given_back_s = excuse.of_request(start_s, start_s + length_s)
    assert 0 <= given_back_s <= length_s + QUEUE_TIMES * len(intervals) + 1e-9
    assert given_back_s <= excuse.at_most_s + 1e-9


def test_the_most_that_was_stolen_in_a_stretch() -> None:
    """Two seconds of theft in a row count more than one."""
    excuse = excuse_of(interval(0.0), interval(1.0), interval(2.0, outside=0.0))
    assert excuse.most_stolen_s(2.0) == pytest.approx(1.0)
    assert excuse.most_stolen_s(1.0) == pytest.approx(0.5)


def burning(burners: int, others: int, cores: int, steal: float = 0.0) -> list[MachineInterval]:
    """Ten seconds of `burners` threads of the app's and of others, all busy, in equal shares."""
    busy = burners + others
    used = min(busy, cores)
    own = CpuLoad(used * burners / busy, burners - used * burners / busy)
    return [
        MachineInterval(at_s, at_s + 1.0, own, own, IDLE, used - own.cores, steal)
        for at_s in map(float, range(10))
    ]


def given_back_s(burners: int, others: int, cores: int, steal: float = 0.0) -> float:
    """Of an event that lasts ten seconds, beside the burners."""
    intervals = burning(burners, others, cores, steal)
    return Excuse(intervals, 0.4, 0.6).of_request(0.0, 10.0)


@given(st.integers(1, 500), st.integers(1, 64), st.floats(0, 1))
def test_who_burns_every_core_alone_has_no_excuse(burners: int, cores: int, steal: float) -> None:
    """However long its threads wait: for one another, or for a host that it keeps busy."""
    assert given_back_s(cores + burners, 0, cores, steal) < 1e-9


@given(st.integers(1, 64), st.integers(0, 200))
def test_an_innocent_loop_excuses_less_the_more_the_app_burns(cores: int, more: int) -> None:
    """What one loop takes of as many burners as there are cores, and with each further one less."""
    fewer, more_of_them = (given_back_s(cores + more + extra, 1, cores) for extra in (0, 1))
    assert fewer <= 10 / (cores + 1) + 1e-9
    assert more_of_them <= fewer + 1e-9


def test_two_hundred_threads_beside_one_loop_are_excused_by_next_to_nothing() -> None:
    """Of ten seconds less than ten milliseconds."""
    assert given_back_s(200, 1, 2) < 0.01


def test_the_same_burners_outside_of_the_run_excuse_much() -> None:
    """It is whose they are that counts: eight loops of somebody else take most of the time."""
    assert given_back_s(1, 8, 2) > 5


def test_only_the_app_s_own_waiting_counts() -> None:
    """What Postgres lost to others is no excuse: it would cover faults that ask too much of it."""
    idle, starved = CpuLoad(0.2, 0.0), CpuLoad(0.3, 0.6)
    assert theft(MachineInterval(0, 1, idle, idle, starved, 1.5)) == 0
    assert theft(MachineInterval(0, 1, idle, starved, idle, 1.5)) == pytest.approx(2 / 3)
