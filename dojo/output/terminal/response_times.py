"""How long the answers took, in the terminal: percentiles, service time, and a histogram."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dojo.output import wording
from dojo.output.charts import BAD, Bar, bar, bars
from dojo.output.events import thresholds_s
from dojo.output.figures import seconds
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.report import Report

__all__ = ["print_response_times"]

BESIDE_BARS = 36  # columns for labels and counts
EDGE = 12  # columns for the label of a line


def print_response_times(console: Console, report: Report) -> None:
    """Percentiles, the service time, and the histogram."""
    print_heading(console, wording.answers(report))
    if report.latency_s is not None:
        print_indented(console, wording.percentiles(report.latency_s))
    if bounds := wording.lower_bounds(report):
        print_indented(console, bounds, "dim")
    if alone := wording.alone(report):
        print_indented(console, alone, "dim")
    _print_histogram(console, report)


def _print_histogram(console: Console, report: Report) -> None:
    limits_s = thresholds_s(report)
    lines = bars(report.points, limits_s)
    unanswered = sum(point.latency_s is None for point in report.points)
    most = max([*(line.count for line in lines), unanswered], default=0)
    if not most:
        return
    console.print()
    room = console.width - BESIDE_BARS
    for line in lines:
        _print_bar(console, line, limits_s, most, room)
    if unanswered:
        console.print(_row(wording.no_answer(report), 0, unanswered, most, room))
    if unanswered or any(line.bad for line in lines):
        reasons = (wording.bad_answers(report), wording.what_no_answer_is(report))
        kinds = f"{BAD} bad: {'; '.join(filter(None, reasons))}"
        console.print(Text(f"  {'':>{EDGE}}   █ good   {kinds}", style="dim"))


def _print_bar(
    console: Console, line: Bar, limits_s: Sequence[float], most: int, room: int
) -> None:
    edge = "longer" if math.isinf(line.upto_s) else f"≤ {seconds(line.upto_s)}"
    console.print(_row(edge, line.good, line.bad, most, room))
    if line.upto_s in limits_s:
        mark = f"  {'':>{EDGE}} ├{'╌' * (room - 18)} threshold {seconds(line.upto_s)}"
        console.print(Text(mark, style="cyan"))


def _row(edge: str, good: int, bad: int, most: int, room: int) -> Text:
    """A line of the histogram; its bad part is hatched and at least one column wide."""
    row = Text(f"  {edge:>{EDGE}} │")
    row.append(bar(good / most, room), style="green")
    row.append(BAD * max(round(bad / most * room), 1 if bad else 0), style="red")
    count = f" {good + bad:,}" if good + bad else ""
    return row.append(f"{count}, {bad:,} bad" if good and bad else count, style="dim")
