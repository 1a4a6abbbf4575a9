"""The steps of a journey in the terminal: which of them its time goes to."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output import wording
from dojo.output.charts import bar
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.report import StepTime

__all__ = ["print_steps"]

NARROW = 70  # columns: below that the names need the room
NAMES = ("p50", "p95", "max")
BESIDE_BAR = 76  # columns
LEAST_BAR, MOST_BAR = 8, 40


def print_steps(console: Console, steps: Sequence[StepTime]) -> None:
    """A line for each step: answers, percentiles, and its share of all the time waited."""
    if not steps:
        return
    print_heading(console, "Step by step: what the journeys waited for")
    room = min(MOST_BAR, console.width - BESIDE_BAR)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    table.add_column("  step", overflow="fold")
    answered = "answered / sent" if console.width >= NARROW else "answers"
    for head in (answered, *NAMES):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("share of the wait" if room >= LEAST_BAR else "share", no_wrap=True)
    spent_s = sum(step.spent_s for step in steps)
    for step in steps:
        share = step.spent_s / spent_s if spent_s else 0.0
        share_text = Text(f"{bar(share, room)} " if room >= LEAST_BAR else "", style="magenta")
        table.add_row(
            f"  {step.name}",
            f"{step.answered:,} / {step.sent:,}",
            *(wording.percentile(step.latency_s, name, ">") for name in NAMES),
            share_text.append(f"{share:.0%}", style="dim"),
        )
    console.print(table)
    if len({step.sent for step in steps}) > 1:
        print_indented(console, wording.STEPS, "dim")
