"""What visitors of the benchmark's server must wait, and how late a tool sends. Pure.

Visitors come evenly, whatever the server does. It answers each after a fixed time, and while it
stalls nobody: who comes then is answered when the stall ends. So every percentile is known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["QUANTILES", "Situation", "lateness_s", "nearest_rank"]

QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Situation:
    """A load and a server: `rate_per_s` visitors a second, and a stall, of 0 s for none."""

    name: str
    rate_per_s: int
    duration_s: float
    answer_s: float = 0.02
    stall_at_s: float = 0.0  # since the first request
    stall_s: float = 0.0

    @property
    def count(self) -> int:
        """How many visitors come."""
        return round(self.rate_per_s * self.duration_s)

    def planned_s(self) -> list[float]:
        """When they come, since the first."""
        return [place / self.rate_per_s for place in range(self.count)]

    def answered_s(self, came_s: float) -> float:
        """When the server answers whoever comes at that time."""
        due_s, stall_end_s = came_s + self.answer_s, self.stall_at_s + self.stall_s
        return max(due_s, stall_end_s) if due_s >= self.stall_at_s else due_s

    def truth_s(self) -> dict[float, float]:
        """What visitors wait, by quantile."""
        return nearest_rank([self.answered_s(came_s) - came_s for came_s in self.planned_s()])


def nearest_rank(values: Sequence[float]) -> dict[float, float]:
    """The quantiles of the values: each is a value that occurs. NaN without values."""
    ordered = sorted(values)
    if not ordered:
        return dict.fromkeys(QUANTILES, math.nan)
    return {q: ordered[max(0, math.ceil(q * len(ordered)) - 1)] for q in QUANTILES}


def lateness_s(arrived_s: Sequence[float], planned_s: Sequence[float]) -> list[float]:
    """How much later than planned requests reached the server, beside the earliest of them.

    Both ascending. A request that is missing at the end counts with those before it only.
    """
    late = [came - due for came, due in zip(sorted(arrived_s), planned_s, strict=False)]
    return [each - min(late) for each in late]
