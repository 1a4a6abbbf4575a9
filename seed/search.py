"""What a search must find: every word of every seeded product, from the generator and not from SQL.

A word is a run of letters and digits; all else, the underscore too, stands between words. A query
finds the products whose name or description holds each of its words, as whole words, in any case.
Those with all the words in their name come first, then the cheaper ones, then the older ones.
"""

from __future__ import annotations  # array[int] can't be evaluated before Python 3.12

import os
import pickle
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seed.dataset import fingerprint
from seed.seller import SELLERS, make_seller
from seed.stored import drop_old

__all__ = ["SearchIndex", "rank", "words_of"]

WORD = re.compile(r"[^\W_]+")
Rank = tuple[bool, int, int]  # (not in the name, price, id)
Described = tuple[int, str, str, int]  # id, name, description, price


def words_of(text: str) -> list[str]:
    """The words of a text or a query, in lower case, in their order."""
    return WORD.findall(text.lower())


def rank(words: Iterable[str], name: str, price: int, product: int) -> Rank:
    """The place of a match among the others: a smaller rank is shown before."""
    return (not set(words) <= set(words_of(name)), price, product)


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """`texts[word]` and `names[word]` hold ids of products, ascending.

    `cheapest` holds all ids by price and then by id, `prices[id - 1]` a price, and `places[id - 1]`
    the id's place in `cheapest`.
    """

    texts: dict[str, array[int]]
    names: dict[str, array[int]]
    prices: array[int]
    cheapest: array[int]
    places: array[int]

    @classmethod
    def make(cls, products: Iterable[Described] | None = None) -> SearchIndex:
        """Read every product, by id; without any given those of all sellers, in some seconds."""
        texts: dict[str, array[int]] = {}
        names: dict[str, array[int]] = {}
        prices = array("I")
        for product, name, description, price in products or _of_all_sellers():
            prices.append(price)
            named = words_of(name)
            for word in set(named):
                names.setdefault(word, array("I")).append(product)
            for word in {*named, *words_of(description)}:
                texts.setdefault(word, array("I")).append(product)
        cheapest = array("I", sorted(range(1, len(prices) + 1), key=lambda one: prices[one - 1]))
        places = array("I", bytes(prices.itemsize * len(prices)))
        for place, product in enumerate(cheapest):
            places[product - 1] = place
        return cls(texts, names, prices, cheapest, places)

    @classmethod
    def kept(cls, folder: Path, products: Iterable[Described] | None = None) -> SearchIndex:
        """The index of this dataset, made once and kept in the folder."""
        path = folder / f"search-{fingerprint()[:12]}.pickle"
        try:
            return cls(*pickle.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError, EOFError, pickle.UnpicklingError):
            made = cls.make(products)
        folder.mkdir(parents=True, exist_ok=True)
        drop_old(folder, "search-*")
        unfinished = path.with_suffix(f".{os.getpid()}")
        parts = (made.texts, made.names, made.prices, made.cheapest, made.places)
        unfinished.write_bytes(pickle.dumps(parts, protocol=5))
        unfinished.replace(path)
        return made

    def count(self, word: str) -> int:
        """How many products hold a word."""
        return len(self.texts.get(word, ()))

    def find(self, words: Iterable[str]) -> list[int]:
        """All matches of a query's words, in the order that is shown; none for no word."""
        return [product for *_, product in self.top(words, len(self.prices))[1]]

    def top(self, words: Iterable[str], most: int) -> tuple[int, list[Rank]]:
        """How many matches a query's words have, and the ranks of the first of them, in order."""
        asked = list(words)
        if not asked:
            return 0, []
        found = _of_all(self.texts, asked)
        named = _of_all(self.names, asked)
        ranks: list[Rank] = []
        for unnamed, group in ((False, named), (True, found - named)):
            places = sorted(map(self.places.__getitem__, [one - 1 for one in group]))
            for place in places[: most - len(ranks)]:
                product = self.cheapest[place]
                ranks.append((unnamed, self.prices[product - 1], product))
        return len(found), ranks


def _of_all_sellers() -> Iterator[Described]:
    for seller in range(1, SELLERS + 1):
        for one in make_seller(seller).products:
            yield one.id, one.name, one.description, one.price


def _of_all(postings: dict[str, array[int]], words: list[str]) -> set[int]:
    """The products that stand in the lists of all words."""
    lists = sorted((postings.get(word, array("I")) for word in words), key=len)
    found = set(lists[0])
    for other in lists[1:]:
        found.intersection_update(other)
    return found
