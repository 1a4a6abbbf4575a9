"""The tables that a company has, made of the drawn years, as the lines that COPY reads.

Knows counts; the truth of a day goes into no table. The lines are put together from few texts,
which takes a third of the time of writing each value by itself.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import numpy as np

from katas.sli.complaints import Complaint
from katas.sli.shop_traffic import CLASSES, CLIENTS, FIRST_DAY, LOGGED, ROUTES, SEGMENTS
from katas.sli.years import Counts, Years

__all__ = ["COLUMNS", "app_requests", "complaint_lines", "dates", "lb_requests"]

COLUMNS = ("day", "route", "segment", "client", "status", "under_ms", "body", "requests")
WRONG_PASSWORD = 401  # what a 4xx on an account page is
DAYS_AT_ONCE = 364
LB, APP = 0, 1


def dates(days: int) -> list[date]:
    """The dates of so many days, from the first year's first Monday on."""
    first = date.fromisoformat(FIRST_DAY)
    return [first + timedelta(number) for number in range(days)]


def lb_requests(years: Years) -> Iterator[str]:
    """As the load balancer counts: each request that came to it. A text for each year."""
    return _lines(_flat(years), LB)


def app_requests(years: Years) -> Iterator[str]:
    """As the app counts: what never reached it is not there, and nobody leaves it."""
    counts = _flat(years).copy()
    counts[..., CLASSES.index("in time")] += counts[..., CLASSES.index("left")]
    counts[..., CLASSES.index("left")] = 0
    counts[..., CLASSES.index("lost")] = 0
    return _lines(counts, APP)


def complaint_lines(complaints: list[Complaint]) -> Iterator[str]:
    """Support's mailbox."""
    first = date.fromisoformat(FIRST_DAY)
    for each in complaints:
        yield f"{first + timedelta(each.day)}\t{each.about}\t{each.segment}\t{each.count}\n"


def _flat(years: Years) -> Counts:
    """(days, routes, segments, clients, classes)."""
    return years.requests.reshape(-1, *years.requests.shape[2:])


def _lines(counts: Counts, log: int) -> Iterator[str]:
    """A line for each cell that has any requests, in the order of the days."""
    cells = [
        _cell(*cell, log=log) for cell in product(ROUTES, SEGMENTS, CLIENTS, range(len(CLASSES)))
    ]
    days = [day.isoformat() for day in dates(len(counts))]
    by_cell = counts.reshape(len(counts), -1)
    for start in range(0, len(counts), DAYS_AT_ONCE):
        part = by_cell[start : start + DAYS_AT_ONCE]
        day, cell = np.nonzero(part)
        numbers = part[day, cell].tolist()
        yield "".join(
            [
                f"{days[start + on]}{cells[which]}{number}\n"
                for on, which, number in zip(day.tolist(), cell.tolist(), numbers, strict=True)
            ]
        )


def _cell(route: str, segment: str, client: str, outcome: int, log: int) -> str:
    """The middle of a line: all but the day and the number."""
    entry = LOGGED[CLASSES[outcome]][log]
    if entry is None:
        return ""  # there are none
    status, under_ms, body = entry
    if CLASSES[outcome] == "4xx" and route == "account":
        status = WRONG_PASSWORD
    return f"\t{route}\t{segment}\t{client}\t{status}\t{under_ms}\t{body}\t"
