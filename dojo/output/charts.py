"""Pictures made of characters: how long visitors waited, and how it went over the burst. Pure."""

import itertools
import math
from collections.abc import Sequence

from dojo.report import Point

__all__ = ["Bar", "bar", "bars", "timeline"]

EIGHTHS = " ▏▎▍▌▋▊▉█"
EDGES_S = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, math.inf)


class Bar:
    """One line of a histogram: events answered in (above_s, upto_s]."""

    def __init__(self, above_s: float, upto_s: float, count: int) -> None:
        self.above_s, self.upto_s, self.count = above_s, upto_s, count


def bars(points: Sequence[Point], thresholds_s: Sequence[float]) -> list[Bar]:
    """A histogram whose edges include every threshold; empty lines at both ends are left out."""
    edges = sorted({0.0, *EDGES_S, *thresholds_s})
    times = [point.latency_s for point in points if point.latency_s is not None]
    made = [
        Bar(low, high, sum(low < time <= high or (low == 0 and time <= 0) for time in times))
        for low, high in itertools.pairwise(edges)
    ]
    filled = [place for place, one in enumerate(made) if one.count]
    if not filled:
        return []
    last = max(
        filled[-1], max((i for i, b in enumerate(made) if b.upto_s in thresholds_s), default=0)
    )
    return made[filled[0] : last + 1]


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
    response. ↑ is an event that failed or was never answered.
    """
    columns: list[float | None] = [None] * width
    lost = [False] * width
    for point in points:
        place = min(width - 1, int(point.intended_s / max(duration_s, 1e-9) * width))
        if point.latency_s is None:
            lost[place] = True
        else:
            columns[place] = max(columns[place] or 0.0, point.latency_s)
    slowest = max((time for time in columns if time is not None), default=threshold_s)
    fastest = min((time for time in columns if time is not None), default=threshold_s)
    low = math.log10(max(1e-4, min(threshold_s / 10, fastest / 2)))
    high = math.log10(max(slowest, threshold_s * 2))
    line = round((math.log10(threshold_s) - low) / (high - low) * (height - 1))
    rows = []
    for row in range(height - 1, -1, -1):
        cells = []
        for time, gone in zip(columns, lost, strict=True):
            level = -1.0
            if time is not None:
                level = (math.log10(max(time, 1e-6)) - low) / (high - low) * (height - 1)
            if gone and row == height - 1:
                cells.append("↑")
            elif time is not None and round(level) >= row:
                cells.append("█")
            else:
                cells.append("╌" if row == line else " ")
        seconds = 10 ** (low + row / (height - 1) * (high - low))
        label = threshold_s if row == line else seconds
        shown = f"{label * 1000:.0f} ms" if label < 1 else f"{label:.1f} s"
        rows.append(f"{shown:>7} {'┤' if row == line else '│'}{''.join(cells)}")
    return rows
