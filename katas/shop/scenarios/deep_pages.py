"""Pages of results that shoppers seldom look at: what the contract says holds for every page."""

from collections.abc import Iterator
from random import Random

from katas.shop.expected.result_pages import MOST_PAGES, PAGE_SIZE, Query
from katas.shop.scenarios.seeded_words import SeededWords

__all__ = ["deep_pages"]


def deep_pages(words: SeededWords, rng: Random) -> tuple[Query, ...]:
    """For words of several frequencies the third page, one further on, the last and the one after.

    Among them is the page on which the products with the word in their name end, and the last page
    of the most frequent word of all, whose total no smaller cap lets through.
    """
    most, often = words.words[0], rng.choice(_in_names_and_not(words))
    seldom, both = words.any_of(rng, 1 / 240, 1 / 60), " ".join(words.together(rng, 1 / 4, 1 / 2))
    queries = [Query(most, _last(words, most)), Query(seldom, MOST_PAGES)]
    queries += [Query(often, page) for page in _pages(words, often, rng)]
    queries += [Query(text, page) for text in (seldom, both) for page in (3, _last(words, text))]
    return (*dict.fromkeys(queries), Query(seldom, _last(words, seldom) + 1))


def _in_names_and_not(words: SeededWords) -> list[str]:
    """Frequent words that some products have in their name, and others only described."""
    index = words.index
    return [
        word
        for word in words.between(1 / 4, 1 / 3)
        if 0 < len(index.names.get(word, ())) < index.count(word)
    ]


def _pages(words: SeededWords, text: str, rng: Random) -> Iterator[int]:
    last = _last(words, text)
    yield 3
    yield len(words.index.names[text]) // PAGE_SIZE + 1
    yield 3 + int(rng.random() * max(1, last - 3))
    yield last
    yield last + 1


def _last(words: SeededWords, text: str) -> int:
    return -(-words.total(*text.split()) // PAGE_SIZE)
