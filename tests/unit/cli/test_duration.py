"""dojo.cli.duration: lengths of time as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.cli.duration import clock, duration_s, spoken


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("60", 60), ("90s", 90), ("10m", 600), ("1h", 3600), ("1.5h", 5400), (" 2 m ", 120)],
)
def test_usual_ways_to_write_it(text: str, seconds: float) -> None:
    """A number alone is seconds; s, m and h are units."""
    assert duration_s(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0", "0s", "-5", "x", "1d", "1h30m", "inf", "nan", "1e3", "٣", "10 minutes"]
)
def test_anything_else_is_refused(text: str) -> None:
    """The message quotes what was given and shows how to write it."""
    with pytest.raises(ValueError, match="60, 90s, 10m or 1h") as refused:
        duration_s(text)
    assert repr(text) in str(refused.value)


@given(st.integers(1, 90_000))
def test_what_is_said_can_be_read_back(seconds: int) -> None:
    """Saying a length and reading it again changes nothing."""
    assert duration_s(spoken(seconds)) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (7.9, "0:07"), (750, "12:30"), (3600, "1:00:00")]
)
def test_a_clock(seconds: float, shown: str) -> None:
    """Minutes and seconds, and hours once there are any."""
    assert clock(seconds) == shown
