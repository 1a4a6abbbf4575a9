"""The checks that log in by themselves, on a shop in memory."""

import httpx
import pytest

from katas.shop.checks.sessions import log_in_renews_session
from tests.support.log_in_shop import LogInShop
from tests.support.log_in_visits import PEOPLE

ANN, BOB = PEOPLE.modern[:2]


def test_a_log_in_gives_a_new_session() -> None:
    """Whatever cookie comes with it."""
    finding = log_in_renews_session(ANN, BOB, LogInShop((ANN, BOB)))
    assert finding.passed
    assert finding.detail.startswith("6 log-ins that came with an invented, an ended")


@pytest.mark.parametrize("status", [400, 503])
def test_a_log_in_that_fails_is_no_session_fixation(status: int) -> None:
    """The check fails, and says which status came."""

    def instead(request: httpx.Request) -> httpx.Response | None:
        refused = request.url.path == "/login" and "cookie" in request.headers
        return httpx.Response(status) if refused else None

    finding = log_in_renews_session(ANN, BOB, LogInShop((ANN, BOB), instead))
    assert finding.passed is False
    assert finding.detail == (
        f"{ANN.name} logged in while the browser had an invented session as its cookie, and got"
        f" {status}; a log-in must give a new session."
    )


def test_a_planted_session_is_seen() -> None:
    """A shop that takes the session over that came with the log-in."""

    def instead(request: httpx.Request) -> httpx.Response | None:
        planted = request.headers.get("cookie", "").removeprefix("session=")
        if request.url.path != "/login" or not planted:
            return None
        shop.sessions[planted] = ANN
        return httpx.Response(200)

    shop = LogInShop((ANN, BOB), instead)
    finding = log_in_renews_session(ANN, BOB, shop)
    assert finding.passed is False
    assert "session fixation" in finding.detail


def test_without_a_session_there_is_nothing_to_bring() -> None:
    """A shop whose log-in gives none."""
    shop = LogInShop((ANN, BOB), lambda request: httpx.Response(200))
    finding = log_in_renews_session(ANN, BOB, shop)
    assert finding.passed is False
    assert finding.detail == f"A log-in of {BOB.name} gave no session."
