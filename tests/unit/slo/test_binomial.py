"""The binomial distribution."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.slo.binomial import ALPHA, at_least, at_most, enough, interval


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


@given(st.floats(0.5, 0.999))
def test_enough_is_the_least_faultless_run(target: float) -> None:
    """So many good events in a row are rarer than 1 in 1,000 at the target; one fewer is not."""
    events = enough(target)
    assert target**events <= ALPHA < target ** (events - 1)


@given(st.integers(1, 2000), st.data())
def test_an_interval_holds_the_ratios_that_the_tails_do_not_exclude(
    n: int, data: st.DataObject
) -> None:
    """At each end the counts that were seen, or more extreme ones, have a chance of ALPHA."""
    good = data.draw(st.integers(0, n))
    low, high = interval(good, n)
    assert 0 <= low <= good / n <= high <= 1
    assert low == 0 if good == 0 else at_least(good, n, low) == pytest.approx(ALPHA, rel=1e-6)
    assert high == 1 if good == n else at_most(good, n, high) == pytest.approx(ALPHA, rel=1e-6)


def test_nothing_is_known_without_events() -> None:
    """Any ratio is possible."""
    assert interval(0, 0) == (0.0, 1.0)
