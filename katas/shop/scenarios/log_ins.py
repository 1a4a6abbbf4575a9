"""Customers who log in, look who they are and log out, and visitors who mistype.

Of each fifty visitors in a row every kind has its exact share, in an order that is drawn anew, so
that each kind has its share in every second of the load.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from dojo import Journey, Step
from katas.shop.scenarios.people import People, Person, typed

__all__ = ["COOKIE", "LogIn", "LogInJourneys", "credentials", "log_in_step"]

COOKIE = "session"
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json", "accept": "application/json"}
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
REFUSED = ("wrong password", "unknown address")


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
        """Who types what, for a report."""
        form = "JSON" if self.as_json else "a form"
        return f"{self.email} in {form}"


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
            secret = f"pw-{rng.getrandbits(48):012x}"
        if kind == "unknown address":
            person, email = None, typed(f"nobody.{rng.getrandbits(40):010x}@example.com", rng)
        about = LogIn(kind, person, email, rng.random() < 0.5)
        return Journey.of(*_steps(about, secret), expect=about)


def credentials(email: str, secret: str, *, as_json: bool) -> tuple[Mapping[str, str], bytes]:
    """The (headers, body) of a log-in."""
    given = {"email": email, "password": secret}
    return (JSON, json.dumps(given).encode()) if as_json else (FORM, urlencode(given).encode())


def log_in_step(person: Person) -> Step:
    """One log-in in JSON."""
    headers, body = credentials(person.email, person.password, as_json=True)
    return Step("log in", "POST", "/login", headers, body)


def _steps(about: LogIn, secret: str) -> Iterable[Step]:
    headers, body = credentials(about.email, secret, as_json=about.as_json)
    if about.to_be_refused:
        yield Step("refused", "POST", "/login", headers, body, accepts=(401,))
        return
    yield Step("log in", "POST", "/login", headers, body)
    if about.kind == "double click":
        yield Step("log in again", "POST", "/login", headers, body)
    accept_json = {"accept": "application/json"}
    yield Step("me", "GET", "/me", accept_json)
    if about.kind == "log out":
        yield Step("log out", "POST", "/logout", accept_json if about.as_json else {}, think_s=0.05)
        yield Step("me, logged out", "GET", "/me", accept_json, accepts=(401,))
