"""Kata 05 on a real Postgres: what SQL counts in the logs is what was drawn."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.sli_candidates import BEST, BY_ALL, BY_BOTH, BY_ROUTE, BY_SEGMENT, SHIPPED
from dojo import FileRefused, LearnerFile
from dojo.postgres.server import Server
from dojo.site.learner_database import LearnerSession
from dojo.site.simulated_database import new_data
from katas.sli.answer import ANSWER_COLUMNS, counted
from katas.sli.design import SLI_FILE
from katas.sli.filling import fill
from katas.sli.judgement import LOGS
from katas.sli.judging import Counted
from katas.sli.years import Years, draw
from tests.support.project import ROOT
from tests.support.simulated_workshop import open_workshop, patched_app

KATA = ROOT / "katas" / "05-sli"
EXPECTED = {
    None: SHIPPED,
    "solution.patch": replace(BEST, left_out=("left",)),
    "fixes/each_segment_by_route.patch": replace(BEST, left_out=("left",), by=(BY_BOTH,)),
    "fixes/every_group_there_is.patch": replace(
        BEST, left_out=("left",), by=(BY_ALL, BY_SEGMENT, BY_ROUTE, BY_BOTH)
    ),
    "fixes/only_what_we_answer_for.patch": replace(BEST, left_out=("left", "4xx")),
    "fixes/bad_ones_taken_away.patch": replace(
        BEST, clients=("person", "bot"), by=(BY_SEGMENT, BY_ROUTE)
    ),
    "fixes/app_log_and_what_never_came.patch": BEST,
}


@pytest.fixture(scope="module")
def years() -> Years:
    return draw(5)


@pytest.fixture(scope="module")
def database(
    server: Server, years: Years, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LearnerSession]:
    workshop = open_workshop(server, tmp_path_factory.mktemp("sli"))
    with new_data(workshop, KATA, "", lambda db: fill(db, years)) as opened:
        yield opened


def answer(database: LearnerSession, sql: str) -> Counted:
    """What a SELECT counts."""
    file = LearnerFile(SLI_FILE, sql)
    return counted(file, database.query(file, tables=LOGS, columns=ANSWER_COLUMNS))


@pytest.mark.parametrize("patch", EXPECTED, ids=str)
def test_sql_counts_what_was_drawn(
    database: LearnerSession, years: Years, tmp_path: Path, patch: str | None
) -> None:
    """Each group on each day, to the last request."""
    app = patched_app(tmp_path, None if patch is None else KATA / ".meta" / patch)
    found = answer(database, (app / "ops" / "sli.sql").read_text())
    expected = EXPECTED[patch].count(years)
    assert set(found.groups) == set(expected.groups)
    order = [found.groups.index(group) for group in expected.groups]
    assert np.array_equal(found.total[order], expected.total)
    assert np.array_equal(found.good[order], expected.good)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT day, NULL, NULL, 1, 1\nFROM complaints", "permission denied"),
        ("SELECT day,\n  sum(request)\nFROM lb_requests", 'column "request" does not exist'),
        ("DELETE FROM lb_requests RETURNING day", "read-only transaction"),
    ],
)
def test_what_is_no_count_of_the_logs_is_refused(
    database: LearnerSession, sql: str, reason: str
) -> None:
    """Another table, a misspelt column, a write."""
    with pytest.raises(FileRefused, match=reason):
        answer(database, sql)


def test_a_misspelt_column_has_its_place(database: LearnerSession) -> None:
    """Line and column, as Postgres tells them."""
    with pytest.raises(FileRefused) as refused:
        answer(database, "SELECT day,\n  sum(request)\nFROM lb_requests")
    assert (refused.value.line, refused.value.column) == (2, 7)
