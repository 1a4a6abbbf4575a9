"""The verdict in the terminal, and what came of the run: the first lines of the report."""

from rich.console import Console
from rich.text import Text

from dojo.output import outcome, wording
from dojo.output.headline_lines import headline_lines
from dojo.output.terminal.lines import print_indented
from dojo.report import Report

__all__ = ["STYLES", "print_headline", "verdict_text"]

STYLES = {
    "met": "bold green",
    "not_met": "bold red",
    "undecided": "bold yellow",
    "invalid": "bold yellow",
}


def verdict_text(report: Report) -> str:
    """MET, NOT MET, UNDECIDED, INVALID RUN, or that the SLO is met and the site is broken."""
    return outcome.headline(report).upper()


def print_headline(console: Console, report: Report) -> None:
    """The verdict, the kata, why the run is invalid if it is, what costs, the load."""
    style = STYLES[report.verdict]
    console.print()
    console.rule(style=style, characters="━")
    line = Text(f" {verdict_text(report)} ", style=f"{style} reverse")
    line.append(f"  {report.kata}, attempt {report.number}", style="bold")
    line.append(f"  {wording.title(report)}", style="dim")
    console.print(line)
    console.print(Text(outcome.conclusion(report)))
    for reason in report.invalid_because:
        print_indented(console, f"{reason}.", "yellow")
    for sentence in headline_lines(report):
        print_indented(console, sentence)
    if sentence := outcome.excused(report):
        console.print(Text(sentence, style="yellow"))
    console.print(Text(wording.load(report), style="dim"))
