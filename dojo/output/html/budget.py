"""The plot of an objective's error budget, as it is spent over the burst. Pure."""

from dataclasses import dataclass

from dojo.output.events import bad_moments_s
from dojo.output.html.plot_area import Area, Mark, labelled, moment_ticks, room_for, staircase
from dojo.output.html.scale import Linear, number
from dojo.report import ObjectiveResult, Report

__all__ = ["Budget", "budget"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Bad events of one objective, added up over the burst, against what may be spent."""

    area: Area
    x: tuple[Mark, ...]
    line: str  # the bad events so far
    fill: str  # the same, down to the axis
    limit: Mark  # the error budget
    total: Mark  # what was spent in the end
    gone: tuple[float, float] | None  # where it crosses the budget, if it does
    gone_s: float | None


def budget(report: Report, objective: ObjectiveResult, width: int, height: int) -> Budget:
    """How the error budget of an objective was spent. Both axes are linear and begin at zero."""
    moments_s = bad_moments_s(report, objective)
    allowed, spent = f"budget {objective.budget:,.1f}", f"spent {len(moments_s):,}"
    right = width - room_for((allowed, spent), 7.0)
    area = Area(width, height, left=2.0, right=right, top=18.0, bottom=height - 24.0)
    end_s = max([report.burst_s, *(p.intended_s for p in report.points)])
    across = Linear(0, end_s, area.left, area.right)
    most = max(len(moments_s), objective.budget, 1.0) * 1.08
    up = Linear(0, most, area.bottom, area.top)
    steps: dict[float, float] = {}
    for count, moment_s in enumerate(moments_s, start=1):
        steps[round(across(moment_s), 1)] = up(count)  # the last one at this place is what is seen
    line = staircase(area.left, area.right, area.bottom, steps)
    gone_s = _gone_s(moments_s, objective.budget)
    limit_at = up(objective.budget)
    limit, total = labelled(
        [
            (limit_at, allowed, "limit"),
            (up(len(moments_s)), spent, "total"),
        ],
        area.top,
        area.bottom - 2,
    )
    return Budget(
        area=area,
        x=moment_ticks(across, 5),
        line=line,
        fill=f"{line}V{number(area.bottom)}Z",
        limit=limit,
        total=total,
        gone=None if gone_s is None else (across(gone_s), limit_at),
        gone_s=gone_s,
    )


def _gone_s(moments_s: list[float], allowed: float) -> float | None:
    """The moment of the first bad event beyond the budget."""
    within = int(allowed)
    return moments_s[within] if len(moments_s) > max(within, allowed) else None
