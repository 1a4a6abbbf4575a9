"""What a search must find: every word of every seeded product, from the generator and not from SQL.

A query finds the products whose name or description holds each of its words, as whole words, in any
case. Those with all the words in their name come first, then the cheaper ones, then the older ones.
"""

from __future__ import annotations  # array[int] can't be evaluated before Python 3.12

import os
import pickle
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from seed.dataset import fingerprint
from seed.seller import PRODUCTS_EACH, SELLERS, make_seller

__all__ = ["SearchIndex", "rank", "words_of"]

Rank = tuple[bool, int, int]


def words_of(text: str) -> list[str]:
    """The words of a text or a query, in lower case, in their order."""
    return re.findall(r"\w+", text.lower())


def rank(words: Iterable[str], name: str, price: int, product: int) -> Rank:
    """The place of a match among the others: a smaller rank is shown before."""
    return (not set(words) <= set(words_of(name)), price, product)


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """`texts[word]` and `names[word]` hold ids of products, ascending; `prices[id - 1]` a price."""

    texts: dict[str, array[int]]
    names: dict[str, array[int]]
    prices: array[int]

    @classmethod
    def make(cls) -> SearchIndex:
        """Read every product of every seller: some seconds."""
        texts: dict[str, array[int]] = {}
        names: dict[str, array[int]] = {}
        prices = array("H", bytes(2 * SELLERS * PRODUCTS_EACH))
        for seller in range(1, SELLERS + 1):
            for product in make_seller(seller).products:
                prices[product.id - 1] = product.price
                named = words_of(product.name)
                for word in set(named):
                    names.setdefault(word, array("I")).append(product.id)
                for word in {*named, *words_of(product.description)}:
                    texts.setdefault(word, array("I")).append(product.id)
        return cls(texts, names, prices)

    @classmethod
    def kept(cls, folder: Path) -> SearchIndex:
        """The index of this dataset, made once and kept in the folder."""
        path = folder / f"search-{fingerprint()[:12]}.pickle"
        try:
            return cls(*pickle.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError, EOFError, pickle.UnpicklingError):
            made = cls.make()
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(pickle.dumps((made.texts, made.names, made.prices), protocol=5))
        unfinished.replace(path)
        return made

    def count(self, word: str) -> int:
        """How many products hold a word."""
        return len(self.texts.get(word, ()))

    def find(self, words: Iterable[str]) -> list[int]:
        """All matches of a query's words, in the order that is shown; none for no word."""
        asked = list(words)
        if not asked:
            return []
        found = _of_all(self.texts, asked)
        named = _of_all(self.names, asked)
        return sorted(found, key=lambda one: (one not in named, self.prices[one - 1], one))


def _of_all(postings: dict[str, array[int]], words: list[str]) -> set[int]:
    """The products that stand in the lists of all words."""
    lists = sorted((postings.get(word, array("I")) for word in words), key=len)
    found = set(lists[0])
    for other in lists[1:]:
        found.intersection_update(other)
    return found
