"""The katas of a session in the terminal, a line for each."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dojo.output.any_report import AnyReport, headline
from dojo.output.figures import burn_rate
from dojo.output.terminal.headline import STYLES

__all__ = ["summary_table"]


VERDICT_WIDTH = 16  # columns; the longer ones take several lines


def summary_table(reports: Sequence[AnyReport], width: int, color: bool) -> str:
    """Verdict, time, and the objective that burns fastest."""
    target = io.StringIO()
    console = Console(file=target, width=width, force_terminal=color, no_color=not color)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("kata", no_wrap=True)
    table.add_column("verdict", max_width=VERDICT_WIDTH)
    table.add_column("worst objective", overflow="fold")
    table.add_column("burn rate", no_wrap=True)
    table.add_column("time", no_wrap=True)
    for report in reports:
        worst = max(report.objectives, key=lambda objective: objective.burn_rate, default=None)
        table.add_row(
            report.kata,
            Text(headline(report).upper(), style=STYLES[report.verdict]),
            Text(worst.name if worst else "-"),
            burn_rate(worst.burn_rate) if worst else "-",
            f"{report.timings_s.get('total', 0):.1f} s",
        )
    console.print(table)
    return target.getvalue()
