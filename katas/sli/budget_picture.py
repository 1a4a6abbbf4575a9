"""The picture of what each month spends of its error budget."""

import numpy as np
from numpy.typing import NDArray

from dojo import Drawing, Linear, Log, Picture, shape
from katas.sli.drawing import NARROW, WIDE, label
from katas.sli.findings import Findings
from katas.sli.judging import NORMAL_MONTH
from katas.sli.shop_traffic import YEARS
from katas.sli.wording import percent

__all__ = ["budget_by_month"]


def budget_by_month(findings: Findings) -> Picture:
    """What each month of the twenty years spends of its error budget."""
    spent = findings.seen.spent
    median, worst = float(np.median(spent)), float(np.median(spent.max(axis=1)))
    return Picture(
        title="The error budget over the months",
        alt=f"A usual month spends {percent(median)} of its budget, the worst month of a usual year"
        f" {percent(worst)}.",
        wide=_months(spent, WIDE),
        narrow=_months(spent, NARROW),
        caption="Each mark is a month of four weeks, each column a year; on a logarithmic scale."
        " A budget that a normal month spends to 5 to 80% leaves room for change; one that is never"
        " gone decides nothing.",
        lines=[
            f"spent in a usual month: {percent(median)}",
            f"in the worst month of a usual year: {percent(worst)}",
            f"more than all of it: {int((spent > 1).sum())} of {spent.size} months",
            *_sides(spent),
        ],
    )


def _sides(spent: NDArray[np.float64]) -> list[str]:
    """How many months are within, below and above what is normal."""
    low, high = NORMAL_MONTH
    below, above = int((spent < low).sum()), int((spent > high).sum())
    within = spent.size - below - above
    return [f"{low:.0%} to {high:.0%} of it: {within} months; less: {below}; more: {above}"]


def _months(spent: NDArray[np.float64], width: float) -> Drawing:
    height, left, right, top, bottom = 260.0, 52.0, width - 12.0, 14.0, 226.0
    across, up = Linear(-0.5, YEARS - 0.5, left, right), Log(0.005, 50.0, bottom, top)
    low, high = NORMAL_MONTH
    shapes = [
        shape(
            "rect",
            x=left,
            y=up(high),
            width=right - left,
            height=up(low) - up(high),
            class_="track",
            fill_opacity=0.35,
        )
    ]
    for value in (0.01, 0.05, 0.8, 1.0, 10.0):
        y = up(value)
        shapes.append(shape("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
        below = 6 if value == high else 0  # so that it stands apart from 100%
        shapes.append(label(left - 6, y + 4 + below, f"{100 * value:,.0f}%", "end"))
    for year, months in enumerate(spent):
        for month in months:
            inside = low <= month <= high
            class_ = "fill-good" if inside else "fill-bad" if month > 1 else "fill-doubt"
            shapes.append(
                shape("circle", cx=across(year), cy=up(float(month)), r=2.5, class_=class_)
            )
    shapes += [
        shape("line", x1=left, x2=right, y1=up(1.0), y2=up(1.0), class_="limit"),
        label(right, up(1.0) - 5, "all of it", "end", "threshold halo"),
        label(left, bottom + 22, "twenty years, thirteen months each", "start"),
    ]
    return Drawing(width, height, shapes)
