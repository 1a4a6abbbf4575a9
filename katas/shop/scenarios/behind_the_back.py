"""What changes in the shop behind the app's back: what other programs do.

Each statement is sent by the grader to the database itself, at a moment of the burst. Its `expect`
says in the shop's own words what is new then, for those who judge pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any

from dojo import SqlStep
from seed.seller import COLORS

__all__ = [
    "AddedReview",
    "CurrentFacts",
    "Fact",
    "NewFacts",
    "NewPlace",
    "NewPurchases",
    "NewReviews",
    "NewStock",
    "Purchase",
    "at_random_moments",
    "fact_step",
    "place_step",
    "purchase_step",
    "review_step",
    "stock_step",
]

MOST_DEARER = 40
FROM, TO = 0.15, 0.4  # of a burst: pages were seen before, and what is too old is seen after it


class Fact(StrEnum):
    """What a row of the seed says that may change; the row is known by its id."""

    PRICE = "price"  # of a product
    NAME = "name"  # of a product
    SELLER = "seller"  # a seller's name
    AUTHOR = "author"  # a customer's name
    DESCRIPTION = "description"  # of a product
    COLOR = "color"  # of a product, by name


COLUMNS = {
    Fact.PRICE: ("products", "price", "int"),
    Fact.NAME: ("products", "name", "text"),
    Fact.SELLER: ("sellers", "name", "text"),
    Fact.AUTHOR: ("customers", "name", "text"),
    Fact.DESCRIPTION: ("products", "description", "text"),
    Fact.COLOR: ("products", "color_id", "text"),
}
COLOR_ID = "(SELECT colors.id FROM colors WHERE colors.name = changed.value)"
PROGRAMS = {
    Fact.PRICE: "change prices",
    Fact.NAME: "rename products",
    Fact.SELLER: "rename sellers",
    Fact.AUTHOR: "rename customers",
    Fact.DESCRIPTION: "describe products anew",
    Fact.COLOR: "repaint products",
}


@dataclass(frozen=True, slots=True)
class NewFacts:
    """Other values of one kind, by id, and those of before."""

    fact: Fact
    values: Mapping[int, Any]
    before: Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Another product at a place of the shop window."""

    place: int  # from 1
    product: int


@dataclass(frozen=True, slots=True)
class NewStock:
    """Products as their sellers describe them, each with `seller`, the id; rows: (id, sku)."""

    products: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class AddedReview:
    """What a customer of the seed wrote about a product that they had not bought before."""

    customer: int
    author: str
    product: int
    stars: int
    body: str


@dataclass(frozen=True, slots=True)
class NewReviews:
    """Each with its purchase; rows: (product_id, customer_id, id, written_at)."""

    reviews: tuple[AddedReview, ...]


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a customer of the seed bought, in another of the shop's programs."""

    customer: int
    product: int
    seller: int


@dataclass(frozen=True, slots=True)
class NewPurchases:
    """Purchases without a review."""

    purchases: tuple[Purchase, ...]


def fact_step(fact: Fact, new: Mapping[int, Any], old: Mapping[int, Any]) -> SqlStep:
    """Change these values; `old` are those of now."""
    table, column, kind = COLUMNS[fact]
    value = COLOR_ID if fact is Fact.COLOR else "changed.value"

    def update(values: str) -> str:
        return (
            f"UPDATE {table} SET {column} = {value}"
            f" FROM unnest(%(ids)s::int[], %({values})s::{kind}[]) AS changed (id, value)"
            f" WHERE {table}.id = changed.id"
        )

    ids = list(new)
    params = {"ids": ids, "new": [new[each] for each in ids], "old": [old[each] for each in ids]}
    return SqlStep(
        PROGRAMS[fact],
        update("new"),
        params,
        update("old"),
        expect=NewFacts(fact, dict(new), dict(old)),
    )


