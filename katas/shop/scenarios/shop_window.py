"""What stands in the shop window, and which customers look at it who are logged in."""

from random import Random

import psycopg

from dojo import Journey, Step
from katas.shop.scenarios.regulars import Regular, draw_regulars, open_sessions
from seed.answers import Catalog

__all__ = ["ShopWindow", "load_home_page"]

PLACES = 24
REGULARS = 48
HOME = Journey.of(Step("home", "GET", "/"))


class ShopWindow:
    """Products by the order of their places; drawn anew for each run."""

    def __init__(self, products: tuple[int, ...] = ()) -> None:
        self.catalog = Catalog()
        self.products = products
        self.regulars: tuple[Regular, ...] = ()

    def draw(self, db: psycopg.Connection, rng: Random) -> None:
        """Other products and other visitors, so that no answer can be written down in advance."""
        self.products = tuple(rng.sample(self.catalog.window_candidates, PLACES))
        self.regulars = draw_regulars(rng, self.products, REGULARS)
        with db.transaction():
            db.execute("DELETE FROM shop_window")
            for place, product in enumerate(self.products, start=1):
                db.execute("INSERT INTO shop_window VALUES (%s, %s)", (place, product))
            open_sessions(db, self.regulars)


def load_home_page(rng: Random) -> Journey:
    """A stranger's load; regulars.PageLoads makes those of customers, too."""
    return HOME
