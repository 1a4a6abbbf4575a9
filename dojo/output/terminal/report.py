"""The report in the terminal: evidence first, then what to do next. It never names a fix."""

import io

from rich.console import Console
from rich.text import Text

from dojo.output import outcome, run_wording, wording
from dojo.output.app_text import one_line
from dojo.output.budget import budget_felt, budget_over
from dojo.output.changes import changes, since
from dojo.output.conditions import not_compared
from dojo.output.terminal.bad_events import print_bad_events
from dojo.output.terminal.first_words import print_first_words
from dojo.output.terminal.headline import print_headline
from dojo.output.terminal.lines import print_heading, print_indented, report_console
from dojo.output.terminal.objectives import print_objectives
from dojo.output.terminal.response_times import print_response_times
from dojo.output.terminal.segments import print_segments
from dojo.output.terminal.slowest_answers import print_slowest_answers
from dojo.output.terminal.step_table import print_steps
from dojo.output.terminal.time_went import print_time_went
from dojo.report import Report

__all__ = ["render"]


def render(report: Report, width: int, color: bool) -> str:
    """The whole report as text for a terminal of that width, with or without colors."""
    target = io.StringIO()
    console = report_console(target, width, color)
    print_headline(console, report)
    print_objectives(console, report)
    _print_budget(console, report)
    print_segments(console, report)
    print_response_times(console, report)
    print_steps(console, report)
    print_slowest_answers(console, report)
    print_bad_events(console, report)
    print_time_went(console, report)
    _print_checks(console, report)
    _print_changes(console, report)
    print_first_words(console, report)
    _print_end(console, report)
    return target.getvalue()


def _print_checks(console: Console, report: Report) -> None:
    if not report.checks:
        return
    print_heading(console, wording.CHECKS)
    for check in report.checks:
        if check.passed:
            print_indented(console, f"✓ {check.name}: {one_line(check.detail)}", "green")
    for reason, names in wording.unchecked(report.checks).items():
        sentence = f"{wording.NOT_CHECKED} not checked: {', '.join(names)}. {one_line(reason)}"
        print_indented(console, sentence, "yellow")
    for check in report.checks:
        if check.failed:
            print_indented(console, f"✗ {check.name}: {one_line(check.detail)}", "red")


def _print_budget(console: Console, report: Report) -> None:
    if budget_felt(report):
        console.print()
        for sentence in budget_over(report):
            console.print(Text(sentence))


def _print_changes(console: Console, report: Report) -> None:
    before = report.previous
    if before is None:
        return
    if sentence := not_compared(before, report):
        console.print()
        console.print(Text(sentence, style="dim"))
        return
    lines = changes(report)
    if lines:
        print_heading(console, f"{since(before)} ({outcome.headline(before)})")
    for line in lines:
        print_indented(console, line)


def _print_end(console: Console, report: Report) -> None:
    console.print()
    lines = [
        run_wording.timings(report),
        run_wording.machine(report.environment),
        run_wording.others(report.environment),
        run_wording.not_seen(report.environment),
        f"Repeat this load with {wording.repeat(report)}.",
        run_wording.lateness(report.lateness) if report.lateness else "",
        run_wording.sent_again(report),
        wording.hints(report),
    ]
    for line in lines:
        if line:
            console.print(Text(line, style="dim"))
    for step in report.next_steps:
        console.print(Text(f"→ {step}", style="bold"))
