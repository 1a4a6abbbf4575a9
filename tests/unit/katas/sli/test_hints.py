"""The hints of kata 05 answer to what is missed."""

from typing import Any

import pytest

from benchmarks.sli_candidates import HONEST, SHIPPED, WRONG, Candidate
from benchmarks.sli_table import level, verdicts
from dojo.kata.hint_book import HintBook, parse_hints
from katas.sli.judging import judge
from katas.sli.years import Years, draw
from tests.support.project import ROOT

VERDICTS = {"G": "met", "R": "not_met", "?": "undecided"}
BY_NAME = {candidate.name: candidate for candidate in (*HONEST, *WRONG)}
FAULTS = {  # as the patches leave one idea out
    "sees-lost__the_log_of_the_app": "without: whose log (the app's)",
    "sees-slow__however_long_it_takes": "without: time",
    "sees-slow__three_seconds_are_in_time": "without: time (3 s)",
    "sees-empty__whatever_is_on_the_page": "without: content",
    "sees-home__health_checks_counted": "without: who counts (health checks in)",
    "sees-trade__no_segments": "without: segments",
    "sees-trade__everybody_together": "… and not empty",
    "sees-checkout__no_routes": "without: routes",
    "quiet__one_bad_event_is_enough": "without: at least so many",
    "quiet__who_leaves_was_failed": "those who left bad",
    "quiet__wrong_passwords_are_bad": "4xx bad",
    "quiet__the_job_of_the_partner": "without: who counts (the partner in)",
    "quiet__a_third_of_a_second": "without: time (300 ms)",
    "normal-month__three_nines": "target 99.9000%",
    "worst-month__ninety_five": "target 95.0000%",
}


@pytest.fixture(scope="module")
def years() -> Years:
    return draw(31)


@pytest.fixture(scope="module")
def book() -> HintBook:
    return parse_hints((ROOT / "katas" / "05-sli" / ".meta" / "hints.md").read_text())


def facts(years: Years, candidate: Candidate) -> dict[str, Any]:
    """What latest.json says of its measures."""
    tallies = judge(candidate.count(years), candidate.slo, years.calendar).measures
    signs = verdicts(tallies, level())
    return {
        "objectives": [
            {
                "name": each.name,
                "target": each.target,
                "verdict": VERDICTS[signs[each.name]],
                "good": tallies[each.name].good,
                "total": tallies[each.name].total,
            }
            for each in level().objectives
        ]
    }


def likely(years: Years, book: HintBook, candidate: Candidate) -> list[str]:
    """The causes that a report shows, in the book's order, by their names."""
    return [cause.name for cause in book.likely(facts(years, candidate))]


def cause_of(book: HintBook, fault: str) -> str:
    (name,) = [cause.name for cause in book.causes if fault in cause.faults]
    return name


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_left_out_is_hinted_at(years: Years, book: HintBook, fault: str) -> None:
    """First of all; a target that is too high looks like bad events that are none, at first."""
    names = likely(years, book, BY_NAME[FAULTS[fault]])
    if fault == "normal-month__three_nines":
        assert names == ["Whose fault it is", cause_of(book, fault)]
    else:
        assert names[0] == cause_of(book, fault)


def test_the_shipped_sli_is_hinted_at_from_the_log_on(years: Years, book: HintBook) -> None:
    """All that is missed, in the book's order; nothing of targets yet."""
    assert likely(years, book, SHIPPED) == [
        "Whose log",
        "In time",
        "With content",
        "Who counts",
        "Small segments",
        "Small routes",
    ]


def test_nothing_is_hinted_at_where_all_is_met(years: Years, book: HintBook) -> None:
    """An honest SLI shows no sign of any cause."""
    assert likely(years, book, HONEST[0]) == []
