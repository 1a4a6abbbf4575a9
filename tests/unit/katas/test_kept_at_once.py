"""What is acknowledged and comes into Postgres later, on made-up answers."""

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from dojo import Site
from katas.shop.checks import kept_at_once
from katas.shop.checks.kept_at_once import not_kept_at_once

WRITES = {
    "purchases": "A purchase",
    "stars = ": "A review",
    "NOT EXISTS": "The deletion of a review",
    "FROM products": "A new product",
    "FROM sessions": "A session",
}


def answer(request: httpx.Request) -> httpx.Response:
    """Everything is acknowledged."""
    match request.method, request.url.path:
        case "POST", "/purchases":
            bought = {"customer": {"id": 9}, "purchases": [{"id": 1}, {"id": 2}]}
            return httpx.Response(201, json=bought)
        case "POST", "/reviews":
            return httpx.Response(201, json={"id": 5})
        case "POST", "/sellers/4/products":
            return httpx.Response(201, json=[{"id": 6}])
    return httpx.Response(200, json={})


def problem(late: str, *, ever: bool = True) -> str:
    """With a write whose query holds `late`, which is seen the second time, or never."""
    asked = 0

    def execute(query: bytes, params: tuple[Any, ...]) -> Any:
        nonlocal asked
        is_late = bool(late) and late.encode() in query
        asked += is_late
        row = None if is_late and (asked == 1 or not ever) else (1,)
        return SimpleNamespace(fetchone=lambda: row)

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://shop") as http:
        site = SimpleNamespace(http=http, db=SimpleNamespace(execute=execute))
        return not_kept_at_once(cast(Site, site), (1, 2))


@pytest.mark.parametrize("late", WRITES)
def test_what_is_written_later_is_named(late: str) -> None:
    """A shop that dies in between has lost what a customer was told."""
    assert problem(late).startswith(f"{WRITES[late]} was acknowledged, and came into Postgres only")


def test_what_is_there_at_once_is_right() -> None:
    """And nobody waits."""
    assert problem("") == ""


def test_what_never_comes_is_for_others_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a shop which loses writes is told that, and by one check."""
    monkeypatch.setattr(kept_at_once, "LATE_AT_MOST_S", 0.0)
    assert problem("FROM sessions", ever=False) == ""
