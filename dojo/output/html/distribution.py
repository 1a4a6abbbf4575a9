"""How long visitors waited: a histogram, and how many were still waiting after each time. Pure."""

import math
from dataclasses import dataclass

from dojo.output.charts import bars
from dojo.output.html.events import is_good, right_times_s, thresholds_s
from dojo.output.html.over_time import Mark
from dojo.output.html.scale import Linear, Log, number
from dojo.output.html.words import brief, ratio, times
from dojo.report import Report

__all__ = ["Goal", "Histogram", "Row", "Waiting", "histogram", "waiting"]

SMALLEST_S = 1e-4
ROW = 22


@dataclass(frozen=True, slots=True)
class Row:
    """Events with an answer in one span of time, or with none: good ones and bad ones."""

    label: str
    top: float
    good: int
    bad: int
    good_width: float
    bad_width: float
    threshold: str  # the threshold at the lower edge of this row, if there is one

    @property
    def count(self) -> int:
        """All events of the row."""
        return self.good + self.bad


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of equal height, one below the other."""

    width: int
    height: int
    left: float
    right: float
    rows: tuple[Row, ...]


def histogram(report: Report, width: int) -> Histogram:
    """The distribution over the terminal's spans; good is under the tightest threshold."""
    limits_s = thresholds_s(report)
    tightest_s = limits_s[0] if limits_s else None
    good_s = [p.latency_s for p in report.points if is_good(p, tightest_s)]
    told = []
    for one in bars(report.points, limits_s):
        within = sum(
            one.above_s < time <= one.upto_s or (one.above_s == 0 and time <= 0)
            for time in good_s
            if time is not None
        )
        label = f"> {brief(one.above_s)}" if math.isinf(one.upto_s) else f"≤ {brief(one.upto_s)}"
        mark = brief(one.upto_s) if one.upto_s in limits_s else ""
        told.append((label, within, one.count - within, mark))
    lost = sum(point.latency_s is None for point in report.points)
    if lost:
        told.append(("failed", 0, lost, ""))
    left, right, top = 72.0, width - 52.0, 4.0
    across = Linear(0, max([good + bad for _, good, bad, _ in told], default=1), 0, right - left)
    rows = []
    for label, good, bad, mark in told:
        rows.append(Row(label, top, good, bad, across(good), across(bad), mark))
        top += ROW + (16 if mark else 0)
    return Histogram(width, round(top + 4), left, right, tuple(rows))


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective in the picture: where the curve has to pass below, and where it passes."""

    x: float
    allowed: float  # the height of 1 - target
    came: float  # the height of the bad ratio
    budget: str
    burn: str
    met: bool
    threshold: str
    text_after: bool  # whether there is more room to the right


@dataclass(frozen=True, slots=True)
class Waiting:
    """The share of all events without a right answer, by the time that has passed."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x: tuple[Mark, ...]
    y: tuple[Mark, ...]
    curve: str
    goals: tuple[Goal, ...]
    rest: Mark | None  # those who never got one


def waiting(report: Report, width: int, height: int) -> Waiting:
    """1 - SLI for every threshold there could be, both axes logarithmic; zero is the floor."""
    wide = width > 500
    total, times_s = len(report.points), right_times_s(report.points)
    objectives = [one for one in report.objectives if one.threshold_s is not None and one.total]
    seen_s = [max(SMALLEST_S, v) for v in (*times_s, *thresholds_s(report))]
    left, right, top, bottom = 52.0, width - (96.0 if wide else 12.0), 26.0, height - 30.0
    low_s, high_s = min(seen_s, default=0.01) / 1.6, max(seen_s, default=1.0) * 1.6
    floor = min([1 / max(1, total), *(1 - one.target for one in objectives)]) / 2
    across, up = Log(low_s, high_s, left, right), Log(floor, 1, bottom, top)
    steps: dict[float, float] = {}
    for count, time_s in enumerate(times_s, start=1):
        steps[round(across(max(SMALLEST_S, time_s)), 1)] = (total - count) / total
    curve = f"M{number(left)} {number(top)}" + "".join(
        f"H{number(x)}V{number(up(share))}" for x, share in steps.items()
    )
    rest = (total - len(times_s)) / total if total else 0.0
    ticks = [Mark(up(v), ratio(v), up(v)) for v in up.ticks(6)]
    return Waiting(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        x=tuple(Mark(across(v), brief(v), across(v)) for v in across.ticks(8 if wide else 4)),
        y=(*(tick for tick in ticks if bottom - tick.at > 10), Mark(bottom, "nobody", bottom)),
        curve=curve + f"H{number(right)}",
        goals=tuple(
            Goal(
                x=across(one.threshold_s or 0),
                allowed=up(1 - one.target),
                came=up(1 - one.sli),
                budget=ratio(1 - one.target),
                burn=times(one.burn_rate),
                met=one.verdict == "met",
                threshold=brief(one.threshold_s or 0),
                text_after=across(one.threshold_s or 0) < right - 40,
            )
            for one in objectives
        ),
        rest=Mark(up(rest), f"{ratio(round(rest, 3))} failed", up(rest)) if rest else None,
    )
