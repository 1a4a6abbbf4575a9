"""The marks of a picture: pages and tickets, right or wrong, and incidents missed. Pure."""

from collections.abc import Callable, Iterator

import numpy as np

from dojo import Linear, Shape, shape
from katas.alerts.calendar import when
from katas.alerts.explain import share_text
from katas.alerts.outcomes import IncidentOutcome, YearOutcome
from katas.alerts.traffic import DAY

__all__ = ["day_marks", "mark_line", "missed", "month_marks"]

SIZE = 3.0


def missed(outcome: IncidentOutcome) -> bool:
    """A fast one that was not paged, a slow one that nobody heard of."""
    fast = outcome.incident.kind.pace == "fast"
    return (outcome.share_when_paged if fast else outcome.share_when_told) is None


def day_marks(outcome: YearOutcome, x: Linear, y: float) -> Iterator[Shape]:
    """A mark for each day that had pages, and one for each incident missed."""
    alerts = outcome.alerts
    days, right = alerts.minutes[alerts.pages] // DAY, alerts.right[alerts.pages]
    for day in np.unique(days).tolist():
        good, total = int(right[days == day].sum()), int((days == day).sum())
        moment = when(day * DAY)
        pages = f"{total} {'page' if total == 1 else 'pages'}"
        title = f"{moment:%a} {moment.day} {moment:%b}: {pages}, {total - good} of them wrong"
        place = x(day + 0.5)
        if good:
            yield _dot(place, y, title)
        if total > good:
            yield _cross(place, y + 10, title)
    for each in outcome.incidents:
        if missed(each):
            yield _ring(x(each.incident.start / DAY), y, f"{each.incident.kind.name}: missed")


def month_marks(
    outcome: YearOutcome,
    span: tuple[int, int],
    x: Linear,
    rows: tuple[float, float, float],
    why: Callable[[int, int], str],
) -> Iterator[Shape]:
    """A mark for each page, ticket and incident missed in a span of minutes, in three rows.

    `why`: the text of a mark, from the place of its policy and the minute.
    """
    alerts, (first, last) = outcome.alerts, span
    for index in np.flatnonzero((alerts.minutes >= first) & (alerts.minutes < last)).tolist():
        minute = int(alerts.minutes[index])
        mark = _dot if alerts.right[index] else _cross
        row = rows[0] if alerts.pages[index] else rows[1]
        yield mark(x(minute), row, why(int(alerts.policies[index]), minute))
    for each in outcome.incidents:
        if missed(each) and first <= each.incident.start < last:
            title = f"{each.incident.kind.name}, {share_text(each.share)} of the budget: missed"
            yield _ring(x(each.incident.start), rows[2], title)


def mark_line(outcome: YearOutcome, days: range) -> str:
    """A character for each step of the days: ! an incident missed, x a wrong page, o a right one.

    The worst of a step's; a space if it has none.
    """
    alerts = outcome.alerts
    line = [" "] * len(days)
    for sign, minutes in (
        ("o", alerts.minutes[alerts.pages & alerts.right]),
        ("x", alerts.minutes[alerts.pages & ~alerts.right]),
        ("!", np.array([e.incident.start for e in outcome.incidents if missed(e)], np.int64)),
    ):
        for place in (minutes // DAY - days.start) // days.step:
            if 0 <= place < len(days):
                line[place] = sign
    return "".join(line)


def _dot(x: float, y: float, title: str) -> Shape:
    return shape("circle", cx=x, cy=y, r=SIZE, class_="fill-good", title=title, tabindex="0")


def _cross(x: float, y: float, title: str) -> Shape:
    arm = SIZE - 0.5
    left, right, top, bottom = (f"{each:.1f}" for each in (x - arm, x + arm, y - arm, y + arm))
    lines = f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"
    return shape("path", d=lines, class_="crosses", title=title)


def _ring(x: float, y: float, title: str) -> Shape:
    return shape("circle", cx=x, cy=y, r=SIZE + 1, class_="hollow", title=title, tabindex="0")
