"""The checks that log in by themselves, on a shop in memory."""

from dataclasses import replace
from itertools import count

import httpx
import pytest

from katas.shop.checks.accounts import refusals_alike
from katas.shop.checks.connections import REFUSALS, TRIES, goes_on_answering
from katas.shop.checks.sessions import log_in_renews_session
from katas.shop.expected.log_ins import LogInVisit
from katas.shop.scenarios.log_ins import REFUSED
from tests.support.log_in_shop import LogInShop
from tests.support.log_in_visits import FORM, PEOPLE, answer

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


def strangers_of(shop: LogInShop, request: httpx.Request) -> bool:
    """Whether somebody asks who is not logged in."""
    token = request.headers.get("cookie", "").removeprefix("session=")
    return request.url.path == "/me" and token not in shop.sessions


def test_a_customer_is_known_after_strangers_were_refused() -> None:
    """The sentence says after how many, and how many connections are open."""
    finding = goes_on_answering(ANN, BOB, LogInShop((ANN, BOB)))
    assert finding.passed
    assert finding.detail == (
        "After strangers had asked for /me 150 times, a customer who is logged in was known within"
        " 1 s; 4 connections are open."
    )


@pytest.mark.parametrize(("timeouts", "passed"), [(TRIES - 1, True), (TRIES, False)])
def test_every_stranger_must_be_answered(timeouts: int, passed: bool) -> None:
    """Now and then a second try is needed; who gets no answer at all was not refused."""
    left = iter(range(timeouts))

    def instead(request: httpx.Request) -> httpx.Response | None:
        if strangers_of(shop, request) and next(left, None) is not None:
            raise httpx.ReadTimeout("late", request=request)
        return None

    shop = LogInShop((ANN, BOB), instead)
    finding = goes_on_answering(ANN, BOB, shop)
    assert finding.passed is passed
    if not passed:
        assert finding.detail == (
            "Request 1 of 150 for /me without a valid session got no answer within 1 s, 5 times;"
            " each must get 401."
        )


def test_a_stranger_gets_nothing_but_401() -> None:
    """An error is none."""
    numbers = count(1)

    def instead(request: httpx.Request) -> httpx.Response | None:
        late = strangers_of(shop, request) and next(numbers) == 7
        return httpx.Response(500) if late else None

    shop = LogInShop((ANN, BOB), instead)
    finding = goes_on_answering(ANN, BOB, shop)
    assert finding.passed is False
    assert finding.detail == (
        "Request 7 of 150 for /me without a valid session got 500; each must get 401."
    )


def test_a_pool_that_runs_dry_is_a_leak() -> None:
    """Nobody is answered any more; the advice is about what was lent."""
    lent = count()

    def instead(request: httpx.Request) -> httpx.Response | None:
        if request.url.path == "/me" and next(lent) >= 12:
            raise httpx.ReadTimeout("dry", request=request)
        return None

    finding = goes_on_answering(ANN, BOB, LogInShop((ANN, BOB), instead))
    assert finding.passed is False
    assert finding.detail.startswith(
        "After strangers had asked for /me 13 times, a customer who is logged in got no answer"
        " within 1 s, 5 times. Postgres sees 4 connections of the app. What a request takes"
    )


@pytest.mark.parametrize("status", [401, 500])
def test_who_is_logged_in_stays_so(status: int) -> None:
    """An answer at once that does not know them is no leak."""

    def instead(request: httpx.Request) -> httpx.Response | None:
        known = request.url.path == "/me" and not strangers_of(shop, request)
        return httpx.Response(status) if known else None

    shop = LogInShop((ANN, BOB), instead)
    finding = goes_on_answering(ANN, BOB, shop)
    assert finding.passed is False
    assert finding.detail == (
        f"After {REFUSALS} requests of strangers for /me a customer who is logged in was no longer"
        " known; a log-in must outlive other people's refusals."
    )


def refusals(*bodies: bytes) -> list[LogInVisit]:
    """One for a wrong password, one for an unknown address, and so on."""
    return [
        LogInVisit(replace(FORM, kind=REFUSED[place % 2]), {"refused": answer(401, body)})
        for place, body in enumerate(bodies)
    ]


@pytest.mark.parametrize(
    ("bodies", "passed", "detail"),
    [
        ((b"no", b"no"), True, "2 refusals were alike, for wrong passwords and unknown addresses."),
        ((b"no", b"nobody"), False, "2 refusals to a form had 2 different bodies;"),
        (
            (b"no",),
            None,
            "Refusals that can be compared: 1, none of them for 'unknown address'; both kinds are"
            " needed.",
        ),
    ],
)
def test_refusals_of_both_kinds_are_compared(
    bodies: tuple[bytes, ...], passed: bool | None, detail: str
) -> None:
    """Those of one kind alone say nothing about the other."""
    finding = refusals_alike(refusals(*bodies))
    assert finding.passed is passed
    assert finding.detail.startswith(detail)
