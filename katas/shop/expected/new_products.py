"""Products that the seed doesn't know: put in before the app starts, or by sellers in a burst."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dojo import Burst, Sample, SqlAnswer, Write
from katas.shop.scenarios.behind_the_back import NewStock
from seed.answers import ProductFacts
from seed.search import Rank, rank, words_of
from seed.seller import make_seller

__all__ = [
    *("STOCK", "UNKNOWN_ID", "NewProduct", "added_products", "new_product"),
    *("products_behind_the_back", "rank_of"),
]

STOCK = "stock"  # the flow of those who add them
UNKNOWN_ID = 2**31 - 1  # of a product whose id the shop never named: after all others


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that the seed doesn't know, and the request that made it; None: before the app."""

    facts: ProductFacts  # with UNKNOWN_ID if the shop never named it
    weight_g: int
    write: Write | None = None
    searches: tuple[str, ...] = ()  # what is typed beside its own word, and finds it or doesn't

    @property
    def queries(self) -> list[str]:
        """Each of these searches with its own word, so that no other product can be found."""
        own_word = words_of(self.facts.name)[-1]
        return [f"{text} {own_word}" for text in self.searches]

    def rank(self, words: Sequence[str]) -> Rank | None:
        """Its place among the matches of a query's words; None if it is none of them."""
        facts = self.facts
        return rank_of(words, facts.name, facts.description, facts.price, facts.id)


def rank_of(
    words: Sequence[str], name: str, description: str, price: int, product: int
) -> Rank | None:
    """A product's place among the matches of a query's words; None if it is none of them."""
    if not set(words) <= {*words_of(name), *words_of(description)}:
        return None
    return rank(words, name, price, product)


def new_product(
    described: Mapping[str, Any],
    seller: str,
    product_id: int,
    write: Write | None,
    searches: tuple[str, ...] = (),
) -> NewProduct:
    """The product as its seller described it."""
    facts = ProductFacts(
        product_id,
        described["name"],
        described["description"],
        described["price"],
        described["sku"],
        seller,
        described["color"],
    )
    return NewProduct(facts, described["weight_g"], write, searches)


def added_products(burst: Burst, seller_name: Callable[[int], str]) -> list[NewProduct]:
    """Every product that sellers sent in all bursts so far, acknowledged or not."""
    return list(_added(burst, seller_name))


def _added(burst: Burst, seller_name: Callable[[int], str]) -> Iterable[NewProduct]:
    for visit in burst.visits(STOCK):
        sample = visit.samples["add"]
        ids = _ids(sample)
        write = Write(sample.sent_s or 0.0, None if sample.cause else sample.done_s)
        seller = seller_name(visit.journey.expect["seller"])
        for described in visit.journey.expect["batch"]:
            product_id = ids.get(described["sku"], UNKNOWN_ID)
            yield new_product(described, seller, product_id, write)


def products_behind_the_back(
    answers: Iterable[SqlAnswer], seller_name: Callable[[int], str] | None = None
) -> list[tuple[NewProduct, int]]:
    """Every product that the grader's own statements added, with its seller's id."""
    added = []
    for answer in answers:
        if isinstance(answer.step.expect, NewStock):
            ids = {sku: product_id for product_id, sku in answer.rows}
            for described in answer.step.expect.products:
                seller = described["seller"]
                name = seller_name(seller) if seller_name else make_seller(seller).name
                product_id = ids[described["sku"]]
                added.append((new_product(described, name, product_id, answer.write), seller))
    return added


def _ids(sample: Sample) -> dict[str, int]:
    """The id of each product by its SKU; none if the shop did not acknowledge them, or not so."""
    if sample.cause is not None:
        return {}
    try:
        return {each["sku"]: int(each["id"]) for each in json.loads(sample.body)}
    except (ValueError, TypeError, KeyError):
        return {}
