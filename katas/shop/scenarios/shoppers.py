"""Shoppers who search: which words they look for, and what each of them does then.

The words are drawn anew for each plan. What a search finds is known when it is planned, so a
shopper can open a product of the second page without anybody having to read the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar
from urllib.parse import quote

from dojo import Flow, Journey, Step
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.sellers import tag_of
from seed.search import SearchIndex
from seed.shelf import Shelf

__all__ = [
    *("ODD_QUERIES", "PARTS_OF_WORDS", "Choice", "Shoppers", "odd_queries_flow"),
    *("parts_of_words_flow", "search_path"),
]

ODD_QUERIES, PARTS_OF_WORDS = "odd_query", "part_of_word"

FREQUENT = range(1200, 3500)  # products that hold the word
RARE = range(1, 100)
IN_PAIRS = range(3000, 12_000)
T = TypeVar("T")
THINK_S = (0.1, 0.3)
ODD = (
    *("100%", "%", "_", "%%%", "a_b", "'", '"', "'; --", "\\", "\\m", "(", "[a-z]*", "&", "|", "!"),
    *("<->", ":*", "lamp & !chair", "🛋", "🛋 sofa", "¿qué?", "naïve", "été", "中文", "٣", "ﬁ", "²"),
    *(
        "$1",
        "%s",
        "{}",
        "{{ 7 * 7 }}",
        "<b>bold</b>",
        "--",
        "/* */",
        "\t",
        " ",
        "",
        "\x00",
        "a\x00b",
    ),
)
REFUSED = (
    *("/search?q=lamp&page=0", "/search?q=lamp&page=-1", "/search?q=lamp&page=two"),
    *("/search?q=lamp&page=1.5", "/search?q=lamp&page=", f"/search?q=lamp&page={10**30}"),
    f"/search?q={'chair' * 41}",
)


def search_path(query: Query) -> str:
    """The address of a page of results."""
    page = f"&page={query.page}" if query.page > 1 else ""
    return f"/search?q={quote(query.text, safe='')}{page}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of one plan."""

    frequent: tuple[str, ...]
    rare: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that many shoppers look for."""
        return tuple(
            dict.fromkeys([*self.frequent, *(word for pair in self.pairs for word in pair)])
        )

    @classmethod
    def of(cls, index: SearchIndex, rng: Random) -> "Choice":
        """Draw them."""

        def held_by(counts: range) -> list[str]:
            return sorted(word for word in index.texts if index.count(word) in counts)

        common = held_by(IN_PAIRS)
        pairs = [tuple(rng.sample(common, 2)) for _ in range(30)]
        return cls(
            tuple(rng.sample(held_by(FREQUENT), 24)),
            tuple(rng.sample(held_by(RARE), 20)),
            tuple((first, second) for first, second in pairs),
        )


class Shoppers:
    """Makes the journeys of a plan."""

    def __init__(self, choice: Choice, pages: ResultPages, shelf: Shelf) -> None:
        self._choice, self._pages, self._shelf = choice, pages, shelf

    def journey(self, rng: Random) -> Journey:
        """Search, look at the second page if there is one, open a product, see its reviews.

        `expect` holds for each step what is wanted: a Query, or the id of a product.
        """
        steps: list[Step] = []
        expect: list[Query | int] = []

        def add(step: str, path: str, wanted: Query | int) -> None:
            low, high = THINK_S
            think_s = low + rng.random() * (high - low) if steps else 0.0
            steps.append(Step(step, "GET", path, think_s=think_s))
            expect.append(wanted)

        drawn = rng.random()
        if drawn < 0.08:  # nothing is found, so they try another word
            nothing = Query(tag_of(rng))
            add("search", search_path(nothing), nothing)
        if 0.2 < drawn < 0.3:
            words: Sequence[str] = (_any_of(rng, self._choice.rare),)
        elif 0.3 < drawn < 0.5:
            words = _any_of(rng, self._choice.pairs)
        else:
            words = (_any_of(rng, self._choice.frequent),)
        query = Query(_typed(rng, words))
        add("search", search_path(query), query)
        total, matches = self._pages.seeded(query.words)
        if total > PAGE_SIZE:
            second = Query(query.text, 2)
            add("second page", search_path(second), second)
        product = self._chosen(rng, matches)
        if product is not None:
            add("product", f"/products/{product}", product)
            add("reviews", f"/reviews?product_id={product}", product)
        return Journey.of(*steps, expect=tuple(expect))

    def popular(self, most: int) -> list[int]:
        """Products that many of the plan's shoppers will open."""
        chosen = []
        for word in self._choice.frequent:
            if (product := self._most_reviewed(self._pages.seeded((word,))[1])) is not None:
                chosen.append(product)
        return list(dict.fromkeys(chosen))[:most]

    def _chosen(self, rng: Random, matches: Sequence[int]) -> int | None:
        """Mostly what others have written much about."""
        if not matches:
            return None
        return self._most_reviewed(matches) if rng.random() < 0.8 else _any_of(rng, matches)

    def _most_reviewed(self, matches: Sequence[int]) -> int | None:
        return max(
            matches, key=lambda product: self._shelf.product(product).review_count, default=None
        )


def odd_queries_flow(rate_per_s: float, choice: Choice) -> Flow:
    """What a search box gets as well."""
    return Flow(ODD_QUERIES, rate_per_s, lambda rng: odd_journey(rng, choice))


def parts_of_words_flow(rate_per_s: float, choice: Choice, index: SearchIndex) -> Flow:
    """Searches for a part of a word."""
    return Flow(PARTS_OF_WORDS, rate_per_s, lambda rng: part_journey(rng, choice, index))


def odd_journey(rng: Random, choice: Choice) -> Journey:
    """What a search box gets as well: signs, pasted texts, addresses typed by hand.

    `expect` holds a Query, or None for what must be refused.
    """
    drawn = rng.random()
    if drawn < 0.2:
        path = _any_of(rng, REFUSED)
        return Journey.of(Step("search", "GET", path), expect=(None,))
    if drawn < 0.7:
        query = Query(_any_of(rng, ODD))
    elif drawn < 0.8:
        query = Query(f"{_any_of(rng, ODD)} {_any_of(rng, choice.frequent)}")
    elif drawn < 0.9:
        query = Query(_any_of(rng, choice.frequent), 400 + int(rng.random() * 9600))
    else:
        query = Query(("🛋 %_' " * 40)[: 150 + int(rng.random() * 51)])
    return Journey.of(Step("search", "GET", search_path(query)), expect=(query,))


def part_journey(rng: Random, choice: Choice, index: SearchIndex) -> Journey:
    """Search for a word without its first or its last letter, which is no word."""
    word = _any_of(rng, choice.words)
    part = word[1:] if rng.random() < 0.5 else word[:-1]
    query = Query(part if not index.count(part) else word)
    return Journey.of(Step("search", "GET", search_path(query)), expect=(query,))


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
