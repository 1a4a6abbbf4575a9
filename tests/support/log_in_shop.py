"""A shop in memory with log-ins: as it stands right, and made wrong in one way by each test."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import httpx
import psycopg

from dojo.kata.contract import SeededRows, TimeLimit
from katas.shop.scenarios.people import Person

__all__ = ["LogInShop"]

Answer = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class LogInShop:
    """A site that these people log in to. What `instead` answers goes before its own answer."""

    people: tuple[Person, ...]
    instead: Answer = lambda request: None
    connections: int = 4  # that Postgres sees
    seeded_rows: Mapping[str, SeededRows] = field(default_factory=dict)
    sessions: dict[str, Person] = field(default_factory=dict)

    @property
    def http(self) -> httpx.Client:
        """A client of it."""
        return httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://shop")

    @property
    def db(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Counts the connections, whatever the query."""
        cursor = SimpleNamespace(fetchone=lambda: (self.connections,))
        return cast(
            psycopg.Connection[tuple[Any, ...]], SimpleNamespace(execute=lambda query: cursor)
        )

    def app_failure(self, request_id: str) -> str:
        return ""

    def time_limit(self, length_s: float) -> AbstractContextManager[TimeLimit]:
        """Not there: the checks wait for nothing."""
        raise NotImplementedError

    def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = self.instead(request)
        if answer is not None:
            return answer
        token = request.headers.get("cookie", "").removeprefix("session=")
        match request.url.path:
            case "/login":
                return self._logged_in(request)
            case "/logout":
                self.sessions.pop(token, None)
                return httpx.Response(200)
            case "/me" if token in self.sessions:
                return httpx.Response(200, json=_facts(self.sessions[token]))
            case "/me":
                return httpx.Response(401)
        return httpx.Response(404)

    def _logged_in(self, request: httpx.Request) -> httpx.Response:
        text = request.content.decode()
        typed = json.loads(text) if text.startswith("{") else dict(httpx.QueryParams(text))
        person = next(
            (
                each
                for each in self.people
                if (each.email, each.password) == (typed["email"], typed["password"])
            ),
            None,
        )
        if person is None:
            return httpx.Response(401)
        token = secrets.token_hex(16)
        self.sessions[token] = person
        headers = {"set-cookie": f"session={token}; Path=/"}
        return httpx.Response(200, json=_facts(person), headers=headers)


def _facts(person: Person) -> dict[str, object]:
    return {"id": person.id, "name": person.name, "email": person.email}
