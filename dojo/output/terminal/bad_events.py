"""The report's part about bad events: by cause, and in each by what they have in common."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dojo.output.charts import bar
from dojo.output.screen import head, safe
from dojo.report import BadExample, ErrorGroup, Report

__all__ = ["print_bad_events"]

MOST_GROUPS = 4  # of each cause; the rest is counted
MOST_LOG_LINES = 2
INDENT = 10


def print_bad_events(console: Console, report: Report) -> None:
    """Counts and bars of the causes; under each its groups, with one example and its log lines."""
    if not report.bad_events:
        return
    total = sum(report.bad_events.values())
    head(console, f"{total:,} bad events, by cause and by what they have in common")
    examples = {example.cause: example for example in report.examples}
    for cause, count in report.bad_events.items():
        row = Text(f"  {cause:<14}{count:>6,}  ")
        row.append(bar(count / total, 30), style="red")
        console.print(row)
        groups = [group for group in report.error_groups if group.cause == cause]
        for group in groups[:MOST_GROUPS]:
            _group(console, group)
        if rest := sum(group.count for group in groups[MOST_GROUPS:]):
            more = len(groups) - MOST_GROUPS
            _say(console, f"and {rest:,} more, in {more} smaller group{'s' if more > 1 else ''}")
        if not groups and cause in examples:
            _example(console, examples[cause])


def _group(console: Console, group: ErrorGroup) -> None:
    status = "" if group.status is None else f" → {group.status}"
    line = Text(f"{group.count:>8,}  {safe(group.route)}{status}", style="bold")
    console.print(line)
    if group.exception:
        where = f", in {safe(group.place)}" if group.place else ""
        _say(console, f"{safe(group.exception)}{where}", style="red")
    _say(console, f"such as {safe(group.example)}")
    for line_of_app in group.log_lines[:MOST_LOG_LINES]:
        _say(console, f"app: {safe(line_of_app)}")


def _example(console: Console, example: BadExample) -> None:
    status = "" if example.status is None else f" [{example.status}]"
    told = f"{example.request}{status}: expected {example.expected}; came {example.came}"
    _say(console, f"such as {safe(told)}")
    for line in example.log_lines[:MOST_LOG_LINES]:
        _say(console, f"app: {safe(line)}")


def _say(console: Console, text: str, style: str = "dim") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, INDENT), expand=False))
