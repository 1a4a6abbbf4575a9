"""Who logs out is a stranger on the home page, on made-up shops."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from dojo import Burst, Evidence, Finding, Site
from katas.shop.checks import fresh_home
from katas.shop.checks.fresh_home import home_page_fresh
from katas.shop.scenarios.regulars import Regular
from katas.shop.scenarios.shop_window import ShopWindow

OFFERS = '<ol id="your-sellers"><li itemscope itemtype="https://schema.org/Product">…</li></ol>'
RIGHT = Finding(True, "None of 960 pages was older than 2 s.")


def finding(
    forgets_after: int, monkeypatch: pytest.MonkeyPatch, session: str = "s", seller: int = 1
) -> Finding:
    """Of a shop that shows offers so many times after the log-out; the limit is over at once.

    `seller` is that of another customer, to whom it offers the same.
    """
    monkeypatch.setattr(fresh_home, "AGAIN_S", 0.0)
    monkeypatch.setattr(fresh_home, "answers_fresh", lambda step: lambda evidence: RIGHT)
    left = [10**9]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/logout":
            left[0] = forgets_after
            return httpx.Response(200)
        if request.headers["cookie"] == "session=another":
            return httpx.Response(200, text=OFFERS)
        assert request.headers["cookie"] == "session=s"
        left[0] -= 1
        return httpx.Response(200, text=OFFERS if left[0] >= 0 else "<p>Welcome</p>")

    @contextmanager
    def time_limit(length_s: float) -> Iterator[SimpleNamespace]:
        assert length_s == 2.0
        yield SimpleNamespace(is_over=True)

    window = ShopWindow()
    window.regulars = (Regular(1, seller, "another"), Regular(2, 1, session))
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://shop") as http:
        site = cast(Site, SimpleNamespace(http=http, time_limit=time_limit))
        burst = cast(Burst, SimpleNamespace(staleness_s=2.0))
        result = home_page_fresh(window)(Evidence(burst, {}, site, {}))
    assert result is not None
    return result


def test_a_session_that_is_known_for_ever_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page that counts is the one that was sent when the limit was over."""
    known = finding(2, monkeypatch)
    assert known.passed is False
    assert "POST /logout" in known.detail


@pytest.mark.parametrize("pages", [0, 1])
def test_a_session_that_is_forgotten_in_time_is_right(
    pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, or out of a cache a little later."""
    assert finding(pages, monkeypatch) is RIGHT


def test_without_a_session_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """That nobody could log in is for other checks to say."""
    assert finding(2, monkeypatch, session="") is RIGHT


def test_offers_of_somebody_else_are_another_check_s_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A customer of another seller is offered the same: pages_right says so."""
    assert finding(2, monkeypatch, seller=2) is RIGHT
