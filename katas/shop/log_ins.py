"""Logging in, looking who one is, logging out: the journeys, and what came of them.

Kinds of visitors come from a pack of cards that is dealt to its end and shuffled again, so that
each kind has its share in every second of the load.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from random import Random
from typing import Any
from urllib.parse import urlencode

from dojo import Burst, Journey, Sample, Step, Wrong
from katas.shop.people import People, Person, typed

__all__ = ["COOKIE", "LogIn", "LogInFlow", "Visit", "credentials", "told_wrong", "visits"]

COOKIE = "session"
ALERT = re.compile(rb'role="alert">([^<]+)<')
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json", "accept": "application/json"}
PACK = {
    "log in": 34,
    "earlier system": 2,
    "earlier system, address in mixed case": 2,
    "double click": 3,
    "shared account": 2,
    "log out": 1,
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

    def told(self) -> str:
        """Who types what, for a report."""
        form = "JSON" if self.as_json else "a form"
        return f"{self.email} in {form}"


@dataclass
class LogInFlow:
    """Makes one journey after another: `Flow(name, rate, LogInFlow(name, people).make)`."""

    name: str
    people: People
    _pack: list[str] = field(default_factory=list)

    def make(self, rng: Random) -> Journey:
        """What the next visitor does."""
        if not self._pack:
            self._pack = [kind for kind, cards in PACK.items() for _ in range(cards)]
            rng.shuffle(self._pack)
        kind = self._pack.pop()
        among = {
            "earlier system": self.people.legacy,
            "earlier system, address in mixed case": self.people.mixed_case,
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
        return Journey(self.name, tuple(_steps(about, secret)), expect=about)


def credentials(email: str, secret: str, *, as_json: bool) -> tuple[Mapping[str, str], bytes]:
    """The (headers, body) of a log-in."""
    given = {"email": email, "password": secret}
    return (JSON, json.dumps(given).encode()) if as_json else (FORM, urlencode(given).encode())


def _steps(about: LogIn, secret: str) -> Iterable[Step]:
    headers, body = credentials(about.email, secret, as_json=about.as_json)
    if about.to_be_refused:
        yield Step("refused", "POST", "/login", headers, body, accepts=(401,))
        return
    yield Step("log in", "POST", "/login", headers, body)
    if about.kind == "double click":
        yield Step("log in again", "POST", "/login", headers, body)
    asks = {"accept": "application/json"}
    yield Step("me", "GET", "/me", asks)
    if about.kind == "log out":
        yield Step("log out", "POST", "/logout", asks if about.as_json else {}, think_s=0.05)
        yield Step("me, logged out", "GET", "/me", asks, accepts=(401,))


@dataclass(frozen=True, slots=True)
class Visit:
    """One journey that was begun: its samples by step name, as far as they were sent."""

    about: LogIn
    samples: Mapping[str, Sample]

    def tokens(self) -> list[str]:
        """The sessions that the shop acknowledged, in their order."""
        asked = (self.samples.get(name) for name in ("log in", "log in again"))
        found = (session_of(one) for one in asked if one is not None and is_welcome(one))
        return [token for token in found if token]

    def logged_out(self) -> bool:
        """Whether the end of the last session was asked for."""
        return "log out" in self.samples


def visits(burst: Burst, name: str) -> list[Visit]:
    """Each journey of that name that was begun, in the plan's order."""
    begun: dict[int, dict[str, Sample]] = {}
    for sample in burst.samples:
        journey = burst.plan.journeys[sample.journey]
        if journey.name == name and sample.sent_s is not None:
            begun.setdefault(sample.journey, {})[journey.steps[sample.step].name] = sample
    return [Visit(burst.plan.journeys[index].expect, begun[index]) for index in sorted(begun)]


def is_welcome(sample: Sample) -> bool:
    """Whether the shop said that somebody is logged in."""
    return sample.done_s is not None and sample.status is not None and sample.status < 400


def session_of(sample: Sample) -> str | None:
    """The session in an answer's cookie, if there is one."""
    for line in sample.headers.get("set-cookie", "").splitlines():
        with suppress(CookieError):
            if (morsel := SimpleCookie(line).get(COOKIE)) is not None:
                return morsel.value
    return None


def names(body: bytes, person: Person) -> bool:
    """Whether a JSON answer names that customer."""
    try:
        told: Any = json.loads(body)
    except ValueError:
        return False
    return (
        isinstance(told, dict)
        and (told.get("id"), told.get("name")) == (person.id, person.name)
        and str(told.get("email", "")).lower() == person.email.lower()
    )


def told_wrong(sample: Sample, step: str, about: LogIn) -> Wrong | None:
    """What is wrong with an answer of such a journey; None if nothing is, or none came."""
    if sample.status is None or sample.done_s is None:
        return None
    judge: Callable[[Sample, LogIn], str | None] = {
        "log in": _expected_of_log_in,
        "log in again": _expected_of_log_in,
        "me": _expected_of_me,
        "log out": _expected_of_log_out,
        "refused": _expected_of_refusal,
    }.get(step, lambda *_: None)
    expected = judge(sample, about)
    if expected is None:
        return None
    return Wrong(expected, _came(sample))


def _came(sample: Sample) -> str:
    """Status and first words of an answer; of a page that is refused, what it says to people."""
    alert = ALERT.search(sample.body)
    text = (alert[1] if alert else sample.body)[:300].decode(errors="replace")
    return f"{sample.status} {' '.join(text.split())[:80]!r}"


def _expected_of_log_in(sample: Sample, about: LogIn) -> str | None:
    assert about.person is not None
    status = 200 if about.as_json else 303
    right = sample.status == status and bool(session_of(sample))
    if right and about.as_json:
        right = names(sample.body, about.person)
    if right and not about.as_json:
        right = sample.headers.get("location", "") == "/"
    return None if right else f"{status} and a session for {about.person.name}, {about.told()}"


def _expected_of_me(sample: Sample, about: LogIn) -> str | None:
    assert about.person is not None
    if sample.status == 200 and names(sample.body, about.person):
        return None
    return f"{about.person.name}, who had just logged in as {about.told()}"


def _expected_of_log_out(sample: Sample, about: LogIn) -> str | None:
    status = 200 if about.as_json else 303
    return None if sample.status == status else f"{status}"


def _expected_of_refusal(sample: Sample, about: LogIn) -> str | None:
    if sample.status == 401 and not session_of(sample):
        return None
    return f"401 and no session for {about.told()} ({about.kind})"
