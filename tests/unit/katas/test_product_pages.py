"""A product's page and its reviews, right ones and tampered ones."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dojo.kata.staleness import Write
from katas.shop.expected.moment import Moment
from katas.shop.expected.product_pages import ProductPages
from katas.shop.expected.reviews import BurstReview, Version
from tests.support.pages import product_page, review
from tests.support.shop_shelf import small_shop

SHELF, _ = small_shop()
PRODUCT = max(range(1, 1501), key=lambda one: SHELF.product(one).review_count)
SEEDED = SHELF.reviews_of(PRODUCT)
REVIEWS = [
    review(one.facts.author, one.facts.stars, one.facts.body, one.author_reviews) for one in SEEDED
]
JSON: list[dict[str, Any]] = [
    {
        "id": one.facts.id,
        "product_id": PRODUCT,
        "author": one.facts.author,
        "author_reviews": one.author_reviews,
        "stars": one.facts.stars,
        "body": one.facts.body,
    }
    for one in SEEDED
]
NOW = Moment(10.0, 10.1, 5.0)
PAGES = ProductPages(SHELF, [])


def test_right_answers_are_right() -> None:
    """The page and the list, also of a product that nobody has reviewed."""
    assert PAGES.judge_page(product_page(SHELF, PRODUCT, REVIEWS), PRODUCT, NOW) is None
    assert PAGES.judge_reviews(json.dumps(JSON).encode(), PRODUCT, NOW) is None
    lonely = next(one for one in range(1, 1501) if not SHELF.product(one).review_count)
    assert PAGES.judge_page(product_page(SHELF, lonely, []), lonely, NOW) is None
    assert PAGES.judge_reviews(b"[]", lonely, NOW) is None


@pytest.mark.parametrize(
    "html",
    [
        product_page(SHELF, PRODUCT, REVIEWS[:-1]),
        product_page(SHELF, PRODUCT, REVIEWS[:10]),
        product_page(SHELF, PRODUCT, []),
        product_page(SHELF, PRODUCT, [REVIEWS[1], REVIEWS[0], *REVIEWS[2:]]),
        product_page(SHELF, PRODUCT, [*REVIEWS, REVIEWS[0]]),
        product_page(SHELF, PRODUCT, [review("Nobody", 1, "Bad.", 1), *REVIEWS]),
        product_page(SHELF, PRODUCT, REVIEWS, price="1"),
        product_page(SHELF, PRODUCT, REVIEWS, sku="?"),
        product_page(SHELF, PRODUCT, REVIEWS, reviewCount="3"),
        product_page(SHELF, PRODUCT, REVIEWS, ratingValue="1.0"),
        b"<p>Sorry.</p>",
        b"",
    ],
    ids=[
        *("one less", "ten", "none", "order", "twice", "made up", "price", "sku", "count"),
        *("rating", "no product", "empty"),
    ],
)
def test_tampered_pages_are_wrong(html: bytes) -> None:
    """Whatever is taken away, added or changed is seen."""
    wrong = PAGES.judge_page(html, PRODUCT, NOW)
    assert wrong is not None
    assert not wrong.stale


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(JSON[:-1]),
        json.dumps(JSON[::-1]),
        json.dumps([JSON[0] | {"author_reviews": 99}, *JSON[1:]]),
        json.dumps([JSON[0] | {"author": None}, *JSON[1:]]),
        json.dumps([JSON[0] | {"stars": 0}, *JSON[1:]]),
        json.dumps([{}]),
        '{"detail": "none"}',
        "null",
        "no JSON",
        "[]",
    ],
)
def test_tampered_lists_are_wrong(text: str) -> None:
    """So it is in the list of reviews, and what is no list is wrong and no error of ours."""
    assert PAGES.judge_reviews(text.encode(), PRODUCT, NOW) is not None


def test_a_new_review_must_be_seen_once_the_limit_is_over() -> None:
    """It comes first, by an author who has written nothing else."""
    when = datetime(2030, 1, 1, tzinfo=UTC)
    version = Version(PRODUCT, "New Buyer", 4, "Fine.", when, 500_000)
    pages = ProductPages(SHELF, [BurstReview((None, version), (Write(2.0, 2.1),))])
    known = SHELF.product(PRODUCT)
    count = known.review_count + 1
    sums = {"reviewCount": str(count), "ratingValue": f"{(known.stars + 4) / count:.1f}"}
    newest = review("New Buyer", 4, "Fine.", 1)
    fresh = product_page(SHELF, PRODUCT, [newest, *REVIEWS], **sums)
    old = product_page(SHELF, PRODUCT, REVIEWS)
    for page in (fresh, old):
        assert pages.judge_page(page, PRODUCT, Moment(3.0, 3.1, 5.0)) is None
    wrong = pages.judge_page(old, PRODUCT, Moment(8.0, 8.1, 5.0))
    assert wrong is not None
    assert wrong.stale
    listed = pages.judge_reviews(json.dumps(JSON).encode(), PRODUCT, Moment(8.0, 8.1, 5.0))
    assert listed is not None
    assert listed.stale
    last = product_page(SHELF, PRODUCT, [*REVIEWS, newest], **sums)
    assert pages.judge_page(last, PRODUCT, Moment(8.0, 8.1, 5.0)) is not None
    assert pages.judge_page(fresh, PRODUCT, Moment(0.5, 0.6, 5.0)) is not None


@pytest.mark.parametrize("customer", ["new@example.com", SEEDED[0].facts.customer_id])
def test_an_author_of_two_reviews_has_written_two(customer: str | int) -> None:
    """Both of the burst, and those of the seed before it; until the limit fewer are right."""
    earlier = SEEDED[0].author_reviews if isinstance(customer, int) else 0
    other = PRODUCT % 1500 + 1
    first, second = (
        BurstReview(
            (
                None,
                Version(product, "An Author", 4, "Fine.", datetime(2030, 1, 1, tzinfo=UTC), number),
            ),
            (Write(2.0 * number, 2.0 * number + 0.1),),
            customer,
        )
        for number, product in enumerate((PRODUCT, other), start=1)
    )
    pages = ProductPages(SHELF, [first, second])
    known = SHELF.product(PRODUCT)
    count, stars = known.review_count + 1, known.stars + 4

    def judged(written: int, of_seed: int, when: Moment) -> bool:
        rows = [review("An Author", 4, "Fine.", written), *REVIEWS]
        facts = SEEDED[0].facts
        rows[1] = review(facts.author, facts.stars, facts.body, of_seed)
        figures = {"reviewCount": str(count), "ratingValue": f"{stars / count:.1f}"}
        return (
            pages.judge_page(product_page(SHELF, PRODUCT, rows, **figures), PRODUCT, when) is None
        )

    of_seed = SEEDED[0].author_reviews + (2 if isinstance(customer, int) else 0)
    late, between = Moment(20.0, 20.1, 5.0), Moment(7.5, 7.6, 5.0)
    assert judged(earlier + 2, of_seed, late)
    assert not judged(earlier + 1, of_seed, late)
    assert not judged(earlier + 2, of_seed - 1, late)
    assert judged(earlier + 2, of_seed, between)
    assert judged(earlier + 1, of_seed, between)
    assert not judged(earlier + 3, of_seed, between)
