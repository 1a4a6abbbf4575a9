"""Charts made of characters: bars, and the slowest answers over the burst. Pure.

█ is good; ▒ is bad, however quick it was: slow, wrong or failed. So it can be seen without colors.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dojo.burst_figures import Point
from dojo.output.events import is_good

__all__ = ["BAD", "Bar", "bar", "bars", "timeline"]

BAD = "▒"

EIGHTHS = " ▏▎▍▌▋▊▉█"
EDGES_S = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, math.inf)


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a histogram: events answered in (above_s, upto_s], good ones and bad ones."""

    above_s: float
    upto_s: float
    good: int
    bad: int

    @property
    def count(self) -> int:
        """All events of the line."""
        return self.good + self.bad


def bars(points: Sequence[Point], thresholds_s: Sequence[float]) -> list[Bar]:
    """A histogram whose edges include every threshold; empty lines at both ends are left out.

    Good is right, and within the tightest threshold.
    """
    edges = sorted({0.0, *EDGES_S, *thresholds_s})
    tightest_s = min(thresholds_s, default=None)
    good_s, bad_s = list[float](), list[float]()
    for point in points:
        if point.latency_s is not None:
            (good_s if is_good(point, tightest_s) else bad_s).append(point.latency_s)

    def within(times_s: Sequence[float], low: float, high: float) -> int:
        return sum(low < time <= high or (low == 0 and time <= 0) for time in times_s)

    lines = [
        Bar(low, high, within(good_s, low, high), within(bad_s, low, high))
        for low, high in itertools.pairwise(edges)
    ]
    filled = [place for place, line in enumerate(lines) if line.count]
    if not filled:
        return []
    limits = [place for place, line in enumerate(lines) if line.upto_s in thresholds_s]
    return lines[filled[0] : max(filled[-1], *limits, 0) + 1]


def bar(share: float, width: int) -> str:
    """A bar of `share` (0 to 1) of the width, exact to an eighth of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    if share > 0:
        eighths = max(1, eighths)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (EIGHTHS[rest] if rest else "")


def timeline(
    points: Sequence[Point], duration_s: float, threshold_s: float, width: int, height: int
) -> list[str]:
    """The slowest response of each moment over the burst, with the threshold as a line.

    Rows from top to bottom; each is a label of seven characters and the plot. The scale is
    logarithmic, from a tenth of the threshold (or less, where all were quicker) to the slowest
    response. A moment is bad if any of its answers is: the part of its column from the threshold
    on, or all of it where no answer was late, and one was wrong or failed. ↑ is an event without
    an answer.
    """
    slowest_s: list[float | None] = [None] * width
    unanswered, bad = [False] * width, [False] * width
    for point in points:
        place = min(width - 1, int(point.intended_s / max(duration_s, 1e-9) * width))
        if point.latency_s is None:
            unanswered[place] = True
        else:
            slowest_s[place] = max(slowest_s[place] or 0.0, point.latency_s)
            bad[place] |= not is_good(point, threshold_s)
    times = [time for time in slowest_s if time is not None] or [threshold_s]
    low = math.log10(max(1e-4, min(threshold_s / 10, min(times) / 2)))
    high = math.log10(max(*times, threshold_s * 2))

    def level(time_s: float) -> float:
        return (math.log10(max(time_s, 1e-6)) - low) / (high - low) * (height - 1)

    line = round(level(threshold_s))
    tops = [-1 if time is None else round(level(time)) for time in slowest_s]
    rows = []
    for row in range(height - 1, -1, -1):
        empty = "╌" if row == line else " "
        cells = [
            (BAD if wrong and (row >= line or top < line) else "█") if top >= row >= 0 else empty
            for top, wrong in zip(tops, bad, strict=True)
        ]
        if row == height - 1:
            cells = ["↑" if no else cell for no, cell in zip(unanswered, cells, strict=True)]
        label_s = threshold_s if row == line else 10 ** (low + row / (height - 1) * (high - low))
        label = f"{label_s * 1000:.0f} ms" if label_s < 1 else f"{label_s:.1f} s"
        rows.append(f"{label:>7} {'┤' if row == line else '│'}{''.join(cells)}")
    return rows
