"""What the home page must show while customers buy of one more seller and change their names."""

from random import Random

import pytest

from dojo import SqlAnswer, Write
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.home_page import HomePage
from katas.shop.expected.moment import AFTER_ALL, Moment
from katas.shop.scenarios.behind_the_back import Fact, NewFacts, NewPurchases, Purchase, fact_step
from katas.shop.scenarios.regulars import Regular, draw_regulars
from katas.shop.scenarios.seller_numbers import seller_of, seller_of_customer
from katas.shop.scenarios.shop_window import PLACES, REGULARS, ShopWindow
from seed.answers import Catalog

CATALOG = Catalog()
WINDOW = CATALOG.window_candidates[:2]
BEFORE, BETWEEN, AFTER = (Moment(at_s, at_s + 0.1, 2.0) for at_s in (1.0, 4.0, 9.0))
ANN = Regular(2, 1)
LATEST = CATALOG.latest_reviews(1)[0]


def review(author: str, body: str, stars: int) -> str:
    return (
        '<blockquote itemprop="review" itemscope itemtype="https://schema.org/Review">'
        f'<p itemprop="reviewBody">{body}</p><data itemprop="reviewRating" value="{stars}"></data>'
        f'<b itemprop="author">{author}</b></blockquote>'
    )


def page(offers: list[tuple[int, int]] | None = None, renamed: str | None = None) -> bytes:
    """Window and reviews as seeded; `offers`: (seller, how many) of what is offered."""
    window = ""
    for product in WINDOW:
        facts, reviews = CATALOG.product(product), CATALOG.reviews_of(product)
        last = max(reviews, key=lambda each: (each.written_at, each.id))
        author = renamed if renamed and last.customer_id == LATEST.customer_id else last.author
        marks = {
            "name": facts.name,
            "price": facts.price,
            "color": facts.color,
            "seller": facts.seller_name,
            "reviewCount": len(reviews),
            "ratingValue": f"{sum(each.stars for each in reviews) / len(reviews):.1f}",
        }
        text = "".join(f'<b itemprop="{key}">{value}</b>' for key, value in marks.items())
        card = f'itemscope itemtype="https://schema.org/Product" data-product="{product}"'
        window += f"<li {card}>{text}{review(author, last.body, last.stars)}</li>"
    latest = "".join(
        review(
            renamed if renamed and each.customer_id == LATEST.customer_id else each.author,
            each.body,
            each.stars,
        )
        for each in CATALOG.latest_reviews(10)
    )
    return (
        f'<ol id="shop-window">{window}</ol><ol id="your-sellers">{_offers(offers or [])}</ol>'
        f'<ol id="latest-reviews">{latest}</ol>'
    ).encode()


def _offers(sellers: list[tuple[int, int]]) -> str:
    some = [facts for seller, most in sellers for facts in CATALOG.cheapest(seller, most)]
    lines = ""
    for facts in sorted(some, key=lambda each: (each.price, each.id))[:32]:
        stars = [each.stars for each in CATALOG.reviews_of(facts.id)]
        marks = {
            "name": facts.name,
            "price": facts.price,
            "color": facts.color,
            "seller": facts.seller_name,
        }
        if stars:
            marks |= {"reviewCount": len(stars), "ratingValue": f"{sum(stars) / len(stars):.1f}"}
        text = "".join(f'<b itemprop="{key}">{value}</b>' for key, value in marks.items())
        card = f'itemscope itemtype="https://schema.org/Product" data-product="{facts.id}"'
        lines += f"<li {card}>{text}</li>"
    return lines


def verdicts(judging: HomePage, html: bytes, visitor: Regular | None) -> list[str]:
    """Before, just after and long after a change: right, wrong or stale."""
    wrong = [judging.judge(html, when, visitor) for when in (BEFORE, BETWEEN, AFTER)]
    return ["right" if each is None else "stale" if each.stale else "wrong" for each in wrong]


def test_who_buys_of_one_more_seller_is_offered_both() -> None:
    """The page may not yet know it for as long as the limit; who has not bought there is not."""
    bought = [(Purchase(2, 501, 2), Write(3.0, 3.1))]
    judging = HomePage(CATALOG, WINDOW, [], None, [], bought)
    one, both = page([(1, 32)]), page([(1, 32), (2, 32)])
    assert verdicts(judging, one, ANN) == ["right", "right", "stale"]
    assert verdicts(judging, both, ANN) == ["wrong", "right", "right"]
    assert verdicts(judging, one, Regular(3, 1)) == ["right"] * 3
    assert verdicts(judging, both, Regular(3, 1)) == ["wrong"] * 3
    assert verdicts(judging, one, None) == ["wrong"] * 3
    assert judging.judge(both, AFTER_ALL, ANN) is None


def test_a_customer_has_the_name_of_the_moment() -> None:
    """Wherever a review of theirs is shown."""
    step = fact_step(Fact.AUTHOR, {LATEST.customer_id: "Ann New"}, {LATEST.customer_id: "?"})
    judging = HomePage(CATALOG, WINDOW, [], ChangingFacts([SqlAnswer(step, 3.0, 3.1)]))
    assert verdicts(judging, page(), None) == ["right", "right", "stale"]
    assert verdicts(judging, page(renamed="Ann New"), None) == ["wrong", "right", "right"]


@pytest.mark.parametrize("seed", range(5))
def test_changes_of_three_bursts(seed: int) -> None:
    """Nobody buys of a third seller; who writes behind the app's back is not renamed."""
    rng = Random(seed)
    window = ShopWindow(tuple(rng.sample(CATALOG.window_candidates, PLACES)))
    window.regulars = draw_regulars(rng, window.products, REGULARS)
    window._now = list(window.products)
    window._customers = [seller_of(each) * 52 for each in window.products] * 3
    buyers: list[int] = []
    for _ in range(3):
        for step in window.changes(rng, 12.0):
            if isinstance(step.expect, NewPurchases):
                buyers += [each.customer for each in step.expect.purchases]
                for each in step.expect.purchases:
                    assert seller_of(each.product) == each.seller
                    assert seller_of_customer(each.customer) != each.seller
            if isinstance(step.expect, NewFacts) and step.expect.fact is Fact.AUTHOR:
                assert len(step.expect.values) >= 1
    assert len(buyers) == len(set(buyers)) == 18
