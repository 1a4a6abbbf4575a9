"""The katas' loads as another program can send them: on the seed's data, with nothing prepared."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from dojo import Flow, Journey, Load, PortableLoad, Step
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.log_ins import COOKIE, LogIn, LogInJourneys, log_in_step
from katas.shop.scenarios.orders import orders_flow
from katas.shop.scenarios.people import People
from katas.shop.scenarios.regulars import PageLoads, Regular, draw_regulars
from seed.answers import Catalog
from seed.shelf import Shelf

__all__ = ["home_page_load", "log_in_load", "repeatable_orders", "search_texts"]

REGULARS = 24


def home_page_load(rng: Random) -> PortableLoad:
    """Visitors of the home page, one in five logged in, and customers who buy beside them."""
    candidates = Catalog().window_candidates
    regulars = draw_regulars(rng, rng.sample(candidates, REGULARS), REGULARS)
    log_ins = _log_ins(regulars)
    load = Load(PageLoads(regulars).make, (repeatable_orders(1, candidates),))
    return PortableLoad(load, _home_page_texts, log_ins, COOKIE)


def log_in_load(rng: Random) -> PortableLoad:
    """Customers who log in, others who mistype, and newcomers who buy beside them."""
    visitors = LogInJourneys(People.draw(rng))
    load = Load(visitors.make, (repeatable_orders(1, range(1, 1001)),))
    return PortableLoad(load, _log_in_texts)


def repeatable_orders(rate_per_s: float, products: Sequence[int]) -> Flow:
    """Customers who buy and review: others each time, however often the journeys are sent."""
    orders = orders_flow(rate_per_s, products)

    def make(rng: Random) -> Journey:
        buy, *others = orders.make(rng).steps
        order = json.loads(buy.body)
        order["customer"]["email"] = f"{{{{once}}}}.{order['customer']['email']}"
        return Journey.of(replace(buy, body=json.dumps(order).encode()), *others)

    return replace(orders, make=make)


def search_texts(pages: ResultPages, shelf: Shelf) -> Callable[[Journey], list[list[str]]]:
    """Of each page the name of the first product on it, as seeded.

    It stays on its page until as many new products as a page holds are found before it.
    """

    def texts(step: Step, wanted: object) -> list[str]:
        if step.name == "product" and isinstance(wanted, int):
            return [shelf.product(wanted).facts.name]
        if not isinstance(wanted, Query):
            return []
        matches = pages.seeded(wanted.words)[1]
        place = (wanted.page - 1) * PAGE_SIZE
        return [shelf.product(product).facts.name for product in matches[place : place + 1]]

    return lambda journey: [
        texts(step, wanted) for step, wanted in zip(journey.steps, journey.expect, strict=True)
    ]


def _log_ins(regulars: Sequence[Regular]) -> dict[str, Step]:
    """The log-in of each of them, by a name that then stands for their session."""
    steps = {}
    for number, regular in enumerate(regulars):
        name = f"session_{number}"
        regular.session = f"{{{{{name}}}}}"
        steps[name] = log_in_step(regular.email, regular.password, as_json=True)
    return steps


def _home_page_texts(journey: Journey) -> list[list[str]]:
    """The marks of the lists that everybody sees, and of the one for customers."""
    lists = ["shop-window", "latest-reviews"]
    return [lists if journey.expect is None else [*lists, "your-sellers"]]


def _log_in_texts(journey: Journey) -> list[list[str]]:
    """Who is named by an answer in JSON; a log-in by a form is answered without a page."""
    about = journey.expect
    assert isinstance(about, LogIn)
    person = about.person
    named = ("me", "log in", "log in again") if about.as_json else ("me",)
    return [[person.name] if person and step.name in named else [] for step in journey.steps]
