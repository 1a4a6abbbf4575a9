"""What the shop answers to searches and to questions about reviews, odd ones as well."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from dojo.kata.microdata import read_items, text_of
from dojo.site.app_process import AppProcess
from katas.shop.expected.result_pages import Query
from katas.shop.scenarios.odd_queries import ODD, REFUSED
from tests.support.project import ROOT


@pytest.fixture(scope="module")
def shop(seeded_dsn: str) -> Iterator[httpx.Client]:
    """The shipped app on the seeded database; only to be read."""
    url = psycopg.conninfo.make_conninfo(seeded_dsn, user="shop", password="shop")
    with (
        AppProcess.start(ROOT / "app", url) as app,
        httpx.Client(base_url=app.base_url, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize("text", ODD)
def test_odd_queries_get_an_answer(shop: httpx.Client, text: str) -> None:
    """Signs, quotes, emoji and control characters are no words, and no error either."""
    answer = shop.get(Query(text).path)
    assert answer.status_code == 200
    assert (text_of(answer.content, "#total") or "0").isdigit()


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_no_page_or_too_long_is_refused(shop: httpx.Client, path: str) -> None:
    """A page that is no number from 1 to 10,000, and a query of more than 200 characters."""
    assert shop.get(path).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        *("/reviews", "/reviews?product_id=0", "/reviews?product_id=lamp", "/products/0"),
        *(f"/reviews?product_id={10**30}", f"/products/{10**30}", "/products/lamp"),
    ],
)
def test_what_is_no_product_is_refused(shop: httpx.Client, path: str) -> None:
    """An id must be one."""
    assert shop.get(path).status_code == 422


def test_a_product_that_is_not_there(shop: httpx.Client) -> None:
    """It has no page, and no reviews."""
    assert shop.get("/products/2000000000").status_code == 404
    assert shop.get("/reviews?product_id=2000000000").json() == []


def test_whole_words_in_any_case(shop: httpx.Client) -> None:
    """A word in capitals finds what the word finds, a part of it nothing, two words only both."""

    def total(text: str) -> int:
        return int(text_of(shop.get("/search", params={"q": text}).content, "#total") or -1)

    word = total("xylophone")
    assert word == total("XYLOPHONE!") == total("xylophone_xylophone") > 0
    assert total("xylophon") == total("ylophone") == 0
    assert total("xylophone zither lamp") == 0
    assert shop.get("/search", params={"q": "xylophone", "page": 2}).status_code == 200


def test_results_are_told_apart_from_everything_else(shop: httpx.Client) -> None:
    """Each line is an item of the list of results, twenty at most."""
    items = read_items(shop.get("/search", params={"q": "guitar"}).content)
    assert [item.section for item in items] == ["results"] * 20
