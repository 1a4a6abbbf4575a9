"""The verdict in the terminal, and what came of the run: the first lines of the report."""

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from dojo.output import outcome, wording
from dojo.output.headline_lines import headline_lines
from dojo.output.terminal.lines import print_indented
from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["STYLES", "print_headline", "print_verdict"]

STYLES = {
    "met": "bold green",
    "not_met": "bold red",
    "undecided": "bold yellow",
    "invalid": "bold yellow",
}


def print_verdict(
    console: Console, report: Report | SimulatedReport, headline: str, title: str
) -> None:
    """A line in the verdict's color, then the verdict, the kata, the attempt and the title.

    A title that has no room beside them gets a line of its own.
    """
    style = STYLES[report.verdict]
    console.print()
    console.rule(style=style, characters="━")
    line = Text(f" {headline.upper()} ", style=f"{style} reverse")
    line.append(f"  {report.kata}, attempt {report.number}", style="bold")
    if cell_len(f"{line.plain}  {title}") <= console.width:
        console.print(line.append(f"  {title}", style="dim"))
        return
    console.print(line)
    console.print(Text(title, style="dim"))


def print_headline(console: Console, report: Report) -> None:
    """The verdict, the kata, why the run is invalid if it is, what costs, the load."""
    print_verdict(console, report, outcome.headline(report), wording.title(report))
    console.print(Text(outcome.conclusion(report)))
    for reason in report.invalid_because:
        print_indented(console, f"{reason}.", "yellow")
    for sentence in headline_lines(report):
        print_indented(console, sentence)
    console.print(Text(wording.load(report), style="dim"))
    if sentence := outcome.excused(report):
        console.print(Text(sentence, style="yellow"))
