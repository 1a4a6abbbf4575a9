"""The checks of a shop that is searched, on made-up bursts."""

from typing import Any

import pytest

from dojo.kata.contract import Burst, Wrong
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from katas.shop import search_checks
from katas.shop.result_pages import Query

NOTHING = Exposition(())
SEARCH = Journey(
    "search",
    (Step("search", "GET", "/search?q=lamp"), Step("product", "GET", "/products/1")),
    expect=(Query("lamp"), 1),
)
ODD = Journey("odd", (Step("search", "GET", "/search?q=%25"),), expect=(Query("%"),))
REFUSED = Journey("odd", (Step("search", "GET", "/search?q=a&page=0"),), expect=(None,))
PART = Journey("part", (Step("search", "GET", "/search?q=lam"),), expect=(Query("lam"),))
FALSE, STALE = Wrong("this", "that"), Wrong("this", "that", stale=True)


def burst(*journeys: Journey, statuses: tuple[int | None, ...]) -> Burst:
    plan = Plan(1, 10, journeys)
    every = [
        (n, place) for n, journey in enumerate(journeys) for place in range(len(journey.steps))
    ]
    samples = tuple(
        Sample(
            n,
            place,
            "a",
            0.0,
            0.0,
            None if status is None else 0.1,
            status,
            "timeout" if status is None else None,
        )
        for (n, place), status in zip(every, statuses, strict=True)
    )
    return Burst(plan, samples, 5.0, NOTHING, NOTHING)


def outcomes(checks: Any) -> dict[str, bool]:
    return {result.name: result.passed for result in (check() for check in checks)}


@pytest.mark.parametrize(
    ("wrong", "failed"),
    [
        ({}, set()),
        ({(0, 0): FALSE}, {"results_right"}),
        ({(0, 1): FALSE}, {"products_right"}),
        ({(0, 0): STALE}, {"pages_fresh"}),
        ({(0, 1): STALE}, {"pages_fresh"}),
    ],
    ids=["right", "results", "product", "stale results", "stale product"],
)
def test_each_wrong_answer_fails_its_check(
    wrong: dict[tuple[int, int], Wrong], failed: set[str]
) -> None:
    """Results, products and age each have a check of their own."""
    seen = outcomes(search_checks.of_answers(burst(SEARCH, statuses=(200, 200)), wrong, "search"))
    assert set(seen) == {"results_right", "products_right", "pages_fresh"}
    assert {name for name, passed in seen.items() if not passed} == failed


def test_without_answers_nothing_is_judged() -> None:
    """A check of no answers would say nothing, so it is not made."""
    silent = burst(SEARCH, ODD, PART, statuses=(None, None, None, None))
    assert outcomes(search_checks.of_answers(silent, {}, "search")) == {}
    assert outcomes(search_checks.of_odd_queries(silent, {}, "odd", "part")) == {}


@pytest.mark.parametrize(
    ("statuses", "wrong", "passed"),
    [
        ((200, 422), {}, True),
        ((400, 404), {}, True),
        ((500, 422), {}, False),
        ((200, 200), {}, False),
        ((200, 503), {}, False),
        ((200, 422), {(0, 0): FALSE}, False),
        ((200, 422), {(0, 0): STALE}, True),
    ],
)
def test_odd_queries(
    statuses: tuple[int, ...], wrong: dict[tuple[int, int], Wrong], passed: bool
) -> None:
    """A right answer or a 4xx, never a 5xx; and what must be refused is no 200."""
    odd = burst(ODD, REFUSED, statuses=statuses)
    assert outcomes(search_checks.of_odd_queries(odd, wrong, "odd", "part")) == {
        "odd_queries": passed
    }


def test_parts_of_words() -> None:
    """A result for a part of a word fails the check that is there for it."""
    part = burst(PART, statuses=(200,))
    assert outcomes(search_checks.of_odd_queries(part, {}, "odd", "part")) == {"whole_words": True}
    assert outcomes(search_checks.of_odd_queries(part, {(0, 0): FALSE}, "odd", "part")) == {
        "whole_words": False
    }
