"""What an answer cost the app, by its own header."""

import pytest

from dojo.load.sample import Sample
from dojo.load.server_timing import connection_wait_s, statements_sent, without_content


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
    """The count and the wait can still be read, body and other headers are gone."""
    header = 'db;desc="3 statements", pool;dur=7'
    kept = without_content(sample({"server-timing": header, "date": "now"}))
    assert statements_sent(kept) == 3
    assert connection_wait_s(kept) == 0.007
    assert kept.body == b""
    assert set(kept.headers) == {"server-timing"}
    assert without_content(sample({"date": "now"})).headers == {}


def waited_s(header: str) -> float | None:
    return connection_wait_s(sample({"server-timing": header}))


def test_the_wait_for_a_connection_is_read() -> None:
    """In seconds, wherever it stands."""
    header = 'app;dur=120.5, db;desc="3 statements";dur=80.0, pool;dur=30.5'
    assert waited_s(header) == 0.0305
    assert waited_s("pool;dur=7") == 0.007


@pytest.mark.parametrize("header", ["", "app;dur=1.0, db;dur=0.9", "pool;dur=x", "carpool;dur=3"])
def test_an_app_that_leaves_it_out_says_nothing(header: str) -> None:
    """What is not known is not taken for zero."""
    assert waited_s(header) is None
