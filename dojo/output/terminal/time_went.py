"""Where the time went, in the terminal: what the server side saw, and the heaviest statements."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dojo.costs import StatementCost
from dojo.output.app_text import one_line, told_apart
from dojo.output.figures import seconds
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.output.time_went import STATEMENT_TIMES, TIME_WENT, time_went
from dojo.report import Report

__all__ = ["print_time_went"]

MOST_OF_A_TEXT = 1500  # characters, as on the page


def print_time_went(console: Console, report: Report) -> None:
    """Statements for each answer, connections, and a line for each heavy statement."""
    sentences = time_went(report)
    if not sentences and not report.where.statements:
        return
    print_heading(console, TIME_WENT)
    for sentence in sentences:
        print_indented(console, sentence)
    if report.where.statements:
        _print_statements(console, report.where.statements)


def _print_statements(console: Console, statements: Sequence[StatementCost]) -> None:
    console.print(Text(f"  {'calls':>7}{'total':>10}{'mean':>13}  statement", style="dim"))
    figures = [
        f"  {cost.calls:>7,}{seconds(cost.total_ms / 1000):>10}{cost.mean_ms:>10,.2f} ms"
        for cost in statements
    ]
    room = console.width - max(map(len, figures), default=0) - 2
    texts = told_apart([one_line(cost.text, MOST_OF_A_TEXT) for cost in statements], room)
    for line, text in zip(figures, texts, strict=True):
        console.print(Text(f"{line}  {text}"), no_wrap=True, overflow="crop")
    print_indented(console, STATEMENT_TIMES, "dim")
