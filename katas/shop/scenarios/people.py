"""Customers as they log in: who they are, what they type. From the dataset's generator, not SQL."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
from random import Random

from seed.dataset import password
from seed.seller import SELLERS, email_of, has_mixed_case, is_legacy, make_seller

__all__ = ["People", "Person", "Visitors", "typed"]

AMONG_SELLERS = 24  # their customers log in; all 500 would take five seconds to make
SHARED_ACCOUNTS = 5
BEFOREHAND = 16  # log in before the load, and meet nobody of it


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the seed; `email` as it is kept."""

    id: int
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class People:
    """Customers by how their credentials are kept; nobody stands in two lists."""

    modern: tuple[Person, ...]
    legacy: tuple[Person, ...]  # of the earlier system, with its hashes
    mixed_case: tuple[Person, ...]  # their addresses are kept as they were typed
    shared: tuple[Person, ...]  # accounts that several people use at once

    @classmethod
    def draw(cls, rng: Random) -> "People":
        """The customers of some sellers."""
        sellers = rng.sample(range(1, SELLERS + 1), AMONG_SELLERS)
        customers = [person for seller in sellers for person in _customers(seller)]
        modern = [p for p in customers if not is_legacy(p.id) and not has_mixed_case(p.id)]
        rng.shuffle(modern)
        return cls(
            modern=tuple(modern[SHARED_ACCOUNTS:]),
            legacy=tuple(p for p in customers if is_legacy(p.id)),
            mixed_case=tuple(p for p in customers if has_mixed_case(p.id)),
            shared=tuple(modern[:SHARED_ACCOUNTS]),
        )

    def each(self) -> Sequence[Person]:
        """All of them."""
        return (*self.modern, *self.legacy, *self.mixed_case, *self.shared)


@dataclass
class Visitors:
    """Who logs in: drawn anew for each run."""

    people: People = field(default_factory=lambda: People((), (), (), ()))
    beforehand: tuple[Person, ...] = ()  # who log in before the load
    _turns: Iterator[Person] = field(default_factory=lambda: iter(()))

    def draw(self, rng: Random) -> None:
        """Choose them."""
        drawn = People.draw(rng)
        self.beforehand = drawn.modern[:BEFOREHAND]
        self.people = replace(drawn, modern=drawn.modern[BEFOREHAND:])
        self._turns = cycle(self.beforehand)

    def next_beforehand(self) -> Person:
        """One after another, and again."""
        return next(self._turns)


def _customers(seller: int) -> Iterable[Person]:
    shop = make_seller(seller)
    for number, name in enumerate(shop.customers, start=shop.first_customer):
        yield Person(number, name, email_of(number, name), password(number))


def typed(email: str, rng: Random) -> str:
    """An address as somebody types it: mostly in lower case, now and then with capitals."""
    drawn = rng.random()
    if drawn < 0.7:
        return email.lower()
    if drawn < 0.9:
        name, at, domain = email.lower().partition("@")
        return ".".join(word.capitalize() for word in name.split(".")) + at + domain
    return email.upper()
