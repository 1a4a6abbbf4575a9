"""Customers who log in, look who they are and log out, and visitors who mistype.

Of each fifty visitors in a row every kind has its exact share, in an order that is drawn anew, so
that each kind has its share in every second of the load.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urlencode

from dojo import Journey, Step
from katas.shop.scenarios.people import People, Person, Visitors, typed
from seed.seller import email_of

__all__ = [
    *("COOKIE", "REFUSED", "LogIn", "LogInJourneys", "log_in_beforehand", "log_in_step"),
    *("log_out_step", "lone_log_in", "me_step"),
]

COOKIE = "session"
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json", "accept": "application/json"}
ACCEPT_JSON = {"accept": "application/json"}
KINDS = {  # of fifty visitors, how many
    "log in": 15,
    "earlier system": 8,
    "address in mixed case": 8,
    "double click": 7,
    "shared account": 2,
    "log out": 4,
    "wrong password": 4,
    "unknown address": 2,
}
REFUSED = ("wrong password", "unknown address")  # the kinds that get 401
# what a report calls those of a kind; it says what they do, and leaves open who they are
SEGMENTS = {
    "double click": "right password, sent twice",
    "log out": "right password, logs out later",
    **{kind: kind for kind in REFUSED},
}
OTHERS = "right password"


@dataclass(frozen=True, slots=True)
class LogIn:
    """What a journey is about. `person` None: nobody of that address."""

    kind: str
    person: Person | None
    email: str  # as it is typed
    as_json: bool

    @property
    def to_be_refused(self) -> bool:
        """Whether the shop must not let them in."""
        return self.kind in REFUSED

    @property
    def description(self) -> str:
        """Who types what, for a report; a customer by name and id, as Postgres knows them."""
        typed_it = f"typed {self.email} in {'JSON' if self.as_json else 'a form'}"
        if self.person is None:
            return f"somebody unknown, who {typed_it}"
        return f"{self.person.name} (customer {self.person.id}), who {typed_it}"


@dataclass
class LogInJourneys:
    """Makes one journey after another: `Load(LogInJourneys(people).make)`."""

    people: People
    _next_kinds: list[str] = field(default_factory=list)

    def make(self, rng: Random) -> Journey:
        """What the next visitor does."""
        if not self._next_kinds:
            self._next_kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
            rng.shuffle(self._next_kinds)
        kind = self._next_kinds.pop()
        among = {
            "earlier system": self.people.legacy,
            "address in mixed case": self.people.mixed_case,
            "shared account": self.people.shared,
        }.get(kind, self.people.modern)
        person: Person | None = among[int(rng.random() * len(among))]
        assert person is not None
        email, secret = typed(person.email, rng), person.password
        if kind == "wrong password":
            secret = _wrong_password(rng, person, self.people)
        if kind == "unknown address":
            person, email = None, typed(_unknown_address(rng, self.people), rng)
        about = LogIn(kind, person, email, rng.random() < 0.5)
        segment = SEGMENTS.get(kind, OTHERS)
        return Journey.of(*_steps(about, secret), expect=about, segment=segment)


def log_in_step(email: str, secret: str, *, as_json: bool, name: str = "log in") -> Step:
    """A log-in as somebody types it."""
    given = {"email": email, "password": secret}
    headers, body = (JSON, json.dumps(given)) if as_json else (FORM, urlencode(given))
    return Step(name, "POST", "/login", headers, body.encode())


def log_in_beforehand(visitors: Visitors) -> Step:
    """The log-in of somebody who comes before the load."""
    person = visitors.next_beforehand()
    return log_in_step(person.email, person.password, as_json=True)


def lone_log_in(visitors: Visitors) -> Journey:
    """Somebody who comes before the load logs in and looks who they are."""
    return Journey.of(log_in_beforehand(visitors), me_step())


def me_step(name: str = "me") -> Step:
    """Look who is logged in."""
    return Step(name, "GET", "/me", ACCEPT_JSON)


def log_out_step(*, as_json: bool) -> Step:
    """End the session."""
    return Step("log out", "POST", "/logout", ACCEPT_JSON if as_json else {})


def _steps(about: LogIn, secret: str) -> Iterable[Step]:
    log_in = log_in_step(about.email, secret, as_json=about.as_json)
    if about.to_be_refused:
        yield replace(log_in, name="refused", accepts=(401,))
        return
    yield log_in
    if about.kind == "double click":
        yield replace(log_in, name="log in again")
    yield me_step()
    if about.kind == "log out":
        yield replace(log_out_step(as_json=about.as_json), think_s=0.05)
        yield replace(me_step("me, logged out"), accepts=(401,))


def _wrong_password(rng: Random, person: Person, people: People) -> str:
    """Nearly the person's, or somebody else's: nothing about it tells that it is wrong."""
    right, place = person.password, int(rng.random() * len(person.password))
    letter = "0123456789abcdef"[int(rng.random() * 16)]
    others = (
        right[:place] + letter + right[place + 1 :],  # a slip
        right[:place] + right[place + 1 :],  # a letter left out
        people.legacy[int(rng.random() * len(people.legacy))].password,
    )
    wrong = others[int(rng.random() * len(others))]
    return wrong if wrong != right else f"pw-{rng.getrandbits(48):012x}"


def _unknown_address(rng: Random, people: People) -> str:
    """One customer's name with the number of another: as addresses are, and nobody's."""
    everybody = people.each()
    while True:
        named, numbered = (everybody[int(rng.random() * len(everybody))] for _ in range(2))
        if named.name != numbered.name:
            return email_of(numbered.id, named.name)
