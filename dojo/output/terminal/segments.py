"""The SLI of each segment of the visitors, in the terminal."""

from rich.console import Console

from dojo.output import wording
from dojo.output.figures import percent
from dojo.output.terminal.sections import print_section
from dojo.report import Report
from dojo.sections import Column, Section, Table

__all__ = ["print_segments"]

COLUMNS = (Column("segment"), Column("good / total", numeric=True), Column("SLI", numeric=True))


def print_segments(console: Console, report: Report) -> None:
    """A line for each segment, the worst first; nothing if the kata names none."""
    if not report.segments or report.verdict == "invalid":
        return
    rows = [
        (each.name, f"{each.good:,} / {each.total:,}", percent(each.sli))
        for each in report.segments
    ]
    table = Table(COLUMNS, rows, most_in_terminal=len(rows))
    print_section(console, Section("segments", wording.BY_SEGMENT, [table], wording.SEGMENTS))
