"""Copies a drawn year into Postgres, for the learner to look at."""

import numpy as np
import psycopg

from dojo import copy_rows
from katas.alerts.calendar import FIRST_MINUTE, when
from katas.alerts.years import Year

__all__ = ["fill"]


def fill(db: psycopg.Connection[tuple[object, ...]], year: Year) -> None:
    """The tables of the kata's schema.sql: each minute's counts, and the incidents."""
    first = np.datetime64(FIRST_MINUTE.replace(tzinfo=None), "m")
    minutes = np.datetime_as_string(first + np.arange(len(year.total)), timezone="UTC")
    columns = {"minute": minutes.tolist(), "total": year.total.tolist(), "bad": year.bad.tolist()}
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
