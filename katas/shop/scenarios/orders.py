"""A customer who buys and reviews while others browse: the writes that are hidden in the load."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from dojo import Flow, Journey, Step

__all__ = ["ORDERS", "order_journey", "orders_flow"]

ORDERS = "order"

FROM_PRODUCT, TO_PRODUCT = 100_000, 250_000  # bought beside it; its id comes after the other's
TWO_REVIEWS = 0.5  # of the customers, how many write about both
JSON = {"content-type": "application/json"}
WORDS = "tidy solid bright quick gentle clever plain sturdy handsome modest honest warm".split()


def orders_flow(rate_per_s: float, products: Sequence[int]) -> Flow:
    """Customers who buy and review one of these products."""
    return Flow(ORDERS, rate_per_s, lambda rng: order_journey(rng, products))


def order_journey(rng: Random, products: Sequence[int]) -> Journey:
    """Buy two products, review the first, and every other time the second.

    Now and then the first review is changed or deleted.
    """
    tag = f"{rng.getrandbits(48):012x}"
    product = products[int(rng.random() * len(products))]
    before = max(FROM_PRODUCT, product)
    another = before + 1 + int(rng.random() * (TO_PRODUCT - before))
    customer = {
        "name": f"{_word(rng).title()} {_word(rng).title()}",
        "email": f"{_word(rng)}.{tag}@example.com",
        "password": f"{_word(rng)}-{tag}",
    }
    first, second, third = (_review(rng, tag) for _ in range(3))
    steps = [
        Step(
            "buy",
            "POST",
            "/purchases",
            JSON,
            json.dumps({"customer": customer, "product_ids": [product, another]}).encode(),
            capture={"purchase": "purchases.0.id", "another": "purchases.1.id"},
        ),
        Step(
            "review",
            "POST",
            "/reviews",
            JSON,
            b'{"purchase_id": {{purchase}}, ' + json.dumps(first).encode()[1:],
            think_s=0.1,
            capture={"review": "id"},
        ),
    ]
    if rng.random() < TWO_REVIEWS:
        body = b'{"purchase_id": {{another}}, ' + json.dumps(third).encode()[1:]
        steps.append(Step("review another", "POST", "/reviews", JSON, body, think_s=0.1))
    if rng.random() < 0.5:
        body = json.dumps(second).encode()
        steps.append(Step("change", "PUT", "/reviews/{{review}}", JSON, body, think_s=0.6))
    if rng.random() < 0.3:
        steps.append(Step("delete", "DELETE", "/reviews/{{review}}", think_s=0.6))
    expect = {
        "customer": customer,
        "product": product,
        "another": another,
        "first": first,
        "second": second,
        "third": third,
    }
    return Journey.of(*steps, expect=expect)


def _word(rng: Random) -> str:
    return WORDS[int(rng.random() * len(WORDS))]


def _review(rng: Random, tag: str) -> dict[str, Any]:
    text = " ".join(_word(rng) for _ in range(12))
    return {"stars": 1 + int(rng.random() * 5), "body": f"{text.capitalize()} ({tag})."}
