"""The shop as people use it: a real application on the whole dataset, in a real browser."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dojo.postgres.server import Server
from dojo.site.app_process import AppProcess
from seed.answers import Catalog
from tests.support.shop import Shop, open_shop

PHONE = {"width": 360, "height": 740}
VISITS_WITHIN_MS = 1_500  # the shop writes them once a second
MOST_MS = 20_000  # the machine may be busy, and the shop is not quick


@pytest.fixture(scope="module")
def shop(seeded_server: Server) -> Iterator[Shop]:
    """One running shop for all that happens here."""
    with open_shop(seeded_server, "dojo_test_shop_browser") as shop:
        yield shop


class Visit:
    """A browser window, and what it told while somebody used it."""

    def __init__(self, context: BrowserContext, app: AppProcess) -> None:
        context.set_default_timeout(MOST_MS)
        expect.set_options(timeout=MOST_MS)
        self.page: Page = context.new_page()
        self.console: list[str] = []
        self.hosts: set[str] = set()
        self.own = urlsplit(app.base_url).netloc
        self.page.on("console", lambda said: self.console.append(said.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def log_in(self, shop: Shop, customer: int) -> None:
        """Through the form, as people do."""
        self.page.goto("/login")
        self.page.get_by_label("E-mail address").fill(shop.email(customer))
        self.page.get_by_label("Password").fill(shop.password(customer))
        self.page.locator("main").get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("link", name="Your account")).to_be_visible()

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert isinstance(wide, bool)
        return wide


@pytest.fixture
def visit(browser: Browser, shop: Shop) -> Iterator[Visit]:
    """A new window without a past; nothing was wrong in it, and nobody else was asked."""
    with browser.new_context(base_url=shop.app.base_url) as context:
        visit = Visit(context, shop.app)
        yield visit
        assert visit.console == []
        assert visit.hosts == {visit.own}


def test_from_the_window_to_a_product_by_search(visit: Visit, shop: Shop) -> None:
    """A visitor sees the window, searches, follows a result and reads what others wrote."""
    page, catalog = visit.page, Catalog()
    wanted = catalog.product(shop.window[0])
    page.goto("/")
    expect(page.locator("#shop-window > li")).to_have_count(24)
    expect(page.locator("#latest-reviews > li")).to_have_count(10)
    page.get_by_role("searchbox", name="Search").fill(wanted.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=wanted.name)).to_be_visible()
    page.locator(f"#results [data-product='{wanted.id}'] a").click()
    expect(page).to_have_title(f"{wanted.name} · The Shop")
    expect(page.locator("main")).to_contain_text(wanted.seller_name)
    reviews = catalog.reviews_of(wanted.id)
    assert reviews
    expect(page.locator("[data-review]")).to_have_count(len(reviews))


def test_a_review_is_left_and_seen(visit: Visit, shop: Shop) -> None:
    """A customer logs in, reviews what they bought, and finds it with the product."""
    page = visit.page
    customer, purchase, product = shop.unreviewed()
    visit.log_in(shop, customer)
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(shop.name(customer))
    bought = page.locator(f"#purchase-{purchase}")
    bought.get_by_text("Leave a review", exact=True).click()
    bought.get_by_label("4 of 5").check()
    bought.get_by_label("What do you think of it?").fill("Sturdy <b>and</b> quiet.\nOnce more!")
    bought.get_by_role("button").click()
    expect(bought.locator("[itemprop=reviewBody]")).to_contain_text("Sturdy <b>and</b> quiet.")
    expect(bought.get_by_role("button")).to_have_count(0)
    bought.get_by_role("link").first.click()
    expect(page).to_have_url(f"{shop.app.base_url}/products/{product}")
    mine = page.locator("[data-review]").filter(has_text="Sturdy <b>and</b> quiet.")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text(shop.name(customer))
    expect(mine.locator("[itemprop=reviewRating]")).to_have_attribute("value", "4")


def test_stars_can_be_chosen_by_keyboard(visit: Visit, shop: Shop) -> None:
    """Without a mouse: the form opens, a star is chosen by arrow keys, the text is sent."""
    page = visit.page
    customer, purchase, _ = shop.unreviewed()
    visit.log_in(shop, customer)
    page.goto("/account")
    bought = page.locator(f"#purchase-{purchase}")
    bought.locator("summary").focus()
    for key in ("Enter", "Tab", "Space", "ArrowRight", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("Plain.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(bought.locator("[itemprop=reviewBody]")).to_have_text("Plain.")
    expect(bought.locator("[itemprop=reviewRating]")).to_have_attribute("value", "3")


def test_a_friend_accepts(visit: Visit, shop: Shop) -> None:
    """A seller is recommended, the friend's page opens and accepts, and the customer sees it."""
    page = visit.page
    visit.log_in(shop, 3)
    page.goto("/account")
    page.get_by_label("Your friend's e-mail address").fill("Pal@example.com")
    page.get_by_role("button", name="Recommend").click()
    referral = page.locator(".told li").filter(has_text="pal@example.com")
    expect(referral).to_have_attribute("data-state", "open")
    referral.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{shop.name(3)} recommends")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_contain_text("You accepted this on")
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page.goto("/account")
    expect(referral).to_have_attribute("data-state", "accepted")


