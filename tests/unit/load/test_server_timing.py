"""dojo.load.server_timing: the count of statements in an answer's headers."""

import pytest

from dojo.load.sample import Sample
from dojo.load.server_timing import statements_sent, without_content


def sample(headers: dict[str, str]) -> Sample:
    return Sample(0, 0, "id", 0.0, 0.0, 0.1, 200, headers=headers, body=b"page")


@pytest.mark.parametrize(
    ("header", "statements"),
    [
        ('db;dur=12.5;desc="31 statements"', None),
        ('db;desc="31 statements"', 31),
        ('app;dur=3, db;desc="1 statement";dur=2', 1),
        ("", None),
        ("db;desc=many", None),
    ],
)
def test_the_count_is_read_from_its_own_place(header: str, statements: int | None) -> None:
    """None where the app does not say it in this form."""
    assert statements_sent(sample({"server-timing": header})) == statements


def test_nothing_else_of_an_answer_is_kept() -> None:
    """The count can still be read, body and other headers are gone."""
    kept = without_content(sample({"server-timing": 'db;desc="3 statements"', "date": "now"}))
    assert statements_sent(kept) == 3
    assert kept.body == b""
    assert set(kept.headers) == {"server-timing"}
    assert without_content(sample({"date": "now"})).headers == {}
