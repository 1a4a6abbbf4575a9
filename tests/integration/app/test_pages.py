"""The shop's pages and failures over HTTP: for browsers, for programs, for senseless input."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from selectolax.lexbor import LexborHTMLParser

from dojo.kata.microdata import read_items, text_of
from dojo.postgres.server import Server
from katas.shop.expected.moment import AFTER_ALL
from katas.shop.expected.offers import Offers
from seed.answers import Catalog
from tests.support.shop import Shop, open_shop

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PROGRAM = {"Accept": "application/json"}
HEAVY = "x" * 3000
Form = dict[str, Any]


@pytest.fixture(scope="module")
def shop(seeded_server: Server) -> Iterator[Shop]:
    """One running shop for all that happens here."""
    with open_shop(seeded_server, "dojo_test_shop_pages") as shop:
        yield shop


@pytest.fixture
def browser_like(shop: Shop) -> Iterator[httpx.Client]:
    """Asks as a browser does, and shows redirects instead of following them."""
    with httpx.Client(base_url=shop.app.base_url, headers=BROWSER, timeout=20) as http:
        yield http


@pytest.fixture
def program(shop: Shop) -> Iterator[httpx.Client]:
    """Asks as a client of the API does."""
    with httpx.Client(base_url=shop.app.base_url, headers=PROGRAM, timeout=20) as http:
        yield http


def log_in(http: httpx.Client, shop: Shop, customer: int) -> None:
    """A session of the customer's, without the log-in page."""
    token = secrets.token_urlsafe(24)
    with psycopg.connect(shop.admin_dsn, autocommit=True) as db:
        sql = "INSERT INTO sessions (token, customer_id) VALUES (%s, %s)"
        db.execute(sql, (token, customer))
    http.cookies.set("session", token)


def head_of(answer: httpx.Response) -> set[str | None]:
    """Where the head of a page leads."""
    tree = LexborHTMLParser(answer.content)
    links = {tag.attributes["href"] for tag in tree.css("header a")}
    return links | {tag.attributes["action"] for tag in tree.css("header form")}


def count(shop: Shop, sql: str, *params: object) -> int:
    with psycopg.connect(shop.admin_dsn, autocommit=True) as db:
        row = db.execute(sql.encode(), params).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("path", ["/account", "/account/reviews", "/account/referrals"])
