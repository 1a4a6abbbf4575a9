"""The board in a real browser behind a proxy that keeps events back, or lets a connection die."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, expect

from dojo.cli.board_server import BoardServer
from dojo.output.html.board_state import Board
from tests.support.odd_proxies import buffering, falling_silent

WITHIN_MS = 90_000  # an event every two seconds; the page asks by itself after ten without one


class Looks:
    """A board that counts how often it was asked for."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> Board:
        self.count += 1
        return Board(
            *("http://localhost:3000", 1.0, 5.0, 300.0, (), ()), remark=f"look {self.count}."
        )


@pytest.mark.parametrize(
    "proxy",
    [buffering, lambda port: falling_silent(port, after_bytes=1)],
    ids=["keeps events back", "falls silent"],
)
def test_the_figures_go_on(
    proxy: Callable[[int], AbstractContextManager[int]], browser: Browser
) -> None:
    """The page asks by itself once it has heard nothing for long, and says nothing of it."""
    with BoardServer.start(0, Looks()) as served:
        with proxy(int(served.url.rpartition(":")[2])) as port:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            for _ in range(2):
                before = page.locator("p.load").inner_text()
                expect(page.locator("p.load")).not_to_have_text(before, timeout=WITHIN_MS)
            assert page.locator("#state").inner_text() == ""
            context.close()
        served.check()
