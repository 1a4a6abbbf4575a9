"""The steps of a journey in the terminal: which of them waits, and which of them costs.

No name and no figure is ever cut: where a table is too wide, each name stands above its figures.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from dojo.burst_figures import StepTime
from dojo.costs import StepCost
from dojo.output import wording
from dojo.output.app_text import one_line
from dojo.output.figures import seconds
from dojo.output.terminal.lines import print_heading, print_indented, print_items
from dojo.report import Report

__all__ = ["print_steps"]

GAP = "  "
HEADS = ("answered / sent", "p50", "p95", *wording.STEP_NOTES)


def print_steps(console: Console, report: Report) -> None:
    """A line for each step: answers, percentiles, what it waits for and what it costs."""
    if not report.steps:
        return
    print_heading(console, wording.STEP_BY_STEP)
    costs = {cost.name: cost for cost in report.costs}
    heads = HEADS if costs else HEADS[:3]
    rows = [_figures(step, costs.get(step.name))[: len(heads)] for step in report.steps]
    names = [one_line(step.name) for step in report.steps]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    name_width = max(map(cell_len, ["step", *names]))
    if name_width + sum(widths) + len(GAP) * (len(widths) + 1) <= console.width:
        _print_table(console, [("step", heads), *zip(names, rows, strict=True)], name_width, widths)
    else:
        for name, row in zip(names, rows, strict=True):
            print_indented(console, name, "bold")
            print_items(console, [f"{h} {f}" for h, f in zip(heads, row, strict=True)], 4)
    for note in wording.step_notes(report):
        print_indented(console, note, "dim")


def _figures(step: StepTime, cost: StepCost | None) -> tuple[str, ...]:
    alone = cost.alone if cost else None
    return (
        f"{step.answered:,} / {step.sent:,}",
        *(wording.percentile(step.latency_s, name, ">") for name in ("p50", "p95")),
        seconds(cost.connection_s if cost else None),
        seconds(cost.postgres_s if cost else None),
        seconds(alone.time_s if alone else None),
    )


def _print_table(
    console: Console,
    rows: Sequence[tuple[str, Sequence[str]]],
    name_width: int,
    widths: Sequence[int],
) -> None:
    """The first row is the head."""
    for place, (name, figures) in enumerate(rows):
        cells = [f"{figure:>{width}}" for figure, width in zip(figures, widths, strict=True)]
        line = GAP.join([f"{GAP}{name}{' ' * (name_width - cell_len(name))}", *cells])
        console.print(Text(line, style="" if place else "dim"))
