"""The words that a reader meets for the first time, each in half a line."""

from rich.console import Console
from rich.text import Text

from dojo.output.first_words import MORE, meaning
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["print_first_words"]


def print_first_words(console: Console, report: Report | SimulatedReport) -> None:
    """A line for each new word, and where there is more; nothing if none is new."""
    if not report.new_words:
        return
    print_heading(console, "New words")
    for word in report.new_words:
        print_indented(console, f"{word}: {meaning(word)}")
    console.print(Text(f"  {MORE}", style="dim"))
