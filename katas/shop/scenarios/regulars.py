"""Customers who log in before the load begins: the home page knows what they bought."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from dojo import Journey, Step
from katas.shop.scenarios.log_ins import COOKIE
from katas.shop.scenarios.seller_numbers import seller_of, seller_of_customer
from seed.dataset import password
from seed.seller import (
    CUSTOMERS_EACH,
    email_of,
    has_mixed_case,
    is_legacy,
    make_seller,
)

__all__ = ["PageLoads", "Regular", "draw_regulars"]

LOGGED_IN, VISITORS = 10, 50  # of so many visitors in a row, how many


@dataclass
class Regular:
    """A customer of the seed: all that they have bought is of one seller."""

    customer: int
    seller: int
    session: str = ""  # once they are logged in

    @property
    def email(self) -> str:
        """Their address."""
        place = (self.customer - 1) % CUSTOMERS_EACH
        return email_of(self.customer, make_seller(self.seller).customers[place])

    @property
    def password(self) -> str:
        """What they type."""
        return password(self.customer)


def draw_regulars(rng: Random, products: Sequence[int], count: int) -> tuple[Regular, ...]:
    """Customers of the sellers of these products, nobody twice, who can log in as anybody does."""
    sellers = sorted(set(map(seller_of, products)))
    customers = [
        customer
        for seller in sellers
        for number in range(1, CUSTOMERS_EACH + 1)
        if not is_legacy(customer := (seller - 1) * CUSTOMERS_EACH + number)
        and not has_mixed_case(customer)
    ]
    return tuple(
        Regular(customer, seller_of_customer(customer)) for customer in rng.sample(customers, count)
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
        step = Step("home", "GET", "/", {"cookie": f"{COOKIE}={regular.session}"})
        return Journey.of(step, expect=regular)
