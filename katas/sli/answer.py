"""The rows that the learner's SELECT gives, as good and total events of each group and day.

A group is a segment, a route, both or neither. Knows no database: rows in, arrays out.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from dojo import FileRefused, LearnerFile
from katas.sli.judging import Counted, Group
from katas.sli.logs import dates
from katas.sli.shop_traffic import ROUTES, SEGMENTS, YEAR_DAYS, YEARS
from katas.sli.wording import group_name

__all__ = ["ANSWER_COLUMNS", "counted"]

ANSWER_COLUMNS = ("day", "segment", "route", "good", "total")
DAYS = YEARS * YEAR_DAYS
MOST_SHOWN = 40  # characters of a value in a message
NAMES = {str, type(None)}
NUMBERS = {int, float, Decimal, type(None)}  # the sum of nothing is NULL: no events


def counted(file: LearnerFile, rows: Sequence[tuple[Any, ...]]) -> Counted:
    """The events by group; FileRefused on a row that can't be that of a day and group.

    A group that has no row on a day has no events on it.
    """
    if not rows:
        raise file.refused("it gives no rows; there must be one for each day and group")
    days = {day: number for number, day in enumerate(dates(DAYS))}
    by_group: dict[Group, list[tuple[int, Any, Any]]] = {}
    for day, segment, route, good, total in rows:
        number = days.get(day) if type(day) is date else None
        if number is None:
            raise file.refused(f"day must be a date of the logs, not {_shown(day)}")
        if type(segment) not in NAMES or type(route) not in NAMES:
            raise _no_group(file, segment, route)
        if type(good) not in NUMBERS or type(total) not in NUMBERS:
            raise _no_number(file, day, (segment, route), good, total)
        by_group.setdefault((segment, route), []).append((number, good, total))
    _require_groups(file, by_group)
    arrays = [_arrays(file, group, events) for group, events in by_group.items()]
    shape = (len(arrays), YEARS, YEAR_DAYS)
    return Counted(
        tuple(by_group),
        np.stack([good for good, _ in arrays]).reshape(shape),
        np.stack([total for _, total in arrays]).reshape(shape),
    )


def _arrays(
    file: LearnerFile, group: Group, events: list[tuple[int, Any, Any]]
) -> tuple["np.ndarray[Any, np.dtype[np.float64]]", "np.ndarray[Any, np.dtype[np.float64]]"]:
    """Good and total of each day; a day may have one row."""
    number = np.array([event[0] for event in events])
    if (twice := np.flatnonzero(np.bincount(number, minlength=DAYS) > 1)).size:
        day = dates(DAYS)[int(twice[0])]
        raise file.refused(
            f"there are several rows for {day} and {group_name(group)}: one for each day and group"
        )
    good, total = np.zeros(DAYS), np.zeros(DAYS)
    good[number] = np.array([event[1] or 0 for event in events], dtype=np.float64)
    total[number] = np.array([event[2] or 0 for event in events], dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(good) & np.isfinite(total)) | (good > total) | (good < 0))
    if wrong.size:
        day = dates(DAYS)[int(wrong[0])]
        raise file.refused(
            f"good must be from 0 to total; on {day}, {group_name(group)}, it is"
            f" {good[wrong[0]]:g} of {total[wrong[0]]:g}"
        )
    return good, total


def _require_groups(file: LearnerFile, groups: Iterable[Group]) -> None:
    for segment, route in groups:
        if segment not in (None, *SEGMENTS) or route not in (None, *ROUTES):
            raise _no_group(file, segment, route)


def _no_group(file: LearnerFile, segment: object, route: object) -> FileRefused:
    wrong = segment not in (None, *SEGMENTS)
    column, name, known = ("segment", segment, SEGMENTS) if wrong else ("route", route, ROUTES)
    return file.refused(
        f"{column} must be {', '.join(known)} or NULL (all of them), not {_shown(name)}"
    )


def _no_number(file: LearnerFile, day: date, group: Group, good: Any, total: Any) -> FileRefused:
    column, value = ("good", good) if type(good) not in NUMBERS else ("total", total)
    return file.refused(
        f"{column} must be a number; on {day}, {group_name(group)}, it is {_shown(value)}"
    )


def _shown(value: object) -> str:
    if value is None:
        return "NULL"
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
