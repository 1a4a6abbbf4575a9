"""The objectives in the terminal. No name, SLI or count is ever cut, however narrow it is."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from dojo.output import outcome, wording
from dojo.output.figures import burn_rate, percent
from dojo.output.terminal.lines import print_indented, print_items
from dojo.report import ObjectiveResult, Report

__all__ = ["print_objectives"]

HEADS = ("SLI", "good / total", "budget", "spent", "burn rate")
STYLES = {"met": "green", "not_met": "bold red", "undecided": "yellow"}
GAP = "  "
INDENT = 2


def print_objectives(console: Console, report: Report) -> None:
    """A table; where that is too wide, each objective's name above its figures."""
    objectives = report.objectives
    console.print()
    rows = [_figures(objective) for objective in objectives]
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    name_width = max([len("objective"), *(cell_len(each.name) for each in objectives)])
    verdicts = [_verdict(report, each) for each in objectives]
    verdict_width = max((len(each.plain) for each in verdicts), default=0)
    if sum(widths) + len(GAP) * (len(widths) + 1) + name_width + verdict_width <= console.width:
        _print_table(console, report, rows, widths, name_width)
    else:
        _print_list(console, report, rows)
    console.print(Text(wording.FORMULA, style="dim"))


def _figures(objective: ObjectiveResult) -> tuple[str, ...]:
    return (
        percent(objective.sli, objective.target),
        f"{objective.good:,} / {objective.total:,}",
        f"{objective.budget:,.1f}",
        f"{objective.bad:,}",
        burn_rate(objective.burn_rate),
    )


def _verdict(report: Report, objective: ObjectiveResult) -> Text:
    style = "dim" if report.verdict == "invalid" else STYLES[objective.verdict]
    return Text(outcome.objective_verdict(report, objective), style=style)


def _print_table(
    console: Console,
    report: Report,
    rows: Sequence[tuple[str, ...]],
    widths: Sequence[int],
    name_width: int,
) -> None:
    heads = GAP.join(head.rjust(width) for head, width in zip(HEADS, widths, strict=True))
    console.print(Text(f"{'objective':<{name_width}}{GAP}{heads}", style="dim"))
    for objective, row in zip(report.objectives, rows, strict=True):
        name = objective.name + " " * (name_width - cell_len(objective.name))
        line = Text(f"{name}{GAP}").append(row[0].rjust(widths[0]), style="bold")
        for figure, width in zip(row[1:], widths[1:], strict=True):
            line.append(f"{GAP}{figure:>{width}}")
        console.print(line.append(GAP).append_text(_verdict(report, objective)))
        _print_interval(console, report, objective)


def _print_list(console: Console, report: Report, rows: Sequence[tuple[str, ...]]) -> None:
    for objective, row in zip(report.objectives, rows, strict=True):
        name = Text(f"{objective.name}: ").append_text(_verdict(report, objective))
        console.print(name, overflow="fold")
        print_items(console, [f"{h} {f}" for h, f in zip(HEADS, row, strict=True)])
        _print_interval(console, report, objective)


def _print_interval(console: Console, report: Report, objective: ObjectiveResult) -> None:
    if report.verdict != "invalid" and objective.verdict == "undecided":
        print_indented(console, wording.interval(objective), "yellow", INDENT)
        print_indented(console, wording.STRICTER, "dim", INDENT)
