"""A time limit that grows by the time that other programs take from the app meanwhile.

What waits for the app on a busy machine (for its start, for a write to be seen) follows the same
rule as an event of the SLI: theft during the wait is given back (`dojo.slo.excuse`).
"""

import math
import time
from collections.abc import Callable

from dojo.site.machine.watch import MachineWatch
from dojo.slo.excuse import Excuse

__all__ = ["TimeLimit"]

MOST_TIMES = 4.0  # a limit grows to at most so many times its length: nobody waits for ever


class TimeLimit:
    """A limit from the beginning of a `with` block on.

    with TimeLimit(15.0, site.watch()) as limit:
        while not ready() and not limit.is_over:
            time.sleep(0.1)
    """

    def __init__(
        self,
        length_s: float,
        watch: MachineWatch,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`watch` is not yet started: the block starts and stops it. `now_s` is its clock."""
        self.length_s, self._watch, self._now_s = length_s, watch, now_s
        self._began_at_s = math.inf

    def __enter__(self) -> "TimeLimit":
        self._began_at_s = self._now_s()
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.stop()

    @property
    def stolen_s(self) -> float:
        """What others took from the app since the beginning; 0 from one that asks for priority."""
        if self._watch.own_priority:
            return 0.0
        excuse = Excuse(self._watch.intervals(self._began_at_s), 0.0, math.inf)
        return excuse.stolen_s(0.0, self._now_s() - self._began_at_s)

    @property
    def left_s(self) -> float:
        """Seconds until the limit, as far as is known now; less than 0 once it is over."""
        passed_s = self._now_s() - self._began_at_s
        if passed_s < self.length_s:
            return self.length_s - passed_s
        return min(self.length_s + self.stolen_s, MOST_TIMES * self.length_s) - passed_s

    @property
    def is_over(self) -> bool:
        """Whether more time has passed than the limit and what was stolen since."""
        return self.left_s <= 0
