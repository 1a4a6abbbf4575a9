"""dojo.load.arrivals: the mix of the katas' flows, in slices that are continuous in time."""

import math
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.load.arrivals import mixed, slices
from dojo.load.plan import Flow, Journey, Plan, Step


def flow(name: str, rate_per_s: float) -> Flow:
    """A flow whose journeys are all different."""
    return Flow(
        name, rate_per_s, lambda rng: Journey(name, (Step("a", "GET", f"/{rng.random()}"),))
    )


def load(seed: int, slice_s: float, until_s: float) -> list[Plan]:
    """Some load of two katas."""
    mix = mixed([[flow("page", 80), flow("order", 3)], [flow("log_in", 20)]], 4.0)
    return list(slices(Random(seed), mix, slice_s, until_s))


def test_katas_share_equally_and_their_flows_as_in_the_burst() -> None:
    """Half of the rate for each of two katas; within one, as its flows' own rates are."""
    mix = mixed([[flow("page", 80), flow("order", 20)], [flow("log_in", 5)]], 4.0)
    assert {flow.name: rate for flow, rate in mix} == pytest.approx(
        {"page": 1.6, "order": 0.4, "log_in": 2.0}
    )


@given(
    st.lists(st.lists(st.floats(0.01, 100), min_size=1, max_size=4), min_size=1, max_size=5),
    st.floats(0.1, 50),
)
def test_the_mix_has_the_whole_rate(rates: list[list[float]], whole: float) -> None:
    """Whatever the flows' own rates: all together have the whole rate, each kata an equal part."""
    mix = mixed([[flow("f", rate) for rate in kata] for kata in rates], whole)
    shares = [rate for _, rate in mix]
    assert sum(shares) == pytest.approx(whole)
    for kata in rates:
        own, shares = shares[: len(kata)], shares[len(kata) :]
        assert sum(own) == pytest.approx(whole / len(rates))
        assert own == pytest.approx([rate * sum(own) / sum(kata) for rate in kata])


@given(st.integers(0, 2**32), st.floats(0.2, 5), st.floats(0.1, 20))
def test_every_journey_is_in_the_slice_that_it_is_due_in(
    seed: int, slice_s: float, until_s: float
) -> None:
    """Slices cover the load from its start to its end, and arrivals ascend through all of them."""
    begins_s, last_s = 0.0, 0.0
    for plan in load(seed, slice_s, until_s):
        for journey in plan.journeys:
            assert begins_s <= journey.intended_s < plan.duration_s
            assert journey.intended_s >= last_s
            last_s = journey.intended_s
        begins_s = plan.duration_s
    assert begins_s == until_s


def test_slices_follow_one_another_without_gap() -> None:
    """Each slice begins where the one before ended, the last ends with the load, in order."""
    plans = load(1, 2.0, 7.0)
    assert [plan.duration_s for plan in plans] == [2.0, 4.0, 6.0, 7.0]
    for begins_s, plan in zip([0.0, 2.0, 4.0, 6.0], plans, strict=True):
        times = [journey.intended_s for journey in plan.journeys]
        assert times == sorted(times)
        assert all(begins_s <= time < plan.duration_s for time in times)


@pytest.mark.parametrize("slice_s", [0.3, 1.0, 17.0])
def test_how_it_is_sliced_changes_nothing(slice_s: float) -> None:
    """The same seed gives the same journeys at the same times, whatever the slices' length."""
    sliced, usual = (
        [(j.name, j.intended_s, j.steps) for plan in load(5, size, 60.0) for j in plan.journeys]
        for size in (slice_s, 2.0)
    )
    assert sliced == usual
    assert sliced


def test_arrivals_are_a_poisson_process() -> None:
    """Gaps are exponential, across slices' borders too: mean 1/rate, and e⁻¹ of them are longer."""
    times = [j.intended_s for plan in load(3, 2.0, 5000.0) for j in plan.journeys]
    gaps = [after - before for before, after in pairwise(times)]
    assert len(times) == pytest.approx(20_000, rel=0.03)
    assert sum(gaps) / len(gaps) == pytest.approx(0.25, rel=0.03)
    assert sum(gap > 0.25 for gap in gaps) / len(gaps) == pytest.approx(math.exp(-1), rel=0.03)


def test_a_rare_journey_comes_in_its_turn() -> None:
    """Over a long time each flow has its share, though none fits into a single slice."""
    counted = Counter(j.name for plan in load(9, 0.5, 5000.0) for j in plan.journeys)
    assert counted["order"] == pytest.approx(2 * 3 / 83 * 5000, rel=0.15)
    assert counted["log_in"] == pytest.approx(10_000, rel=0.05)


def test_the_pace_can_change_between_slices() -> None:
    """Ten times the pace brings ten times as many, and the mix stays as it is."""
    pace = 1.0
    mix = mixed([[flow("page", 30), flow("order", 10)]], 4.0)
    plans = slices(Random(7), mix, 2.0, 800.0, lambda: pace)
    slow = [next(plans) for _ in range(200)]
    pace = 10.0
    fast = list(plans)
    assert (len(slow), len(fast)) == (200, 200)
    for some, rate_per_s in ((slow, 4.0), (fast, 40.0)):
        journeys = [journey for plan in some for journey in plan.journeys]
        expected = rate_per_s * 400.0
        assert len(journeys) == pytest.approx(expected, abs=5 * math.sqrt(expected))
        pages = sum(journey.name == "page" for journey in journeys)
        assert pages / len(journeys) == pytest.approx(0.75, abs=0.06)
    times = [journey.intended_s for plan in (*slow, *fast) for journey in plan.journeys]
    assert times == sorted(times)


def test_a_load_can_go_on_from_a_moment() -> None:
    """After a pause nothing is planned before it ends, and the slices end where the load does."""
    plans = list(slices(Random(7), mixed([[flow("page", 80)]], 4.0), 2.0, 100.0, from_s=31.0))
    assert [plan.duration_s for plan in plans][:2] == [33.0, 35.0]
    assert plans[-1].duration_s == 100.0
    times_s = [journey.intended_s for plan in plans for journey in plan.journeys]
    assert times_s == sorted(times_s)
    assert times_s[0] > 31.0
