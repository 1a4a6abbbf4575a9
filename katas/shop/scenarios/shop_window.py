"""What stands in the shop window, which customers look at it who are logged in, what changes."""

from random import Random
from typing import Any

import psycopg

from dojo import Journey, Site, SqlStep, Step
from katas.shop.checks.browser import Browser
from katas.shop.scenarios.behind_the_back import (
    AddedReview,
    CurrentFacts,
    Fact,
    Purchase,
    at_random_moments,
    place_step,
    purchase_step,
    review_step,
    stock_step,
)
from katas.shop.scenarios.regulars import Regular, draw_regulars
from katas.shop.scenarios.seller_numbers import seller_of, seller_of_customer
from katas.shop.scenarios.sellers import tag_of
from seed.answers import Catalog
from seed.seller import COLORS, CUSTOMERS_EACH, PRODUCTS_EACH, make_seller

__all__ = ["VISITS", "ShopWindow", "load_home_page"]

PLACES = 24
REGULARS = 24
LEFT_ALONE = 2  # the first places: other checks know what stands there
REPRICED, RENAMED, RESOLD, REVIEWED = 6, 6, 5, 3  # products of the window, in each burst
REPAINTED, AUTHORS = 3, 8  # the same; authors of the latest reviews of so many
BUYERS = 6  # regulars who buy of somebody else, in each burst
HOME = Journey.of(Step("home", "GET", "/"))
VISITS = "count visits"
COUNTS = 3  # of visits in a burst, one in each part of it from COUNTED_FROM on
COUNTED_FROM = 0.25


