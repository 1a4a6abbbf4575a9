"""An open and a closed load of the same server that stands still once."""

import asyncio

import pytest

from dojo.load.open_and_closed import Comparison, Seen, compare
from dojo.load.stalling_server import Stall

COMPARISON = Comparison(
    length_s=1.2, rate_per_s=100, visitors=3, pause_s=0.02, stall=Stall(0.4, 0.9)
)


@pytest.fixture(scope="module")
def seen() -> tuple[Seen, Seen]:
    """What the closed load saw, and the open one."""
    return asyncio.run(compare(COMPARISON))


def test_a_closed_load_stops_while_the_server_stands_still(seen: tuple[Seen, Seen]) -> None:
    """Each of its visitors can come once in that time, since then they wait."""
    closed, _ = seen
    assert closed.came_during(COMPARISON.stall) <= COMPARISON.visitors
    assert len(closed.times_s) == len(closed.came_at_s) > COMPARISON.visitors


def test_an_open_load_goes_on(seen: tuple[Seen, Seen]) -> None:
    """All its visitors come at their moments, and each waits at least until the stall's end."""
    _, opened = seen
    assert len(opened.times_s) == 120
    assert opened.came_during(COMPARISON.stall) > 20  # of 120 that come at random in 1.2 s
    for time_s, came_at_s in zip(opened.times_s, opened.came_at_s, strict=True):
        if COMPARISON.stall.holds(came_at_s):
            assert time_s >= COMPARISON.stall.ends_s - came_at_s
