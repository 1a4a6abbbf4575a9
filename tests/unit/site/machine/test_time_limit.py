"""A time limit that grows by theft, on a clock and a machine that are set by hand."""

import pytest

from dojo.site.machine.time_limit import MOST_TIMES, TimeLimit
from dojo.site.machine.watch import MachineWatch, Roots
from dojo.slo.machine_interval import MachineInterval
from tests.unit.slo.test_excuse import interval


class KnownMachine(MachineWatch):
    """A watch that has seen these intervals since its start."""

    def __init__(self, *intervals: MachineInterval, own_priority: str = "") -> None:
        super().__init__(Roots(1, 1))
        self._known, self.own_priority = intervals, own_priority

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def intervals(self, epoch_s: float) -> tuple[MachineInterval, ...]:
        return self._known


def over_at(limit_s: float, watch: MachineWatch) -> float:
    """The second at which the limit is over, to a tenth."""
    now_s = 0.0
    with TimeLimit(limit_s, watch, lambda: now_s) as limit:
        while not limit.is_over:
            now_s += 0.1
        assert limit.left_s <= 0
    return now_s


HALF = interval(0.0, 1000.0, delay=0.5, run=0.5)  # half a second each second


@pytest.mark.parametrize(
    ("watch", "over_s"),
    [
        (KnownMachine(), 2.0),
        (KnownMachine(interval(0.0, 1000.0, delay=0.5, run=0.5, outside=0.0)), 2.0),
        (KnownMachine(HALF), 4.0),
        (KnownMachine(interval(0.0, 1.0, delay=0.5, run=0.5)), 2.5),
        (KnownMachine(HALF, own_priority="nice -5"), 2.0),
        (KnownMachine(interval(0.0, 1000.0, delay=1.9, outside=2.0, run=0.1)), 2.0 * MOST_TIMES),
    ],
    ids=["quiet", "its own queue", "half", "for one second", "own priority", "never for ever"],
)
def test_a_limit_grows_by_what_was_stolen(watch: MachineWatch, over_s: float) -> None:
    """By nothing that is the app's own, and to four times its length at most."""
    assert over_at(2.0, watch) == pytest.approx(over_s, abs=0.11)
