"""A walk through the pages and the API that the load leaves out: they still work."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from dojo import Evidence, Finding, Site, read_items
from katas.shop.checks.kept_at_once import not_kept_at_once
from seed.answers import Catalog

__all__ = ["site_works"]

API = {"Accept": "application/json"}


def site_works(
    products: Callable[[], Sequence[int]] | None = None,
) -> Callable[[Evidence], Finding]:
    """What the load left out still gives the right answers; with the first two of these products.

    They are known only after `prepare`. Without them, any two are taken that have reviews.
    """

    def run(evidence: Evidence) -> Finding:
        catalog, http = Catalog(), _Walker(evidence.site)
        ids = catalog.window_candidates if products is None else products()
        try:
            for stop in STOPS:
                if problem := stop(catalog, ids, http):
                    return Finding(False, problem)
            http.last = "what is written, and looked for in Postgres at once"
            if problem := not_kept_at_once(evidence.site, ids):
                return Finding(False, problem)
        except _Failed as failed:
            return Finding(False, f"The rest of the site is broken: {failed}.")
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            reason = f"{type(error).__name__}: {error}, at {http.last}"
            return Finding(False, f"The rest of the site is broken: {reason}.")
        return Finding(
            True,
            "Customers, products, reviews, referrals, search work; what is written is in Postgres"
            " when it is acknowledged.",
        )

    return run


class _Failed(Exception):
    """A request of the walk was answered with an error."""


class _Walker:
    """Sends the walk's requests; the first that is answered with an error ends the walk."""

    def __init__(self, site: Site) -> None:
        self._site, self.last = site, ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        """An answer that is no error; _Failed for one that is."""
        return self.send("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        """The same of a POST."""
        return self.send("POST", path, **options)

    def send(
        self, method: str, path: str, *, refusable: bool = False, **options: Any
    ) -> httpx.Response:
        """`refusable`: a 4xx is no error."""
        self.last = f"{method} {path}"
        answer = self._site.http.request(method, path, **options)
        if answer.status_code >= (500 if refusable else 400):
            logged = self._site.app_failure(answer.request.headers.get("X-Request-ID", ""))
            why = f", and the app logged {logged}" if logged else ""
            raise _Failed(f"{self.last} gave {answer.status_code}{why}")
        return answer


def _customers(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    review = catalog.reviews_of(products[0])[0]
    customer = http.get(f"/users/{review.customer_id}").json()
    listed = http.get("/users", params={"limit": 5}).json()
    if customer["name"] != review.author or review.product_id not in [
        purchase["product_id"] for purchase in customer["purchases"]
    ]:
        return f"GET /users/{review.customer_id} must name {review.author!r} and what they bought."
    if [each["id"] for each in listed] != [1, 2, 3, 4, 5]:
        return "GET /users?limit=5 must list the first five customers."
    if any("email" in each for each in listed):
        return "GET /users?limit=5 must list customers without their addresses."
    return None


def _product_page(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    product = products[0]
    html = http.get(f"/products/{product}").content
    page = next((item for item in read_items(html) if item.kind == "Product"), None)
    facts = catalog.product(product)
    if page is None or page.values.get("name") != facts.name:
        return f"GET /products/{product} must show {facts.name!r}."
    missing = [r for r in catalog.reviews_of(product) if r.body.encode() not in html]
    if missing:
        return (
            f"GET /products/{product} must show all its reviews; {len(missing)} are missing,"
            f" one by {missing[0].author}."
        )
    return None


def _review_list(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    product = products[1]
    listed = {each["id"] for each in http.get("/reviews", params={"product_id": product}).json()}
    missing = {review.id for review in catalog.reviews_of(product)} - listed
    if missing:
        return f"GET /reviews?product_id={product} lacks {len(missing)} of the product's reviews."
    return None


def _referral(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    referral = {"customer_id": 1, "seller_id": 2, "friend_email": "friend@example.com"}
    sent = http.post("/referrals", json=referral).json()
    accepted = http.post(f"/referrals/{sent['id']}/accept", headers=API).json()
    if sent["accepted_at"] is not None or accepted["accepted_at"] is None:
        return "A referral must be open when it is sent, and accepted by POST …/accept."
    return None


def _batch(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    color = catalog.product(products[0]).color
    tag = secrets.token_hex(6)
    batch = [
        {
            "sku": f"WALK-{tag}-{number}",
            "name": f"Walked {tag}",
            "description": "Nice.",
            "color": color,
            "weight_g": 100,
            "price": 10 + number,
        }
        for number in range(2)
    ]
    answer = http.post("/sellers/3/products", json=batch)
    if answer.status_code != 201 or [each["price"] for each in answer.json()] != [10, 11]:
        return "POST /sellers/3/products must add a batch and answer 201 with what was added."
    return None


def _log_in(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    tag = secrets.token_hex(6)
    customer = {"name": "Walker", "email": f"{tag}@example.com", "password": f"secret-{tag}"}
    http.post("/purchases", json={"customer": customer, "product_ids": [products[0]]})
    form = {"email": customer["email"], "password": f"secret-{secrets.token_hex(6)}"}
    refused = http.send("POST", "/login", refusable=True, data=form)
    accepted = http.post("/login", data=form | {"password": customer["password"]})
    if refused.status_code != 401 or accepted.status_code != 303:
        return (
            "POST /login must refuse a wrong password (401) and accept the right one (303);"
            f" it gave {refused.status_code} and {accepted.status_code}."
        )
    return None


def _search(catalog: Catalog, products: Sequence[int], http: "_Walker") -> str | None:
    facts = catalog.product(products[0])
    answer = http.get("/search", params={"q": facts.name})
    shown = [item for item in read_items(answer.content) if item.section == "results"]
    if answer.status_code != 200 or not shown:
        return f"GET /search?q={facts.name} must find the products of that name."
    return None


STOPS = (_customers, _product_page, _review_list, _referral, _batch, _log_in, _search)
