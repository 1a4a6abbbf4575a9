"""The plot of how many visitors were still waiting for a right answer, by time. Pure."""

from dataclasses import dataclass

from dojo.output.events import right_times_s, thresholds_s
from dojo.output.figures import burn_rate, round_percent, round_time
from dojo.output.html.plot_area import (
    Area,
    Mark,
    is_wide,
    room_for,
    staircase,
    time_axis,
    time_ticks,
)
from dojo.output.html.scale import Log
from dojo.report import ObjectiveResult, Report

__all__ = ["Waiting", "waiting"]


LABEL_BELOW, LABEL_ABOVE = 14.0, 8.0
LEFT = 62.0  # of the plot: "0.0001%" stands there
LEAST_GAP = 24.0  # between ring and curve, for the burn rate to stand there
SIDES = {"met": "good", "not_met": "bad", "undecided": "doubt"}


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective in the picture: where the curve has to pass below, and where it passes."""

    x: float
    allowed: float  # the height of 1 - target
    measured: float  # the height of the bad ratio
    budget: str
    burn: str
    side: str  # good, bad, or doubt where it is too close to call
    threshold: str
    text_after: bool  # whether there is more room to the right
    budget_at: float  # the height of the budget's label, on the ring's far side of the curve
    burn_at: float | None  # … and of the burn rate's; None where there is no room between the two


@dataclass(frozen=True, slots=True)
class Waiting:
    """The share of all events without a right answer, by the time that has passed."""

    area: Area
    x: tuple[Mark, ...]
    y: tuple[Mark, ...]
    curve: str
    goals: tuple[Goal, ...]
    rest: Mark | None  # those who never got one


def waiting(report: Report, width: int, height: int) -> Waiting:
    """1 - SLI for every threshold there could be, both axes logarithmic; zero is the floor."""
    wide, total = is_wide(width), len(report.points)
    times_s = right_times_s(report.points)
    objectives = [o for o in report.objectives if o.threshold_s is not None and o.total]
    rest = (total - len(times_s)) / total if total else 0.0
    to_the_end = f"{round_percent(round(rest, 3))} to the end"
    right = width - (room_for([to_the_end], 8.0) if wide else 12.0)
    area = Area(width, height, left=LEFT, right=right, top=26.0, bottom=height - 30.0)
    across = time_axis((*times_s, *thresholds_s(report)), 1.6, area.left, area.right)
    floor = min([1 / max(1, total), *(1 - o.target for o in objectives)]) / 2
    up = Log(floor, 1, area.bottom, area.top)
    steps: dict[float, float] = {}
    for count, time_s in enumerate(times_s, start=1):
        steps[round(across(time_s), 1)] = up((total - count) / total)
    ticks = [Mark(up(v), round_percent(v), up(v)) for v in up.ticks(6)]
    return Waiting(
        area=area,
        x=time_ticks(across, 8 if wide else 4),
        y=(
            *(tick for tick in ticks if area.bottom - tick.at > 10),
            Mark(area.bottom, "nobody", area.bottom),
        ),
        curve=staircase(area.left, area.right, area.top, steps),
        goals=tuple(_goal(o, o.threshold_s or 0, across, up) for o in objectives),
        rest=Mark(up(rest), to_the_end, up(rest)) if rest else None,
    )


def _goal(objective: ObjectiveResult, threshold_s: float, across: Log, up: Log) -> Goal:
    allowed, measured = up(1 - objective.target), up(1 - objective.sli)
    bad = measured < allowed  # higher up
    return Goal(
        x=across(threshold_s),
        allowed=allowed,
        measured=measured,
        budget=round_percent(1 - objective.target),
        burn=burn_rate(objective.burn_rate),
        side=SIDES[objective.verdict],
        threshold=round_time(threshold_s),
        text_after=across(threshold_s) < across.end - 40,
        budget_at=allowed + LABEL_BELOW if bad else allowed - LABEL_ABOVE,
        burn_at=(allowed + measured) / 2 + 4 if abs(allowed - measured) > LEAST_GAP else None,
    )
