"""A cohort's rows as CSV."""

import csv
import io

from dojo.output.cohort_csv import cohort_csv
from tests.support.cohorts import COHORT


def test_each_row_is_a_line() -> None:
    """As a spreadsheet reads it: all lines have the same cells, figures are numbers."""
    head, *lines = csv.reader(io.StringIO(cohort_csv(COHORT)))
    assert len(lines) == len(COHORT.rows)
    assert {len(line) for line in lines} == {len(head)}
    anna = dict(zip(head, lines[0], strict=True))
    assert anna["submission"] == "anna"
    assert anna["outcome"] == "Solved"
    assert anna["95% of page loads within 100 ms: good"] == "958"
    assert anna["attempts"] == "2"
    assert dict(zip(head, lines[5], strict=True))["95% of page loads within 100 ms: sli"] == ""


def test_no_cell_is_a_formula() -> None:
    """A submission may be called like one."""
    cells = [cell for line in csv.reader(io.StringIO(cohort_csv(COHORT))) for cell in line]
    assert "'=hans()" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
