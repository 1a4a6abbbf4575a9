"""What the home page shows is not too old, neither in the load nor to somebody who logs out."""

import time
from collections.abc import Callable

from dojo import Evidence, Finding, Site, read_items
from katas.shop.checks.browser import Browser
from katas.shop.checks.pages import answers_fresh
from katas.shop.scenarios.shop_window import ShopWindow

__all__ = ["home_page_fresh"]

AGAIN_S = 0.25


def home_page_fresh(window: ShopWindow) -> Callable[[Evidence], Finding | None]:
    """No page of the load is older than the limit, and who logs out is a stranger within it."""
    in_load = answers_fresh("home")

    def run(evidence: Evidence) -> Finding | None:
        finding, regular = in_load(evidence), window.regulars[-1]
        if finding is None or finding.passed is not True or not regular.session:
            return finding
        limit_s, browser = evidence.burst.staleness_s, Browser(evidence.site, regular.session)
        if not (offers := _offers(browser)) or offers == _offers_elsewhere(window, evidence.site):
            return finding  # none, or not theirs: see pages_right
        browser.log_out()  # the browser goes on showing the session
        with evidence.site.time_limit(limit_s) as limit:
            while (known := _offers(browser)) and not limit.is_over:
                time.sleep(AGAIN_S)
        if known and _offers(browser):
            return Finding(
                False,
                f"{limit_s:.3g} s after POST /logout the home page still showed what is offered to"
                " the customer of that session; by then it must show what strangers see.",
            )
        return finding

    return run


def _offers(browser: Browser) -> list[str]:
    """The products under "From your sellers"; empty for a stranger."""
    page = read_items(browser.get("/").content)
    return [item.marks.get("product", "") for item in page if item.section == "your-sellers"]


def _offers_elsewhere(window: ShopWindow, site: Site) -> list[str]:
    """What a customer of another seller sees; empty if none is logged in."""
    seller = window.regulars[-1].seller
    others = (each for each in window.regulars if each.session and each.seller != seller)
    other = next(others, None)
    return _offers(Browser(site, other.session)) if other else []
