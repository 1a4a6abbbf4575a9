"""Searches for several words, of which each one counts."""

from collections.abc import Iterator
from random import Random

from katas.shop.expected.result_pages import LONGEST_QUERY, Query
from katas.shop.scenarios.seeded_words import SELDOM, SeededWords
from seed.search import words_of
from seed.shelf import Shelf

__all__ = ["several_words"]

COUNTS = (3, 6)  # words of a query


def several_words(words: SeededWords, shelf: Shelf, rng: Random) -> tuple[Query, ...]:
    """Words of one product, which they find; and the same with one that it doesn't hold.

    That one stands at each place of the query once, so that no place can be left out unseen.
    """
    return tuple(Query(text) for text in _texts(words, shelf, rng))


def _texts(words: SeededWords, shelf: Shelf, rng: Random) -> Iterator[str]:
    for count in COUNTS:
        own, _ = _words_of_a_product(words, shelf, rng, count)
        yield " ".join(own)
        for place in range(count):
            own, strange = _words_of_a_product(words, shelf, rng, count)
            yield " ".join([*own[:place], strange, *own[place + 1 :]])
    own, strange = _words_of_a_product(words, shelf, rng, max(COUNTS))
    yield " ".join([words.any_of(rng, *SELDOM)] * 3)
    repeated = [own[number % len(own)] for number in range(LONGEST_QUERY)]
    whole = " ".join(repeated)[: LONGEST_QUERY + 1].rpartition(" ")[0]
    yield whole.ljust(LONGEST_QUERY)
    yield (whole[: LONGEST_QUERY - len(strange) - 1].rpartition(" ")[0] + f" {strange}").ljust(
        LONGEST_QUERY
    )


def _words_of_a_product(
    words: SeededWords, shelf: Shelf, rng: Random, count: int
) -> tuple[list[str], str]:
    """So many words of a product, not all of its name, and a word that it doesn't hold."""
    known = set(words.words)
    while True:
        product = words.index.cheapest[int(rng.random() * len(words.index.cheapest))]
        facts = shelf.product(product).facts
        named = known & set(words_of(facts.name))
        described = known & set(words_of(facts.description)) - named
        strange = words.any_of(rng, 1 / 20, 1)
        if (
            named
            and described
            and len(named | described) >= count
            and strange not in named | described
        ):
            own = [rng.choice(sorted(named)), rng.choice(sorted(described))]
            own += rng.sample(sorted((named | described) - set(own)), count - 2)
            rng.shuffle(own)
            return own, strange
