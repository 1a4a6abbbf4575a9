"""What happens on which day of the drawn years: the truth, which no database ever holds.

An incident takes one day, and two are never on the same one. Most of the large ones come in a few
bad months, as they do; one month of each year has a long outage. Knows numbers, no tables.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from katas.sli.shop_traffic import MONTH_DAYS, MONTHS, YEAR_DAYS, YEARS

__all__ = ["BAD_MONTHS", "CALM", "INCIDENTS", "Calendar", "draw_calendar"]

# What each of them takes to be seen, or left alone: `python -m benchmarks.sli_table`.
INCIDENTS = ("lost", "slow", "empty", "errors", "home", "trade", "checkout")
CALM = ("ordinary", "deploy", "bots", "visitors leave")
LARGE = ("lost", "slow", "empty", "errors")
A_YEAR = 6  # incidents of each kind
BAD_MONTHS = 3  # of each year, in which the large ones come
CALM_A_YEAR = {"deploy": 24, "bots": 12, "visitors leave": 24}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A kind for each day of each year, and which of the losses are the long ones."""

    kinds: NDArray[np.str_]  # (YEARS, YEAR_DAYS): a name of INCIDENTS or CALM
    is_long: NDArray[np.bool_]  # (YEARS, YEAR_DAYS): the long outage of its year


def draw_calendar(rng: np.random.Generator) -> Calendar:
    """Twenty years, each with the same number of days of each kind."""
    kinds = np.full((YEARS, YEAR_DAYS), "ordinary", dtype="<U16")
    is_long = np.zeros((YEARS, YEAR_DAYS), dtype=bool)
    for year in range(YEARS):
        _draw_year(rng, kinds[year], is_long[year])
    return Calendar(kinds, is_long)


def _draw_year(
    rng: np.random.Generator, kinds: NDArray[np.str_], is_long: NDArray[np.bool_]
) -> None:
    months = rng.permutation(MONTHS)[:BAD_MONTHS]
    in_bad_months = np.concatenate([np.arange(MONTH_DAYS) + month * MONTH_DAYS for month in months])
    large = np.repeat(LARGE, A_YEAR)
    kinds[rng.choice(in_bad_months, size=len(large), replace=False)] = large
    lost = np.flatnonzero(kinds == "lost")
    is_long[rng.choice(lost)] = True
    small = [kind for kind in INCIDENTS if kind not in LARGE]
    others = np.concatenate(
        [np.repeat(small, A_YEAR), *(np.repeat(kind, n) for kind, n in CALM_A_YEAR.items())]
    )
    free = np.flatnonzero(kinds == "ordinary")
    kinds[rng.choice(free, size=len(others), replace=False)] = others
