"""The binomial verdict."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.slo.binomial import ALPHA, at_least, at_most, decide, enough, interval, red_from


def exact_tail(k: int, n: int, p: Fraction) -> Fraction:
    return sum((math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), Fraction(0))


@given(st.integers(1, 60), st.data())
def test_tail_is_exact(n: int, data: st.DataObject) -> None:
    """The lower tail agrees with a sum of exact fractions."""
    k = data.draw(st.integers(0, n))
    p = data.draw(st.integers(1, 99))
    assert at_most(k, n, p / 100) == pytest.approx(float(exact_tail(k, n, Fraction(p, 100))))


@given(st.integers(1, 500), st.integers(1, 99), st.data())
def test_tails_are_complementary(n: int, percent: int, data: st.DataObject) -> None:
    """P(X <= k) and P(X >= k + 1) make one."""
    k = data.draw(st.integers(0, n - 1))
    assert at_most(k, n, percent / 100) + at_least(k + 1, n, percent / 100) == pytest.approx(1)


def test_zero_events_are_never_green() -> None:
    """Without events nothing is decided."""
    assert decide(0, 0, 0.5) == "inconclusive"


def test_false_green_and_false_red_are_bounded() -> None:
    """An app exactly on target is called green, or red, at most once in a thousand runs."""
    n, target = 960, 0.95
    wrong = dict.fromkeys(("met", "not_met", "inconclusive"), 0.0)
    for bad in range(n + 1):
        chance = at_most(bad, n, 1 - target) - at_most(bad - 1, n, 1 - target)
        wrong[decide(bad, n, target)] += chance
    assert sum(wrong.values()) == pytest.approx(1)
    assert 0 < wrong["met"] <= ALPHA
    assert 0 < wrong["not_met"] <= ALPHA


@given(st.integers(50, 3000), st.sampled_from([0.9, 0.95, 0.99]))
def test_red_is_certain_from_its_count_on(n: int, target: float) -> None:
    """red_from is the first number of bad events that is red, and one less is not."""
    least = red_from(n, target)
    if least <= n:
        assert decide(least, n, target) == "not_met"
    assert decide(least - 1, n, target) != "not_met"


def test_enough_is_the_least_faultless_run() -> None:
    """A faultless run of that many events is green, one event fewer is not."""
    n = enough(0.99)
    assert decide(0, n, 0.99) == "met"
    assert decide(0, n - 1, 0.99) == "inconclusive"


@given(st.integers(1, 2000), st.data())
def test_interval_agrees_with_the_decision(n: int, data: st.DataObject) -> None:
    """A target above the interval is missed, one below it is met, one inside is open."""
    good = data.draw(st.integers(0, n))
    low, high = interval(good, n)
    assert 0 <= low <= good / n <= high <= 1
    target = 0.9
    if abs(target - low) > 1e-9 and abs(target - high) > 1e-9:
        wanted = "met" if target < low else "not_met" if target > high else "inconclusive"
        assert decide(n - good, n, target) == wanted


def test_impossible_counts_are_refused() -> None:
    """More bad events than events is a mistake of the caller."""
    with pytest.raises(ValueError, match="bad must lie"):
        decide(2, 1, 0.9)