def test_logging_out(visit: Visit, shop: Shop) -> None:
    """After logging out the head offers the log-in again, and the account is closed."""
    page = visit.page
    visit.log_in(shop, 5)
    with page.expect_response("**/logout"):
        page.get_by_role("button", name="Log out").click()
    page.goto("/login")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)
    page.goto("/account")
    expect(page).to_have_url(f"{shop.app.base_url}/login")


def test_what_goes_wrong_is_said(browser: Browser, shop: Shop) -> None:
    """A wrong password, a page that isn't there and an empty review each get a clear message."""
    with browser.new_context(base_url=shop.app.base_url) as context:
        visit = Visit(context, shop.app)
        page = visit.page
        page.goto("/login")
        page.get_by_label("E-mail address").fill(shop.email(1))
        page.get_by_label("Password").fill("not the password")
        page.locator("main").get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_have_text("Address or password is wrong.")
        page.goto("/products/999999999")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).to_contain_text("There is no such product.")
        customer, purchase, _ = shop.unreviewed()
        visit.log_in(shop, customer)
        page.goto("/account")
        bought = page.locator(f"#purchase-{purchase}")
        bought.locator("summary").click()
        bought.get_by_label("2 of 5").check()
        bought.get_by_label("What do you think of it?").fill("  ")
        bought.get_by_role("button").click()
        expect(bought.get_by_role("alert")).to_contain_text("Say in a few words")
        expect(bought.get_by_label("2 of 5")).to_be_checked()
        expect(bought.get_by_label("What do you think of it?")).to_be_focused()
        failures = [text for text in visit.console if "the server responded with" not in text]
        assert failures == []
        assert len(visit.console) == 3
        assert visit.hosts == {visit.own}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_phone(browser: Browser, shop: Shop, scheme: str) -> None:
    """No page scrolls sideways at 360 pixels, with letters in both of the shop's dresses."""
    with browser.new_context(
        base_url=shop.app.base_url,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        visit = Visit(context, shop.app)
        for path in ("/", "/search?q=walnut", f"/products/{shop.window[0]}", "/login", "/nothing"):
            visit.page.goto(path)
            assert not visit.scrolls_sideways(), path
        visit.log_in(shop, 34)
        visit.page.goto("/account")
        for summary in visit.page.locator("summary").all():
            summary.click()
        assert not visit.scrolls_sideways()
        visit.page.goto("/referrals/2")
        assert not visit.scrolls_sideways()


def test_the_foot_tells_what_the_page_took(visit: Visit, shop: Shop) -> None:
    """The foot shows the server's time and the statements that Postgres counted for this page."""
    product = f"/products/{shop.window[0]}"
    with psycopg.connect(shop.admin_dsn, autocommit=True) as db:
        counting = (
            "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements"
            " JOIN pg_roles ON pg_roles.oid = userid JOIN pg_database ON pg_database.oid = dbid"
            " WHERE rolname = 'shop' AND datname = current_database()"
        )
        before = None
        while before != (now := db.execute(counting).fetchone()):  # earlier visits are written late
            before = now
            visit.page.wait_for_timeout(VISITS_WITHIN_MS)
        visit.page.goto(product)
        after = db.execute(counting).fetchone()
    assert before is not None
    assert after is not None
    bar = visit.page.locator("#devbar")
    expect(bar).to_be_visible()
    expect(bar).to_have_attribute("data-statements", str(after[0] - before[0]))
    assert float(bar.get_attribute("data-server-ms") or 0) > 0
    expect(bar).to_contain_text("ms on the server")


def test_without_javascript_nothing_is_missing(browser: Browser, shop: Shop) -> None:
    """Everything works without scripts; only the figures in the foot are not shown."""
    with browser.new_context(base_url=shop.app.base_url, java_script_enabled=False) as context:
        visit = Visit(context, shop.app)
        visit.log_in(shop, 6)
        visit.page.goto("/account")
        expect(visit.page.locator("#purchases > li").first).to_be_visible()
        expect(visit.page.locator("#devbar")).to_be_hidden()