@pytest.mark.parametrize("cookie", [None, "stale", r'"\000"', "x" * 3000])
def test_the_account_is_for_who_is_logged_in(
    browser_like: httpx.Client, path: str, cookie: str | None
) -> None:
    """Without a session, or with a dead or senseless one, the log-in is shown."""
    headers = {"Cookie": f"session={cookie}"} if cookie else {}
    request = {"headers": headers, "data": {"purchase_id": 1}}
    answer = (
        browser_like.get(path, headers=headers)
        if path == "/account"
        else browser_like.post(path, **request)  # type: ignore[arg-type]
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_the_head_knows_who_is_logged_in(browser_like: httpx.Client, shop: Shop) -> None:
    """It offers the log-in to strangers, account and log-out to customers, without a statement."""
    assert head_of(browser_like.get("/login")) == {"/", "/search", "/login"}
    log_in(browser_like, shop, 9)
    answer = browser_like.get("/login")
    assert head_of(answer) == {"/", "/search", "/account", "/logout"}
    assert '"0 statements"' in answer.headers["server-timing"]


def test_the_home_page_offers_what_sellers_have_from_whom_one_bought(
    browser_like: httpx.Client, shop: Shop
) -> None:
    """Customers see the cheapest products of theirs, strangers none, nor does a dead session."""
    offers = Offers(Catalog(), [1])
    strangers = read_items(browser_like.get("/").content)
    assert not [item for item in strangers if item.section == "your-sellers"]
    log_in(browser_like, shop, 9)
    page = read_items(browser_like.get("/").content)
    shown = [item for item in page if item.section == "your-sellers"]
    assert len(shown) == 32
    assert offers.problem(shown, [], AFTER_ALL) is None
    assert offers.problem(shown[:-1], [], AFTER_ALL) is not None
    browser_like.cookies.set("session", "nobody's")
    assert browser_like.get("/").status_code == 200


def test_all_that_a_customer_bought(browser_like: httpx.Client, shop: Shop) -> None:
    """Each purchase is listed once, with a link, and a form exactly where a review is missing."""
    customer, purchase, _ = shop.unreviewed()
    log_in(browser_like, shop, customer)
    tree = LexborHTMLParser(browser_like.get("/account").content)
    listed = [li.attributes["id"] for li in tree.css("#purchases > li")]
    with psycopg.connect(shop.admin_dsn) as db:
        rows = db.execute("SELECT id FROM purchases WHERE customer_id = %s", (customer,)).fetchall()
    assert sorted(map(str, listed)) == sorted(f"purchase-{number}" for (number,) in rows)
    assert len(tree.css("#purchases a[href^='/products/']")) == len(rows)
    assert len(tree.css("#purchases blockquote")) == len(rows) - 1
    forms = [tag.attributes["value"] for tag in tree.css("[name=purchase_id]")]
    assert forms == [str(purchase)]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"stars": "", "body": "Fine."}, "one to five stars"),
        ({"stars": "0", "body": "Fine."}, "one to five stars"),
        ({"stars": "6", "body": "Fine."}, "one to five stars"),
        ({"stars": "many", "body": "Fine."}, "one to five stars"),
        ({"stars": "9" * 400, "body": "Fine."}, "one to five stars"),
        ({"stars": "5", "body": ""}, "in a few words"),
        ({"stars": "5", "body": " \r\n\x00 "}, "in a few words"),
        ({"stars": "5", "body": HEAVY}, "at most 2,000 characters"),
        ({"body": "Fine."}, "one to five stars"),
    ],
)
def test_a_review_that_can_not_be(
    browser_like: httpx.Client, shop: Shop, form: Form, words: str
) -> None:
    """The page comes back with what is wrong, what was typed is kept, and nothing is written."""
    customer, purchase, _ = shop.unreviewed()
    log_in(browser_like, shop, customer)
    answer = browser_like.post("/account/reviews", data={"purchase_id": purchase, **form})
    assert answer.status_code == 422
    assert words in (text_of(answer.content, f"#purchase-{purchase} [role=alert]") or "")
    typed = text_of(answer.content, f"#purchase-{purchase} textarea")
    assert typed == form["body"].replace("\x00", "").strip()
    assert count(shop, "SELECT count(*) FROM reviews WHERE purchase_id = %s", purchase) == 0


def test_only_one_review_of_each_purchase(browser_like: httpx.Client, shop: Shop) -> None:
    """The first is taken with its text as it was typed, a second is refused with a clear word."""
    customer, purchase, _ = shop.unreviewed()
    log_in(browser_like, shop, customer)
    form = {"purchase_id": purchase, "stars": "3", "body": "  Two\r\nlines & more, ünïcode 🦊 "}
    first = browser_like.post("/account/reviews", data=form)
    assert first.status_code == 303
    assert first.headers["location"] == f"/account#purchase-{purchase}"
    second = browser_like.post("/account/reviews", data={**form, "stars": "1"})
    assert second.status_code == 409
    assert "has a review" in (text_of(second.content, f"#purchase-{purchase} [role=alert]") or "")
    with psycopg.connect(shop.admin_dsn) as db:
        rows = db.execute(
            "SELECT stars, body, customer_id FROM reviews WHERE purchase_id = %s", (purchase,)
        ).fetchall()
    assert rows == [(3, "Two\nlines & more, ünïcode 🦊", customer)]


