"""The report of a simulated kata in the terminal: evidence first, then what to do next."""

import io

from rich.console import Console
from rich.text import Text

from dojo.output import outcome, simulated_outcome, wording
from dojo.output.app_text import one_line, printable
from dojo.output.terminal.first_words import print_first_words
from dojo.output.terminal.headline import print_verdict
from dojo.output.terminal.lines import print_heading, print_indented, report_console
from dojo.output.terminal.measures import print_measures
from dojo.output.terminal.sections import print_section
from dojo.simulated_report import SimulatedReport

__all__ = ["render"]


def render(report: SimulatedReport, width: int, color: bool) -> str:
    """The whole report as text for a terminal of that width, with or without colors."""
    target = io.StringIO()
    console = report_console(target, width, color)
    _print_headline(console, report)
    print_measures(console, report)
    for section in report.sections:
        print_section(console, section)
    _print_checks(console, report)
    _print_changes(console, report)
    print_first_words(console, report)
    _print_end(console, report)
    return target.getvalue()


def _print_headline(console: Console, report: SimulatedReport) -> None:
    headline, title = simulated_outcome.headline(report), simulated_outcome.title(report)
    print_verdict(console, report, headline, title)
    console.print(Text(printable(simulated_outcome.conclusion(report))))
    if report.refusal is not None:
        for text in simulated_outcome.excerpt(report.refusal):
            console.print(Text(f"  {one_line(text)}", style="yellow"), overflow="fold")
    elif report.description:
        console.print(Text(report.description, style="dim"))


def _print_checks(console: Console, report: SimulatedReport) -> None:
    if not report.checks:
        return
    print_heading(console, simulated_outcome.CHECKS)
    signs = {True: ("✓", "green"), False: ("✗", "red"), None: (wording.NOT_CHECKED, "yellow")}
    for check in report.checks:
        sign, style = signs[check.passed]
        print_indented(console, f"{sign} {check.name}: {one_line(check.detail)}", style)


def _print_changes(console: Console, report: SimulatedReport) -> None:
    before = report.previous
    if before is None or not report.measures:
        return
    print_heading(console, f"Since attempt {before.number} ({outcome.headline(before)})")
    for line in simulated_outcome.changes(report, before):
        print_indented(console, line)


def _print_end(console: Console, report: SimulatedReport) -> None:
    console.print()
    repeat = f"The same data again: {simulated_outcome.repeat(report)}."
    same = repeat if simulated_outcome.is_drawn(report) else ""
    for line in filter(None, (simulated_outcome.timings(report), same, wording.hints(report))):
        console.print(Text(line, style="dim"))
    for step in report.next_steps:
        console.print(Text(f"→ {step}", style="bold"))
