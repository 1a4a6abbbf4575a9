"""Products that are new in the shop."""

import json
from dataclasses import replace
from random import Random

from dojo.kata.burst import Burst
from dojo.kata.exposition import Exposition
from dojo.load.plan import Plan
from dojo.load.sample import Sample
from katas.shop.expected.new_products import STOCK, UNKNOWN_ID, added_products
from katas.shop.scenarios.sellers import stock_journey, tag_of

WORDS = ("teak", "goblet", "slate")
NOTHING = Exposition(())


def burst(*answers: tuple[int | None, bytes]) -> Burst:
    journeys = tuple(
        replace(stock_journey(Random(n), WORDS), name=STOCK) for n in range(len(answers))
    )
    samples = tuple(
        Sample(
            n,
            0,
            "a",
            1.0,
            1.0,
            1.2 if status else None,
            status,
            None if status else "timeout",
            body=body,
        )
        for n, (status, body) in enumerate(answers)
    )
    return Burst("search", Plan(1, 10, journeys), samples, 5.0, NOTHING, NOTHING)


def created(number: int) -> bytes:
    batch = stock_journey(Random(number), WORDS).expect["batch"]
    return json.dumps([one | {"id": 250_001 + n} for n, one in enumerate(batch)]).encode()


def test_an_acknowledged_product_is_known_by_its_id() -> None:
    """Both of the batch, with the moment of the answer."""
    first, second = added_products(burst((201, created(0))), lambda seller: f"S{seller}")
    assert (first.facts.id, second.facts.id) == (250_001, 250_002)
    assert first.write is not None
    assert (first.write.sent_s, first.write.done_s) == (1.0, 1.2)


def test_what_was_not_acknowledged_may_have_happened() -> None:
    """Neither an answer nor an id: it may be there, and never must be."""
    for answer in ((None, b""), (500, b""), (409, created(0))):
        for one in added_products(burst(answer), str):
            assert one.facts.id == UNKNOWN_ID
            assert one.write is not None
            assert one.write.done_s is None


def test_an_answer_that_says_nothing_is_an_acknowledgement() -> None:
    """The shop said that the products are added: so they must be, under whatever id."""
    for body in (b"{}", b"[1]", b"no JSON", b""):
        for one in added_products(burst((201, body)), str):
            assert one.facts.id == UNKNOWN_ID
            assert one.write is not None
            assert one.write.done_s == 1.2


def test_it_is_found_by_its_words_alone() -> None:
    """Every word of the query must be there, whole; those in the name come first."""
    first, second = added_products(burst((201, created(0))), str)
    tag = first.facts.name.split()[-1].lower()
    place = first.rank([tag])
    assert place == (False, first.facts.price, first.facts.id)
    assert first.rank([tag[:-1]]) is None
    assert first.rank([tag, "nosuchword"]) is None
    assert second.rank([tag]) is None
    assert any(first.rank([word]) for word in WORDS)


def test_a_tag_is_a_word_of_its_own() -> None:
    """No two alike, and nothing that could be read as another word or a number."""
    rng = Random(5)
    tags = {tag_of(rng) for _ in range(1000)}
    assert len(tags) == 1000
    assert all(tag.isalpha() and not set(tag) & set("aeiouy") for tag in tags)
