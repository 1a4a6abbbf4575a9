"""The shoppers of a plan."""

from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest

from katas.shop.expected.new_products import new_product
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.shoppers import (
    Choice,
    Shoppers,
    WordJourneys,
    odd_journey,
    search_path,
)
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()
PAGES = ResultPages(INDEX, SHELF, [])


def words(low: int, high: int) -> tuple[str, ...]:
    return tuple(sorted(word for word in INDEX.texts if low <= INDEX.count(word) <= high))


CHOICE = Choice(
    words(40, 100)[:10],
    words(1, 12)[:10],
    (("walnut", "compact"), ("linen", "lamp")),
    tuple(SHELF.most_reviewed(8)),
)
NEW = [
    new_product(
        {
            "sku": "N-1",
            "name": f"Teak Lamp {tag}",
            "description": f"Goes with {compound}.",
            "color": "red",
            "weight_g": 1,
            "price": 1,
        },
        "A Seller",
        2000 + number,
        None,
        compound,
    )
    for number, (tag, compound) in enumerate((("Zzb", "blue_sky"), ("Zzc", "Café")))
]


def test_a_seed_gives_one_journey() -> None:
    """The same seed, the same shopper."""
    journeys = [Shoppers(CHOICE, PAGES, SHELF).journey(Random(4)) for _ in range(2)]
    assert journeys[0] == journeys[1]


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
        opened = [page for page in journey.expect if isinstance(page, int)]
        if len(opened) == 2:
            assert opened[0] in matches
            assert opened[0] == opened[1]
        elif opened:
            assert set(opened) <= set(CHOICE.bestsellers)
            assert len(set(opened)) == 2
        assert journey.steps[0].think_s == 0
        assert all(0.1 <= step.think_s <= 0.3 for step in journey.steps[1:])
    assert len(seen) >= 4


def test_every_kind_of_shopper_has_its_share() -> None:
    """Of fifty in a row nine look for a frequent word, and nine others compare bestsellers."""
    shoppers = Shoppers(CHOICE, PAGES, SHELF)
    rng = Random(5)
    for _ in range(4):
        journeys = [shoppers.journey(rng) for _ in range(50)]
        first = [next(q for q in j.expect if isinstance(q, Query)).words for j in journeys]
        assert sum(words[0] in CHOICE.frequent for words in first) == 9
        assert sum(len(set(filter(is_id, j.expect))) == 2 for j in journeys) == 9


def is_id(page: object) -> bool:
    return isinstance(page, int)


def test_bestsellers_are_much_reviewed() -> None:
    """Those with the most reviews of all, each once, the most reviewed first."""
    counts = [SHELF.product(product).review_count for product in SHELF.most_reviewed(1500)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(SHELF.most_reviewed(8))) == 8
    assert SHELF.product(SHELF.most_reviewed(1)[0]).review_count == counts[0] > 20


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
    journeys = WordJourneys(CHOICE, INDEX, NEW)
    queries = [journeys.make(rng).expect[0] for _ in range(200)]
    parts = [query for query in queries if len(query.words) == 1]
    assert 25 < len(parts) < 75
    assert all(PAGES.seeded(query.words)[0] == 0 for query in parts)


def test_every_word_of_a_compound_is_searched_for() -> None:
    """All of them before any comes again: a break of one sentence is seen in every run."""
    rng = Random(4)
    journeys = WordJourneys(CHOICE, INDEX, NEW)
    texts = [journeys.make(rng).expect[0].text for _ in range(60)]
    whole = [text for text in texts if " " in text]
    every = ["blue zzb", "sky zzb", "blue_sky zzb", "café zzc", "Café zzc"]
    assert sorted(whole[: len(every)]) == sorted(every)
    assert all(NEW[0].rank(Query(text).words) for text in every[:3])
