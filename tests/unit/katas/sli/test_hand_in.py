"""The learner's files, and the rows of the learner's SELECT."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dojo import FileRefused, LearnerFile
from katas.sli.answer import counted
from katas.sli.design import SLI_FILE, SLO_FILE, read_design

SQL = LearnerFile(SLI_FILE, "SELECT 1")
DAY = date(2004, 1, 5)


def slo(text: str) -> dict[str, LearnerFile]:
    return {SLI_FILE: SQL, SLO_FILE: LearnerFile(SLO_FILE, text)}


def test_a_target_and_a_least_number_are_read() -> None:
    """Both as numbers."""
    design = read_design(slo("target: 0.995\nmin_bad_events: 6\n"))
    assert (design.slo.target, design.slo.min_bad_events) == (0.995, 6)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("target: 99.5\nmin_bad_events: 6\n", 1),
        ("target: 1\nmin_bad_events: 6\n", 1),
        ("target: -0.1\nmin_bad_events: 6\n", 1),
        ("target: 0.99\nmin_bad_events: 0\n", 2),
        ("target: 0.99\nmin_bad_events: 1.5\n", 2),
        ("target: 0.99\nmin_bad_events: 6\nbudget: 1\n", 3),
    ],
)
def test_what_is_no_target_is_refused_with_its_line(text: str, line: int) -> None:
    """A percentage, a target that nothing can miss or meet, half an event, an unknown key."""
    with pytest.raises(FileRefused) as refused:
        read_design(slo(text))
    assert refused.value.line == line


@pytest.mark.parametrize("table", ["complaints", '"complaints"', "public.Complaints"])
def test_complaints_are_not_counted(table: str) -> None:
    """They may be looked at; the refusal has the line."""
    sql = LearnerFile(SLI_FILE, f"SELECT day\nFROM {table}")
    files = {**slo("target: 0.99\nmin_bad_events: 6\n"), SLI_FILE: sql}
    with pytest.raises(FileRefused, match="for looking") as refused:
        read_design(files)
    assert refused.value.line == 2


def test_complaints_may_be_spoken_of() -> None:
    """In a comment or a text they are no table."""
    sql = "-- complaints come late\nSELECT 'complaints' /* complaints */ FROM lb_requests"
    read_design({**slo("target: 0.99\nmin_bad_events: 6\n"), SLI_FILE: LearnerFile(SLI_FILE, sql)})


def test_rows_become_counts_of_groups() -> None:
    """The sum of nothing, and a day without a row, are no events."""
    rows = [
        (DAY, None, None, Decimal(99), Decimal(100)),
        (DAY, "trade", "checkout", None, 2),
    ]
    events = counted(SQL, rows)
    assert events.groups == ((None, None), ("trade", "checkout"))
    assert events.good[0, 0, 0] == 99
    assert events.bad[1, 0, 0] == 2
    assert events.total[0, 0, 1] == 0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no rows"),
        ([(DAY, None, None, 1, 1), (DAY, None, None, 2, 2)], "several rows"),
        ([(date(1999, 1, 1), None, None, 1, 1)], "a date of the logs, not 1999-01-01"),
        ([("2004-01-05", None, None, 1, 1)], "a date of the logs, not '2004-01-05'"),
        ([([1], None, None, 1, 1)], "a date of the logs"),
        ([(DAY, "vip", None, 1, 1)], "segment must be .*, not 'vip'"),
        ([(DAY, None, ["home"], 1, 1)], "route must be"),
        ([(DAY, None, None, "1", 1)], "good must be a number; .*, it is '1'"),
        ([(DAY, None, None, 1, True)], "total must be a number"),
        ([(DAY, None, None, 2, 1)], "good must be from 0 to total"),
        ([(DAY, None, None, -1, 1)], "good must be from 0 to total"),
        ([(DAY, None, None, float("nan"), 1)], "good must be from 0 to total"),
        ([(DAY, None, None, Decimal("NaN"), Decimal(1))], "good must be from 0 to total"),
        ([(DAY, None, None, Decimal("Infinity"), math.inf)], "good must be from 0 to total"),
        ([(DAY, None, None, 1, Decimal("1e1000"))], "it is 1 of inf"),
    ],
)
def test_rows_that_are_no_counts_are_refused(rows: list[tuple[Any, ...]], reason: str) -> None:
    """With the day and the group where that helps."""
    with pytest.raises(FileRefused, match=reason):
        counted(SQL, rows)


@pytest.mark.parametrize("text", ["SELECT 1 /* complaints", "SELECT 'complaints", "/*'*/ SELECT 1"])
def test_what_does_not_end_is_left_to_postgres(text: str) -> None:
    """A comment or a text without its end goes on to the end of the file, and is no word."""
    files = {**slo("target: 0.99\nmin_bad_events: 6\n"), SLI_FILE: LearnerFile(SLI_FILE, text)}
    assert read_design(files).sql.text == text
