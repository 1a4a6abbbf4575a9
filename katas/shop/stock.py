"""Products that are new in the shop: put in before the app starts, or by sellers in the burst."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg

from dojo import Burst, Journey, Step, Write
from katas.shop.orders import orders_of
from seed.answers import ProductFacts
from seed.search import Rank, rank, words_of
from seed.seller import COLORS, SELLERS

__all__ = ["NewProduct", "added_products", "put_in", "stock_journey", "tag_of"]

JSON = {"content-type": "application/json"}
CONSONANTS = "bcdfghjklmnpqrstvwxz"
LAST_ID = 2**31 - 1  # stands for an id that was never told: after all that were


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that the seed doesn't know, and the request that made it; None: before the app."""

    facts: ProductFacts  # with LAST_ID if the id was never told
    weight_g: int
    write: Write | None = None

    def rank(self, words: Sequence[str]) -> Rank | None:
        """Its place among the matches of a query's words; None if it is none of them."""
        if not set(words) <= {*words_of(self.facts.name), *words_of(self.facts.description)}:
            return None
        return rank(words, self.facts.name, self.facts.price, self.facts.id)


def tag_of(rng: Random) -> str:
    """A word that stands nowhere else; without vowels, so that no other word is in it."""
    return "".join(CONSONANTS[int(rng.random() * len(CONSONANTS))] for _ in range(9))


def _described(rng: Random, words: Sequence[str]) -> dict[str, Any]:
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
    db: "psycopg.Connection[tuple[Any, ...]]",
    rng: Random,
    words: Sequence[str],
    count: int,
    seller_name: Callable[[int], str],
) -> list[NewProduct]:
    """Put new products of these words into the shop's database, as a seller's batch job would."""
    made = []
    with db.transaction():
        for _ in range(count):
            one, seller = _described(rng, words), 1 + int(rng.random() * SELLERS)
            row = db.execute(
                "INSERT INTO products"
                " (seller_id, color_id, sku, name, description, weight_g, price)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
                (
                    *(seller, COLORS.index(one["color"]) + 1, one["sku"], one["name"]),
                    *(one["description"], one["weight_g"], one["price"]),
                ),
            ).fetchone()
            made.append(_new(one, seller_name(seller), row[0] if row else LAST_ID, None))
    return made


def stock_journey(name: str, rng: Random, words: Sequence[str]) -> Journey:
    """A seller adds two products: one of these words, and one that nobody has looked for yet."""
    seller = 1 + int(rng.random() * SELLERS)
    batch = [_described(rng, words), _described(rng, [tag_of(rng)])]
    body = json.dumps(batch).encode()
    step = Step("add", "POST", f"/sellers/{seller}/products", JSON, body)
    return Journey(name, (step,), expect={"seller": seller, "batch": batch})


def added_products(burst: Burst, flow: str, seller_name: Callable[[int], str]) -> list[NewProduct]:
    """Every product that the burst asked for, acknowledged or not."""
    return list(_added(burst, flow, seller_name))


def _added(burst: Burst, flow: str, seller_name: Callable[[int], str]) -> Iterable[NewProduct]:
    for journey, samples in orders_of(burst, flow):
        sample = samples["add"]
        ids: dict[str, int] = {}
        if sample.cause is None:  # acknowledged, whatever the answer says
            try:
                ids = {one["sku"]: int(one["id"]) for one in json.loads(sample.body)}
            except (ValueError, TypeError, KeyError):
                ids = {}
        write = Write(sample.sent_s or 0.0, None if sample.cause else sample.done_s)
        for one in journey.expect["batch"]:
            seller = seller_name(journey.expect["seller"])
            yield _new(one, seller, ids.get(one["sku"], LAST_ID), write)


def _new(one: dict[str, Any], seller: str, product: int, write: Write | None) -> NewProduct:
    facts = ProductFacts(
        product, one["name"], one["description"], one["price"], one["sku"], seller, one["color"]
    )
    return NewProduct(facts, one["weight_g"], write)
