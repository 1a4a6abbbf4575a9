"""What the shop acknowledges is in Postgres by then: not later, when it may have died meanwhile."""

import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import httpx

from dojo import Site

__all__ = ["not_kept_at_once"]

SELLER = 4
LATE_AT_MOST_S, AGAIN_S = 3.0, 0.02  # what is written later was missed right after the load
ADVICE = (
    "Commit first and answer then: an app that is killed in between must not have told a customer"
    " what is in its memory alone"
)


def not_kept_at_once(site: Site, products: Sequence[int]) -> str:
    """What was acknowledged and came into Postgres a little later; "" if nothing did.

    What is refused or never comes is for others to say: `writes_kept`, `products_kept` and
    `sessions_kept`.

    Somebody buys the first two of `products`, reviews one, changes the review, takes it out again,
    and logs in; a seller adds a product. httpx.TransportError, ValueError, KeyError or TypeError
    from answers that are none.
    """
    with suppress(httpx.HTTPStatusError):  # what is refused is not acknowledged
        for what, query, params in _writes(site, products):
            late_s = _late_s(site, query, params)
            if late_s:
                return (
                    f"{what} was acknowledged, and came into Postgres only {late_s:.2f} s later."
                    f" {ADVICE}."
                )
    return ""


def _late_s(site: Site, query: str, params: tuple[Any, ...]) -> float:
    """How much later than now the query finds a row; 0 if it does so at once, or never."""
    began = time.monotonic()
    if site.db.execute(query.encode(), params).fetchone():
        return 0.0
    while time.monotonic() - began < LATE_AT_MOST_S:
        time.sleep(AGAIN_S)
        if site.db.execute(query.encode(), params).fetchone():
            return time.monotonic() - began
    return 0.0


def _writes(site: Site, products: Sequence[int]) -> Iterable[tuple[str, str, tuple[Any, ...]]]:
    """Make one write after another: what it was, and the query that finds a row if it is kept."""
    http, tag = site.http, secrets.token_hex(6)
    http.cookies.clear()
    customer = {"name": "Walker", "email": f"{tag}@example.com", "password": f"secret-{tag}"}
    order = {"customer": customer, "product_ids": list(products[:2])}
    bought = http.post("/purchases", json=order).raise_for_status().json()
    number, purchases = bought["customer"]["id"], [each["id"] for each in bought["purchases"]]
    yield (
        "A purchase",
        "SELECT 1 FROM purchases JOIN customers ON customers.id = customer_id"
        " WHERE customer_id = %s AND purchases.id = ANY (%s) HAVING count(*) = 2",
        (number, purchases),
    )
    body = {"stars": 4, "body": f"It does what it should ({tag})."}
    answer = http.post("/reviews", json=body | {"purchase_id": purchases[0]})
    review = answer.raise_for_status().json()["id"]
    kept = "SELECT 1 FROM reviews WHERE id = %s AND stars = %s"
    yield "A review", kept, (review, 4)
    http.put(f"/reviews/{review}", json=body | {"stars": 2}).raise_for_status()
    yield "The change of a review", kept, (review, 2)
    http.delete(f"/reviews/{review}").raise_for_status()
    gone = "SELECT 1 WHERE NOT EXISTS (SELECT FROM reviews WHERE id = %s)"
    yield "The deletion of a review", gone, (review,)
    batch = [
        {
            "sku": f"KEPT-{tag}",
            "name": f"Kept {tag}",
            "description": "Nice.",
            "color": "red",
            "weight_g": 100,
            "price": 10,
        }
    ]
    added = http.post(f"/sellers/{SELLER}/products", json=batch).raise_for_status().json()
    yield "A new product", "SELECT 1 FROM products WHERE id = %s", (added[0]["id"],)
    given = {"email": customer["email"], "password": customer["password"]}
    http.post("/login", json=given).raise_for_status()
    http.cookies.clear()
    yield "A session", "SELECT 1 FROM sessions WHERE customer_id = %s", (number,)
