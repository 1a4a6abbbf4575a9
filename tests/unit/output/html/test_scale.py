"""Axes, and labels that keep apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dojo.output.html.scale import Linear, Log, apart, number


def test_a_linear_axis_is_linear() -> None:
    """The middle of the values is the middle of the way, and nothing lies outside."""
    axis = Linear(0, 10, 100, 300)
    assert [axis(0), axis(5), axis(10), axis(12), axis(-3)] == [100, 200, 300, 300, 100]
    assert axis.ticks(6) == [0, 2, 4, 6, 8, 10]


def test_a_logarithmic_axis_has_equal_ratios_at_equal_distances() -> None:
    """A tenth and ten times as much are equally far away."""
    axis = Log(0.01, 1, 200, 0)
    assert [axis(0.01), axis(0.1), axis(1), axis(0)] == pytest.approx([200, 100, 0, 200])
    assert axis.ticks(3) == [0.01, 0.1, 1]
    assert axis.ticks(7) == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]


@given(
    st.sampled_from([Linear, Log]),
    st.floats(1e-4, 1e3),
    st.floats(1.01, 1e6),
    st.integers(2, 9),
)
def test_ticks_are_few_and_on_the_axis(
    kind: type[Linear] | type[Log], low: float, times: float, most: int
) -> None:
    """As many ticks as there is room for, and each within the axis."""
    ticks = kind(low, low * times, 0, 100).ticks(most)
    assert len(ticks) <= most
    assert all(low * 0.999999 <= tick <= low * times * 1.000001 for tick in ticks)


@given(st.lists(st.floats(0, 200), max_size=8))
def test_labels_keep_apart_and_in_order(places: list[float]) -> None:
    """No two labels overlap, and none changes places with another."""
    moved = apart(places, 15, 0, 200)
    order = sorted(range(len(places)), key=lambda index: places[index])
    for before, after in pairwise(order):
        assert moved[after] - moved[before] >= 15 - 1e-6


def test_labels_with_room_stay_where_they_are() -> None:
    """Only labels in one another's way are moved."""
    assert apart([10, 100, 50], 15, 0, 200) == [10, 100, 50]


def test_coordinates_are_short() -> None:
    """A tenth of a pixel is exact enough."""
    assert [number(12.0), number(12.345), number(-0.01)] == ["12", "12.3", "0"]
