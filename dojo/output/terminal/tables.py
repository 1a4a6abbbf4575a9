"""A kata's table in the terminal: words stay whole and nothing is cut, however narrow it is."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from dojo.output.app_text import one_line, printable
from dojo.output.figures import count_of
from dojo.output.terminal.lines import print_indented, print_items
from dojo.sections import Column, Table

__all__ = ["print_table"]

INDENT = 2
GAP = 2  # right of each column
LONGEST_WORD = 24  # a longer one is folded
SIGNS = {"good": "✓", "bad": "✗", "doubt": "≈", "": " "}
STYLES = {"good": "green", "bad": "red", "doubt": "yellow", "": ""}


def print_table(console: Console, table: Table) -> None:
    """Its first rows; where it is too wide, each row's first cell above the others."""
    if table.title:
        print_indented(console, printable(table.title), "dim")
    places = [place for place, column in enumerate(table.columns) if not column.page_only]
    columns = [table.columns[place] for place in places]
    rows = [
        [one_line(row[place]) for place in places] for row in table.rows[: table.most_in_terminal]
    ]
    widths = _widths(columns, rows, console.width - INDENT - (1 + GAP if table.marks else 0))
    if widths:
        _print_grid(console, columns, rows, widths, table.marks)
    else:
        _print_list(console, columns, rows, table.marks)
    if (more := len(table.rows) - table.most_in_terminal) > 0:
        print_indented(console, f"… and {count_of(more, 'row')} more on the page", "dim")


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], available: int
) -> list[int] | None:
    """Of each column; None if even the longest words of all of them do not fit.

    What is left beside the longest words goes to the columns in proportion to what each lacks.
    """
    texts = [
        [printable(column.title), *(row[place] for row in rows)]
        for place, column in enumerate(columns)
    ]
    whole = [max(map(cell_len, cells)) for cells in texts]
    least = [
        width if column.numeric else min(width, max(map(_longest_word, cells)))
        for column, width, cells in zip(columns, whole, texts, strict=True)
    ]
    left = available - GAP * len(columns) - sum(least)
    if left < 0:
        return None
    lacking = sum(whole) - sum(least)
    share = min(1.0, left / lacking) if lacking else 0.0
    return [low + int(share * (high - low)) for low, high in zip(least, whole, strict=True)]


def _longest_word(text: str) -> int:
    return min(LONGEST_WORD, max(map(cell_len, text.split()), default=0))


def _print_grid(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    marks: Sequence[str],
) -> None:
    grid = RichTable(box=None, padding=(0, GAP, 0, 0), header_style="dim")
    if marks:
        grid.add_column("", width=1)
    for column, width in zip(columns, widths, strict=True):
        justify = "right" if column.numeric else "left"
        grid.add_column(
            printable(column.title),
            justify=justify,  # type: ignore[arg-type]  # mypy takes the two for any text
            overflow="fold",
            width=width,
        )
    for number, row in enumerate(rows):
        sign = [Text(SIGNS[marks[number]])] if marks else []
        style = STYLES[marks[number]] if marks else ""
        grid.add_row(*sign, *map(Text, row), style=style)
    console.print(Padding(grid, (0, 0, 0, INDENT), expand=False))


def _print_list(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    marks: Sequence[str],
) -> None:
    for number, (first, *others) in enumerate(rows):
        sign = f"{SIGNS[marks[number]]} " if marks else ""
        style = STYLES[marks[number]] if marks else ""
        print_indented(console, f"{sign}{first}", style)
        items = [
            f"{printable(column.title)} {cell}"
            for column, cell in zip(columns[1:], others, strict=True)
            if cell
        ]
        if items:
            print_items(console, items, 2 * INDENT)
