"""The plot of every event over the burst, each at its moment and its latency. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from dojo.output.events import is_good, thresholds_s
from dojo.output.figures import round_percent, round_time, seconds
from dojo.output.html.plot_area import (
    Area,
    Mark,
    is_wide,
    labelled,
    moment_ticks,
    room_for,
    time_axis,
    time_ticks,
)
from dojo.output.html.scale import Linear, Scale
from dojo.output.wording import alone_is_slower, no_answer
from dojo.report import Report

__all__ = ["scatter"]

MOST_MARKS = 2500  # of one kind in a plot; more could not be told apart
UNANSWERED_HEIGHT = 14.0


@dataclass(frozen=True, slots=True)
class Scatter:
    """Every event at its intended moment, at the height of its latency: a mark on a path."""

    area: Area
    unanswered_height: float
    x: tuple[Mark, ...]
    y: tuple[Mark, ...]
    lines: tuple[Mark, ...]  # thresholds, and the service time
    good: str
    bad: str
    unanswered: str
    counts: tuple[int, int, int]  # good, bad though answered, without an answer
    no_answer: str  # what the last are called


def scatter(report: Report, width: int, height: int) -> Scatter:
    """The latency of every event over the burst, on a logarithmic scale."""
    wide, limits_s = is_wide(width), thresholds_s(report)
    times_s = [p.latency_s for p in report.points if p.latency_s is not None]
    lost, without = len(report.points) - len(times_s), no_answer(report)
    unanswered = lost > 0
    labels = [label for _, label, _ in _labels(report, wide)]
    if unanswered:
        labels.append(f"{lost:,} {without}" if wide else f"{lost:,}")
    area = Area(
        width,
        height,
        left=max(52.0, room_for(without.split(), 8.0) if unanswered else 0.0),
        right=width - max(52.0, room_for(labels, 9.0)),
        top=34.0 if unanswered else 10.0,
        bottom=height - 30.0,
    )
    end_s = max([report.burst_s, *(p.intended_s for p in report.points)])
    across = Linear(0, end_s, area.left, area.right)
    above_zero_s = [v for v in (*times_s, *limits_s, report.service_time_s or 0) if v > 0]
    up = time_axis(above_zero_s, 1.5, area.bottom, area.top)
    marks = _places(report, across, up)
    return Scatter(
        area=area,
        unanswered_height=UNANSWERED_HEIGHT,
        x=moment_ticks(across, 7 if wide else 5),
        y=time_ticks(up, 7),
        lines=_lines(report, up, wide),
        good=_path(marks["good"]),
        bad=_path(marks["bad"]),
        unanswered=_path(marks["unanswered"]),
        counts=(len(marks["good"]), len(marks["bad"]), len(marks["unanswered"])),
        no_answer=without,
    )


def _places(report: Report, across: Linear, up: Scale) -> dict[str, list[tuple[float, float]]]:
    places: dict[str, list[tuple[float, float]]] = {"good": [], "bad": [], "unanswered": []}
    tightest_s = next(iter(thresholds_s(report)), None)
    for point in report.points:
        x = across(point.intended_s)
        if point.latency_s is None:
            places["unanswered"].append((x, UNANSWERED_HEIGHT))
        else:
            kind = "good" if is_good(point, tightest_s) else "bad"
            places[kind].append((x, up(point.latency_s)))
    return places


def _lines(report: Report, up: Scale, wide: bool) -> tuple[Mark, ...]:
    lines = [(up(value_s), label, kind) for value_s, label, kind in _labels(report, wide)]
    return labelled(lines, up.end, up.start)


def _labels(report: Report, wide: bool) -> list[tuple[float, str, str]]:
    """(time, label, kind) of each line: thresholds, and the service time."""
    labels = []
    for objective in report.objectives:
        if objective.threshold_s is not None:
            label = round_time(objective.threshold_s)
            if wide:
                label = f"{round_percent(objective.target)} within {label}"
            labels.append((objective.threshold_s, label, "threshold"))
    if report.service_time_s and not alone_is_slower(report):
        label = f"alone: {seconds(report.service_time_s)}" if wide else "alone"
        labels.append((report.service_time_s, label, "alone"))
    return labels


def _path(places: Iterable[tuple[float, float]]) -> str:
    """A line through all places, whose corners carry the marks; it is not drawn itself.

    Where places are many, those on the same spot are marked once.
    """
    every, grid = list(places), 1
    while len(cells := {(round(x / grid), round(y / grid)) for x, y in every}) > MOST_MARKS:
        grid += 1
    corners = " ".join(f"{x * grid} {y * grid}" for x, y in sorted(cells))
    return f"M{corners}z" if corners else ""
