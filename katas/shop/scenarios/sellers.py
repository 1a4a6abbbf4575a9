"""Sellers who add products, before the app starts or while others search."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import psycopg

from dojo import Flow, Journey, Step
from katas.shop.expected.new_products import STOCK, UNKNOWN_ID, NewProduct, new_product
from katas.shop.scenarios.word_texts import TEXTS
from seed.seller import COLORS, SELLERS

__all__ = ["described", "put_in", "stock_flow", "stock_journey", "tag_of"]

JSON = {"content-type": "application/json"}
CONSONANTS = "bcdfghjklmnpqrstvwxz"


def tag_of(rng: Random) -> str:
    """A word that stands nowhere else; without vowels, so that no other word is in it."""
    return "".join(CONSONANTS[int(rng.random() * len(CONSONANTS))] for _ in range(9))


def described(rng: Random, words: Sequence[str]) -> dict[str, Any]:
    """A product as its seller describes it: cheap, so that it is found on the first pages."""
    pick: Callable[[], str] = lambda: words[int(rng.random() * len(words))]  # noqa: E731
    tag = tag_of(rng)
    return {
        "sku": f"N-{tag.upper()}",
        "name": f"{pick()} {pick()} {tag}".title(),
        "description": f"{pick()}, {pick()} and {pick()}.".capitalize(),
        "color": COLORS[int(rng.random() * len(COLORS))],
        "weight_g": 100 + int(rng.random() * 900),
        "price": 1 + int(rng.random() * 12),
    }


def put_in(
    db: psycopg.Connection,
    rng: Random,
    words: Sequence[str],
    count: int,
    seller_name: Callable[[int], str],
    sellers: int = SELLERS,
) -> list[NewProduct]:
    """Put new products of these words into the shop's database, as a seller's batch job would.

    The first of them also hold one of TEXTS each. They are of the first so many sellers.
    """
    added = []
    with db.transaction():
        for number in range(count):
            product, seller = described(rng, words), 1 + int(rng.random() * sellers)
            text = TEXTS[number] if number < len(TEXTS) else None
            if text is not None:
                product["description"] += f" Goes well with {text.text}."
            row = db.execute(
                "INSERT INTO products"
                " (seller_id, color_id, sku, name, description, weight_g, price)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
                (
                    *(seller, COLORS.index(product["color"]) + 1, product["sku"], product["name"]),
                    *(product["description"], product["weight_g"], product["price"]),
                ),
            ).fetchone()
            product_id = row[0] if row else UNKNOWN_ID
            searches = () if text is None else (*text.finds, *text.finds_not)
            added.append(new_product(product, seller_name(seller), product_id, None, searches))
    return added


def stock_flow(rate_per_s: float, words: Sequence[str]) -> Flow:
    """Sellers who add products of these words."""
    return Flow(STOCK, rate_per_s, lambda rng: stock_journey(rng, words))


def stock_journey(rng: Random, words: Sequence[str]) -> Journey:
    """A seller adds two products: one of these words, and one that nobody has looked for yet."""
    seller = 1 + int(rng.random() * SELLERS)
    batch = [described(rng, words), described(rng, [tag_of(rng)])]
    body = json.dumps(batch).encode()
    step = Step("add", "POST", f"/sellers/{seller}/products", JSON, body)
    return Journey.of(step, expect={"seller": seller, "batch": batch})
