"""Headings and indented paragraphs: what all parts of the report in the terminal consist of."""

from rich.console import Console
from rich.text import Text

__all__ = ["print_heading", "print_indented"]

INDENT = 2


def print_heading(console: Console, text: str) -> None:
    """An empty line and the heading of a part."""
    console.print()
    console.print(Text(text, style="bold"))


def print_indented(console: Console, text: str, style: str = "", indent: int = INDENT) -> None:
    """A paragraph whose lines are all indented, also those that it is wrapped to."""
    for line in Text(text, style=style).wrap(console, console.width - indent):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line))
