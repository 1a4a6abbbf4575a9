"""What is typed beside the shoppers' searches, in the load."""

from random import Random

from dojo.load.plan import Journey
from katas.shop.expected.new_products import NewProduct
from katas.shop.scenarios.odd_queries import odd_journey
from katas.shop.scenarios.word_searches import WordJourneys
from tests.support.searchable_shop import INDEX, drawn_searches

FREQUENT = ("walnut", "compact", "lamp")


def searches_of_load(new: list[NewProduct], count: int) -> list[Journey]:
    journeys, rng = WordJourneys(FREQUENT, INDEX, new), Random(4)
    return [journeys.make(rng) for _ in range(count)]


def test_odd_queries_are_of_many_kinds() -> None:
    """Some must be refused, most may be; each knows what it is."""
    rng = Random(2)
    journeys = [odd_journey(rng, FREQUENT) for _ in range(200)]
    expected = [journey.expect[0] for journey in journeys]
    assert 20 < expected.count(None) < 80
    assert len({journey.steps[0].path for journey in journeys}) > 50
    assert all(query is None or len(query.text) <= 200 for query in expected)


def test_a_part_of_a_word_is_no_word() -> None:
    """What is looked for alone is in no product."""
    _, _, new = drawn_searches(1)
    queries = [journey.expect[0] for journey in searches_of_load(new, 200)]
    parts = [query for query in queries if len(query.words) == 1]
    assert 25 < len(parts) < 75
    assert not any(INDEX.count(query.words[0]) for query in parts)


def test_every_search_of_the_texts_comes_before_any_comes_again() -> None:
    """So the load asks about many of them, and each in its turn."""
    _, _, new = drawn_searches(1)
    texts = [text for product in new for text in product.queries]
    typed = [journey.expect[0].text for journey in searches_of_load(new, 2 * len(texts))]
    whole = [text for text in typed if " " in text]
    assert sorted(whole[: len(texts)]) == sorted(texts)
