"""Whether a run says anything about the app."""

from dataclasses import replace

import pytest

from dojo.burst_figures import Lateness
from dojo.report import Culprit
from dojo.slo.decision import Decision, ObjectiveDecision, level_bounds
from dojo.slo.validity import Machine, RunFacts, invalid_because, named_culprits
from tests.support.levels import level_of

LEVEL = replace(level_of((0.95, 0.1), (0.99, 0.3)), run_cores=0.6, app_cores=0.3)
ON_TIME = Lateness(0.001, 0.004, 0.007, late=9, sent=960)
LATE = Lateness(0.001, 0.4, 0.7, late=10, sent=960)
FACTS = RunFacts(Machine(), ON_TIME, generator_cores=0.1)
UPDATEDB = Culprit(4711, "updatedb", 0.96)


def decided(outcome: str) -> Decision:
    each = ObjectiveDecision("undecided", 1)
    return Decision(outcome, (each, each))  # type: ignore[arg-type]


def reasons(outcome: str, facts: RunFacts = FACTS, events: int = 960) -> tuple[str, ...]:
    return invalid_because(LEVEL, level_bounds(LEVEL, events), decided(outcome), facts)


@pytest.mark.parametrize("outcome", ["met", "not_met", "undecided"])
def test_a_run_on_time_is_valid(outcome: str) -> None:
    """Green, red, or too close to call."""
    assert reasons(outcome) == ()


@pytest.mark.parametrize("lateness", [None, Lateness(0, 0, 0, 0, 0)])
def test_nothing_sent_says_nothing(lateness: Lateness | None) -> None:
    """No request, no verdict, and no other reason beside it."""
    facts = replace(FACTS, lateness=lateness)
    assert reasons("not_met", facts) == ("the load generator sent nothing",)


def test_who_disturbed_a_run_is_named() -> None:
    """With how much of a core it used; who used next to nothing is not blamed."""
    others = (UPDATEDB, Culprit(12, "sshd", 0.01))
    (reason,) = reasons("disturbed", replace(FACTS, culprits=others))
    assert reason.endswith("process 'updatedb' (4711) used 96% of a core")
    assert named_culprits(others) == (UPDATEDB,)


def test_who_is_to_blame_without_a_name() -> None:
    """It says that nobody can be named."""
    (reason,) = reasons("disturbed")
    assert "nobody can be named" in reason


def test_a_small_machine_is_told_in_cores() -> None:
    """What it gives and what the kata needs; whoever else was busy there comes first."""
    small = replace(FACTS, machine=Machine(cores=1.0, core_speed=0.5))
    (reason,) = reasons("disturbed", small)
    assert reason.startswith("this machine gives 0.5 cores")
    assert "the kata needs 0.9" in reason
    (nearly,) = reasons("disturbed", replace(FACTS, machine=Machine(cores=0.89)))
    assert nearly.startswith("this machine gives 0.8 cores")
    (reason,) = reasons("disturbed", replace(small, culprits=(UPDATEDB,)))
    assert reason.startswith("this machine gives 0.5 cores"), (
        "whoever else is ended, it can't serve"
    )
    named = replace(FACTS, machine=Machine(cores=0.8), culprits=(UPDATEDB,))
    (reason,) = reasons("disturbed", named)
    assert "updatedb" in reason
    assert reasons("met", small) == reasons("not_met", small) == ()


@pytest.mark.parametrize(
    ("machine", "too_small"),
    [
        (Machine(2.0, 1.0), False),
        (Machine(0.9, 1.0), False),
        (Machine(0.89, 1.0), True),
        (Machine(2.0, 0.4), True),
        (Machine(1.0, 2.0), False),
        (Machine(8.0, 0.46), False),
        (Machine(8.0, 0.44), True),
    ],
)
def test_cores_and_their_speed_make_a_machine(machine: Machine, too_small: bool) -> None:
    """One and a half times what the reference run needs, and of one core what its app needs."""
    assert machine.is_too_small(LEVEL) is too_small


def test_below_what_the_reference_solution_uses_no_machine_can_serve() -> None:
    """Without the headroom that arrivals in clusters need."""
    assert Machine(0.59, 1.0).cannot_serve(LEVEL)
    assert Machine(2.0, 0.29).cannot_serve(LEVEL)
    assert not Machine(0.6, 1.0).cannot_serve(LEVEL)
    assert Machine(8.0, 0.29).cannot_serve(LEVEL)
    assert Machine(2.0, 1.0).beside(1.5).cannot_serve(LEVEL)
    assert Machine(2.0, 1.0).beside(3.0) == Machine(0.0, 1.0)


def test_slow_cores_are_told_by_their_speed() -> None:
    """However many they are."""
    (reason,) = reasons("disturbed", replace(FACTS, machine=Machine(8.0, 0.44)))
    assert reason.startswith("a core of this machine is 0.4 times as fast")
    assert "must be 0.5 times" in reason


def test_a_generator_that_can_not_keep_up_is_no_judge() -> None:
    """Late by itself: it was busy. An idle one was late for another reason."""
    busy = replace(FACTS, lateness=LATE, generator_cores=0.9)
    for outcome in ("not_met", "undecided"):
        (reason,) = reasons(outcome, busy)
        assert reason.startswith("the load generator used 90% of a core and sent 10 of 960")
        assert reasons(outcome, replace(busy, generator_cores=0.5)) == ()
        assert reasons(outcome, replace(busy, lateness=ON_TIME)) == ()


def test_late_requests_never_stand_against_green() -> None:
    """Latency counts from the intended moment, so the app was even faster."""
    assert reasons("met", replace(FACTS, lateness=LATE, generator_cores=0.9)) == ()


def test_green_by_a_postgres_that_had_many_cores_is_no_green() -> None:
    """A fault that keeps two cores busy may pass on ten; a right app needs a part of one."""
    busy = replace(FACTS, unlimited_statements=4.7)
    (reason,) = reasons("met", busy)
    assert reason.startswith("Postgres worked on 4.7 statements at a time")
    assert reasons("not_met", busy) == reasons("undecided", busy) == ()
    assert reasons("met", replace(FACTS, unlimited_statements=0.8)) == ()


def test_too_few_events_are_named() -> None:
    """Each objective needs as many as a faultless run must have to be green."""
    (reason,) = reasons("undecided", events=200)
    assert reason.startswith("600 events in 3 bursts are too few for '99% within 300 ms'")
    assert "needs 688" in reason
    assert reasons("not_met", events=200) == ()
    assert reasons("undecided", events=230) == ()


def test_less_load_can_show_red_and_not_green() -> None:
    """An app is too slow or not known to be fast enough."""
    half = replace(FACTS, load_factor=0.5)
    (reason,) = reasons("met", half)
    assert reason.startswith("only 0.5 times the kata's load")
    assert reasons("not_met", half) == ()


def test_more_load_can_show_green_and_not_red() -> None:
    """An app that carries twice the load carries the kata's."""
    twice = replace(FACTS, load_factor=2.0)
    assert reasons("met", twice) == ()
    for outcome in ("not_met", "undecided"):
        (reason,) = reasons(outcome, twice)
        assert reason.startswith("2 times the kata's load")
