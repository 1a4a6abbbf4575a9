"""The verdict in up to three looks: bounds, errors, and what becomes of which app."""

import math
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.slo.sequential import (
    GREEN_ALPHA,
    Bounds,
    bounds,
    equal_looks,
    operating_characteristics,
    red_alpha,
)


@pytest.mark.parametrize(("target", "events"), [(0.99, 960), (0.98, 480)])
def test_green_allows_one_five_eleven(target: float, events: int) -> None:
    """With ten bad events of budget a look, green allows 1, 5 and 11 bad ones in all."""
    assert bounds(target, equal_looks(events)).green_at_most == (1, 5, 11)


@pytest.mark.parametrize(
    ("spent", "first", "last"), [(0.05, 92, 100), (0.1, 75, 100), (0.2, 43, 98.6), (0.3, 22, 84.8)]
)
def test_an_app_within_its_budget_becomes_green(spent: float, first: float, last: float) -> None:
    """An app that spends a share of its budget is green after one look, or three, so often."""
    limits = bounds(0.99, equal_looks(960))
    chances = operating_characteristics(limits, spent * 0.01).green
    assert 100 * chances[0] == pytest.approx(first, abs=0.5)
    assert 100 * chances[2] == pytest.approx(last, abs=0.1)


@pytest.mark.parametrize("target", [0.9, 0.95, 0.98, 0.99])
@pytest.mark.parametrize("events", [120, 480, 960])
def test_both_errors_are_bounded_over_all_looks(target: float, events: int) -> None:
    """An app just on target is called green, or red, by all looks together in 1 of 1,000 runs."""
    limits = bounds(target, equal_looks(events), red_alpha=0.0005)
    chances = operating_characteristics(limits, 1 - target)
    assert chances.green[-1] <= GREEN_ALPHA * (1 + 1e-9)
    assert chances.red[-1] <= 0.0005 * (1 + 1e-9)


@pytest.mark.parametrize("target", [0.95, 0.98, 0.99])
def test_a_worse_app_is_green_less_often_and_red_more_often(target: float) -> None:
    """The chance of green falls with the true bad ratio, the chance of red rises, from 0 to 1."""
    limits = bounds(target, equal_looks(960))
    ratios = [step / 50 for step in range(51)]
    found = [operating_characteristics(limits, ratio) for ratio in ratios]
    assert found[0].green[0] == pytest.approx(1)
    assert found[-1].red[0] == pytest.approx(1)
    for better, worse in pairwise(found):
        assert worse.green[-1] <= better.green[-1] + 1e-12
        assert worse.red[-1] >= better.red[-1] - 1e-12


def test_three_budgets_are_red_at_once() -> None:
    """An app that spends three budgets or more is never green, and red by the second look."""
    for target, events in ((0.95, 960), (0.99, 960), (0.98, 480)):
        chances = operating_characteristics(bounds(target, equal_looks(events)), 3 * (1 - target))
        assert chances.green[-1] < 1e-6
        assert chances.red[1] > 0.995


def brute_force(limits: Bounds, p: Fraction, per_look: int) -> dict[str, Fraction]:
    """Every way in which the looks can go, by exact fractions."""
    found = {"green": Fraction(0), "red": Fraction(0), "open": Fraction(0)}
    for path in product(range(per_look + 1), repeat=len(limits.totals)):
        chance, bad, call = Fraction(1), 0, "open"
        for look, more in enumerate(path):
            chance *= math.comb(per_look, more) * p**more * (1 - p) ** (per_look - more)
            bad += more
            if call == "open":
                call = limits.call(look, bad)
        found[call] += chance
    return found


@given(st.integers(2, 5), st.integers(1, 9), st.integers(5, 9))
def test_characteristics_are_exact(per_look: int, tenths: int, target_tenths: int) -> None:
    """The probabilities agree with the sum over every path, in exact fractions."""
    limits = bounds(target_tenths / 10, equal_looks(per_look), 0.2, 0.2)
    chances = operating_characteristics(limits, tenths / 10)
    wanted = brute_force(limits, Fraction(tenths, 10), per_look)
    assert chances.green[-1] == pytest.approx(float(wanted["green"]), abs=1e-9)
    assert chances.red[-1] == pytest.approx(float(wanted["red"]), abs=1e-9)
    assert chances.undecided == pytest.approx(float(wanted["open"]), abs=1e-9)


def test_bounds_are_as_wide_as_the_error_allows() -> None:
    """One more bad event at the first look would break the bound on a wrong green."""
    limits = bounds(0.99, equal_looks(960))
    wider = Bounds(limits.totals, (limits.green_at_most[0] + 1, -1, -1), limits.red_from)
    assert operating_characteristics(wider, 0.01).green[0] > 0.8 * GREEN_ALPHA


def test_too_few_events_are_never_green() -> None:
    """Where even a faultless look proves too little no count is green, but red may be."""
    limits = bounds(0.99, equal_looks(100))
    assert limits.green_at_most[0] == -1
    assert limits.call(0, 0) == "open"
    assert limits.call(0, 100) == "red"


def test_stalls_of_neighbours_make_both_errors_larger() -> None:
    """Bad events in clumps of 30 are less evidence than their number says."""
    limits = bounds(0.95, equal_looks(960))
    alone, together = (operating_characteristics(limits, 0.05, clump) for clump in (1, 30))
    assert together.green[-1] > 100 * alone.green[-1]
    assert together.red[-1] > 100 * alone.red[-1]


@pytest.mark.parametrize("target", [0.0, 1.0, 1.5])
def test_a_target_that_is_no_ratio_is_refused(target: float) -> None:
    """A target lies between 0 and 1."""
    with pytest.raises(ValueError, match="a target is a ratio"):
        bounds(target, (10, 20))


@pytest.mark.parametrize("totals", [(), (0, 5), (10, 10), (10, 5)])
def test_totals_that_do_not_rise_are_refused(totals: tuple[int, ...]) -> None:
    """Each look brings events."""
    with pytest.raises(ValueError, match="totals must rise"):
        bounds(0.9, totals)


def test_red_is_shared_between_the_objectives() -> None:
    """Each of two objectives may be wrongly red in half of the runs that a kata may."""
    assert red_alpha(("first", "second")) == 0.0005
