"""The pictures of kata 05: the SLI against harm, a year day by day, and the budget of each month."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dojo import Drawing, Linear, Log, Picture, Shape, shape
from katas.sli.calendar_of_years import INCIDENTS
from katas.sli.findings import Findings
from katas.sli.judging import NORMAL_MONTH
from katas.sli.logs import dates
from katas.sli.shop_traffic import MONTH_DAYS, MONTHS, YEAR_DAYS, YEARS
from katas.sli.wording import percent, ratio

__all__ = ["budget_by_month", "harm_against_sli", "one_year"]

WIDE, NARROW = 680.0, 340.0
MOST_CALM = 400  # calm days in the scatter: each tenth or so is enough to see where they lie
LEAST_BAD = 1e-4  # a bad ratio that is drawn at the lower end
Bools = NDArray[np.bool_]


def harm_against_sli(findings: Findings) -> Picture:
    """Each incident and some calm days: what it spoilt, and the lowest SLI of any group."""
    incident = np.isin(findings.years.calendar.kinds, INCIDENTS)
    seen = findings.seen.days
    caught, missed = int((incident & seen).sum()), int((incident & ~seen).sum())
    return Picture(
        title="The SLI against what customers suffered",
        alt=f"Of {caught + missed} incidents {caught} are below target and {missed} are not.",
        wide=_scatter(findings, WIDE, 330.0),
        narrow=_scatter(findings, NARROW, 300.0),
        caption="Each mark is a day. To the right: how many requests of people it spoilt. Upwards:"
        " the bad events of the group that was worst, of 100. Green: an incident that is seen, or a"
        " calm day that is quiet. Red: one that is missed, or a day without harm that is below"
        " target. Calm days stand at the left; only some are drawn.",
    )


def _scatter(findings: Findings, width: float, height: float) -> Drawing:
    left, right, top, bottom = 52.0, width - 12.0, 16.0, height - 44.0
    across = Log(2.0, 20_000.0, left + 70, right)
    up = Log(LEAST_BAD, 1.0, bottom, top)
    incident = np.isin(findings.years.calendar.kinds, INCIDENTS)
    worst = _worst_bad_ratio(findings)
    marks: list[Shape] = []
    for wanted, class_ in (
        (incident & findings.seen.days, "fill-good"),
        (incident & ~findings.seen.days, "fill-bad"),
    ):
        marks += _dots(across, up, findings.years.spoilt[wanted], worst[wanted], class_)
    marks += _calm_marks(findings, worst, up, (left, left + 56))
    limit = up(max(LEAST_BAD, 1 - findings.slo.target))
    return Drawing(
        width,
        height,
        [
            *_axes(across, up, (left, right, bottom)),
            *marks,
            shape("line", x1=left, x2=right, y1=limit, y2=limit, class_="limit"),
            _label(right, limit - 5, f"target {ratio(findings.slo.target)}", "end", "threshold halo"),
            _label(left + 28, bottom + 18, "calm", "middle"),
            _label(right, bottom + 36, "requests of people that the day spoilt", "end"),
        ],
    )


def _dots(
    across: Log, up: Log, spoilt: NDArray[Any], worst: NDArray[Any], class_: str
) -> list[Shape]:
    places = {(round(across(x)), round(up(y))) for x, y in zip(spoilt, worst, strict=True)}
    return [shape("circle", cx=x, cy=y, r=2.5, class_=class_) for x, y in sorted(places)]


def _calm_marks(
    findings: Findings, worst: NDArray[Any], up: Log, edges: tuple[float, float]
) -> list[Shape]:
    calm = np.flatnonzero(~np.isin(findings.years.calendar.kinds, INCIDENTS).reshape(-1))
    chosen = calm[:: max(1, len(calm) // MOST_CALM)]
    loud, ratios = findings.seen.days.reshape(-1), worst.reshape(-1)
    across = Linear(0, 1, *edges)
    return [
        shape(
            "circle",
            cx=across((number * 0.618) % 1),
            cy=up(float(ratios[day])),
            r=1.5,
            class_="fill-bad" if loud[day] else "fill-good",
        )
        for number, day in enumerate(chosen)
    ]


def _axes(across: Log, up: Log, area: tuple[float, float, float]) -> list[Shape]:
    left, right, bottom = area
    shapes = [shape("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="axis")]
    for value in up.ticks(5):
        y = up(value)
        shapes.append(shape("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
        shapes.append(_label(left - 6, y + 4, ratio(value), "end"))
    for value in across.ticks(5):
        shapes.append(_label(across(value), bottom + 18, f"{value:,.0f}", "middle"))
    return shapes


def _worst_bad_ratio(findings: Findings) -> NDArray[np.float64]:
    """The highest bad ratio of a group with bad events enough; of all, if none has them."""
    counted, least = findings.counted, findings.slo.min_bad_events
    total = counted.total.astype(np.float64)
    ratios = np.divide(counted.bad, total, out=np.zeros_like(total), where=total > 0)
    enough = np.where(counted.bad >= least, ratios, 0.0).max(axis=0)
    together = counted.bad.sum(axis=0) / np.maximum(1, total.sum(axis=0))
    return np.asarray(np.maximum(np.maximum(enough, together), LEAST_BAD))


def one_year(findings: Findings, year: int) -> Picture:
    """The days of one year: above what customers suffered, below what the SLI says."""
    kinds, seen = findings.years.calendar.kinds[year], findings.seen.days[year]
    incident = np.isin(kinds, INCIDENTS)
    first = dates((year + 1) * YEAR_DAYS)[year * YEAR_DAYS]
    missed, needless = int((incident & ~seen).sum()), int((~incident & seen).sum())
    return Picture(
        title=f"The year from {first:%d %B %Y} on, day by day",
        alt=f"{int(incident.sum())} incidents, of which {missed} are missed; {needless} days on"
        " which nobody suffered and the SLI is below target.",
        wide=_strip(findings, year, WIDE, rows=1),
        narrow=_strip(findings, year, NARROW, rows=2),
        caption="Upper bars: requests of people that an incident spoilt, on a logarithmic scale."
        " Lower marks: days below target; green where customers suffered, red where nobody did."
        " A red bar is an incident that the SLI misses.",
        lines=_strip_lines(incident, seen),
    )


def _strip(findings: Findings, year: int, width: float, rows: int) -> Drawing:
    row_height, days = 96.0, YEAR_DAYS // rows
    shapes: list[Shape] = []
    for row in range(rows):
        shapes += _strip_row(findings, year, slice(row * days, (row + 1) * days), width, row * row_height)
    return Drawing(width, row_height * rows, shapes)


def _strip_row(
    findings: Findings, year: int, days: slice, width: float, top: float
) -> list[Shape]:
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
                shape("rect", x=x, y=base - high, width=wide, height=high, class_=class_, title=title)
            )
        if seen[day]:
            class_ = "fill-good" if incident else "fill-bad"
            title = f"{name}, below target"
            shapes.append(
                shape("rect", x=x, y=base + 4, width=wide, height=12, class_=class_, title=title)
            )
    for month in range(0, count // MONTH_DAYS + 1, 2 if width > 500 else 3):
        place = min(month * MONTH_DAYS, count - 1)
        label = f"{first[days.start + place]:%d %b}"
        anchor = "start" if month == 0 else "middle" if place < count - 20 else "end"
        shapes.append(_label(across(place), base + 32, label, anchor))
    return shapes


def _strip_lines(incident: Bools, seen: Bools) -> list[str]:
    """Two weeks a column for the terminal: incidents, and what the SLI says."""
    weeks = incident.reshape(-1, 7), seen.reshape(-1, 7)
    suffered = "".join(_digit(int(week.sum())) for week in weeks[0])
    below = "".join(_digit(int(week.sum())) for week in weeks[1])
    return [suffered, below, "days a week: of harm (above), below target (below)"]


def _digit(count: int) -> str:
    return str(count) if count else "·"


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
            f"usual month {percent(median)}; worst of a usual year {percent(worst)}",
            f"of {spent.size} months {int((spent > 1).sum())} spend more than all of it",
        ],
    )


def _months(spent: NDArray[np.float64], width: float) -> Drawing:
    height, left, right, top, bottom = 260.0, 52.0, width - 12.0, 14.0, 226.0
    across, up = Linear(-0.5, YEARS - 0.5, left, right), Log(0.005, 50.0, bottom, top)
    low, high = NORMAL_MONTH
    shapes = [
        shape(
            "rect", x=left, y=up(high), width=right - left, height=up(low) - up(high), class_="track",
            fill_opacity=0.35,
        )
    ]
    for value in (0.01, 0.05, 0.8, 10.0):
        y = up(value)
        shapes.append(shape("line", x1=left, x2=right, y1=y, y2=y, class_="grid"))
        shapes.append(_label(left - 6, y + 4, f"{100 * value:,.0f}%", "end"))
    for year, months in enumerate(spent):
        for month in months:
            inside = low <= month <= high
            class_ = "fill-good" if inside else "fill-bad" if month > 1 else "fill-doubt"
            shapes.append(
                shape("circle", cx=across(year), cy=up(float(month)), r=2.5, class_=class_)
            )
    shapes += [
        shape("line", x1=left, x2=right, y1=up(1.0), y2=up(1.0), class_="limit"),
        _label(right, up(1.0) - 5, "all of it", "end", "threshold halo"),
        _label(left, bottom + 22, "twenty years, thirteen months each", "start"),
    ]
    return Drawing(width, height, shapes)


def _label(x: float, y: float, text: str, anchor: str, class_: str = "") -> Shape:
    attributes: dict[str, str | float] = {"x": x, "y": y, "text_anchor": anchor}
    if class_:
        attributes["class_"] = class_
    return shape("text", text, **attributes)  # type: ignore[arg-type]
