"""The sections that a kata writes itself, in the terminal: paragraphs, tables, code, pictures."""

from collections.abc import Sequence

from rich.console import Console

from dojo.output.app_text import one_line, printable
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.output.terminal.tables import print_table
from dojo.sections import Code, Paragraph, Part, Picture, Section, Table

__all__ = ["print_section"]


def print_section(console: Console, section: Section) -> None:
    """The heading, the lead, and each part.

    What only the page can show is left out, and so is a section of nothing else.
    """
    if section.parts and not any(map(_is_printed, section.parts)):
        return
    print_heading(console, one_line(section.title))
    if section.lead:
        print_indented(console, one_line(section.lead, len(section.lead)), "dim")
    for part in section.parts:
        _print_part(console, part)


def _is_printed(part: Part) -> bool:
    if isinstance(part, Code):
        return part.in_terminal
    return bool(part.lines) if isinstance(part, Picture) else True


def _print_part(console: Console, part: Part) -> None:
    if isinstance(part, Paragraph):
        print_indented(console, printable(part.text))
    elif isinstance(part, Table):
        print_table(console, part)
    elif not _is_printed(part):
        return
    elif isinstance(part, Picture):
        _print_lines(console, part.title, part.lines)
    else:
        _print_lines(console, part.title, part.text.splitlines())


def _print_lines(console: Console, title: str, lines: Sequence[str]) -> None:
    if title:
        print_indented(console, printable(title), "dim")
    for line in lines:
        print_indented(console, printable(line))
