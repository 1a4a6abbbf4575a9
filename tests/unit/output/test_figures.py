"""Times and ratios as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.figures import (
    burn_rate,
    core_count,
    count_of,
    percent,
    round_percent,
    round_time,
    seconds,
    tenths,
)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([0.9, 0.95, 0.99, 0.999]))
def test_a_percentage_never_rounds_to_a_lie(total: int, bad: int, target: float) -> None:
    """It is shown as 100%, 0% or the target only if it is exactly that."""
    ratio = max(0, total - bad) / total
    percentage = float(percent(ratio, target).rstrip("%"))
    for exact in (0.0, 1.0, target):
        assert (percentage == round(exact * 100, 9)) == (ratio == exact)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0.0155, "16 ms"), (0.9994, "999 ms"), (2.5, "2.50 s")]
)
def test_times_as_people_say_them(value: float | None, text: str) -> None:
    """Milliseconds below a second, seconds above."""
    assert seconds(value) == text


def test_round_figures_have_no_more_digits_than_they_need() -> None:
    """As on an axis, or as a target is written."""
    assert [round_time(0.3), round_time(5), round_time(1.5)] == ["300 ms", "5 s", "1.5 s"]
    assert [round_percent(0.95), round_percent(0.999)] == ["95%", "99.9%"]


def test_a_small_burn_rate_is_not_zero() -> None:
    """Only zero is percentage as zero."""
    rates = [burn_rate(rate)[:-1] for rate in (0, 0.004, 1, 1234.5)]
    assert rates == ["0.0", "0.004", "1.0", "1,234.5"]
    assert burn_rate(1)[-1] == "\N{MULTIPLICATION SIGN}"


def test_a_noun_agrees_with_its_count() -> None:
    """One event, but 0 and 2,000 events."""
    counts = [count_of(count, "event") for count in (0, 1, 2000)]
    assert counts == ["0 events", "1 event", "2,000 events"]


@pytest.mark.parametrize(
    ("cores", "text"),
    [(0.5, "0.5 cores"), (1.0, "1 core"), (1.02, "1 core"), (1.5, "1.5 cores"), (2.0, "2 cores")],
)
def test_a_quota_can_be_a_part_of_a_core(cores: float, text: str) -> None:
    """Never none."""
    assert core_count(cores) == text


def test_tenths_have_one_decimal_and_are_never_on_the_wrong_side() -> None:
    """99.98% is not 100.0%, 0.02% not 0.0%, and what is just off a target is not the target."""
    assert [tenths(each) for each in (1.0, 0.0, 0.9998, 0.0002)] == [
        *("100.0%", "0.0%", "99.9%", "0.1%")
    ]
    assert [tenths(each, 0.8) for each in (0.8, 0.79999, 0.80001, 0.3828)] == [
        *("80.0%", "79.9%", "80.1%", "38.3%")
    ]
