"""What stands in the shop window, and who looks at it."""

from random import Random

import psycopg

from dojo import Journey, Step
from seed.answers import Catalog

__all__ = ["ShopWindow", "load_home_page"]

PLACES = 24
HOME = Journey.of(Step("home", "GET", "/"))


class ShopWindow:
    """Products by the order of their places; drawn anew for each run."""

    def __init__(self, products: tuple[int, ...] = ()) -> None:
        self.catalog = Catalog()
        self.products = products

    def draw(self, db: psycopg.Connection, rng: Random) -> None:
        """Put other products into it, so that no answer can be written down in advance."""
        self.products = tuple(rng.sample(self.catalog.window_candidates, PLACES))
        with db.transaction():
            db.execute("DELETE FROM shop_window")
            for place, product in enumerate(self.products, start=1):
                db.execute("INSERT INTO shop_window VALUES (%s, %s)", (place, product))


def load_home_page(rng: Random) -> Journey:
    """One visitor, one page."""
    return HOME
