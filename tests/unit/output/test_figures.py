"""Times and ratios as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.figures import percent, seconds


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([0.9, 0.95, 0.99, 0.999]))
def test_a_percentage_never_rounds_to_a_lie(total: int, bad: int, target: float) -> None:
    """It is shown as 100%, 0% or the target only if it is exactly that."""
    ratio = max(0, total - bad) / total
    shown = float(percent(ratio, target).rstrip("%"))
    for exact in (0.0, 1.0, target):
        assert (shown == round(exact * 100, 9)) == (ratio == exact)


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (0.0155, "16 ms"), (0.9994, "999 ms"), (2.5, "2.50 s")]
)
def test_times_as_people_say_them(value: float | None, text: str) -> None:
    """Milliseconds below a second, seconds above."""
    assert seconds(value) == text
