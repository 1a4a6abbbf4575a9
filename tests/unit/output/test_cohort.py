"""What came of a cohort, as values."""

import json
from dataclasses import asdict, replace

import pytest

from dojo.output.cohort import (
    OUTCOMES,
    CauseCount,
    cause_counts,
    check_counts,
    row_from_json,
    solved_line,
)
from tests.support.cohorts import COHORT


def test_every_outcome_is_in_the_sample() -> None:
    """Else the tests of table and page show less than there is."""
    assert {row.outcome for row in COHORT.rows} == set(OUTCOMES)


def test_causes_that_are_left_in_most() -> None:
    """Of the last attempts alone, the most frequent first, among those that have a report."""
    assert cause_counts(COHORT.rows) == (CauseCount("loop", 2, 6),)
    assert check_counts(COHORT.rows) == (CauseCount("pages_right", 1, 6),)
    assert cause_counts(()) == ()


def test_how_many_solved_it() -> None:
    """And what became of the others, in the order of the outcomes."""
    assert solved_line(COHORT.rows) == (
        "2 of 10 solved; 2 not met, 1 undecided, 1 with graded files that differ, 1 broke down,"
        " 1 stopped, 1 could not be read, 1 with an invalid run."
    )
    assert solved_line(COHORT.rows[:1]) == "1 of 1 solved."


def test_a_row_is_read_back_as_it_was_written() -> None:
    """Through JSON, as it is stored."""
    for row in COHORT.rows:
        assert row_from_json(json.loads(json.dumps(asdict(row)))) == row


@pytest.mark.parametrize("change", [{"attempts": []}, {"attempts": [{}]}, {"name": None}])
def test_a_row_that_is_none(change: dict[str, object]) -> None:
    """What can't be a row raises what its reader expects."""
    facts = {**asdict(COHORT.rows[0]), **change}
    if change == {"name": None}:
        del facts["name"]
    with pytest.raises((KeyError, TypeError, ValueError)):
        row_from_json(facts)
    broken = asdict(replace(COHORT.rows[0]))
    broken["attempts"][0]["outcome"] = "great"
    with pytest.raises(ValueError, match="great"):
        row_from_json(broken)


def test_as_json() -> None:
    """Each kata with its counts, each row with its outcome."""
    facts = json.loads(json.dumps(COHORT.to_json()))
    assert facts["katas"][0]["solved"] == 2
    assert facts["katas"][0]["causes"] == [{"name": "loop", "count": 2, "total": 6}]
    assert [row["outcome"] for row in facts["rows"]] == [row.outcome for row in COHORT.rows]