@pytest.mark.parametrize("purchase", ["another's", "1999999999", "-1", "0", "99999999999", "one"])
def test_nobody_reviews_what_others_bought(
    browser_like: httpx.Client, shop: Shop, purchase: str
) -> None:
    """A purchase of somebody else, of nobody, or that is no number is refused with a page."""
    _, other, _ = shop.unreviewed()
    mine, _, _ = shop.unreviewed()
    log_in(browser_like, shop, mine)
    number = str(other) if purchase == "another's" else purchase
    form = {"purchase_id": number, "stars": "5", "body": "Not mine."}
    answer = browser_like.post("/account/reviews", data=form)
    assert answer.status_code in (404, 422)
    assert text_of(answer.content, "main h1")
    assert count(shop, "SELECT count(*) FROM reviews WHERE body = 'Not mine.'") == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"seller_id": "1", "friend_email": ""}, "not an e-mail address"),
        ({"seller_id": "1", "friend_email": "no address"}, "not an e-mail address"),
        ({"seller_id": "1", "friend_email": f"a@{HEAVY}"}, "not an e-mail address"),
        ({"seller_id": "", "friend_email": "a@example.com"}, "Choose a seller"),
        ({"seller_id": "999999", "friend_email": "a@example.com"}, "Choose a seller"),
        ({"seller_id": "9" * 30, "friend_email": "a@example.com"}, "Choose a seller"),
        ({}, "Choose a seller"),
    ],
)
def test_a_referral_that_can_not_be(
    browser_like: httpx.Client, shop: Shop, form: Form, words: str
) -> None:
    """The page comes back with what is wrong, and nobody is told anything."""
    log_in(browser_like, shop, 11)
    before = count(shop, "SELECT count(*) FROM referrals")
    answer = browser_like.post("/account/referrals", data=form)
    assert answer.status_code == 422
    assert words in (text_of(answer.content, "#refer [role=alert]") or "")
    assert count(shop, "SELECT count(*) FROM referrals") == before


def test_a_referral_and_its_page(
    browser_like: httpx.Client, program: httpx.Client, shop: Shop
) -> None:
    """Browsers are led to its page, programs get JSON, and accepting twice changes nothing."""
    log_in(browser_like, shop, 12)
    created = browser_like.post(
        "/account/referrals", data={"seller_id": "1", "friend_email": "Pal@Example.com"}
    )
    assert created.status_code == 303
    number = created.headers["location"].removeprefix("/account#referral-")
    page = browser_like.get(f"/referrals/{number}")
    assert page.status_code == 200
    assert shop.name(12) in (text_of(page.content, "h1") or "")
    assert "pal@example.com" not in page.text
    accepted = browser_like.post(f"/referrals/{number}/accept")
    assert (accepted.status_code, accepted.headers["location"]) == (303, f"/referrals/{number}")
    state = "SELECT accepted_at FROM referrals WHERE id = %s"
    with psycopg.connect(shop.admin_dsn, autocommit=True) as db:
        first = db.execute(state, (number,)).fetchone()
        again = program.post(f"/referrals/{number}/accept")
        assert db.execute(state, (number,)).fetchone() == first
    assert again.status_code == 200
    assert again.json()["friend_email"] == "pal@example.com"
    assert "You accepted this" in browser_like.get(f"/referrals/{number}").text


FAILURES = [
    ("GET", "/nothing", 404, "There is no such page."),
    ("GET", "/static/nothing.css", 404, "There is no such page."),
    ("GET", "/products/999999999", 404, "There is no such product."),
    ("GET", "/referrals/999999999", 404, "There is no such referral."),
    ("POST", "/referrals/999999999/accept", 404, "There is no such referral."),
    ("GET", "/users/999999999", 404, "There is no such customer."),
    ("GET", "/products/none", 422, "product_id:"),
    ("GET", "/referrals/0", 422, "referral_id:"),
    ("GET", "/search?page=0", 422, "page:"),
    ("GET", f"/search?q={HEAVY}", 422, "q:"),
    ("GET", "/logout", 405, "Method Not Allowed"),
]


@pytest.mark.parametrize(("method", "path", "status", "words"), FAILURES)
def test_failures(
    browser_like: httpx.Client,
    program: httpx.Client,
    method: str,
    path: str,
    status: int,
    words: str,
) -> None:
    """Browsers get a page that says what is wrong, programs get JSON, both the same status."""
    page, data = browser_like.request(method, path), program.request(method, path)
    assert (page.status_code, data.status_code) == (status, status)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert words in (text_of(page.content, "main") or "")
    assert text_of(page.content, "title")
    assert "detail" in data.json()
    assert page.headers.get("allow") == data.headers.get("allow")
    for answer in (page, data):
        assert "db;desc=" in answer.headers["server-timing"]


