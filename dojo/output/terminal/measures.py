"""The measures of a simulated kata in the terminal. Nothing is ever cut, however narrow it is."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dojo.output import simulated_outcome, wording
from dojo.output.app_text import printable
from dojo.output.figures import round_percent, tenths
from dojo.output.terminal.lines import print_indented, print_items
from dojo.output.terminal.objectives import STYLES
from dojo.report import ObjectiveResult
from dojo.simulated_report import MeasureResult, SimulatedReport

__all__ = ["print_measures"]

HEADS = ("measured", "target", "good / total", "bad", "green allows")
# Of the columns, so that the layout is that of every run: "99.9%" to "1,000 / 10,000".
LEAST_WIDTHS = (8, 6, 15, 6, 12)
GAP = "  "


def print_measures(console: Console, report: SimulatedReport) -> None:
    """A table; where the terminal is too narrow for it, each measure's name above its figures.

    Which of the two it is depends on the terminal and the measures' names, not on what came out.
    """
    if not report.measures:
        return
    console.print()
    rows = [_figures(each) for each in report.objectives]
    widths = [
        max(least, *map(len, column))
        for least, *column in zip(LEAST_WIDTHS, HEADS, *rows, strict=True)
    ]
    name_width = max(len("measure"), *(len(each.name) for each in report.objectives))
    is_wide = len(GAP) * (len(widths) + 1) + name_width + sum(widths) <= console.width
    if is_wide:
        heads = GAP.join(head.rjust(width) for head, width in zip(HEADS, widths, strict=True))
        console.print(Text(f"  {'measure':<{name_width}}{GAP}{heads}", style="dim"))
    for measure, row in zip(report.measures, rows, strict=True):
        if is_wide:
            _print_row(console, measure.objective, row, widths, name_width)
        else:
            _print_figures(console, measure.objective, row)
        _print_words(console, measure)
    print_indented(console, simulated_outcome.KEY, "dim", 0)
    print_indented(console, simulated_outcome.FORMULA, "dim", 0)
    if any(each.verdict != "met" and each.green_at_most >= 0 for each in report.objectives):
        print_indented(console, simulated_outcome.STRICTER, "dim", 0)


def _figures(objective: ObjectiveResult) -> tuple[str, ...]:
    return (
        tenths(objective.sli, objective.target) if objective.total else "-",
        round_percent(objective.target),
        f"{objective.good:,} / {objective.total:,}",
        f"{objective.bad:,}",
        _allowed(objective),
    )


def _allowed(objective: ObjectiveResult) -> str:
    if not objective.total:
        return "-"
    return f"{objective.green_at_most:,}" if objective.green_at_most >= 0 else "too few"


def _sign(objective: ObjectiveResult) -> Text:
    style = STYLES[objective.verdict]
    return Text(f"{simulated_outcome.SIGNS[objective.verdict]} ", style=style)


def _print_row(
    console: Console,
    objective: ObjectiveResult,
    row: Sequence[str],
    widths: Sequence[int],
    name_width: int,
) -> None:
    line = _sign(objective).append(f"{objective.name:<{name_width}}{GAP}", "default")
    line.append(row[0].rjust(widths[0]), "bold")
    for figure, width in zip(row[1:], widths[1:], strict=True):
        line.append(f"{GAP}{figure:>{width}}", "default")
    console.print(line)


def _print_figures(console: Console, objective: ObjectiveResult, row: Sequence[str]) -> None:
    console.print(_sign(objective).append(objective.name, "default"))
    print_items(console, [f"{h} {f}" for h, f in zip(HEADS, row, strict=True)])


def _print_words(console: Console, measure: MeasureResult) -> None:
    """What the measure is; of one that is not met also its verdict and what was bad."""
    objective = measure.objective
    if objective.verdict == "met":
        print_indented(console, printable(measure.display_name), "dim")
        return
    verdict = simulated_outcome.verdict(objective)
    print_indented(console, printable(f"{measure.display_name}: {verdict}"))
    counted = f"Good: {measure.good_events}. Total: {measure.total_events}."
    print_indented(console, printable(counted), "dim")
    if measure.detail:
        print_indented(console, printable(measure.detail))
    if objective.verdict == "undecided" and objective.total:
        print_indented(console, f"{simulated_outcome.bounds(measure)}.", "yellow")
        print_indented(console, wording.interval(objective), "dim")
