"""Searches that tell words from parts of words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from dojo import Flow, Journey, Step
from katas.shop.expected.new_products import NewProduct
from katas.shop.expected.result_pages import Query
from katas.shop.scenarios.seeded_words import SELDOM, SeededWords
from seed.search import SearchIndex

__all__ = ["PARTS_OF_WORDS", "WordJourneys", "parts_of_words_flow", "word_searches"]

PARTS_OF_WORDS = "part_of_word"  # the flow of those who search so
PARTS = 0.25  # of the flow's searches, how many are for a part
WORDS = 2  # of the seed, of which every run searches for parts
SCRIPTS = ("ﬁ", "ß", "Ωμέγα", "日本語", "١٢٣", "\U0001d4b3", "é" * 200)  # letters and digits all


def parts_of_words_flow(
    rate_per_s: float, words: Sequence[str], index: SearchIndex, new: Sequence[NewProduct]
) -> Flow:
    """People who search for these words and parts of them, and for the texts of new products."""
    return Flow(PARTS_OF_WORDS, rate_per_s, WordJourneys(words, index, new).make)


def word_searches(words: SeededWords, new: Sequence[NewProduct], rng: Random) -> tuple[Query, ...]:
    """Every search of the new products' texts, words of the seed in capitals, and parts of them."""
    texts = [text for product in new for text in product.queries]
    alone = [text.rpartition(" ")[0] for text in texts if not text.isascii()]
    some = rng.sample([word for word in words.between(*SELDOM) if len(word) > 4], WORDS)
    parts = [part for word in some for part in _parts(word) if not words.total(part)]
    in_capitals = [word.upper() for word in some]
    return tuple(map(Query, dict.fromkeys([*texts, *alone, *SCRIPTS, *in_capitals, *parts])))


def _parts(word: str) -> Iterator[str]:
    yield from (word[:-1], word[:3], word[1:], word[-3:], word[1:-1], f"{word}s", f"{word}{word}")


@dataclass
class WordJourneys:
    """Searches for one word of several that stand together, and for parts of words.

    Every search of the new products' texts comes before any comes again.
    """

    words: Sequence[str]
    index: SearchIndex
    new: Sequence[NewProduct]
    _next_texts: list[str] = field(default_factory=list)

    def make(self, rng: Random) -> Journey:
        """Mostly a search of a new product's text; else a word without its first or last letter."""
        if rng.random() < PARTS:
            query = Query(self._part(rng))
        else:
            if not self._next_texts:
                self._next_texts = [text for product in self.new for text in product.queries]
                rng.shuffle(self._next_texts)
            query = Query(self._next_texts.pop())
        return Journey.of(Step("search", "GET", query.path), expect=(query,))

    def _part(self, rng: Random) -> str:
        word = self.words[int(rng.random() * len(self.words))]
        part = word[1:] if rng.random() < 0.5 else word[:-1]
        return part if not self.index.count(part) else word
