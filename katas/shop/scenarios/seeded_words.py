"""Words of the seed that no new product holds, so that all they find is known before the load."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from random import Random

from seed.search import SearchIndex

__all__ = ["SELDOM", "SeededWords"]

SELDOM = (1 / 480, 1 / 20)  # as a share of the most frequent word's products


@dataclass(frozen=True, slots=True)
class SeededWords:
    """`words` are the words, the most frequent first. `index` knows what each finds."""

    index: SearchIndex
    words: tuple[str, ...]

    @classmethod
    def of(cls, index: SearchIndex, in_new_products: Collection[str]) -> "SeededWords":
        """All words of the seed but those of which new products are made."""
        words = (word for word in index.texts if word not in in_new_products)
        return cls(index, tuple(sorted(words, key=lambda word: (-index.count(word), word))))

    def total(self, *words: str) -> int:
        """How many products hold all of these words."""
        lists = sorted((self.index.texts.get(word, ()) for word in words), key=len)
        return len(set(lists[0]).intersection(*lists[1:])) if len(lists) > 1 else len(lists[0])

    def between(self, low: float, high: float) -> Sequence[str]:
        """The words that are so often found, as a share of the most frequent one."""
        most = self.total(self.words[0])
        rarer: Callable[[str], int] = lambda word: -self.index.count(word)  # noqa: E731
        first = bisect_left(self.words, -high * most, key=rarer)
        return self.words[first : bisect_right(self.words, -low * most, key=rarer)]

    def together(self, rng: Random, low: float, high: float) -> tuple[str, str]:
        """Two words that are so often found, by some products together, and by more alone."""
        words = self.between(low, high)
        while True:
            first, second = rng.sample(words, 2)
            fewer = min(self.total(first), self.total(second))
            if 0 < self.total(first, second) < fewer:
                return first, second

    def apart(self, rng: Random) -> tuple[str, str]:
        """Two words that no product holds together."""
        while True:
            first, second = rng.sample(self.between(*SELDOM), 2)
            if self.total(first, second) == 0:
                return first, second

    def any_of(self, rng: Random, low: float, high: float) -> str:
        """One of the words that are so often found."""
        return _any_of(rng, self.between(low, high))


def _any_of(rng: Random, words: Sequence[str]) -> str:
    return words[int(rng.random() * len(words))]
