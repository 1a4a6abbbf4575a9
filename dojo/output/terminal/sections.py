"""The sections that a kata writes itself, in the terminal: paragraphs, tables, code, pictures."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from dojo.output.app_text import one_line, printable
from dojo.output.figures import count_of
from dojo.output.terminal.lines import print_heading, print_indented
from dojo.sections import Code, Paragraph, Part, Picture, Section, Table

__all__ = ["print_section"]

INDENT = 2
SIGNS = {"good": "✓", "bad": "✗", "doubt": "≈", "": " "}
STYLES = {"good": "green", "bad": "red", "doubt": "yellow", "": ""}


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
        _print_table(console, part)
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


def _print_table(console: Console, table: Table) -> None:
    """The first rows; a cell that is too wide is folded, never cut."""
    if table.title:
        print_indented(console, printable(table.title), "dim")
    columns = [(place, each) for place, each in enumerate(table.columns) if not each.page_only]
    grid = RichTable(box=None, padding=(0, 2, 0, 0), header_style="dim")
    if table.marks:
        grid.add_column("", no_wrap=True)
    for _, column in columns:
        justify = "right" if column.numeric else "left"
        grid.add_column(
            printable(column.title),
            justify=justify,  # type: ignore[arg-type]  # mypy takes the two for any text
            overflow="fold",
            no_wrap=column.numeric,
        )
    for number, row in enumerate(table.rows[: table.most_in_terminal]):
        mark = table.marks[number] if table.marks else ""
        sign = [Text(SIGNS[mark])] if table.marks else []
        cells = [Text(one_line(row[place])) for place, _ in columns]
        grid.add_row(*sign, *cells, style=STYLES[mark])
    console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))
    if (more := len(table.rows) - table.most_in_terminal) > 0:
        print_indented(console, f"… and {count_of(more, 'row')} more on the page", "dim")
