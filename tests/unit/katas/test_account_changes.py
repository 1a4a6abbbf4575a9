"""A password and a name that another program of the shop changes, on made-up shops."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from dojo import Site
from katas.shop.checks.account_changes import new_password_counts
from katas.shop.checks.stored_hashes import hash_of, problem_of, verifies
from katas.shop.scenarios.people import Person
from tests.support.log_in_shop import LogInShop

ANN = Person(7, "Ann Lee", "ann.lee.7@example.com", "pw-7")


class Shop:
    """One customer, kept as Postgres keeps them; `remembers` are log-ins that it need not check."""

    def __init__(self, remembers: Callable[[str], bool]) -> None:
        self.row: tuple[str, str] = (ANN.name, hash_of(ANN.password))
        self.let_in: list[Person] = []
        self.remembers = remembers
        self._shop = LogInShop((), self._answer)

    @property
    def http(self) -> httpx.Client:
        return self._shop.http

    @property
    def db(self) -> Any:
        def execute(query: str, params: tuple[Any, ...]) -> Any:
            if query.startswith("UPDATE"):
                self.row = params[0], params[1]
            return SimpleNamespace(fetchall=lambda: [self.row])

        return SimpleNamespace(execute=execute)

    def _answer(self, request: httpx.Request) -> httpx.Response | None:
        if request.url.path != "/login":
            return None
        text = request.content.decode()
        typed = httpx.QueryParams(text).get("password") or text.split('"')[-2]
        known = next((each for each in self.let_in if each.password == typed), None)
        if known is None or not self.remembers(known.password):
            if not verifies(self.row[1], typed):
                return httpx.Response(401)
            known = replace(ANN, name=self.row[0], password=typed)
            self.let_in.append(known)
        token = secrets.token_hex(16)
        self._shop.sessions[token] = known
        return httpx.Response(200, headers={"set-cookie": f"session={token}; Path=/"})


@pytest.mark.parametrize("remembers", [False, True])
def test_a_log_in_that_is_remembered_is_found(remembers: bool) -> None:
    """Who looks into the database lets the new password in, and the old one no more."""
    shop = Shop(lambda password: remembers)
    before = shop.row
    finding = new_password_counts(ANN, cast(Site, shop))
    assert finding is not None
    assert finding.passed is not remembers, finding.detail
    assert ("the old one still got 200 and a session" in finding.detail) is remembers
    assert shop.row == before


def test_who_gets_in_nowhere_is_not_asked() -> None:
    """That nobody is let in is for other checks to say."""
    shop = Shop(lambda password: False)
    assert new_password_counts(replace(ANN, password="wrong"), cast(Site, shop)) is None


def test_a_new_hash_is_as_good_as_the_seeds() -> None:
    """Each has a salt of its own."""
    first, second = hash_of("secret"), hash_of("secret")
    assert first != second
    assert verifies(first, "secret")
    assert not verifies(first, "other")
    assert problem_of(first, legacy=False) is None
