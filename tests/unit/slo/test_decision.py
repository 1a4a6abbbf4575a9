"""The four outcomes, in their order, for counts that are made up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.slo.decision import Counts, Decision, decide, level_bounds
from tests.support.levels import level_of

EVENTS = 960
LEVEL = level_of((0.95, 0.1), (0.99, 0.3))  # look by look green allows 27, 65, 103 and 1, 5, 11
LIMITS = level_bounds(LEVEL, EVENTS)
RED = LIMITS[1].red_from  # of 99%


def counts(look: int, bad: int, excused: int | None = None, far: int = 0) -> Counts:
    after = bad if excused is None else excused
    return Counts(EVENTS * (look + 1), bad, after, far, excused=bad - after)


def decision(*strict: Counts, small: bool = False) -> Decision:
    """What the counts of the stricter objective come to, where the other one is clearly met."""
    looks = [(counts(look, 0), each) for look, each in enumerate(strict)]
    return decide(LEVEL, LIMITS, looks, red_must_be_far=small)


def test_a_clear_case_ends_at_the_first_look() -> None:
    """Green by the events as they came is met, and needs no further look."""
    assert decision(counts(0, 1)).outcome == "met"


def test_what_is_close_needs_another_look() -> None:
    """Two bad events of 960 are neither green nor red; five of 1,920 are green."""
    assert decision(counts(0, 2)).outcome == "open"
    assert decision(counts(0, 2), counts(1, 5)).outcome == "met"


def test_after_the_last_look_it_is_undecided() -> None:
    """It says how many bad events green would have allowed."""
    found = decision(counts(0, 4), counts(1, 9), counts(2, 14))
    assert found.outcome == "undecided"
    assert found.objectives[1].green_at_most == 11
    assert [each.outcome for each in found.objectives] == ["met", "undecided"]


def test_red_after_excuses_is_not_met() -> None:
    """Enough events stay bad when the machine's time is given back."""
    found = decision(counts(0, 200, excused=RED[0]))
    assert found.outcome == "not_met"
    assert found.objectives[1].outcome == "not_met"


def test_red_that_is_the_machine_s_says_nothing() -> None:
    """Red as the events came, and one too few after excuses: no verdict, and no further look."""
    assert decision(counts(0, 200, excused=RED[0] - 1)).outcome == "disturbed"


def test_green_takes_every_event_as_it_came() -> None:
    """Excuses never make a run green: after the last look it says nothing."""
    assert decision(counts(0, 4, excused=0)).outcome == "open"
    looks = (counts(0, 4, 0), counts(1, 9, 0), counts(2, 14, 0))
    assert decision(*looks).outcome == "disturbed"


def test_an_objective_that_was_green_stays_green() -> None:
    """Its test ended there; the other objective may need more looks."""
    loose = [counts(0, 0), counts(1, 600), counts(2, 900)]
    strict = [counts(0, 2), counts(1, 7), counts(2, 11)]
    found = decide(LEVEL, LIMITS, list(zip(loose, strict, strict=True)))
    assert found.outcome == "met"


def test_one_objective_is_enough_for_red() -> None:
    """Met is all of them, not met is any."""
    looks = [(counts(0, 500, excused=LIMITS[0].red_from[0]), counts(0, 0))]
    assert decide(LEVEL, LIMITS, looks).outcome == "not_met"


def test_red_on_a_small_machine_must_be_far_off() -> None:
    """There it stands only with over three budgets at twice the threshold; green still counts."""
    near = counts(0, 200, excused=200, far=28)
    assert decision(near, small=True).outcome == "disturbed"
    assert decision(counts(0, 200, excused=200, far=29), small=True).outcome == "not_met"
    assert decision(near).outcome == "not_met"
    assert decision(counts(0, 0), small=True).outcome == "met"


def test_red_beside_others_who_are_to_blame_for_most_events_must_be_far_off() -> None:
    """Half of the events excused is not most of them; one more, and a near red is nobody's."""
    half = EVENTS // 2
    assert decision(counts(0, half + 100, excused=100)).outcome == "not_met"
    assert decision(counts(0, half + 101, excused=100)).outcome == "disturbed"
    assert decision(counts(0, half + 101, excused=100, far=100)).outcome == "not_met"


def test_where_no_red_can_be_told_green_still_can() -> None:
    """Others had the machine: the reddest run says nothing, and one within green is met."""
    none = [(counts(0, 0), counts(0, 960, far=960))]
    assert decide(LEVEL, LIMITS, none).outcome == "not_met"
    assert decide(LEVEL, LIMITS, none, no_red=True).outcome == "disturbed"
    assert decide(LEVEL, LIMITS, [(counts(0, 0), counts(0, 1))], no_red=True).outcome == "met"
    close = [(counts(look, 0), counts(look, bad)) for look, bad in enumerate((4, 9, 14))]
    assert decide(LEVEL, LIMITS, close).outcome == "undecided"
    assert decide(LEVEL, LIMITS, close, no_red=True).outcome == "disturbed"
    assert decide(LEVEL, LIMITS, close[:2], no_red=True).outcome == "open"


def test_who_was_young_when_the_burst_was_stopped_is_no_sign_of_others() -> None:
    """A near red of a burst that was stopped early stands, though most were not yet late."""
    young = replace(counts(0, 800, excused=RED[0]), excused=0)
    assert decision(young).outcome == "not_met"


def test_without_any_event_nothing_is_green() -> None:
    """Too few events for green leave it open, and undecided in the end."""
    limits = level_bounds(LEVEL, 10)
    nothing = [(Counts(10 * (look + 1), 0, 0),) * 2 for look in range(3)]
    assert decide(LEVEL, limits, nothing[:1]).outcome == "open"
    found = decide(LEVEL, limits, nothing)
    assert found.objectives[1].green_at_most == -1
    assert found.outcome == "disturbed" or found.outcome == "undecided"


@given(st.lists(st.tuples(st.integers(0, 960), st.floats(0, 1)), min_size=1, max_size=3))
def test_outcomes_exclude_one_another(looks: list[tuple[int, float]]) -> None:
    """Whatever comes, excuses never turn a run green, and never turn a green one red."""
    bad, excused = 0, 0
    made = []
    for look, (more, share) in enumerate(looks):
        bad, excused = bad + more, excused + round(more * share)
        made.append(counts(look, bad, excused))
    found = decision(*made)
    as_they_came = decision(*(Counts(each.total, each.bad, each.bad) for each in made))
    assert (found.outcome == "met") == (as_they_came.outcome == "met")
    if found.outcome == "not_met":
        assert as_they_came.outcome == "not_met"


@pytest.mark.parametrize("look", [0, 1, 2])
def test_bad_events_that_green_allows_are_said_for_the_last_look(look: int) -> None:
    """A learner reads what would have been enough there."""
    made = [counts(each, LIMITS[1].green_at_most[each] + 1) for each in range(look + 1)]
    assert decision(*made).objectives[1].green_at_most == LIMITS[1].green_at_most[look]
