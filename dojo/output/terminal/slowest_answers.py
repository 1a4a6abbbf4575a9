"""The slowest answer of each moment of the burst, in the terminal."""

from rich.console import Console
from rich.text import Text

from dojo.output import wording
from dojo.output.charts import BAD, timeline
from dojo.output.events import thresholds_s
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.report import Report

__all__ = ["print_slowest_answers"]

PLOT_HEIGHT = 7
MOST_COLUMNS = 100
BESIDE_PLOT = 14  # columns for labels and margins


def print_slowest_answers(console: Console, report: Report) -> None:
    """A timeline of the burst, for objectives that have a threshold; nothing without an answer."""
    limits_s = thresholds_s(report)
    answered = sum(point.latency_s is not None for point in report.points)
    if not limits_s or answered < 2:
        return
    bursts = "burst" if report.looks == 1 else f"{report.looks} bursts"
    bad = wording.bad_answers(report)
    signs = ", ".join([*([f"{BAD} {bad}"] if bad else ()), f"↑ {wording.no_answer(report)}"])
    print_heading(console, f"Over the {bursts}: the slowest answer of each moment ({signs})")
    if report.looks > 1:
        print_indented(console, wording.ONE_AFTER_ANOTHER, "dim")
    width = min(MOST_COLUMNS, console.width - BESIDE_PLOT)
    for row in timeline(report.points, report.burst_s, limits_s[0], width, PLOT_HEIGHT):
        line = Text(f"  {row}")
        line.highlight_regex(f"[{BAD}↑]+", "red")
        console.print(line, overflow="crop", no_wrap=True)
    end = f"{report.burst_s:.1f} s"
    console.print(Text(f"  {'':>7} └0 s{'─' * max(0, width - 3 - len(end))}{end}", style="dim"))
