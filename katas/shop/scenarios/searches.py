"""The searches of a run: words and new products drawn anew, and what all answers must show then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import psycopg

from dojo import Burst, Journey, Load, PortableLoad, Wrong
from katas.shop.expected.answers import wrong_answers
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.new_products import NewProduct, products_behind_the_back
from katas.shop.expected.result_pages import LONGEST_QUERY, Query, ResultPages
from katas.shop.expected.search_answers import SearchAnswers
from katas.shop.expected.seeded import SeededSearch
from katas.shop.scenarios.behind_the_back import Fact
from katas.shop.scenarios.deep_pages import deep_pages
from katas.shop.scenarios.odd_queries import ODD_QUERIES, odd_queries_flow, odd_searches
from katas.shop.scenarios.orders import orders_flow
from katas.shop.scenarios.portable import repeatable_orders, search_texts
from katas.shop.scenarios.search_changes import SearchChanges
from katas.shop.scenarios.seeded_words import SeededWords
from katas.shop.scenarios.seller_numbers import seller_of
from katas.shop.scenarios.sellers import put_in, stock_flow
from katas.shop.scenarios.several_words import several_words
from katas.shop.scenarios.shoppers import Choice, Shoppers
from katas.shop.scenarios.word_searches import (
    PARTS_OF_WORDS,
    parts_of_words_flow,
    word_searches,
)
from seed.search import words_of
from seed.shelf import Shelf

__all__ = ["ContractSearches", "Searches"]

NEW_PRODUCTS = 120  # put in before each run
LONE = 1  # seed of the journey that is made alone: the same in all attempts of one plan
POPULAR = 8  # products that get reviews during the burst


@dataclass(frozen=True, slots=True)
class ContractSearches:
    """What every run searches for, so that no sentence of the contract is left to chance.

    None of it finds a product that was added in the load.
    """

    every_page: tuple[Query, ...] = ()
    every_word: tuple[Query, ...] = ()
    whole_words: tuple[Query, ...] = ()
    odd_queries: tuple[Query, ...] = ()

    @classmethod
    def draw(
        cls, words: SeededWords, shelf: Shelf, new: Sequence[NewProduct], rng: Random
    ) -> "ContractSearches":
        """With words of the seed, and with the texts of products that were there before the app."""
        return cls(
            every_page=deep_pages(words, rng),
            every_word=several_words(words, shelf, rng),
            whole_words=word_searches(words, new, rng),
            odd_queries=odd_searches(words, rng),
        )


class Searches:
    """What people search for. Of use only with the seed's answers, and after `draw`."""

    choice: Choice
    popular: list[int]  # ids of products that many of the shoppers open
    of_contract: ContractSearches

    def __init__(self, seeded: SeededSearch | None = None) -> None:
        self._seeded = seeded
        self._new: list[NewProduct] = []

    @property
    def seeded(self) -> SeededSearch:
        """What the seed says."""
        assert self._seeded is not None, "made without the seed's answers, for its names alone"
        return self._seeded

    def draw(self, db: psycopg.Connection, rng: Random) -> None:
        """Choose the words, and put in new products that have them."""
        index, shelf = self.seeded.index, self.seeded.shelf
        self.choice = Choice.of(index, shelf, rng)
        self._new = put_in(db, rng, self.choice.words, NEW_PRODUCTS, shelf.seller_name)
        self.popular = list(self.choice.bestsellers[:POPULAR])
        words = SeededWords.of(index, self.choice.words)
        self.of_contract = ContractSearches.draw(words, shelf, self._new, rng)
        self._changes = SearchChanges(shelf, self.choice.words, self.choice.bestsellers)

    def load(
        self, *, stock: float, orders: float, odd_queries: float, parts_of_words: float
    ) -> Load:
        """Shoppers, and others beside them at so many journeys a second."""
        index, shelf = self.seeded.index, self.seeded.shelf
        shoppers = Shoppers(self.choice, ResultPages(index, shelf, self._new), shelf)
        return Load(
            shoppers.journey,
            (
                stock_flow(stock, self.choice.words),
                orders_flow(orders, self.popular),
                odd_queries_flow(odd_queries, self.choice.frequent),
                parts_of_words_flow(parts_of_words, self.choice.words, index, self._new),
            ),
            self._changes.draw,
        )

    def portable_load(self, rng: Random) -> PortableLoad:
        """The same on the seed's products alone; nobody searches for parts of words."""
        index, shelf = self.seeded.index, self.seeded.shelf
        choice, pages = Choice.of(index, shelf, rng), ResultPages(index, shelf, [])
        beside = (
            stock_flow(1.5, choice.words),
            repeatable_orders(1, choice.bestsellers[:POPULAR]),
            odd_queries_flow(3, choice.frequent),
        )
        shoppers = Shoppers(choice, pages, shelf)
        return PortableLoad(Load(shoppers.journey, beside), search_texts(pages, shelf))

    def about_changes(self, burst: Burst) -> list[tuple[str, Query | int]]:
        """(step, what is wanted) of pages that show what was changed behind the app's back."""
        changing, shelf = ChangingFacts(burst.sql_answers), self.seeded.shelf
        sellers, authors = changing.changed(Fact.SELLER), changing.changed(Fact.AUTHOR)
        added = products_behind_the_back(burst.sql_answers, shelf.seller_name)
        products = [
            *changing.changed(Fact.PRICE),
            *changing.changed(Fact.NAME),
            *changing.changed(Fact.DESCRIPTION),
            *changing.changed(Fact.COLOR),
            *(each for each in self.choice.bestsellers if seller_of(each) in sellers),
            *(
                each
                for each in self.choice.bestsellers
                if not {review.facts.customer_id for review in shelf.reviews_of(each)}.isdisjoint(
                    authors
                )
            ),
        ]
        return [
            *(("product", product) for product in dict.fromkeys(products)),
            *(("search", Query(words_of(product.facts.name)[-1])) for product, _ in added),
            *(("search", Query(words_of(name)[-1])) for name in changing.latest(Fact.NAME)),
        ]

    def by_old_words(self, burst: Burst) -> list[tuple[str, Query | int]]:
        """(step, what is wanted) of searches for what products were called, and are now.

        What is wrong with their answers says something of age only if it was right once: how words
        are told apart decides on them, too.
        """
        changing = ChangingFacts(burst.sql_answers)
        return [("search", query) for query in _about_products(changing, self.seeded.shelf)]

    def first_path(self) -> str:
        """The address of a search for two words."""
        return Query(" ".join(self.choice.pairs[0])).path

    def lone_journey(self) -> Journey:
        """What most shoppers do: search for two words, open a product, see its reviews."""
        index, shelf = self.seeded.index, self.seeded.shelf
        shoppers = Shoppers(self.choice, ResultPages(index, shelf, self._new), shelf)
        return shoppers.lone_journey(Random(LONE))

    def wrong_answers(self, burst: Burst) -> dict[tuple[int, int], Wrong]:
        """The (journey, step) of each new answer that is not right."""
        judge = self.answers(burst).judge_answer
        return wrong_answers(
            burst, dict.fromkeys((burst.journey, ODD_QUERIES, PARTS_OF_WORDS), judge)
        )

    def answers(self, burst: Burst) -> SearchAnswers:
        """Judges all answers, with everything that was written in the burst so far."""
        return SearchAnswers.of(self.seeded, self._new, burst)


def _about_products(changing: ChangingFacts, shelf: Shelf) -> Iterator[Query]:
    """Searches for each product that has changed: by all that was ever said of it, and by its name.

    So a word that it no longer holds is looked for, too, and what its line and its place say.
    """
    facts = (Fact.NAME, Fact.DESCRIPTION, Fact.PRICE, Fact.COLOR)
    for product in dict.fromkeys(each for fact in facts for each in changing.changed(fact)):
        seeded = shelf.product(product).facts
        for name in changing.history(Fact.NAME, product, seeded.name):
            yield _query_of(name)
            for text in changing.history(Fact.DESCRIPTION, product, seeded.description):
                yield _query_of(f"{name} {text}")


def _query_of(text: str) -> Query:
    """A search for its words, as many as a query may have."""
    words = " ".join(dict.fromkeys(words_of(text)))
    fits = len(words) <= LONGEST_QUERY
    return Query(words if fits else words[: LONGEST_QUERY + 1].rpartition(" ")[0])
