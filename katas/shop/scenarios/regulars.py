"""Customers whose session is open when the load begins: the home page knows what they bought."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import psycopg

from dojo import Journey, Step
from seed.seller import CUSTOMERS_EACH, PRODUCTS_EACH

__all__ = ["PageLoads", "Regular", "draw_regulars", "open_sessions"]

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
TOKEN_LETTERS = 43
LOGGED_IN, VISITORS = 10, 50  # of so many visitors in a row, how many


@dataclass(frozen=True, slots=True)
class Regular:
    """A customer of the seed: all that they have bought is of one seller."""

    customer: int
    seller: int
    token: str


def draw_regulars(rng: Random, products: Sequence[int], count: int) -> tuple[Regular, ...]:
    """Customers of the sellers of these products, nobody twice."""
    sellers = sorted({(product - 1) // PRODUCTS_EACH + 1 for product in products})
    customers = [
        (seller - 1) * CUSTOMERS_EACH + number
        for seller in sellers
        for number in range(1, CUSTOMERS_EACH + 1)
    ]
    return tuple(
        Regular(
            customer,
            (customer - 1) // CUSTOMERS_EACH + 1,
            "".join(LETTERS[int(rng.random() * len(LETTERS))] for _ in range(TOKEN_LETTERS)),
        )
        for customer in rng.sample(customers, count)
    )


def open_sessions(db: psycopg.Connection, regulars: Sequence[Regular]) -> None:
    """Log them in, as on another day."""
    with db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sessions (token, customer_id) VALUES (%s, %s)",
            [(regular.token, regular.customer) for regular in regulars],
        )


@dataclass
class PageLoads:
    """Makes one load of `/` after another: `expect` is the Regular who looks, or None.

    Of each fifty visitors in a row ten are logged in, in an order that is drawn anew, so that they
    have their share in every second of the load.
    """

    regulars: Sequence[Regular]
    _next_logged_in: list[bool] = field(default_factory=list)

    def make(self, rng: Random) -> Journey:
        """The next visitor's page."""
        if not self._next_logged_in:
            self._next_logged_in = [number < LOGGED_IN for number in range(VISITORS)]
            rng.shuffle(self._next_logged_in)
        if not self._next_logged_in.pop():
            return Journey.of(Step("home", "GET", "/"))
        regular = self.regulars[int(rng.random() * len(self.regulars))]
        step = Step("home", "GET", "/", {"cookie": f"session={regular.token}"})
        return Journey.of(step, expect=regular)
