"""What an answer cost the app, by its own header."""

import pytest

from dojo.load.sample import Sample
from dojo.load.server_timing import ServerTime, server_time

WHOLE = 'app;dur=120.5, db;desc="3 statements";dur=80.0, pool;dur=30.5'


def of(header: str) -> ServerTime | None:
    return server_time(Sample(0, 0, "a", 0.0, headers={"server-timing": header}))


def test_the_parts_of_an_answer_are_read() -> None:
    """Python's part is what neither the pool nor Postgres took; in whatever order they stand."""
    time = of(WHOLE)
    assert time == ServerTime(0.1205, 0.08, 0.0305)
    assert time.python_s == pytest.approx(0.01)
    assert of(", ".join(reversed(WHOLE.split(", ")))) == time


@pytest.mark.parametrize(
    "header", ["", 'app;dur=1.0, db;desc="3 statements";dur=0.9', "app;dur=x, db;dur=1, pool;dur=1"]
)
def test_an_app_that_leaves_a_part_out_says_nothing(header: str) -> None:
    """What is not known is not taken for zero."""
    assert of(header) is None


def test_a_part_is_never_less_than_nothing() -> None:
    """Parts that overlap may be longer than the whole."""
    time = of("app;dur=1, db;dur=2, pool;dur=0")
    assert time is not None
    assert time.python_s == 0
