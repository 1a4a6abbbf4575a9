"""The report's part about bad events: by cause, and in each by what they have in common."""

from rich.console import Console
from rich.text import Text

from dojo.output import wording
from dojo.output.app_text import one_line
from dojo.output.charts import bar
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.report import ErrorGroup, Report

__all__ = ["print_bad_events"]

MOST_GROUPS = 4  # of each cause; the rest is counted
MOST_LOG_LINES = 2
INDENT = 10


def print_bad_events(console: Console, report: Report) -> None:
    """Counts and bars of the causes; under each its groups, with one example and its log lines."""
    if not report.bad_events:
        return
    total = sum(report.bad_events.values())
    print_heading(console, f"{wording.bad_events(report)} and by what they have in common")
    for cause, count in report.bad_events.items():
        row = Text(f"  {cause:<14}{count:>6,}  ")
        row.append(bar(count / total, 30), style="red")
        console.print(row)
        if cause in wording.CAUSES:
            print_indented(console, wording.CAUSES[cause], "dim", 4)
        groups = [group for group in report.error_groups if group.cause == cause]
        for group in groups[:MOST_GROUPS]:
            _group(console, group)
        if rest := sum(group.count for group in groups[MOST_GROUPS:]):
            more = wording.smaller_groups(rest, len(groups) - MOST_GROUPS)
            _detail(console, more)


def _group(console: Console, group: ErrorGroup) -> None:
    status = "" if group.status is None else f" → {group.status}"
    step = f" ({one_line(group.step)})" if group.step else ""
    line = Text(f"{group.count:>8,}  {one_line(group.route)}{step}{status}", style="bold")
    console.print(line)
    if group.exception:
        where = f", in {one_line(group.place)}" if group.place else ""
        _detail(console, f"{one_line(group.exception)}{where}", style="red")
    outcome = one_line(wording.expectation(group))
    _detail(console, f"such as {one_line(group.example)}: {outcome}")
    for line_of_app in group.log_lines[:MOST_LOG_LINES]:
        _detail(console, f"{wording.log_of(group)}: {one_line(line_of_app)}")


def _detail(console: Console, text: str, style: str = "dim") -> None:
    print_indented(console, text, style, INDENT)
