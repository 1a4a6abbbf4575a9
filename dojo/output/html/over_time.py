"""Plots along the burst: every event with its latency, and the error budget as it goes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from dojo.output.figures import seconds
from dojo.output.html.events import is_good, spent, thresholds_s
from dojo.output.html.scale import Linear, Log, apart, number
from dojo.output.html.words import brief, ratio
from dojo.report import ObjectiveResult, Report

__all__ = ["Budget", "Mark", "Scatter", "budget", "scatter"]

MOST_MARKS = 2500  # of one kind in a plot; more could not be told apart
SMALLEST_S = 1e-4
LABEL_GAP = 15


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick or a line at a place of an axis, with its label, which may stand a little aside."""

    at: float
    label: str
    label_at: float
    kind: str = "tick"


@dataclass(frozen=True, slots=True)
class Scatter:
    """Every event at its intended moment, at the height of its latency: a mark on a path."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    lane: float  # the height at which unanswered events stand
    x: tuple[Mark, ...]
    y: tuple[Mark, ...]
    lines: tuple[Mark, ...]  # thresholds, and the time of a visit alone
    good: str
    bad: str
    lost: str
    counts: tuple[int, int, int]  # good, bad though answered, never answered


def scatter(report: Report, width: int, height: int) -> Scatter:
    """The latency of every event over the burst, on a logarithmic scale."""
    wide = width > 500
    limits_s = thresholds_s(report)
    times_s = [p.latency_s for p in report.points if p.latency_s is not None]
    alone_s = report.service_time_s
    seen_s = [max(SMALLEST_S, value) for value in (*times_s, *limits_s, alone_s or 0) if value > 0]
    low_s, high_s = min(seen_s, default=0.01) / 1.5, max(seen_s, default=1.0) * 1.5
    left, right, lane = 52.0, width - (126.0 if wide else 52.0), 14.0
    lost = any(p.latency_s is None for p in report.points)
    top, bottom = 34.0 if lost else 10.0, height - 30.0
    end_s = max([report.burst_s, *(p.intended_s for p in report.points)])
    across, up = Linear(0, end_s, left, right), Log(low_s, high_s, bottom, top)
    kinds: dict[str, list[tuple[float, float]]] = {"good": [], "bad": [], "lost": []}
    tightest_s = limits_s[0] if limits_s else None
    for point in report.points:
        at = across(point.intended_s)
        if point.latency_s is None:
            kinds["lost"].append((at, lane))
        else:
            kind = "good" if is_good(point, tightest_s) else "bad"
            kinds[kind].append((at, up(point.latency_s)))
    return Scatter(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        lane=lane,
        x=_moments(across, 7 if wide else 5),
        y=tuple(Mark(up(v), brief(v), up(v)) for v in up.ticks(7)),
        lines=_lines(report, up, wide),
        good=_path(kinds["good"]),
        bad=_path(kinds["bad"]),
        lost=_path(kinds["lost"]),
        counts=(len(kinds["good"]), len(kinds["bad"]), len(kinds["lost"])),
    )


def _moments(across: Linear, most: int) -> tuple[Mark, ...]:
    return tuple(Mark(across(v), f"{v:g} s", across(v)) for v in across.ticks(most))


def _lines(report: Report, up: Log, wide: bool) -> tuple[Mark, ...]:
    told = [
        (one.threshold_s, f"{ratio(one.target)} within" if wide else "", "threshold")
        for one in report.objectives
        if one.threshold_s is not None
    ]
    if report.service_time_s:
        told.append((report.service_time_s, "alone:" if wide else "alone", "alone"))
    places = apart([up(value) for value, _, _ in told], LABEL_GAP, up.end, up.start)
    return tuple(
        Mark(up(value), _label(words, value, wide, kind), place, kind)
        for (value, words, kind), place in zip(told, places, strict=True)
    )


def _label(words: str, value_s: float, wide: bool, kind: str) -> str:
    if kind == "alone":
        return f"{words} {seconds(value_s)}" if wide else words
    return f"{words} {brief(value_s)}".strip()


def _path(places: Iterable[tuple[float, float]]) -> str:
    """A line through all places, whose corners carry the marks; it is not drawn itself.

    Where places are many, those on the same spot are marked once.
    """
    every, grid = list(places), 1
    while len(cells := {(round(x / grid), round(y / grid)) for x, y in every}) > MOST_MARKS:
        grid += 1
    corners = " ".join(f"{x * grid} {y * grid}" for x, y in sorted(cells))
    return f"M{corners}z" if corners else ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bad events of one objective, added up over the burst, against what may be spent."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    x: tuple[Mark, ...]
    line: str  # the bad events so far
    area: str
    limit: Mark  # the error budget
    total: Mark  # what was spent in the end
    gone: tuple[float, float, str] | None  # where it crosses the budget, if it does
    gone_s: float | None


def budget(report: Report, objective: ObjectiveResult, width: int, height: int) -> Budget:
    """How the error budget of an objective was spent. Both axes are linear and begin at zero."""
    left, right, top, bottom = 2.0, width - 84.0, 18.0, height - 24.0
    moments_s = spent(report, objective)
    end_s = max([report.burst_s, *(p.intended_s for p in report.points)])
    most = max(len(moments_s), objective.budget, 1.0) * 1.08
    across, up = Linear(0, end_s, left, right), Linear(0, most, bottom, top)
    steps: dict[float, int] = {}
    for count, moment_s in enumerate(moments_s, start=1):
        steps[round(across(moment_s), 1)] = count  # the last one at this place is what is seen
    line = f"M{number(left)} {number(bottom)}" + "".join(
        f"H{number(x)}V{number(up(count))}" for x, count in steps.items()
    )
    line += f"H{number(right)}"
    over = int(objective.budget)  # so many are within the budget; the next one is not
    gone_s = moments_s[over] if len(moments_s) > max(over, objective.budget) else None
    places = apart([up(objective.budget), up(len(moments_s))], LABEL_GAP, top, bottom - 2)
    return Budget(
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        x=_moments(across, 5),
        line=line,
        area=f"{line}V{number(bottom)}Z",
        limit=Mark(up(objective.budget), f"budget {objective.budget:,.1f}", places[0]),
        total=Mark(up(len(moments_s)), f"spent {len(moments_s):,}", places[1]),
        gone=None
        if gone_s is None
        else (across(gone_s), up(objective.budget), f"gone at {seconds(gone_s)}"),
        gone_s=gone_s,
    )
