"""Visits are counted while the pages are loaded, and not only afterwards."""

from types import SimpleNamespace
from typing import Any

import pytest

from dojo import Burst, Evidence, Journey, Sample, SqlAnswer, SqlStep, Step
from dojo.kata.exposition import Exposition
from dojo.load.plan import Plan
from katas.shop.checks.visits import visits_counted
from katas.shop.scenarios.shop_window import VISITS

NOTHING = Exposition(())
HOME = Journey("page_load", (Step("home", "GET", "/"),))


def evidence(under_way: int, at_the_end: int) -> Any:
    """Ten pages in ten seconds, counted after seven and at the end; five were there before."""
    samples = tuple(Sample(place, 0, "a", place, place, place + 0.5, 200) for place in range(10))
    step = SqlStep(VISITS, "")
    burst = Burst(
        *("page_load", Plan(1, 10, (HOME,) * 10), samples, 2.0, NOTHING, NOTHING),
        sql_answers=(
            SqlAnswer(SqlStep("other", ""), 6.0, 6.1),
            SqlAnswer(step, 7.0, 7.1, ((under_way,),)),
        ),
    )
    cursor = SimpleNamespace(fetchone=lambda: (at_the_end,))
    site = SimpleNamespace(db=SimpleNamespace(execute=lambda sql: cursor))
    return Evidence(burst, {}, site, {"visits": 5})


@pytest.mark.parametrize(("under_way", "passed"), [(9, False), (10, True), (12, True)])
def test_a_visit_is_due_within_the_limit(under_way: int, passed: bool) -> None:
    """After seven seconds the pages that were there after five must be counted: five of them."""
    finding = visits_counted(evidence(under_way, 15))
    assert finding.passed is passed
    assert ("7.0 s after the start" in finding.detail) is not passed


def test_every_visit_counts_in_the_end() -> None:
    """Not one may be missing, and none come from nowhere."""
    for at_the_end, passed, detail in (
        (15, True, "10 visits of / were counted for 10 pages that were shown."),
        (65, True, "60 visits of / were counted for 10 pages that were shown."),
        (
            *(66, False),
            "61 visits of / were counted for 10 pages that were shown; there may be no more than"
            " one row for each page.",
        ),
    ):
        finding = visits_counted(evidence(10, at_the_end))
        assert finding.passed is passed
        assert finding.detail == detail
