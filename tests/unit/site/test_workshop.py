"""The facts about the seed, stored between runs."""

from pathlib import Path

import pytest

from dojo.kata.contract import SeededRows
from dojo.site.workshop import _read_rows, _write_rows

ROWS = {
    "colors": SeededRows(("id", "name"), 10, 10, -5),
    "customers": SeededRows(("id", "email"), 9, 9, 7, {"id": 3, "lower(email)": -4}),
}


def test_what_was_write_rowsed_is_read_rowsed(tmp_path: Path) -> None:
    """Every figure of every table, in a folder that was not there before."""
    path = tmp_path / "seeded" / "facts.json"
    _write_rows(path, ROWS)
    assert _read_rows(path) == ROWS


@pytest.mark.parametrize(
    "text",
    [
        '{"colors": [["id", "name"], 10, 10, -5]}',  # as an earlier version wrote it
        '{"colors": {"columns": ["id"], "count": 3}}',
        "[]",
        "{",
        "",
    ],
)
def test_what_can_not_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    """A file of another version, or half a file, counts as none."""
    path = tmp_path / "facts.json"
    path.write_text(text)
    assert _read_rows(path) is None
    assert _read_rows(tmp_path / "none.json") is None
