"""`./run dojo compare-load`: what an open and a closed load see of the same small server."""

import asyncio
from statistics import mean
from textwrap import wrap
from typing import TextIO

from rich.console import Console
from rich.table import Table

from dojo.load.open_and_closed import Comparison, Seen, compare
from dojo.output.figures import percent, round_time, seconds
from dojo.slo.sli import percentiles

__all__ = ["comparison_text", "run"]

THRESHOLD_S = 0.1  # as kata 01 has it
TARGET = 0.95
WIDTH = 78


def run(stream: TextIO) -> None:
    """Send both loads, and print what each saw."""
    comparison = Comparison()
    print(_introduction(comparison), file=stream, flush=True)
    closed, opened = asyncio.run(compare(comparison))
    print(comparison_text(comparison, closed, opened), file=stream)


def _introduction(comparison: Comparison) -> str:
    stall, rate = comparison.stall, f"{comparison.rate_per_s:g}"
    sentences = (
        f"A small server answers in {round_time(comparison.service_s)}, one request after another."
        f" Once it stands still for {stall.ends_s - stall.begins_s:.1f} s. Two loads of"
        f" {comparison.length_s:g} s, one after the other, send it about {rate} requests a second:"
    )
    return "\n".join(
        [
            *wrap(sentences, WIDTH),
            f"  closed  {comparison.visitors} visitors, who wait for an answer and then come again",
            "  open    visitors come at their own moments, whatever became of those before them",
            "",
        ]
    )


def comparison_text(comparison: Comparison, closed: Seen, opened: Seen) -> str:
    """A table of what both saw, and what follows from it."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("")
    for name in ("closed", "open"):
        table.add_column(name, justify="right")
    for row in _rows(comparison, closed, opened):
        table.add_row(*row)
    console = Console(width=WIDTH, color_system=None, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(table)
    lines = [line.rstrip() for line in capture.get().splitlines()]
    sent = closed.came_during(comparison.stall), opened.came_during(comparison.stall)
    conclusion = (
        f"The server did the same both times. While it stood still the closed load sent {sent[0]}"
        f" requests and then waited; {sent[1]} visitors came to the open one. A load that waits for"
        " the site leaves out just those who would have suffered: coordinated omission. Visitors"
        " don't wait for one another, so the katas' load is open, and its time counts from the"
        " click. More: docs/primer.md"
    )
    return "\n".join([*lines, "", *wrap(conclusion, WIDTH)])


def _rows(comparison: Comparison, closed: Seen, opened: Seen) -> list[list[str]]:
    """A row for each figure: its name, of the closed load, of the open one."""
    both = (closed, opened)
    times = [percentiles(each.times_s) for each in both]
    ratios = [
        sum(time_s <= THRESHOLD_S for time_s in each.times_s) / len(each.times_s) for each in both
    ]
    rows = [
        ["requests", *(f"{len(each.times_s):,}" for each in both)],
        ["  sent while it stood still", *(f"{e.came_during(comparison.stall)}" for e in both)],
        ["mean", *(seconds(mean(each.times_s)) for each in both)],
    ]
    for name in ("p50", "p95", "p99", "max"):
        rows.append([name, *(seconds(each.of(name)) if each else "-" for each in times)])
    within = f"within {round_time(THRESHOLD_S)}"
    rows.append([f"SLI: {within}", *(percent(ratio) for ratio in ratios)])
    verdicts = ("met" if ratio >= TARGET else "not met" for ratio in ratios)
    rows.append([f"objective: {TARGET:.0%} {within}", *verdicts])
    return rows
