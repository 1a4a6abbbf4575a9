"""A cohort's rows as CSV (RFC 4180), for a spreadsheet. Pure."""

import csv
import io
from dataclasses import dataclass

from dojo.output.app_text import one_line
from dojo.output.cohort import OUTCOMES, Cohort, Row

__all__ = ["cohort_csv"]

MOST = 500  # characters of a cell
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet's formula begins
HEAD = ("submission", "kata", "outcome", "reason", "causes left", "failed checks")
TAIL = ("p50 ms", "p95 ms", "answered per s", "come per s")
END = ("seconds", "attempts", "judged at", "graded files that differ", "same as", "source")


@dataclass(frozen=True, slots=True)
class Columns:
    """The objectives of all katas, each with a column for its SLI, good and total."""

    objectives: tuple[str, ...]

    @property
    def head(self) -> list[str]:
        """The first line."""
        of_objectives = [
            f"{name}: {what}" for name in self.objectives for what in ("sli", "good", "total")
        ]
        return [*HEAD, *of_objectives, *TAIL, *END]

    def line(self, row: Row) -> list[object]:
        """The cells of a row, in the order of the head."""
        last = row.last
        figures = {each.name: each for each in last.objectives}
        cells: list[object] = [row.name, row.kata, OUTCOMES[row.outcome], last.reason]
        cells += ["; ".join(last.causes), "; ".join(last.failed_checks)]
        for name in self.objectives:
            each = figures.get(name)
            cells += [round(each.sli, 6), each.good, each.total] if each else ["", "", ""]
        numbers = (last.p50_ms, last.p95_ms, last.answered_per_s, last.come_per_s)
        cells += ["" if number is None else round(number, 3) for number in numbers]
        cells += [round(last.spent_s, 1), len(row.attempts), last.started_at]
        return [*cells, "; ".join(row.differing), row.same_as, row.source]


def cohort_csv(cohort: Cohort) -> str:
    """One line for each row, below the names of the columns."""
    names = [each.name for row in cohort.rows for each in row.last.objectives]
    columns = Columns(tuple(dict.fromkeys(names)))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(each) for each in columns.head])
    writer.writerows([_cell(each) for each in columns.line(row)] for row in cohort.rows)
    return text.getvalue()


def _cell(value: object) -> object:
    """A text in one line, which no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    text = one_line(value, MOST)
    return f"'{text}" if text.startswith(FORMULA) else text
