"""The walk through the rest of the site, on made-up answers."""

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from dojo.kata.burst import Burst
from dojo.kata.contract import Evidence, Site
from katas.shop.checks.site_walk import site_works
from seed.answers import Catalog

CATALOG = Catalog()
PRODUCTS = CATALOG.window_candidates[:2]
REVIEW = CATALOG.reviews_of(PRODUCTS[0])[0]


def walk(listed: list[dict[str, Any]], logged: str = "") -> str:
    """What is said of a site that knows that customer, lists these, and has nothing else."""
    customer = {"name": REVIEW.author, "purchases": [{"product_id": PRODUCTS[0]}]}

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/users":
                return httpx.Response(200, json=listed)
            case path if path == f"/users/{REVIEW.customer_id}":
                return httpx.Response(200, json=customer)
        return httpx.Response(404)

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://shop") as http:
        site = cast(Site, SimpleNamespace(http=http, app_failure=lambda _: logged))
        finding = site_works(lambda: PRODUCTS)(Evidence(cast(Burst, None), {}, site, {}))
    assert finding.passed is False
    return finding.detail


def customers(**more: str) -> list[dict[str, Any]]:
    return [{"id": number, "name": "Ann", **more} for number in range(1, 6)]


@pytest.mark.parametrize(
    ("listed", "detail"),
    [
        (customers()[:4], "GET /users?limit=5 must list the first five customers."),
        (
            [*customers()[:4], customers(email="ann@example.com")[4]],
            "GET /users?limit=5 must list customers without their addresses.",
        ),
        (customers(), f"The rest of the site is broken: GET /products/{PRODUCTS[0]} gave 404."),
    ],
    ids=["too few", "addresses", "right"],
)
def test_customers_are_listed_without_addresses(listed: list[dict[str, Any]], detail: str) -> None:
    """The first five, and of none of them the e-mail address."""
    assert walk(listed).startswith(detail)


def test_what_the_app_logged_about_the_failure_is_said() -> None:
    """Its status alone sends nobody to the place."""
    logged = "ValueError: too much, in app/products.py:7 in shown"
    assert walk(customers(), logged).endswith(f" gave 404, and the app logged {logged}.")
