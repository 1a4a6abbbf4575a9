"""A year and its worst month as one picture: errors, the budget, and who was called. Pure.

From values to shapes; their looks, light and dark, are the page's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dojo import AlertPolicy, Drawing, Linear, Log, Picture, Shape, shape
from katas.alerts.calendar import when, when_text
from katas.alerts.explain import share_text, why_it_rang
from katas.alerts.marks import MEANINGS, day_marks, mark_lines, missed, month_marks
from katas.alerts.outcomes import YearOutcome
from katas.alerts.traffic import DAY, DAYS, HOUR, LEAD_IN_DAYS, Floats
from katas.alerts.years import TARGET, Year

__all__ = ["Story", "budget_left", "picture"]

MONTH_DAYS = 28
WIDE, NARROW = 680.0, 340.0
LEFT, RIGHT, HEIGHT = 46.0, 6.0, 426.0
LEAST_RATIO = 0.0001
BARS, BELOW = "▁▂▃▄▅▆▇█", "▼"
KEY = "● right  ✕ wrong  ○ an incident missed"


@dataclass(frozen=True, slots=True)
class Story:
    """What is drawn: a year, what the policies made of it, and a text for each real incident."""

    policies: Sequence[AlertPolicy]
    year: Year
    outcome: YearOutcome
    texts: Sequence[str]


def picture(story: Story) -> Picture:
    """The picture, for wide and narrow pages and for the terminal."""
    first_day = _worst_month(story.year)
    left = budget_left(story.year)
    months = f"{_date(first_day)} to {_date(first_day + MONTH_DAYS - 1)}"
    return Picture(
        title="The year, and its worst month",
        alt=(
            f"Above, the error budget that was left of 28 days, day by day: at the least"
            f" {100 * left.min():.0f}%. Below, the worst 28 days, {months}: the share of failed"
            " requests in each hour, and how the budget burned down. Marks show pages that were"
            " right, pages that were wrong, and incidents of which nobody was told."
        ),
        wide=_drawing(story, left, first_day, WIDE),
        narrow=_drawing(story, left, first_day, NARROW),
        caption=(
            f"{KEY}. With a mouse, point at an incident or at a mark to see why it rang; without"
            " one, the tables below say it."
        ),
        lines=_lines(story, left, first_day),
    )


def _drawing(story: Story, left: Floats, first_day: int, width: float) -> Drawing:
    return Drawing(
        width,
        HEIGHT,
        [
            *_year_strip(story, left, first_day, width),
            *_month_strip(story, first_day, width),
        ],
    )


def _year_strip(story: Story, left: Floats, first_day: int, width: float) -> Iterator[Shape]:
    """The budget of 28 days that was left after each day, and marks for days with alerts."""
    x = Linear(LEAD_IN_DAYS, DAYS, LEFT, width - RIGHT)
    y = Linear(min(-0.25, float(left.min())), 1.0, 88, 22)
    yield shape("text", "budget left of 28 days", x=LEFT, y=12)
    yield shape(
        "rect",
        x=x(first_day),
        y=18,
        width=x(first_day + MONTH_DAYS) - x(first_day),
        height=122,
        class_="track",
        fill_opacity="0.45",
    )
    yield from _budget_axis(y, width)
    yield from _months(x, range(LEAD_IN_DAYS, DAYS), width, 154)
    yield from _incidents(story, lambda minute: x(minute / DAY), 22, 88)
    points = zip(range(LEAD_IN_DAYS, DAYS), left[LEAD_IN_DAYS:], strict=True)
    yield shape(
        "polyline", points=_points((x(day + 1), y(value)) for day, value in points), class_="curve"
    )
    yield shape("text", "pages", x=LEFT - 6, y=109, text_anchor="end")
    yield shape("text", "tickets", x=LEFT - 6, y=135, text_anchor="end")
    yield from day_marks(story.outcome, x, 105, 131)


def _month_strip(story: Story, first_day: int, width: float) -> Iterator[Shape]:
    """The worst month: failed requests by the hour, the budget as it burned down, and the calls."""
    year, first, last = story.year, first_day * DAY, (first_day + MONTH_DAYS) * DAY
    x = Linear(first, last, LEFT, width - RIGHT)
    title = f"the worst month, from {_date(first_day)}: failed requests, by the hour"
    yield shape(
        "text", title if width == WIDE else "the worst month: failed requests", x=LEFT, y=182
    )
    ratio = Log(LEAST_RATIO, 1.0, 262, 192)
    for value in (0.0001, 0.01, 1.0):
        yield shape(
            "line", x1=LEFT, x2=width - RIGHT, y1=ratio(value), y2=ratio(value), class_="grid"
        )
        yield shape("text", f"{100 * value:g}%", x=LEFT - 6, y=ratio(value) + 4, text_anchor="end")
    budget = ratio(1 - TARGET)
    yield shape("line", x1=LEFT, x2=width - RIGHT, y1=budget, y2=budget, class_="limit")
    yield from _incidents(story, x, 192, 354)
    yield shape(
        "polyline",
        points=_points(_hourly(year, first, last, x, ratio)),
        class_="curve",
        stroke_width="1.2",
    )
    yield shape("text", "budget left", x=LEFT, y=282)
    hours, spent = _spent(year, first_day)
    y = Linear(min(-0.25, 1 - float(spent.max())), 1.0, 354, 290)
    yield from _budget_axis(y, width)
    burnt = ((x(hour), y(1 - share)) for hour, share in zip(hours, spent, strict=True))
    yield shape("polyline", points=_points(burnt), class_="spent")
    yield from month_marks(
        story.outcome,
        (first, last),
        x,
        (372, 388, 404),
        lambda place, minute: _why(story.policies[place], year, minute),
    )
    labels = [("pages", 376), ("tickets", 392)]
    if any(missed(e) and first <= e.incident.start < last for e in story.outcome.incidents):
        labels.append(("missed", 408))
    for name, place in labels:
        yield shape("text", name, x=LEFT - 6, y=place, text_anchor="end")
    for day in range(first_day, first_day + MONTH_DAYS, 7):
        yield shape("text", _date(day), x=x(day * DAY), y=HEIGHT - 2)


def _why(policy: AlertPolicy, year: Year, minute: int) -> str:
    return f"{when_text(minute)}, {policy.name}: {why_it_rang(policy, year, minute)}"


def _incidents(
    story: Story, x: Callable[[float], float], top: float, bottom: float
) -> Iterator[Shape]:
    """Real incidents as bands that one can point at; those beyond the axis are left out."""
    for outcome, text in zip(story.outcome.incidents, story.texts, strict=True):
        start, end = x(outcome.incident.start), x(outcome.incident.end)
        if end > x(0) and start < x(DAYS * DAY):
            yield shape(
                "rect",
                x=start - 1,
                y=top,
                width=max(3.0, end - start + 2),
                height=bottom - top,
                class_="wash",
                title=text,
                tabindex="0",
            )


def _budget_axis(y: Linear, width: float) -> Iterator[Shape]:
    for value in (0.0, 1.0):
        yield shape(
            "line",
            x1=LEFT,
            x2=width - RIGHT,
            y1=y(value),
            y2=y(value),
            class_="axis" if value == 0 else "grid",
        )
        yield shape("text", f"{100 * value:.0f}%", x=LEFT - 6, y=y(value) + 4, text_anchor="end")


def _months(x: Linear, days: range, width: float, place: float) -> Iterator[Shape]:
    """The names of months where they begin; every third one where there is little room."""
    for day in days[:-14]:
        moment = when(day * DAY)
        if moment.day == 1 and (width == WIDE or moment.month % 3 == 1):
            yield shape("text", f"{moment:%b}", x=x(day), y=place)


def _hourly(year: Year, first: int, last: int, x: Linear, y: Log) -> Iterator[tuple[float, float]]:
    bad = np.diff(year.bad_until[first : last + 1 : HOUR])
    total = np.maximum(1, np.diff(year.total_until[first : last + 1 : HOUR]))
    for hour, ratio in enumerate((bad / total).tolist()):
        yield x(first + (hour + 0.5) * HOUR), y(ratio)


def budget_left(year: Year) -> Floats:
    """At the end of each day: what is left of the budget, as a share; below 0 it is overspent."""
    ends = np.arange(1, DAYS + 1) * DAY
    bad = year.bad_until[ends] - year.bad_until[np.maximum(0, ends - MONTH_DAYS * DAY)]
    left: Floats = 1 - bad / (year.requests_28d[ends // HOUR] * (1 - TARGET))
    return left


def _spent(year: Year, first_day: int) -> tuple[range, Floats]:
    """The full hours of a month, as minutes, and the share of its budget that was spent by then."""
    hours = range(first_day * DAY, (first_day + MONTH_DAYS) * DAY + 1, HOUR)
    bad = year.bad_until[hours.start : hours.stop : HOUR] - year.bad_until[hours.start]
    return hours, bad / year.budget(hours.start)


def _worst_month(year: Year) -> int:
    """The first day of the 28 judged days in which the most requests failed."""
    days = np.arange(LEAD_IN_DAYS, DAYS - MONTH_DAYS + 1)
    bad = year.bad_until[(days + MONTH_DAYS) * DAY] - year.bad_until[days * DAY]
    return int(days[bad.argmax()])


def _lines(story: Story, left: Floats, first_day: int) -> list[str]:
    """How little of the budget was left, and who was called: by week, and in the worst month."""
    weeks = range(LEAD_IN_DAYS, DAYS, 7)
    month = range(first_day, first_day + MONTH_DAYS)
    _, spent = _spent(story.year, first_day)
    signs = [*mark_lines(story.outcome, weeks), *mark_lines(story.outcome, month)]
    return [
        f"left of 28 days' budget, by week; least {share_text(float(left.min()))}",
        _bars(left[LEAD_IN_DAYS:].reshape(-1, 7).min(axis=1)),
        _month_names(weeks),
        *mark_lines(story.outcome, weeks).values(),
        "left of the worst month's budget, by day",
        _bars(1 - spent[24::24]),
        "".join(f"{_date(day):7}" for day in month[::7]).rstrip(),
        *mark_lines(story.outcome, month).values(),
        f"{BELOW} less than nothing is left",
        *(f"{sign} {MEANINGS[sign]}" for sign in MEANINGS if sign in signs),
    ]


def _bars(shares: Floats) -> str:
    return "".join(BELOW if each < 0 else BARS[min(7, int(8 * each))] for each in shares)


def _month_names(weeks: range) -> str:
    """The names of months below the weeks in which they begin."""
    line = " " * len(weeks)
    for place, day in enumerate(weeks):
        moment = when((day + 6) * DAY)
        if moment.day <= 7 and place + 3 <= len(weeks):
            line = f"{line[:place]}{moment:%b}{line[place + 3 :]}"
    return line.rstrip()


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _date(day: int) -> str:
    moment = when(day * DAY)
    return f"{moment.day} {moment:%b}"
