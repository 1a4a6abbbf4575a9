"""The steps of a journey in the terminal: which of them its time goes to."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output.charts import bar
from dojo.output.figures import seconds
from dojo.output.terminal.lines import print_heading
from dojo.report import StepTime

__all__ = ["print_steps"]


def print_steps(console: Console, steps: Sequence[StepTime]) -> None:
    """A line for each step: answers, percentiles, and its share of the time in all answers."""
    if not steps:
        return
    print_heading(console, "Step by step: what the journeys waited for")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name in ("  step", "answered / sent", "p50", "p95", "max", "share of the wait"):
        left = name.startswith((" ", "share"))
        table.add_column(name, justify="left" if left else "right", no_wrap=True)
    spent_s = sum(step.spent_s for step in steps)
    room = max(8, min(40, console.width - 72))
    for step in steps:
        p, share = step.latency_s, step.spent_s / spent_s if spent_s else 0.0
        share_bar = Text(bar(share, room), style="magenta")
        share_bar.append(f" {share:.0%}", style="dim")
        table.add_row(
            f"  {step.name}",
            f"{step.answered:,} / {step.sent:,}",
            seconds(p.p50 if p else None),
            seconds(p.p95 if p else None),
            seconds(p.max if p else None),
            share_bar,
        )
    console.print(table)
