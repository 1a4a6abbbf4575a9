"""A report's console, headings and indented paragraphs: what all parts of it consist of."""

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

__all__ = ["print_heading", "print_indented", "print_items", "report_console"]

LEAST_WIDTH = 60
INDENT = 2
GAP = "   "  # between two items


def report_console(target: TextIO, width: int, color: bool) -> Console:
    """A console that writes plain or colored text of that width, and no markup of its own."""
    return Console(
        file=target,
        width=max(LEAST_WIDTH, width),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def print_heading(console: Console, text: str) -> None:
    """An empty line and the heading of a part."""
    console.print()
    console.print(Text(text, style="bold"))


def print_indented(console: Console, text: str, style: str = "", indent: int = INDENT) -> None:
    """A paragraph whose lines are all indented, also those that it is wrapped to."""
    for line in Text(text, style=style).wrap(console, console.width - indent):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line))


def print_items(console: Console, items: Sequence[str], indent: int = INDENT) -> None:
    """The items one after the other; a line ends between two of them, never within one."""
    line = " " * indent + items[0]
    for item in items[1:]:
        if len(longer := f"{line}{GAP}{item}") <= console.width:
            line = longer
        else:
            console.print(Text(line))
            line = " " * indent + item
    console.print(Text(line))
