"""Pages of results, right ones and tampered ones."""

import math
from urllib.parse import parse_qs, urlsplit

import pytest

from dojo.kata.staleness import Write
from katas.shop.expected.moment import Moment
from katas.shop.expected.new_products import UNKNOWN_ID, NewProduct
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.expected.reviews import BurstReview, Version
from seed.answers import ProductFacts
from tests.support.pages import line, results_page, row
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()
WORD = next(word for word in INDEX.texts if 45 < INDEX.count(word) < 120)
IDS = INDEX.find([WORD])
COMMON = max(INDEX.names, key=INDEX.count)
COMMON_IDS = INDEX.find([COMMON])
NOW = Moment(10.0, 10.1, 5.0)


def new(name: str, price: int, write: Write | None, product: int = 250_500) -> NewProduct:
    facts = ProductFacts(product, name, "Odd.", price, "N-1", "Some Seller", "red")
    return NewProduct(facts, 100, write)


def shown_new(one: NewProduct, product: int | None = None) -> str:
    facts = one.facts
    values = {"name": facts.name, "description": facts.description, "color": facts.color}
    values |= {"seller": facts.seller_name, "price": str(facts.price)}
    return line(facts.id if product is None else product, values)


def rows(ids: list[int]) -> list[str]:
    return [row(SHELF, product) for product in ids]


def page(number: int = 1) -> list[str]:
    return rows(IDS[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])


PAGES = ResultPages(INDEX, SHELF, [])


def test_right_pages_are_right() -> None:
    """First page, second page, and a page past the last one."""
    total = len(IDS)
    assert PAGES.judge(results_page(total, page()), Query(WORD), NOW) is None
    assert PAGES.judge(results_page(total, page(2)), Query(f" {WORD.upper()}!", 2), NOW) is None
    assert PAGES.judge(results_page(total, []), Query(WORD, 400), NOW) is None


@pytest.mark.parametrize("text", ["", "%", "_", "🛋", "\x00", "nosuchword", WORD[1:], WORD[:-1]])
def test_what_finds_nothing_is_an_empty_page(text: str) -> None:
    """No word in the query, an unknown one or a part of one: no results; a word has a total."""
    assert PAGES.judge(results_page(0, []), Query(text), NOW) is None
    without_total = PAGES.judge(results_page(None, []), Query(text), NOW)
    assert (without_total is None) is not any(char.isalnum() for char in text)
    assert PAGES.judge(results_page(1, rows(IDS[:1])), Query(text), NOW) is not None


@pytest.mark.parametrize(
    ("total", "lines"),
    [
        (len(IDS) - 1, page()),
        (None, page()),
        (20, page()),
        (len(IDS), page()[:-1]),
        (len(IDS), [page()[1], page()[0], *page()[2:]]),
        (len(IDS), page(2)),
        (len(IDS), []),
        (len(IDS), [*page()[:-1], page()[0]]),
        (len(IDS), [row(SHELF, IDS[0], price="1"), *page()[1:]]),
        (len(IDS), [row(SHELF, IDS[0], seller="Nobody"), *page()[1:]]),
        (len(IDS), [row(SHELF, IDS[0], ratingValue="9.9"), *page()[1:]]),
        (len(IDS), [row(SHELF, IDS[0], reviewCount="999"), *page()[1:]]),
        (len(IDS), [row(SHELF, IDS[0], description=""), *page()[1:]]),
    ],
    ids=[
        *("count", "no total", "page as total", "short", "order", "other page", "empty", "twice"),
        *("price", "seller", "rating", "reviews", "description"),
    ],
)
def test_tampered_pages_are_wrong(total: int | None, lines: list[str]) -> None:
    """Whatever is taken away or changed is seen, and is no matter of age."""
    wrong = PAGES.judge(results_page(total, lines), Query(WORD), NOW)
    assert wrong is not None
    assert not wrong.stale
    assert wrong.expected != wrong.came


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_any_page_is_judged(number: int) -> None:
    """Also those that no shopper looks at, and with new products that move them all by one."""
    total = len(COMMON_IDS)
    here = COMMON_IDS[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    moved = COMMON_IDS[(number - 1) * PAGE_SIZE - 1 : number * PAGE_SIZE - 1]
    assert here
    query = Query(COMMON, number)
    assert PAGES.judge(results_page(total, rows(here)), query, NOW) is None
    assert PAGES.judge(results_page(total, rows(moved)), query, NOW) is not None
    assert PAGES.judge(results_page(total, []), query, NOW) is not None
    with_new = ResultPages(INDEX, SHELF, [new(f"{COMMON} bcdf", 1, None)])
    assert with_new.judge(results_page(total + 1, rows(moved)), query, NOW) is None
    assert with_new.judge(results_page(total + 1, rows(here)), query, NOW) is not None


def test_a_figure_may_be_written_in_other_ways() -> None:
    """A total may be written as people write it, and so may a price and a number of reviews."""
    page_with = f'<b id="total">{len(IDS)} results</b>'.encode()
    lines = [row(SHELF, IDS[0], price=f"{SHELF.product(IDS[0]).facts.price}.00"), *page()[1:]]
    body = page_with + results_page(None, lines)
    assert PAGES.judge(body, Query(WORD), NOW) is None
    for text in ("20+", f"{len(IDS)}+", "many", ""):
        body = f'<b id="total">{text}</b>'.encode() + results_page(None, page())
        assert PAGES.judge(body, Query(WORD), NOW) is not None


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        *(("two words", False), ("naïve", False), ("中文 ٣ 3", False), ("ﬁ", False), ("", False)),
        *(("a_b", True), ("3.5", True), ("🛋", True), ("²", True), ("lamp\x00", True)),
        ("nai\u0308ve", True),
    ],
)
def test_what_may_be_refused(text: str, may_be: bool) -> None:
    """Letters and digits of any script, and blanks, must get the right answer."""
    assert Query(text).may_be_refused is may_be


