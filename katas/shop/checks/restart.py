"""What was acknowledged is still shown by the app that was started anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx

from dojo import Evidence, Finding, Wrong
from katas.shop.checks.browser import Browser
from katas.shop.expected.home_page import home_page
from katas.shop.expected.moment import AFTER_ALL
from katas.shop.scenarios.shop_window import ShopWindow

__all__ = ["ExpectedPage", "home_page_shows_all", "pages_show_all"]


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """A page that is loaded after the restart; `judge` gives what is wrong with its body."""

    path: str
    judge: Callable[[bytes], Wrong | None]
    session: str = ""  # of whoever looks; "": a stranger


def pages_show_all(
    expected: Callable[[Evidence], Iterable[ExpectedPage]],
) -> Callable[[Evidence], Finding]:
    """Each of these pages comes, and shows all that was written before the restart."""

    def run(evidence: Evidence) -> Finding:
        count = 0
        for page in expected(evidence):
            count += 1
            try:
                answer = Browser(evidence.site, page.session or None).get(page.path)
            except httpx.HTTPError as error:
                return Finding(False, f"After a restart GET {page.path} failed: {error}.")
            if answer.status_code != 200:
                return Finding(False, f"After a restart GET {page.path}: {answer.status_code}.")
            if wrong := page.judge(answer.content):
                return Finding(
                    False,
                    f"After a restart of the app GET {page.path} shows {wrong.came}; it must show"
                    f" {wrong.expected}. What is only in the app's memory is lost.",
                )
        pages = "the page shows" if count == 1 else f"all of {count} pages show"
        return Finding(count > 0, f"After a restart {pages} what was written.")

    return run


def home_page_shows_all(window: ShopWindow) -> Callable[[Evidence], Finding]:
    """The home page, for a stranger and for a customer who is still logged in."""

    def expected(evidence: Evidence) -> list[ExpectedPage]:
        page, regular = home_page(window, evidence.burst), window.regulars[0]
        return [
            ExpectedPage("/", lambda html: page.judge(html, AFTER_ALL)),
            ExpectedPage("/", lambda html: page.judge(html, AFTER_ALL, regular), regular.session),
        ]

    return pages_show_all(expected)
