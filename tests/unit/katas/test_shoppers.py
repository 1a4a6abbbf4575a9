"""The shoppers of a plan."""

from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest

from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.shoppers import Choice, Shoppers, odd_journey, part_journey, search_path
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()
PAGES = ResultPages(INDEX, SHELF, [])


def words(low: int, high: int) -> tuple[str, ...]:
    return tuple(sorted(word for word in INDEX.texts if low <= INDEX.count(word) <= high))


CHOICE = Choice(words(40, 100)[:10], words(1, 12)[:10], (("walnut", "compact"), ("linen", "lamp")))


def test_a_seed_gives_one_journey() -> None:
    """The same seed, the same shopper."""
    shoppers = Shoppers(CHOICE, PAGES, SHELF)
    assert shoppers.journey(Random(4)) == shoppers.journey(Random(4))


def test_a_journey_goes_where_its_search_leads() -> None:
    """Second pages exist, products stand on the pages that were seen, reviews are the product's."""
    shoppers = Shoppers(CHOICE, PAGES, SHELF)
    rng = Random(1)
    seen = set()
    for _ in range(300):
        journey = shoppers.journey(rng)
        names = [step.name for step in journey.steps]
        seen.add(tuple(names))
        query = next(query for query in reversed(journey.expect[: names.count("search")]))
        total, matches = PAGES.seeded(query.words)
        assert ("second page" in names) is (total > PAGE_SIZE)
        assert ("product" in names) is (total > 0)
        if total:
            product = journey.expect[names.index("product")]
            assert product in matches
            assert journey.expect[-1] == product
        assert journey.steps[0].think_s == 0
        assert all(0.1 <= step.think_s <= 0.3 for step in journey.steps[1:])
    assert len(seen) == 3


def test_popular_products_are_much_reviewed() -> None:
    """They come from the frequent words' pages, each once."""
    popular = Shoppers(CHOICE, PAGES, SHELF).popular(5)
    assert len(set(popular)) == len(popular) == 5
    others = sum(SHELF.product(one).review_count for one in range(1, 1501)) / 1500
    assert min(SHELF.product(one).review_count for one in popular) > others


@pytest.mark.parametrize("text", ["a&b", "50% off", "#1", "lamp+chair", "a=b", "🛋", "x;y", "\x00"])
def test_an_address_says_what_was_typed(text: str) -> None:
    """Whatever is typed arrives, whichever page is asked for."""
    parameters = parse_qs(urlsplit(search_path(Query(text, 2))).query)
    assert parameters == {"q": [text], "page": ["2"]}


def test_odd_queries_are_of_many_kinds() -> None:
    """Some must be refused, most may be; each knows what it is."""
    rng = Random(2)
    journeys = [odd_journey(rng, CHOICE) for _ in range(200)]
    expected = [journey.expect[0] for journey in journeys]
    assert 20 < expected.count(None) < 80
    assert len({journey.steps[0].path for journey in journeys}) > 50
    assert all(query is None or len(query.text) <= 200 for query in expected)


def test_a_part_of_a_word_is_no_word() -> None:
    """What is looked for is in no product."""
    rng = Random(3)
    for _ in range(50):
        (query,) = part_journey(rng, CHOICE, INDEX).expect
        assert PAGES.seeded(query.words)[0] == 0
