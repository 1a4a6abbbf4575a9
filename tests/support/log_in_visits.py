"""Log-ins as the load has seen them, made up; and a shop that knows some sessions."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import psycopg

from dojo.kata.contract import SeededRows, TimeLimit
from dojo.load.sample import Sample
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.log_ins import LogIn
from katas.shop.scenarios.people import People

__all__ = ["ANN", "COOKIE", "FORM", "PEOPLE", "ShopThatKnows", "answer", "me", "visit"]


PEOPLE = People.draw(Random(5))
ANN = PEOPLE.modern[0]
FORM = LogIn("log in", ANN, ANN.email, as_json=False)
COOKIE = {"set-cookie": "session=abcdefghijklmnopqrstuvwx; HttpOnly; Path=/; SameSite=lax"}


def answer(status: int | None, body: bytes = b"", headers: dict[str, str] | None = None) -> Sample:
    done_s = None if status is None else 1.1
    return Sample(0, 0, "id", 1.0, 1.0, done_s, status, headers=headers or {}, body=body)


def me(person_id: int = ANN.id, name: str = ANN.name, email: str = ANN.email) -> bytes:
    return json.dumps({"id": person_id, "name": name, "email": email}).encode()


def visit(
    token: str, about: LogIn = FORM, me_answer: Sample | None = None, logged_out: bool = False
) -> LogInVisit:
    """A log-in that was acknowledged with that session."""
    samples = {
        "log in": answer(303, headers={"set-cookie": f"session={token}", "location": "/"}),
        "me": me_answer or answer(200, me()),
    }
    if logged_out:
        samples["log out"] = answer(303)
        samples["me, logged out"] = answer(401)
    return LogInVisit(about, samples)


@dataclass
class ShopThatKnows:
    """A site whose /me knows these sessions as Ann's, and no other."""

    sessions: set[str]
    seeded_rows: Mapping[str, SeededRows] = field(default_factory=dict)

    @property
    def http(self) -> httpx.Client:
        """A client that asks nobody."""
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://shop")

    @property
    def db(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Not there: the check reads what /me says."""
        raise NotImplementedError

    def app_failure(self, request_id: str) -> str:
        return ""

    def time_limit(self, length_s: float) -> AbstractContextManager[TimeLimit]:
        """Not there: the check waits for nothing."""
        raise NotImplementedError

    def _answer(self, request: httpx.Request) -> httpx.Response:
        known = request.headers.get("cookie", "").removeprefix("session=") in self.sessions
        return httpx.Response(200, content=me()) if known else httpx.Response(401)
