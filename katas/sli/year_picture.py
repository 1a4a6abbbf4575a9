"""The picture of one year, day by day: what customers suffered, and what the SLI says."""

import numpy as np
from numpy.typing import NDArray

from dojo import Drawing, Linear, Log, Picture, Shape, count_of, shape
from katas.sli.calendar_of_years import INCIDENTS
from katas.sli.drawing import NARROW, WIDE, label
from katas.sli.findings import Findings
from katas.sli.logs import dates
from katas.sli.shop_traffic import MONTH_DAYS, YEAR_DAYS, YEARS

__all__ = ["one_year"]


def one_year(findings: Findings, year: int) -> Picture:
    """The days of one year: above what customers suffered, below what the SLI says."""
    kinds, seen = findings.years.calendar.kinds[year], findings.seen.days[year]
    incident = np.isin(kinds, INCIDENTS)
    first = dates((year + 1) * YEAR_DAYS)[year * YEAR_DAYS]
    missed, needless = int((incident & ~seen).sum()), int((~incident & seen).sum())
    return Picture(
        title=f"The year from {first:%d %B %Y} on, day by day",
        alt=f"{count_of(int(incident.sum()), 'incident')}, {missed} missed;"
        f" {count_of(needless, 'day')} on which nobody suffered, below your target all the same.",
        wide=_strip(findings, year, WIDE, rows=1),
        narrow=_strip(findings, year, NARROW, rows=2),
        caption="Upper bars: requests of people that an incident spoilt, on a logarithmic scale."
        " Lower marks: days below your target; green where customers suffered, red where nobody"
        " did."
        " A red bar is an incident that the SLI misses.",
        lines=_strip_lines(incident, seen),
    )


def _strip(findings: Findings, year: int, width: float, rows: int) -> Drawing:
    row_height, days = 96.0, YEAR_DAYS // rows
    shapes: list[Shape] = []
    for row in range(rows):
        shapes += _strip_row(
            findings, year, slice(row * days, (row + 1) * days), width, row * row_height
        )
    return Drawing(width, row_height * rows, shapes)


def _strip_row(findings: Findings, year: int, days: slice, width: float, top: float) -> list[Shape]:
    count = days.stop - days.start
    across = Linear(0, count, 4.0, width - 4.0)
    base = top + 56
    tall = Log(5.0, 20_000.0, 4.0, 48.0)
    wide = max(1.2, (width - 8) / count - 0.4)
    first = dates(YEARS * YEAR_DAYS)[year * YEAR_DAYS :]
    shapes = [shape("line", x1=4, x2=width - 4, y1=base, y2=base, class_="axis")]
    kinds, seen = findings.years.calendar.kinds[year], findings.seen.days[year]
    for day in range(days.start, days.stop):
        x, incident = across(day - days.start), kinds[day] in INCIDENTS
        name = f"{first[day]}: {kinds[day]}"
        if incident:
            high = tall(float(findings.years.spoilt[year, day]))
            class_ = "fill-good" if seen[day] else "fill-bad"
            title = f"{name}, {'seen' if seen[day] else 'missed'}"
            shapes.append(
                shape(
                    "rect", x=x, y=base - high, width=wide, height=high, class_=class_, title=title
                )
            )
        if seen[day]:
            class_ = "fill-good" if incident else "fill-bad"
            title = f"{name}, below your target"
            shapes.append(
                shape("rect", x=x, y=base + 4, width=wide, height=12, class_=class_, title=title)
            )
    for month in range(0, count // MONTH_DAYS + 1, 2 if width > 500 else 3):
        place = min(month * MONTH_DAYS, count - 1)
        text = f"{first[days.start + place]:%d %b}"
        anchor = "start" if month == 0 else "middle" if place < count - 20 else "end"
        shapes.append(label(across(place), base + 32, text, anchor))
    return shapes


def _strip_lines(incident: NDArray[np.bool_], seen: NDArray[np.bool_]) -> list[str]:
    """A week a column for the terminal: incidents, and what the SLI says."""
    weeks = incident.reshape(-1, 7), seen.reshape(-1, 7)
    suffered = "".join(_digit(int(week.sum())) for week in weeks[0])
    below = "".join(_digit(int(week.sum())) for week in weeks[1])
    return [
        suffered,
        below,
        "week by week: on how many of the seven days customers",
        "suffered (upper row), and your SLI was below your target",
        "(lower row); · is none",
    ]


def _digit(count: int) -> str:
    return str(count) if count else "·"