def test_an_error_that_nobody_caught(
    browser_like: httpx.Client, program: httpx.Client, shop: Shop
) -> None:
    """It stays a 500, as a page for browsers and as JSON for programs, and gives nothing away."""
    with psycopg.connect(shop.admin_dsn, autocommit=True) as db:
        db.execute("ALTER TABLE referrals RENAME TO referrals_gone")
        try:
            page, data = browser_like.get("/referrals/1"), program.get("/referrals/1")
        finally:
            db.execute("ALTER TABLE referrals_gone RENAME TO referrals")
    assert (page.status_code, data.status_code) == (500, 500)
    assert "Something broke on our side" in (text_of(page.content, "h1") or "")
    assert data.json() == {"detail": "Internal Server Error"}
    for answer in (page, data):
        assert "referrals_gone" not in answer.text
        assert "UndefinedTable" not in answer.text
        assert '"1 statements"' in answer.headers["server-timing"]


def test_the_api_answers_json_to_everybody(browser_like: httpx.Client, shop: Shop) -> None:
    """What is no page stays JSON when a browser asks for it, too."""
    log_in(browser_like, shop, 13)
    assert browser_like.get("/me").json()["name"] == shop.name(13)
    assert browser_like.get("/users/13").json()["id"] == 13
    order = {
        "customer": {"name": "New", "email": "new@example.com", "password": "long-enough"},
        "product_ids": [1],
    }
    bought = browser_like.post("/purchases", json=order)
    assert bought.status_code == 201
    assert bought.json()["purchases"][0]["product_id"] == 1
    assert browser_like.post("/purchases", json=order).status_code == 409


def test_nobody_reads_the_addresses_of_others(program: httpx.Client, shop: Shop) -> None:
    """Customers are listed by name; nothing tells which e-mail addresses have an account."""
    listed, single = program.get("/users").json(), program.get("/customers/13").json()
    assert [customer["id"] for customer in listed] == list(range(1, 101))
    assert listed[12]["name"] == single["name"] == shop.name(13)
    assert set(listed[0]) == {"id", "name", "joined_at"}
    assert set(single) == {"id", "name", "joined_at", "purchases"}


def test_what_the_server_tells_of_its_time(program: httpx.Client, shop: Shop) -> None:
    """Each answer counts its own statements alone, and the part is never over the whole."""
    pattern = r'app;dur=([\d.]+), db;desc="(\d+) statements";dur=([\d.]+), pool;dur=([\d.]+)'
    for path, statements in (("/healthz", 0), ("/users/1", 2), ("/healthz", 0), ("/users", 1)):
        match = re.fullmatch(pattern, program.get(path).headers["server-timing"])
        assert match is not None
        assert int(match[2]) == statements
        assert float(match[1]) >= float(match[3])
        assert float(match[1]) >= float(match[4])


def test_what_is_static_is_found(program: httpx.Client) -> None:
    """The page names only files of its own, and they are there."""
    page = LexborHTMLParser(program.get("/login").content)
    named = [tag.attributes["href"] for tag in page.css("link")]
    named += [tag.attributes["src"] for tag in page.css("script")]
    assert len(named) == 3
    for path in named:
        assert path is not None
        assert path.startswith("/static/")
        assert program.get(path).status_code == 200


def test_what_postgres_can_not_hold_is_refused(program: httpx.Client) -> None:
    """A NUL byte in a text is the sender's mistake, and nothing of the request is kept."""
    customer = {"name": "N\x00l", "email": "nul@example.com", "password": "long-enough"}
    bought = program.post("/purchases", json={"customer": customer, "product_ids": [1]})
    reviewed = program.put("/reviews/1", json={"stars": 5, "body": "So \x00 good."})
    assert [bought.status_code, reviewed.status_code] == [422, 422]
    again = {"customer": customer | {"name": "Nil"}, "product_ids": [1]}
    assert program.post("/purchases", json=again).status_code == 201
