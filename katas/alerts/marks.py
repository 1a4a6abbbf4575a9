"""The marks of a picture: pages and tickets, right or wrong, and incidents missed. Pure."""

from collections.abc import Callable, Iterator

import numpy as np

from dojo import Linear, Shape, shape
from katas.alerts.calendar import when
from katas.alerts.explain import share_text
from katas.alerts.outcomes import IncidentOutcome, YearOutcome
from katas.alerts.traffic import DAY

__all__ = ["MEANINGS", "day_marks", "mark_lines", "missed", "month_marks"]

SIZE = 3.0
MISSED, RIGHT_PAGE, WRONG_PAGE, RIGHT_TICKET, WRONG_TICKET = "!oxt?"
MEANINGS = {
    MISSED: "an incident missed",
    RIGHT_PAGE: "a right page",
    WRONG_PAGE: "a wrong page",
    RIGHT_TICKET: "a right ticket",
    WRONG_TICKET: "a wrong ticket",
}


def missed(outcome: IncidentOutcome) -> bool:
    """A fast one that was not paged, a slow one that nobody heard of."""
    fast = outcome.incident.kind.pace == "fast"
    return (outcome.share_when_paged if fast else outcome.share_when_told) is None


def day_marks(outcome: YearOutcome, x: Linear, pages_y: float, tickets_y: float) -> Iterator[Shape]:
    """A mark for each day that had pages, or tickets, and one for each incident missed."""
    alerts = outcome.alerts
    for word, flags, (right_y, wrong_y) in (
        ("page", alerts.pages, (pages_y, pages_y + 10)),
        ("ticket", ~alerts.pages, (tickets_y, tickets_y)),
    ):
        days, right = alerts.minutes[flags] // DAY, alerts.right[flags]
        for day in np.unique(days).tolist():
            good, total = int(right[days == day].sum()), int((days == day).sum())
            moment = when(day * DAY)
            sent = f"{total} {word if total == 1 else f'{word}s'}"
            title = f"{moment:%a} {moment.day} {moment:%b}: {sent}, {total - good} of them wrong"
            place = x(day + 0.5)
            if good:
                yield _dot(place, right_y, title)
            if total > good:
                yield _cross(place, wrong_y, title)
    for each in outcome.incidents:
        if missed(each):
            yield _ring(x(each.incident.start / DAY), pages_y, f"{each.incident.kind.name}: missed")


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


def mark_lines(outcome: YearOutcome, days: range) -> dict[str, str]:
    """By sign a line with it at each step of the days in which there was one; none without any."""
    alerts = outcome.alerts
    missed_at = [each.incident.start for each in outcome.incidents if missed(each)]
    lines = {}
    for sign, minutes in (
        (MISSED, np.array(missed_at, np.int64)),
        (RIGHT_PAGE, alerts.minutes[alerts.pages & alerts.right]),
        (WRONG_PAGE, alerts.minutes[alerts.pages & ~alerts.right]),
        (RIGHT_TICKET, alerts.minutes[~alerts.pages & alerts.right]),
        (WRONG_TICKET, alerts.minutes[~alerts.pages & ~alerts.right]),
    ):
        places = set(((minutes // DAY - days.start) // days.step).tolist())
        line = "".join(sign if place in places else " " for place in range(len(days)))
        if line.strip():
            lines[sign] = line
    return lines


def _dot(x: float, y: float, title: str) -> Shape:
    return shape("circle", cx=x, cy=y, r=SIZE, class_="fill-good", title=title, tabindex="0")


def _cross(x: float, y: float, title: str) -> Shape:
    arm = SIZE - 0.5
    left, right, top, bottom = (f"{each:.1f}" for each in (x - arm, x + arm, y - arm, y + arm))
    lines = f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"
    return shape("path", d=lines, class_="crosses", title=title)


def _ring(x: float, y: float, title: str) -> Shape:
    return shape("circle", cx=x, cy=y, r=SIZE + 1, class_="hollow", title=title, tabindex="0")
