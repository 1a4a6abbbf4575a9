"""The katas' loads on the seed's data alone: what another program is given to send."""

import json
from random import Random

import pytest

from dojo.kata.portable_load import HasPortableLoad, PortableLoad
from dojo.load.plan import Journey
from katas.shop.expected.result_pages import PAGE_SIZE, ResultPages
from katas.shop.scenarios.portable import (
    home_page_load,
    log_in_load,
    repeatable_orders,
    search_texts,
)
from katas.shop.scenarios.searches import Searches
from katas.shop.scenarios.shoppers import Choice, Shoppers
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()
PAGES = ResultPages(INDEX, SHELF, [])


def journeys(load: PortableLoad, count: int) -> list[Journey]:
    rng = Random(3)
    return [load.load.make(rng) for _ in range(count)]


@pytest.mark.parametrize("draw", [home_page_load, log_in_load], ids=["home page", "log in"])
def test_a_seed_gives_one_load(draw: HasPortableLoad) -> None:
    """Without a site or a database: the seed's generator knows who can come."""
    first, second = (draw(Random(5)) for _ in range(2))  # type: ignore[operator]
    assert journeys(first, 50) == journeys(second, 50)
    assert dict(first.log_ins) == dict(second.log_ins)


def test_customers_of_the_home_page_log_in_before() -> None:
    """One visitor in five sends a session that a log-in brings, and sees a list of their own."""
    load = home_page_load(Random(1))
    made = journeys(load, 50)
    customers = [each for each in made if each.expect is not None]
    assert len(customers) == 10
    for each in customers:
        cookie = each.steps[0].headers["cookie"]
        name = cookie.removeprefix(f"{load.cookie}={{{{").removesuffix("}}")
        assert name in load.log_ins
        assert "your-sellers" in load.texts(each)[0]
    strangers = [each for each in made if each.expect is None]
    assert all("your-sellers" not in load.texts(each)[0] for each in strangers)


def test_who_logs_in_is_named() -> None:
    """By /me, and by a log-in in JSON; who is refused is not."""
    load = log_in_load(Random(1))
    for each in journeys(load, 100):
        for step, texts in zip(each.steps, load.texts(each), strict=True):
            if step.name == "me":
                assert texts == [each.expect.person.name]
            if step.name in ("refused", "log out", "me, logged out"):
                assert texts == []


def test_orders_can_be_sent_again() -> None:
    """A customer is a new one each time: else the second run would only get 409."""
    journey = repeatable_orders(1, [7]).make(Random(1))
    order = json.loads(journey.steps[0].body)
    assert order["customer"]["email"].startswith("{{once}}.")
    assert order["product_ids"][0] == 7


def test_a_search_must_show_the_first_product_that_it_finds() -> None:
    """On the second page the first of that page: new products only push it further down."""
    texts = search_texts(PAGES, SHELF)
    common = tuple(sorted(word for word in INDEX.texts if INDEX.count(word) > 2 * PAGE_SIZE))
    choice = Choice(common[:5], common[5:9], ((common[0], common[1]),), (1, 2, 3))
    rng = Random(2)
    seen = set()
    for _ in range(100):
        journey = Shoppers(choice, PAGES, SHELF).journey(rng)
        for step, wanted, found in zip(journey.steps, journey.expect, texts(journey), strict=True):
            seen.add((step.name, len(found)))
            if step.name == "product":
                assert found == [SHELF.product(wanted).facts.name]
            elif step.name in ("search", "second page"):
                matches = PAGES.seeded(wanted.words)[1]
                place = 0 if step.name == "search" else PAGE_SIZE
                names = [SHELF.product(product).facts.name for product in matches]
                assert found == names[place : place + 1]
    assert {("search", 1), ("second page", 1), ("product", 1), ("reviews", 0)} <= seen


def test_every_kata_with_a_burst_can_be_exported() -> None:
    """The search kata by its searches; the others are tested above."""
    assert isinstance(Searches(), HasPortableLoad)
