"""How many requests the shop expects in each minute of a year. Pure: from a seed to rates.

A year is 52 weeks that are judged, after a lead-in of four weeks in which nothing happens: the
longest window of an SLO looks so far back. Minutes are counted from the lead-in's first midnight, a
Monday. It knows nothing of incidents.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    *("DAY", "DAYS", "HOUR", "LEAD_IN_DAYS", "MINUTES", "YEAR_DAYS"),
    *("Floats", "expected_requests"),
]

Floats: TypeAlias = NDArray[np.float64]

HOUR, DAY = 60, 24 * 60  # in minutes
LEAD_IN_DAYS = 28
YEAR_DAYS = 52 * 7
DAYS = LEAD_IN_DAYS + YEAR_DAYS
MINUTES = DAYS * DAY

# requests a minute on the hour, on a weekday in the middle of the year; about 60,000 a day
ON_THE_HOUR: Sequence[float] = (
    *(19, 9.5, 6.4, 5.3, 5.3, 6.4, 9.5, 16, 26, 37, 44, 51),
    *(55, 53, 51, 53, 58, 69, 85, 106, 116, 101, 69, 37),
)
WEEKEND = 0.7
GROWTH = 0.3  # from the first day to the last
SALE, SALE_DAYS = 1.35, 7


def expected_requests(rng: np.random.Generator) -> Floats:
    """The expected requests of each of MINUTES: by hour and weekday, growing, with a sale."""
    hours = np.arange(DAY) / HOUR
    day = np.interp(hours, np.arange(25), [*ON_THE_HOUR, ON_THE_HOUR[0]])
    days = np.arange(DAYS)
    factor = np.where(days % 7 >= 5, WEEKEND, 1.0)
    factor *= 1 + GROWTH * (days / (DAYS - 1) - 0.5)
    first = int(rng.integers(LEAD_IN_DAYS, DAYS - SALE_DAYS))
    factor[first : first + SALE_DAYS] *= SALE
    return np.outer(factor, day).ravel()
