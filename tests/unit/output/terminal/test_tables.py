"""dojo.output.terminal.tables: a kata's table at every width."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from dojo.output.terminal.tables import print_table
from dojo.sections import Column, Table

COLUMNS = (
    *(Column("incident"), Column("why", page_only=True), Column("wants")),
    *(Column(title, numeric=True) for title in ("lasted", "cost", "page", "by then", "quiet")),
)
ROWS = [
    ("errors for an hour", "not here", "page", "1h", "22%", "1m", "0.23%", "23h54m"),
    ("bad afternoon", "not here", "page", "6h", "15%", "16h15m", "", "-"),
]
TABLE = Table(COLUMNS, ROWS, title="Incidents", marks=("good", "bad"))


def printed(table: Table, width: int) -> str:
    target = io.StringIO()
    print_table(Console(file=target, width=width, color_system=None, highlight=False), table)
    return target.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_words_and_figures_stay_whole(width: int) -> None:
    """However narrow it is; no line is longer than the terminal is wide."""
    text = printed(TABLE, width)
    words = text.split()
    for word in ("errors", "hour", "afternoon", "page", "23h54m", "16h15m", "0.23%", "✓", "✗"):
        assert word in words
    assert "not here" not in text
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= width


def test_where_a_row_is_too_wide_its_cells_have_names() -> None:
    """The first cell stands above the others; an empty one is left out."""
    text = printed(TABLE, 40)
    assert "  ✓ errors for an hour\n    wants page   lasted 1h   cost 22%\n" in text
    assert "by then 0.23%" in text
    assert text.count("by then") == 1
    assert "✓  errors for an hour  page" in printed(TABLE, 80)


def test_room_goes_to_the_text_that_lacks_it() -> None:
    """A long text is wrapped between words; a word that is longer than most is folded."""
    long = Table((Column("what"), Column("why")), [("deploy", "many words " * 9), ("x" * 90, "")])
    text = printed(long, 60)
    assert text.count("many words") > 4
    assert text.count("x") == 90
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= 60


def test_a_table_without_rows_is_its_heads() -> None:
    """Nothing fails."""
    assert "incident" in printed(Table(COLUMNS, []), 80)
