"""A walk through the rest of the shop: what was acknowledged is kept, and every room is open."""

import secrets
from collections.abc import Sequence
from typing import Any

import httpx

from dojo import Burst, CheckResult, Site, read_items
from katas.shop.orders import orders_of, reviews_of, turned_away
from seed.answers import Catalog

__all__ = ["site_works", "writes_kept"]

API = {"Accept": "application/json"}


def writes_kept(burst: Burst, flow: str, site: Site) -> CheckResult:
    """Each acknowledged purchase, review, change and deletion is in Postgres."""
    if problem := turned_away(burst, flow):
        return CheckResult("writes_kept", False, problem)
    lost: list[str] = []
    bought = [
        journey.expect
        for journey, samples in orders_of(burst, flow)
        if "buy" in samples and samples["buy"].cause is None
    ]
    rows = site.db.execute(
        "SELECT email, product_id FROM customers JOIN purchases ON customer_id = customers.id"
        " WHERE email = ANY (%s)",
        ([one["customer"]["email"] for one in bought],),
    ).fetchall()
    kept = {(email, product) for email, product in rows}
    for one in bought:
        for product in (one["product"], one["another"]):
            if (one["customer"]["email"], product) not in kept:
                lost.append(f"the purchase of product {product} by {one['customer']['email']}")
    reviews = reviews_of(burst, flow)
    ids = [v.id for review in reviews for v in review.versions if v and v.id is not None]
    found: dict[int, tuple[Any, ...]] = {
        row[0]: row[1:]
        for row in site.db.execute(
            "SELECT id, stars, body FROM reviews WHERE id = ANY (%s)", (ids,)
        ).fetchall()
    }
    judged = 0
    for review in reviews:
        last = review.writes[-1]
        known = next((v for v in review.versions if v and v.id is not None), None)
        if last.done_s is None or known is None or known.id is None:
            continue
        judged += 1
        final = review.versions[-1]
        came = found.get(known.id)
        wanted = None if final is None else (final.stars, final.body)
        if came != wanted:
            lost.append(f"review {known.id}: acknowledged as {wanted}, kept as {came}")
    total = 2 * len(bought) + judged
    if lost:
        detail = (
            f"{len(lost)} of {total} acknowledged writes are not in Postgres; all must be."
            f" One of them: {lost[0]}."
        )
        return CheckResult("writes_kept", False, detail)
    if not total:
        return CheckResult("writes_kept", True, "No write was acknowledged, so none can be lost.")
    return CheckResult("writes_kept", True, f"All {total} acknowledged writes are in Postgres.")


def site_works(catalog: Catalog, products: Sequence[int], site: Site) -> CheckResult:
    """The rooms that the load did not enter still give the right answers."""
    try:
        for step in (_customers, _product_page, _review_list, _referral, _batch, _log_in, _search):
            if problem := step(catalog, products, site.http):
                return CheckResult("site_works", False, problem)
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        told = f"{type(error).__name__}: {error}"
        return CheckResult("site_works", False, f"The rest of the site is broken: {told}.")
    return CheckResult("site_works", True, "Customers, products, reviews, referrals, search work.")


def _customers(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    review = catalog.reviews_of(products[0])[0]
    got = http.get(f"/users/{review.customer_id}").json()
    listed = http.get("/users", params={"limit": 5}).json()
    if got["name"] != review.author or review.product_id not in [
        one["product_id"] for one in got["purchases"]
    ]:
        return f"GET /users/{review.customer_id} must name {review.author!r} and what they bought."
    if [one["id"] for one in listed] != [1, 2, 3, 4, 5]:
        return "GET /users?limit=5 must list the first five customers."
    return None


def _product_page(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
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


def _review_list(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    product = products[1]
    got = {one["id"] for one in http.get("/reviews", params={"product_id": product}).json()}
    missing = {review.id for review in catalog.reviews_of(product)} - got
    if missing:
        return f"GET /reviews?product_id={product} lacks {len(missing)} of the product's reviews."
    return None


def _referral(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    asked = {"customer_id": 1, "seller_id": 2, "friend_email": "friend@example.com"}
    made = http.post("/referrals", json=asked).json()
    accepted = http.post(f"/referrals/{made['id']}/accept", headers=API).json()
    if made["accepted_at"] is not None or accepted["accepted_at"] is None:
        return "A referral must be open when it is sent, and accepted by POST …/accept."
    return None


def _batch(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    color = catalog.product(products[0]).color
    tag = secrets.token_hex(6)
    batch = [
        {
            "sku": f"TOUR-{tag}-{number}",
            "name": f"Toured {tag}",
            "description": "Nice.",
            "color": color,
            "weight_g": 100,
            "price": 10 + number,
        }
        for number in range(2)
    ]
    answer = http.post("/sellers/3/products", json=batch)
    if answer.status_code != 201 or [one["price"] for one in answer.json()] != [10, 11]:
        return "POST /sellers/3/products must add a batch and answer 201 with what was added."
    return None


def _log_in(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    tag = secrets.token_hex(6)
    customer = {"name": "Tour", "email": f"{tag}@example.com", "password": f"secret-{tag}"}
    http.post("/purchases", json={"customer": customer, "product_ids": [products[0]]})
    form = {"email": customer["email"], "password": "wrong-password"}
    refused = http.post("/login", data=form)
    accepted = http.post("/login", data=form | {"password": customer["password"]})
    if refused.status_code != 401 or accepted.status_code != 303:
        return (
            "POST /login must refuse a wrong password (401) and accept the right one (303);"
            f" it gave {refused.status_code} and {accepted.status_code}."
        )
    return None


def _search(catalog: Catalog, products: Sequence[int], http: httpx.Client) -> str | None:
    facts = catalog.product(products[0])
    answer = http.get("/search", params={"q": facts.name})
    shown = [item for item in read_items(answer.content) if item.section == "results"]
    if answer.status_code != 200 or not shown:
        return f"GET /search?q={facts.name} must find the products of that name."
    return None
