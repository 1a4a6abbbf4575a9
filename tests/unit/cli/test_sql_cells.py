"""`dojo sql`: how a value is printed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dojo.cli.sql import cell_text

EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        (0.4249751712875467, "0.424975"),
        (0.5, "0.5"),
        (12_345_678.25, "12345678.25"),
        (12_345_678, "12345678"),
        (datetime(2025, 3, 4, 21, 5, tzinfo=UTC), "2025-03-04 21:05:00Z"),
        (datetime(2025, 3, 4, 21, 5, tzinfo=EAST), "2025-03-04 19:05:00Z"),
        (datetime(2025, 3, 4, 21, 5, 0, 7, UTC), "2025-03-04 21:05:00.000007Z"),
        ("a\nb", "a\nb"),
    ],
)
def test_a_cell(value: object, text: str) -> None:
    """As short as it can be read, and nothing that matters is lost."""
    assert cell_text(value) == text