class ShopWindow:
    """Products by the order of their places at the start; drawn anew for each run."""

    def __init__(self, products: tuple[int, ...] = ()) -> None:
        self.catalog = Catalog()
        self.products = products
        self.regulars: tuple[Regular, ...] = ()
        self._now: list[int] = []  # the window as planned so far
        self._facts = CurrentFacts(self._seeded)
        self._buyers: set[int] = set()  # regulars who have bought of one more seller
        self._customers: list[int] = []  # who may write a review behind the app's back

    def draw(self, db: psycopg.Connection, rng: Random) -> None:
        """Other products and other visitors, so that no answer can be written down in advance."""
        self.products = tuple(rng.sample(self.catalog.window_candidates, PLACES))
        self.regulars = draw_regulars(rng, self.products, REGULARS)
        self._now, self._facts = list(self.products), CurrentFacts(self._seeded)
        self._buyers = set()
        known = {regular.customer for regular in self.regulars}
        self._customers = [
            customer
            for seller in map(seller_of, self.products)
            if (customer := seller * CUSTOMERS_EACH) not in known
        ]
        rng.shuffle(self._customers)
        with db.transaction():
            db.execute("DELETE FROM shop_window")
            for place, product in enumerate(self.products, start=1):
                db.execute("INSERT INTO shop_window VALUES (%s, %s)", (place, product))

    def log_in(self, site: Site) -> None:
        """The regulars log in, each with a browser of their own."""
        for regular in self.regulars:
            browser = Browser(site)
            browser.log_in(regular.email, regular.password)
            regular.session = browser.session or ""

    def changes(self, rng: Random, duration_s: float) -> tuple[SqlStep, ...]:
        """What other programs of the shop do during a burst, and counts of its visits."""
        drawn = self._now[LEFT_ALONE:]
        rng.shuffle(drawn)
        pick = iter(drawn)

        def take(count: int) -> list[int]:
            return [next(pick) for _ in range(count)]

        authors = [
            author for each in drawn[:AUTHORS] if (author := self._author_of(each)) is not None
        ]
        steps = (
            self._facts.repainted(rng, drawn[-REPAINTED:]),
            self._facts.step(Fact.AUTHOR, {each: _name(rng) for each in authors}),
            purchase_step(self._purchases(rng)),
            self._facts.dearer(rng, take(REPRICED)),
            self._facts.step(
                Fact.NAME, {each: self._new_name(each, rng) for each in take(RENAMED)}
            ),
            self._facts.step(
                Fact.SELLER,
                {seller_of(each): f"{tag_of(rng).title()} Brothers" for each in take(RESOLD)},
            ),
            self._place_step(next(pick), rng),
            review_step([self._review(each, rng) for each in take(REVIEWED)]),
            stock_step(self._stock(rng)),
        )
        return (*at_random_moments(rng, duration_s, steps), *_counts(rng, duration_s))

    def _seeded(self, fact: Fact, row_id: int) -> Any:
        if fact is Fact.SELLER:
            return make_seller(row_id).name
        if fact is Fact.AUTHOR:
            customers = make_seller(seller_of_customer(row_id)).customers
            return customers[(row_id - 1) % CUSTOMERS_EACH]
        facts = self.catalog.product(row_id)
        return {Fact.PRICE: facts.price, Fact.NAME: facts.name, Fact.COLOR: facts.color}[fact]

    def _author_of(self, product: int) -> int | None:
        """Who wrote its latest review of the seed; nobody who writes behind the app's back."""
        latest = max(self.catalog.reviews_of(product), key=lambda each: each.written_at)
        author = latest.customer_id
        return None if author % CUSTOMERS_EACH == 0 else author

    def _purchases(self, rng: Random) -> list[Purchase]:
        """Regulars, each of whom buys of one more seller whose products stand in the window."""
        sellers = sorted(set(map(seller_of, self.products)))
        buyers = [each for each in self.regulars if each.customer not in self._buyers]
        purchases = []
        for regular in rng.sample(buyers, min(BUYERS, len(buyers))):
            self._buyers.add(regular.customer)
            seller = rng.choice([each for each in sellers if each != regular.seller])
            purchases.append(Purchase(regular.customer, (seller - 1) * PRODUCTS_EACH + 1, seller))
        return purchases

    def _new_name(self, product: int, rng: Random) -> str:
        noun = self.catalog.product(product).name.rsplit(" ", 1)[1]
        return f"New {tag_of(rng).title()} {noun}"

    def _place_step(self, leaves: int, rng: Random) -> SqlStep:
        others = [each for each in self.catalog.window_candidates if each not in self._now]
        comes = others[int(rng.random() * len(others))]
        place = self._now.index(leaves) + 1
        self._now[place - 1] = comes
        return place_step(place, comes)

    def _review(self, product: int, rng: Random) -> AddedReview:
        """By a customer of another seller, who has never bought it."""
        place = next(
            place
            for place, customer in enumerate(self._customers)
            if seller_of_customer(customer) != seller_of(product)
        )
        customer = self._customers.pop(place)
        author = make_seller(seller_of_customer(customer)).customers[-1]
        body = f"Bought it at the market stall ({tag_of(rng)})."
        return AddedReview(customer, author, product, 1 + int(rng.random() * 5), body)

    def _stock(self, rng: Random) -> list[dict[str, Any]]:
        """A product of each seller from whom a regular has bought, cheaper than all others."""
        return [
            {
                "sku": f"B-{(tag := tag_of(rng)).upper()}",
                "name": f"Little {tag.title()}",
                "description": "Fresh from the truck.",
                "color": COLORS[int(rng.random() * len(COLORS))],
                "weight_g": 100,
                "price": 1,
                "seller": seller,
            }
            for seller in sorted({regular.seller for regular in self.regulars})
        ]


def load_home_page(rng: Random) -> Journey:
    """A stranger's load; regulars.PageLoads makes those of customers, too."""
    return HOME


def _counts(rng: Random, duration_s: float) -> list[SqlStep]:
    part_s = (1 - COUNTED_FROM) * duration_s / COUNTS
    return [
        SqlStep(
            VISITS,
            "SELECT count(*) FROM visits WHERE path = '/'",
            at_s=COUNTED_FROM * duration_s + (number + rng.random()) * part_s,
        )
        for number in range(COUNTS)
    ]


def _name(rng: Random) -> str:
    return f"{tag_of(rng)} {tag_of(rng)}".title()
