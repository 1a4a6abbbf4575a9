"""Copies a drawn year into Postgres, for the learner to look at."""

import numpy as np
import psycopg

from dojo import copy_rows
from katas.alerts.calendar import FIRST_MINUTE, when
from katas.alerts.years import Year

__all__ = ["fill"]

ROWS_AT_ONCE = 50_000  # so that few texts are in memory together


def fill(db: psycopg.Connection[tuple[object, ...]], year: Year) -> None:
    """The tables of the kata's schema.sql: each minute's counts, and the incidents."""
    first = np.datetime64(FIRST_MINUTE.replace(tzinfo=None), "m")
    for start in range(0, len(year.total), ROWS_AT_ONCE):
        span = slice(start, min(start + ROWS_AT_ONCE, len(year.total)))
        minutes = np.datetime_as_string(first + np.arange(span.start, span.stop), timezone="UTC")
        columns = {
            "minute": minutes.tolist(),
            "total": year.total[span].tolist(),
            "bad": year.bad[span].tolist(),
        }
        copy_rows(db, "minutes", columns)
    spent = [int(year.bad_until[i.end] - year.bad_until[i.start]) for i in year.incidents]
    copy_rows(
        db,
        "incidents",
        {
            "began": [when(each.start) for each in year.incidents],
            "ended": [when(each.end) for each in year.incidents],
            "kind": [each.kind.name for each in year.incidents],
            "pace": [each.kind.pace for each in year.incidents],
            "bad": spent,
            "budget_share": [
                bad / year.budget(each.start)
                for bad, each in zip(spent, year.incidents, strict=True)
            ],
        },
    )
