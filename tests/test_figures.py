"""Times and ratios as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.figures import percent, seconds


@pytest.mark.parametrize(
    ("time_s", "told"), [(None, "-"), (0.0, "0 ms"), (0.0554, "55 ms"), (1.0, "1.00 s")]
)
def test_times(time_s: float | None, told: str) -> None:
    """Milliseconds below a second, seconds above."""
    assert seconds(time_s) == told


def test_a_ratio_never_rounds_to_a_lie() -> None:
    """Not to 100%, not to 0%, and not to the target that it misses."""
    assert percent(0.99999) == "99.999%"
    assert percent(0.00001) == "0.001%"
    assert percent(0.94999, against=0.95) == "94.999%"
    assert (percent(1.0), percent(0.0), percent(0.95, against=0.95)) == ("100.0%", "0.0%", "95.0%")


@given(st.floats(0, 1), st.sampled_from([0.95, 0.98, 0.99]))
def test_a_ratio_is_on_its_own_side_of_the_target(ratio: float, target: float) -> None:
    """What is shown is never equal to the target unless the ratio is."""
    shown = float(percent(ratio, target).removesuffix("%"))
    assert (shown == round(target * 100, 9)) <= (abs(ratio - target) < 1e-9)
