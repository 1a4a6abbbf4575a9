"""The rows of the failure matrix that take long."""

from pathlib import Path

import pytest

from tests.support.failures.bench import Bench
from tests.support.failures.row import Row
from tests.support.failures.rows import ROWS

LONG = [row for row in ROWS if row.long]


@pytest.mark.parametrize("row", LONG, ids=lambda row: row.id)
def test_it_comes_out_right(row: Row, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The right outcome, a message that says what to do, nothing left, never 30 s of silence."""
    row.require(
        Bench(
            tmp_path,
            lambda: request.getfixturevalue("server"),
            lambda: request.getfixturevalue("docker_image"),
        )
    )
