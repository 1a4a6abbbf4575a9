"""Answers of one burst after another, held against everything that was written so far."""

import json
from dataclasses import replace
from random import Random

from dojo.kata.burst import Burst
from dojo.kata.exposition import Exposition
from dojo.load.plan import Journey, Plan, Step
from dojo.load.sample import Sample
from katas.shop.expected.answers import wrong_answers
from katas.shop.expected.search_answers import SearchAnswers
from katas.shop.expected.seeded import SeededSearch
from katas.shop.scenarios.orders import ORDERS, order_journey
from tests.support.pages import product_page, review
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()
PRODUCT = 5
LIMIT_S = 5.0
NOTHING = Exposition(())
ORDER = replace(order_journey(Random(1), [PRODUCT]), name=ORDERS)
VISIT = Journey("search", (Step("product", "GET", f"/products/{PRODUCT}"),), expect=(PRODUCT,))
ACKNOWLEDGED = json.dumps({"id": 900_001, "written_at": "2026-01-01T12:00:00+00:00"}).encode()


def seeded_page() -> bytes:
    """The product's page without any review of the burst."""
    rows = [
        review(each.facts.author, each.facts.stars, each.facts.body, each.author_reviews)
        for each in SHELF.reviews_of(PRODUCT)
    ]
    return product_page(SHELF, PRODUCT, rows)


def page_load(journey: int, at_s: float, body: bytes) -> Sample:
    return Sample(journey, 0, "a", at_s, at_s, at_s + 0.1, 200, body=body)


def wrong(burst: Burst) -> dict[tuple[int, int], bool]:
    """Whether each answer that is wrong is stale."""
    answers = SearchAnswers.of(SeededSearch(INDEX, SHELF), [], burst)
    problems = wrong_answers(burst, {burst.journey: answers.judge_answer})
    return {key: problem.stale for key, problem in problems.items()}


def test_a_later_burst_knows_the_writes_of_an_earlier_one() -> None:
    """What was written then must be shown now; what was judged then is not judged again."""
    samples = (
        Sample(0, 0, "b", 0.0, 0.0, 0.1, 201),
        Sample(0, 1, "c", 0.2, 0.2, 0.3, 201, body=ACKNOWLEDGED),
        page_load(1, 1.0, seeded_page()),
    )
    first = Burst("search", Plan(1, 12, (ORDER, VISIT)), samples, LIMIT_S, NOTHING, NOTHING)
    assert wrong(first) == {}
    later = replace(
        first,
        plan=Plan(1, 24, (ORDER, VISIT, VISIT)),
        samples=(*samples[:2], page_load(1, 1.0, b""), page_load(2, 20.0, seeded_page())),
        first_new=2,
    )
    assert wrong(later) == {(2, 0): True}
    assert wrong(replace(later, first_new=0)) == {(1, 0): False, (2, 0): True}
