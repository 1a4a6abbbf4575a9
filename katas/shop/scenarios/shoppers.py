"""Shoppers who search: which words they look for, and what each of them does then.

The words are drawn anew for each plan. What a search finds is known when it is planned, so a
shopper can open a product of the second page without anybody having to read the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from dojo import Journey, Step
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.sellers import tag_of
from seed.search import SearchIndex
from seed.shelf import Shelf

__all__ = ["Choice", "Shoppers"]

FREQUENT = range(2300, 2700)  # products that hold the word
RARE = range(1, 100)
IN_PAIRS = range(3000, 12_000)
T = TypeVar("T")
THINK_S = (0.1, 0.3)
# of fifty shoppers in a row, how many; in an order that is drawn anew
KINDS = {"frequent word": 9, "compare bestsellers": 9, "nothing found": 4, "find": 28}
AMONG_BESTSELLERS, BESTSELLERS = 60, 24  # the products with the most reviews, and those of a plan
COMPARED = 2  # bestsellers that one shopper looks at
FINDS = 5  # products of the first pages with the fewest reviews


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of one plan."""

    frequent: tuple[str, ...]
    rare: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    bestsellers: tuple[int, ...]  # products that many compare with one another

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that many shoppers look for."""
        return tuple(
            dict.fromkeys([*self.frequent, *(word for pair in self.pairs for word in pair)])
        )

    @classmethod
    def of(cls, index: SearchIndex, shelf: Shelf, rng: Random) -> "Choice":
        """Draw them."""

        def held_by(counts: range) -> list[str]:
            return sorted(word for word in index.texts if index.count(word) in counts)

        common = held_by(IN_PAIRS)
        pairs = [tuple(rng.sample(common, 2)) for _ in range(30)]
        return cls(
            tuple(rng.sample(held_by(FREQUENT), 8)),
            tuple(rng.sample(held_by(RARE), 20)),
            tuple((first, second) for first, second in pairs),
            tuple(rng.sample(shelf.most_reviewed(AMONG_BESTSELLERS), BESTSELLERS)),
        )


class Shoppers:
    """Makes the journeys of a plan."""

    def __init__(self, choice: Choice, pages: ResultPages, shelf: Shelf) -> None:
        self._choice, self._pages, self._shelf = choice, pages, shelf
        self._next_kinds: list[str] = []

    def journey(self, rng: Random) -> Journey:
        """Search, look at the second page if there is one, open a product, see its reviews.

        `expect` holds for each step what is wanted: a Query, or the id of a product.
        """
        return self._journey(rng, self._next_kind(rng))

    def lone_journey(self, rng: Random) -> Journey:
        """A journey of the most frequent kind, with two words that have more than one page."""
        pairs = self._choice.pairs
        found = (pair for pair in pairs if self._pages.seeded(pair)[0] > PAGE_SIZE)
        return self._journey(rng, "find", next(found, pairs[0]))

    def _journey(self, rng: Random, kind: str, words: Sequence[str] = ()) -> Journey:
        steps: list[Step] = []
        expect: list[Query | int] = []

        def add(step: str, path: str, wanted: Query | int) -> None:
            low, high = THINK_S
            think_s = low + rng.random() * (high - low) if steps else 0.0
            steps.append(Step(step, "GET", path, think_s=think_s))
            expect.append(wanted)

        if kind == "nothing found":  # so they try another word
            nothing = Query(tag_of(rng))
            add("search", nothing.path, nothing)
        query = Query(_typed(rng, words or self._words(rng, kind)))
        add("search", query.path, query)
        total, matches = self._pages.seeded(query.words)
        if total > PAGE_SIZE:
            second = Query(query.text, 2)
            add("second page", second.path, second)
        opened = [self._find(rng, matches)] if matches else []
        if kind == "compare bestsellers":
            opened = rng.sample(self._choice.bestsellers, COMPARED)
        for product in opened:
            add("product", f"/products/{product}", product)
            add("reviews", f"/reviews?product_id={product}", product)
        return Journey.of(*steps, expect=tuple(expect))

    def _words(self, rng: Random, kind: str) -> Sequence[str]:
        if kind == "frequent word":
            return (_any_of(rng, self._choice.frequent),)
        if rng.random() < 0.6:
            return _any_of(rng, self._choice.pairs)
        return (_any_of(rng, self._choice.rare),)

    def _next_kind(self, rng: Random) -> str:
        if not self._next_kinds:
            self._next_kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
            rng.shuffle(self._next_kinds)
        return self._next_kinds.pop()

    def _find(self, rng: Random, matches: Sequence[int]) -> int:
        """One of the products that hardly anybody has written about yet."""
        by_reviews = sorted(matches, key=lambda product: self._shelf.product(product).review_count)
        return _any_of(rng, by_reviews[:FINDS])


def _typed(rng: Random, words: Sequence[str]) -> str:
    """The words as somebody types them."""
    drawn = rng.random()
    text = (" " if drawn < 0.8 else ", ").join(words)
    if drawn < 0.1:
        return text.upper()
    if drawn < 0.3:
        return text.capitalize()
    return f" {text}! " if drawn > 0.95 else text


def _any_of(rng: Random, some: Sequence[T]) -> T:
    return some[int(rng.random() * len(some))]
