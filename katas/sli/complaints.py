"""Support's mailbox: late, more on weekdays, and often about something else than the site.

Knows counts and the truth; its rows are for looking, and nothing is judged by them.
"""

from dataclasses import dataclass

import numpy as np

from katas.sli.shop_traffic import SEGMENTS, YEAR_DAYS, YEARS
from katas.sli.years import Years

__all__ = ["ABOUT", "Complaint", "draw_complaints"]

ABOUT = ("the site", "a price", "a delivery")
OF_THE_SPOILT = 0.03  # requests, one is complained of
PRICES_A_DAY, DELIVERIES_A_DAY = 5.0, 7.0
LATE_DAYS = (0.25, 0.35, 0.25, 0.15)  # after 0, 1, 2, 3 days
WEEKDAYS = (1.5, 1.2, 1.1, 1.1, 1.0, 0.35, 0.2)  # Monday first
TRADE = 0.06  # of the complaints that nobody can know more of


@dataclass(frozen=True, slots=True)
class Complaint:
    """So many complaints of one sort on a day, counted from the first."""

    day: int
    about: str
    segment: str
    count: int


def draw_complaints(years: Years) -> list[Complaint]:
    """Every day's complaints, in the days' order."""
    rng = np.random.default_rng([years.seed, 1])
    days = YEARS * YEAR_DAYS
    weekdays = np.resize(np.array(WEEKDAYS), days)
    spoilt = years.spoilt.reshape(-1)
    late = np.convolve(spoilt, LATE_DAYS)[:days]
    expected = np.stack(
        [
            (late * OF_THE_SPOILT + 1.0) * weekdays,
            np.full(days, PRICES_A_DAY) * weekdays * rng.gamma(4, 1 / 4, size=days),
            np.full(days, DELIVERIES_A_DAY) * weekdays,
        ]
    )
    of_trade = np.full_like(expected, TRADE)
    only_trade = (years.calendar.kinds == "trade").reshape(-1)
    of_trade[0, only_trade] = 0.8
    rows = rng.poisson(np.stack([expected * (1 - of_trade), expected * of_trade]))
    return [
        Complaint(day, about, segment, int(rows[which, sort, day]))
        for day in range(days)
        for sort, about in enumerate(ABOUT)
        for which, segment in enumerate(SEGMENTS)
        if rows[which, sort, day]
    ]