@pytest.mark.parametrize("text", ["a&b", "50% off", "#1", "lamp+chair", "a=b", "🛋", "x;y", "\x00"])
def test_an_address_says_what_was_typed(text: str) -> None:
    """Whatever is typed arrives, whichever page is asked for."""
    parameters = parse_qs(urlsplit(Query(text, 2).path).query)
    assert parameters == {"q": [text], "page": ["2"]}


def test_two_words_must_both_be_there() -> None:
    """The products of either word are no answer to a question for both."""
    other = next(w for w in INDEX.names if w != WORD and len(INDEX.find([WORD, w])) in range(1, 20))
    matches = INDEX.find([WORD, other])
    query = Query(f"{WORD}, {other}")
    assert PAGES.judge(results_page(len(matches), rows(matches)), query, NOW) is None
    assert PAGES.judge(results_page(len(IDS), page()), query, NOW) is not None


def test_a_new_product_must_be_found_once_the_limit_is_over() -> None:
    """Until then it may be there or not; after that a page without it is stale."""
    one = new(f"{WORD} bcdf", 1, Write(2.0, 2.1))
    pages = ResultPages(INDEX, SHELF, [one])
    without = results_page(len(IDS), page())
    with_it = results_page(len(IDS) + 1, [shown_new(one), *page()[:-1]])
    for sent_s, old_is_right, new_is_right in ((1.0, True, False), (3.0, True, True)):
        when = Moment(sent_s, sent_s + 0.5, 5.0)
        assert (pages.judge(without, Query(WORD), when) is None) is old_is_right
        assert (pages.judge(with_it, Query(WORD), when) is None) is new_is_right
    wrong = pages.judge(without, Query(WORD), Moment(7.5, 7.6, 5.0))
    assert wrong is not None
    assert wrong.stale
    assert pages.judge(with_it, Query(WORD), Moment(7.5, 7.6, 5.0)) is None


def test_a_product_from_before_the_app_is_never_a_matter_of_age() -> None:
    """A page without it is wrong, however old a page may be."""
    pages = ResultPages(INDEX, SHELF, [new(f"{WORD} bcdf", 1, None)])
    wrong = pages.judge(results_page(len(IDS), page()), Query(WORD), NOW)
    assert wrong is not None
    assert not wrong.stale


def test_the_second_page_moves_with_what_may_be_on_the_first() -> None:
    """A product that may be there or not shifts the second page by one, or doesn't."""
    one = new(f"{WORD} bcdf", 1, Write(9.0, 9.1))
    pages = ResultPages(INDEX, SHELF, [one])
    still = results_page(len(IDS), page(2))
    moved = results_page(len(IDS) + 1, rows(IDS[PAGE_SIZE - 1 : 2 * PAGE_SIZE - 1]))
    by_two = results_page(len(IDS) + 1, rows(IDS[PAGE_SIZE - 2 : 2 * PAGE_SIZE - 2]))
    assert pages.judge(still, Query(WORD, 2), NOW) is None
    assert pages.judge(moved, Query(WORD, 2), NOW) is None
    assert pages.judge(by_two, Query(WORD, 2), NOW) is not None


def test_a_product_whose_answer_never_came_may_be_there() -> None:
    """Its id is not known, so it is known by its name."""
    one = new(f"{WORD} bcdf", 1, Write(2.0, None), UNKNOWN_ID)
    pages = ResultPages(INDEX, SHELF, [one])
    late = Moment(100.0, 100.1, 5.0)
    with_it = results_page(len(IDS) + 1, [*page()[:PAGE_SIZE]])
    assert pages.judge(results_page(len(IDS), page()), Query(WORD), late) is None
    assert pages.judge(with_it, Query(WORD), late) is None  # its place is among those not shown
    other = new(f"{WORD} {WORD}", 1, Write(2.0, 2.1))
    both = ResultPages(INDEX, SHELF, [other])
    strange = results_page(len(IDS) + 1, [shown_new(other, 7), *page()[:-1]])
    assert both.judge(strange, Query(WORD), late) is not None


def test_ratings_follow_the_reviews_of_the_burst() -> None:
    """A review that was written may count at once, must count after the limit, and only once."""
    known = SHELF.product(IDS[0])
    version = Version(IDS[0], "New Buyer", 5, "Fine.", None, 1)
    review = BurstReview((None, version), (Write(2.0, 2.1),))
    pages = ResultPages(INDEX, SHELF, [], [review])
    count, stars = known.review_count + 1, known.stars + 5
    counted = row(SHELF, IDS[0], reviewCount=str(count), ratingValue=f"{stars / count:.1f}")
    fresh, old = results_page(len(IDS), [counted, *page()[1:]]), results_page(len(IDS), page())
    assert pages.judge(fresh, Query(WORD), Moment(3.0, 3.1, 5.0)) is None
    assert pages.judge(old, Query(WORD), Moment(3.0, 3.1, 5.0)) is None
    assert pages.judge(fresh, Query(WORD), Moment(9.0, 9.1, 5.0)) is None
    wrong = pages.judge(old, Query(WORD), Moment(9.0, 9.1, 5.0))
    assert wrong is not None
    assert wrong.stale
    assert pages.judge(fresh, Query(WORD), Moment(1.0, 1.1, math.inf)) is not None
