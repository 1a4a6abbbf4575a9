"""The checks of a shop that is searched, on made-up bursts."""

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from dojo.kata.burst import Burst, Wrong
from dojo.kata.contract import Evidence, Site
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from katas.shop.checks import search
from katas.shop.checks.contract_searches import contract_checks
from katas.shop.expected.result_pages import Query
from katas.shop.scenarios.searches import ContractSearches

NOTHING = Exposition(())
SEARCH = Journey(
    "search",
    (Step("search", "GET", "/search?q=lamp"), Step("product", "GET", "/products/1")),
    expect=(Query("lamp"), 1),
)
ODD = Journey("odd_query", (Step("search", "GET", "/search?q=%25"),), expect=(Query("%"),))
REFUSED = Journey("odd_query", (Step("search", "GET", "/search?q=a&page=0"),), expect=(None,))
PART = Journey("part_of_word", (Step("search", "GET", "/search?q=lam"),), expect=(Query("lam"),))
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
    return Burst("search", plan, samples, 5.0, NOTHING, NOTHING)


class NothingChanged:
    """Searches of a run in which nothing changes behind the app's back."""

    def answers(self, burst: Burst) -> None:
        return None

    def about_changes(self, burst: Burst) -> list[tuple[str, int]]:
        return []

    def by_old_words(self, burst: Burst) -> list[tuple[str, int]]:
        return []


PAGES_FRESH = search.pages_fresh(cast(Any, NothingChanged()))


def failed(check: Any, seen: Burst, wrong: dict[tuple[int, int], Wrong]) -> bool | None:
    """Whether the check fails; None if it judges nothing."""
    finding = check(Evidence(seen, wrong, cast(Site, None), {}))
    return None if finding is None else not finding.passed


@pytest.mark.parametrize(
    ("wrong", "failing"),
    [
        ({}, None),
        ({(0, 0): FALSE}, search.results_right),
        ({(0, 1): FALSE}, search.products_right),
        ({(0, 0): STALE}, PAGES_FRESH),
        ({(0, 1): STALE}, PAGES_FRESH),
    ],
    ids=["right", "results", "product", "stale results", "stale product"],
)
def test_each_wrong_answer_fails_its_check(
    wrong: dict[tuple[int, int], Wrong], failing: object
) -> None:
    """Results, products and age each have a check of their own."""
    seen = burst(SEARCH, statuses=(200, 200))
    for check in (search.results_right, search.products_right, PAGES_FRESH):
        assert failed(check, seen, wrong) is (check is failing)


def test_a_pass_says_what_it_did_not_look_at() -> None:
    """Answers that were only too old are right there, and the sentence says how many they were."""
    seen = burst(SEARCH, SEARCH, statuses=(200, 200, 200, 200))
    finding = search.results_right(Evidence(seen, {(0, 0): STALE}, cast(Site, None), {}))
    assert finding is not None
    assert finding.passed
    assert finding.detail == (
        "All 2 pages of results that came were right when they were made, and 1 of them too old"
        " to be shown."
    )


def test_without_answers_nothing_is_judged() -> None:
    """A check of no answers would say nothing, so it has no result."""
    silent = burst(SEARCH, ODD, PART, statuses=(None, None, None, None))
    for check in (
        *(search.results_right, search.products_right, PAGES_FRESH),
        *(search.odd_queries_in_load, search.words_in_load),
    ):
        assert failed(check, silent, {}) is None


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
    assert failed(search.odd_queries_in_load, odd, wrong) is not passed


def test_parts_of_words() -> None:
    """A result for a part of a word fails the check that is there for it."""
    part = burst(PART, statuses=(200,))
    assert failed(search.words_in_load, part, {}) is False
    assert failed(search.words_in_load, part, {(0, 0): FALSE}) is True


def site_that_answers(status: int) -> Site:
    """Every request with that status."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status))
    return cast(Site, SimpleNamespace(http=httpx.Client(transport=transport, base_url="http://s")))


@pytest.mark.parametrize(
    ("status", "passed", "detail"),
    [
        (200, True, " Nor was any of 1 that were asked for after the load."),
        (404, False, "After the load GET /products/1 gave 404; it must give 200."),
        (500, False, "After the load GET /products/1 gave 500; it must give 200."),
    ],
)
def test_what_is_looked_at_after_the_load_must_come(status: int, passed: bool, detail: str) -> None:
    """A page that does not come is not counted as one that was fresh."""
    answers = SimpleNamespace(judge=lambda *_: None)
    one_page = SimpleNamespace(
        answers=lambda burst: answers,
        about_changes=lambda burst: [("product", 1)],
        by_old_words=lambda burst: [],
    )
    evidence = Evidence(burst(SEARCH, statuses=(200, 200)), {}, site_that_answers(status), {})
    finding = search.pages_fresh(cast(Any, one_page))(evidence)
    assert finding is not None
    assert finding.passed is passed
    assert finding.detail.endswith(detail)


NONE_SEARCHED = SimpleNamespace(answers=lambda burst: None, of_contract=ContractSearches())
ALL_REFUSED = (
    "All 9 odd queries, operators of query languages among them, got a right answer or a clear 4xx"
)


@pytest.mark.parametrize(
    ("statuses", "passed", "detail"),
    [
        ((422,) * 20, True, f"{ALL_REFUSED}, and so did those of the load."),
        ((), True, f"{ALL_REFUSED}."),
        ((422, *(None,) * 19), None, "Hardly any answer came, so too little could be judged."),
        ((500, *(422,) * 19), False, "Of 20 odd queries GET /search?q=%25 gave 500; it must give"),
    ],
    ids=["whole load", "no load", "hardly any", "wrong in the load"],
)
def test_the_load_is_named_where_it_was_judged(
    statuses: tuple[int | None, ...], passed: bool | None, detail: str
) -> None:
    """Right answers after the restart make no pass for a load of which hardly anything came."""
    checks = {check.name: check for check in contract_checks(cast(Any, NONE_SEARCHED))}
    seen = burst(*(ODD,) * len(statuses), statuses=statuses)
    finding = checks["odd_queries"].run(Evidence(seen, {}, site_that_answers(422), {}))
    assert finding is not None
    assert finding.passed is passed
    assert finding.detail.startswith(detail)


def test_a_wrong_answer_now_fails_whatever_came_of_the_load() -> None:
    """Also where hardly any of the load could be judged."""
    checks = {check.name: check for check in contract_checks(cast(Any, NONE_SEARCHED))}
    seen = burst(*(ODD,) * 20, statuses=(422, *(None,) * 19))
    finding = checks["odd_queries"].run(Evidence(seen, {}, site_that_answers(200), {}))
    assert finding is not None
    assert finding.passed is False
    assert finding.detail.startswith("9 of 9 searches got a wrong answer; none may.")
