"""The shoppers of a plan."""

from random import Random

from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.shoppers import Choice, Shoppers
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
