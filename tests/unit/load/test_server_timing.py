"""What an answer cost the app, by its own header."""

import pytest

from dojo.load.sample import Sample
from dojo.load.server_timing import connection_wait_s


def of(header: str) -> float | None:
    return connection_wait_s(Sample(0, 0, "a", 0.0, headers={"server-timing": header}))


def test_the_wait_for_a_connection_is_read() -> None:
    """In seconds, wherever it stands."""
    assert of('app;dur=120.5, db;desc="3 statements";dur=80.0, pool;dur=30.5') == 0.0305
    assert of("pool;dur=7") == 0.007


@pytest.mark.parametrize("header", ["", "app;dur=1.0, db;dur=0.9", "pool;dur=x", "carpool;dur=3"])
def test_an_app_that_leaves_it_out_says_nothing(header: str) -> None:
    """What is not known is not taken for zero."""
    assert of(header) is None
