"""What changes behind the app's back while people search: facts of bestsellers, stock, reviews."""

from collections.abc import Sequence
from itertools import islice
from random import Random
from typing import Any

from dojo import SqlStep
from katas.shop.scenarios.behind_the_back import (
    AddedReview,
    CurrentFacts,
    Fact,
    at_random_moments,
    review_step,
    stock_step,
)
from katas.shop.scenarios.seller_numbers import seller_of, seller_of_customer
from katas.shop.scenarios.sellers import described, tag_of
from seed.answers import Catalog
from seed.seller import SELLERS
from seed.shelf import Shelf, ShelfReview

__all__ = ["SearchChanges"]

REPRICED, RENAMED, RESOLD, AUTHORS, ADDED = 6, 5, 4, 5, 4  # in each burst
REWRITTEN, REPAINTED = 4, 4
LEFT_ALONE = 2  # of the catalog: other checks know them


class SearchChanges:
    """Draws the changes of one burst after another. `bestsellers` are what shoppers compare."""

    def __init__(self, shelf: Shelf, words: Sequence[str], bestsellers: Sequence[int]) -> None:
        left_alone = {seller_of(each) for each in Catalog().window_candidates[:LEFT_ALONE]}
        self._shelf, self._words = shelf, words
        self._bestsellers = [each for each in bestsellers if seller_of(each) not in left_alone]
        self._facts = CurrentFacts(self._seeded)
        self._known: set[int] = set()  # customers who wrote or were renamed already

    def draw(self, rng: Random, duration_s: float) -> tuple[SqlStep, ...]:
        """What other programs of the shop do during a burst."""
        products = rng.sample(self._bestsellers, len(self._bestsellers))
        pick = iter(products)

        def take(count: int) -> list[int]:
            return list(islice(pick, count))

        steps = (
            self._facts.dearer(rng, take(REPRICED)),
            self._facts.step(
                Fact.NAME, {each: self._new_name(each, rng) for each in take(RENAMED)}
            ),
            self._facts.step(
                Fact.SELLER,
                {seller_of(each): f"{tag_of(rng).title()} Brothers" for each in take(RESOLD)},
            ),
            self._facts.step(
                Fact.AUTHOR, {self._author_of(each): _name(rng) for each in take(AUTHORS)}
            ),
            self._facts.step(
                Fact.DESCRIPTION,
                # no price and no name of these changes meanwhile, so that few orders are possible
                {each: self._new_text(rng) for each in products[REPRICED + RENAMED :][:REWRITTEN]},
            ),
            self._facts.repainted(rng, products[:REPAINTED]),
            stock_step([self._product(rng) for _ in range(ADDED)]),
            review_step([self._review(each, rng) for each in products]),
        )
        return at_random_moments(rng, duration_s, steps)

    def _seeded(self, fact: Fact, row_id: int) -> Any:
        if fact is Fact.SELLER:
            return self._shelf.seller_name(row_id)
        if fact is Fact.AUTHOR:
            seller = seller_of_customer(row_id)
            return next(
                review.facts.author
                for product in self._bestsellers
                if seller_of(product) == seller
                for review in self._shelf.reviews_of(product)
                if review.facts.customer_id == row_id
            )
        facts = self._shelf.product(row_id).facts
        return {
            Fact.PRICE: facts.price,
            Fact.NAME: facts.name,
            Fact.DESCRIPTION: facts.description,
            Fact.COLOR: facts.color,
        }[fact]

    def _new_text(self, rng: Random) -> str:
        """Some of the words that are looked for, and one that stands nowhere else."""
        return f"{rng.choice(self._words)}, now with {tag_of(rng)}.".capitalize()

    def _new_name(self, product: int, rng: Random) -> str:
        """A word of those that are looked for, and one that stands nowhere else."""
        noun = self._shelf.product(product).facts.name.rsplit(" ", 1)[1]
        return f"{rng.choice(self._words)} {noun} {tag_of(rng)}".title()

    def _author_of(self, product: int) -> int:
        return self._somebody(product).facts.customer_id

    def _somebody(self, product: int) -> ShelfReview:
        """A review of it whose author has not been chosen before."""
        reviews = self._shelf.reviews_of(product)
        chosen = next(each for each in reviews if each.facts.customer_id not in self._known)
        self._known.add(chosen.facts.customer_id)
        return chosen

    def _review(self, product: int, rng: Random) -> AddedReview:
        """By somebody who has reviewed this product, about another seller's."""
        by = self._somebody(product)
        others = [each for each in self._bestsellers if seller_of(each) != seller_of(product)]
        other = others[int(rng.random() * len(others))]
        body = f"Bought it at the market stall ({tag_of(rng)})."
        return AddedReview(
            by.facts.customer_id,
            by.facts.author,
            other,
            1 + int(rng.random() * 5),
            body,
        )

    def _product(self, rng: Random) -> dict[str, Any]:
        return described(rng, self._words) | {"seller": 1 + int(rng.random() * SELLERS)}


def _name(rng: Random) -> str:
    return f"{tag_of(rng)} {tag_of(rng)}".title()