class CurrentFacts:
    """What has been changed so far, as planned, on top of what `seeded` says."""

    def __init__(self, seeded: Callable[[Fact, int], Any]) -> None:
        self._seeded = seeded
        self._changed: dict[tuple[Fact, int], Any] = {}

    def of(self, fact: Fact, row_id: int) -> Any:
        """The value of now."""
        known = self._changed.get((fact, row_id))
        return self._seeded(fact, row_id) if known is None else known

    def step(self, fact: Fact, new: Mapping[int, Any]) -> SqlStep:
        """Change these values, each from what it is now."""
        step = fact_step(fact, new, {each: self.of(fact, each) for each in new})
        self._changed |= {(fact, each): value for each, value in new.items()}
        return step

    def repainted(self, rng: Random, products: Sequence[int]) -> SqlStep:
        """Another color for each of these products."""
        return self.step(
            Fact.COLOR,
            {
                each: rng.choice([color for color in COLORS if color != self.of(Fact.COLOR, each)])
                for each in products
            },
        )

    def dearer(self, rng: Random, products: Sequence[int]) -> SqlStep:
        """Other prices for these products, all of them higher."""
        return self.step(
            Fact.PRICE,
            {
                each: self.of(Fact.PRICE, each) + 1 + int(rng.random() * MOST_DEARER)
                for each in products
            },
        )


def place_step(place: int, product: int) -> SqlStep:
    """Put a product into the shop window, in place of what stands there."""
    return SqlStep(
        "dress the shop window",
        "UPDATE shop_window SET product_id = %(product)s WHERE place = %(place)s",
        {"place": place, "product": product},
        expect=NewPlace(place, product),
    )


def stock_step(products: Sequence[Mapping[str, Any]]) -> SqlStep:
    """Put new products into the shop, as a seller's batch job does."""
    columns = ("sku", "name", "description", "color", "weight_g", "price", "seller")
    return SqlStep(
        "add products",
        "INSERT INTO products (seller_id, color_id, sku, name, description, weight_g, price)"
        " SELECT seller, colors.id, sku, stock.name, description, weight_g, price FROM unnest("
        "  %(sku)s::text[], %(name)s::text[], %(description)s::text[], %(color)s::text[],"
        "  %(weight_g)s::int[], %(price)s::int[], %(seller)s::int[])"
        "  AS stock (sku, name, description, color, weight_g, price, seller)"
        " JOIN colors ON colors.name = color RETURNING products.id, products.sku",
        {column: [product[column] for product in products] for column in columns},
        expect=NewStock(tuple(products)),
    )


def review_step(reviews: Sequence[AddedReview]) -> SqlStep:
    """Customers buy and review, in another of the shop's programs."""
    written = (
        "unnest(%(customers)s::int[], %(products)s::int[], %(stars)s::int[], %(bodies)s::text[])"
        " AS written (customer, product, stars, body)"
    )
    return SqlStep(
        "add reviews",
        "WITH bought AS ("
        "  INSERT INTO purchases (customer_id, product_id, seller_id, price)"
        f" SELECT customer, products.id, seller_id, price FROM {written}"
        "  JOIN products ON products.id = product RETURNING id, customer_id, product_id)"
        " INSERT INTO reviews (purchase_id, product_id, customer_id, stars, body)"
        f" SELECT bought.id, product_id, customer_id, stars, body FROM bought JOIN {written}"
        "  ON (customer, product) = (customer_id, product_id)"
        " RETURNING product_id, customer_id, id, written_at",
        {
            "customers": [each.customer for each in reviews],
            "products": [each.product for each in reviews],
            "stars": [each.stars for each in reviews],
            "bodies": [each.body for each in reviews],
        },
        expect=NewReviews(tuple(reviews)),
    )


def purchase_step(purchases: Sequence[Purchase]) -> SqlStep:
    """Customers buy, in another of the shop's programs."""
    return SqlStep(
        "add purchases",
        "INSERT INTO purchases (customer_id, product_id, seller_id, price)"
        " SELECT customer, products.id, seller_id, price"
        " FROM unnest(%(customers)s::int[], %(products)s::int[]) AS bought (customer, product)"
        " JOIN products ON products.id = product",
        {
            "customers": [each.customer for each in purchases],
            "products": [each.product for each in purchases],
        },
        expect=NewPurchases(tuple(purchases)),
    )


def at_random_moments(
    rng: Random, duration_s: float, steps: Sequence[SqlStep]
) -> tuple[SqlStep, ...]:
    """Each step at a moment of its own, in the first part of a burst."""
    return tuple(
        replace(step, at_s=duration_s * (FROM + rng.random() * (TO - FROM))) for step in steps
    )
