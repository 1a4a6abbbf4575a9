"""Results and product pages while prices and names change behind the app's back."""

from random import Random

import pytest

from dojo import SqlAnswer, Wrong
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.moment import AFTER_ALL, Moment
from katas.shop.expected.product_pages import ProductPages
from katas.shop.expected.result_pages import PAGE_SIZE, Query, ResultPages
from katas.shop.scenarios.behind_the_back import (
    Fact,
    NewFacts,
    NewReviews,
    NewStock,
    fact_step,
)
from katas.shop.scenarios.search_changes import SearchChanges
from seed.search import words_of
from tests.support.pages import product_page, results_page, review, row
from tests.support.shop_shelf import small_shop

SHELF, INDEX = small_shop()


def only_named(product: int, word: str) -> bool:
    """Whether a product has a word in its name and not in its description."""
    facts = SHELF.product(product).facts
    return word in words_of(facts.name) and word not in words_of(facts.description)


WORD = next(
    word
    for word in sorted(INDEX.texts)
    if 45 < INDEX.count(word) < 120 and only_named(INDEX.find([word])[0], word)
)
IDS = INDEX.find([WORD])
TOTAL = len(IDS)
LAST = IDS[-1]
BEFORE, BETWEEN, AFTER = (Moment(at_s, at_s + 0.1, 5.0) for at_s in (1.0, 4.0, 9.0))


def pages(fact: Fact, product: int, value: object) -> ResultPages:
    """With one change, made from 3 to 3.1 s."""
    old = SHELF.product(product).facts
    before = {Fact.PRICE: old.price, Fact.NAME: old.name, Fact.DESCRIPTION: old.description}[fact]
    answer = SqlAnswer(fact_step(fact, {product: value}, {product: before}), 3.0, 3.1)
    return ResultPages(INDEX, SHELF, [], (), ChangingFacts([answer]))


def found(ids: list[int], number: int = 1, total: int = TOTAL, **other: str) -> bytes:
    """A page of results; `other` are values of the product LAST."""
    shown = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    rows = [row(SHELF, each, **(other if each == LAST else {})) for each in shown]
    return results_page(total, rows)


def verdicts(judging: ResultPages, html: bytes, page: int = 1) -> tuple[str, str, str]:
    """Before, just after and long after the change: right, wrong or stale."""

    def verdict(wrong: Wrong | None) -> str:
        return "right" if wrong is None else "stale" if wrong.stale else "wrong"

    before, between, after = (
        verdict(judging.judge(html, Query(WORD, page), when)) for when in (BEFORE, BETWEEN, AFTER)
    )
    return before, between, after


def in_name(product: int) -> bool:
    return WORD in words_of(SHELF.product(product).facts.name)


def test_a_price_moves_a_product_among_the_results() -> None:
    """It is shown at its old place or at its new one, and after the limit only at the new one."""
    cheapest = pages(Fact.PRICE, LAST, 1)
    place = sum(in_name(each) for each in IDS) if not in_name(LAST) else 0
    moved = [*IDS[:place], LAST, *IDS[place:-1]]
    number = place // PAGE_SIZE + 1
    assert verdicts(cheapest, found(IDS, number), number) == ("right", "right", "stale")
    new_page = found(moved, number, price="1")
    assert verdicts(cheapest, new_page, number) == ("wrong", "right", "right")
    last = -(-TOTAL // PAGE_SIZE)
    assert verdicts(cheapest, found(moved, last, price="1"), last) == ("wrong", "right", "right")


def test_a_new_name_takes_a_product_out_of_the_results() -> None:
    """The total says so, too; the description does not hold the word."""
    renamed = pages(Fact.NAME, IDS[0], "Nothing Of The Kind")
    rest = IDS[1:]
    assert verdicts(renamed, found(IDS)) == ("right", "right", "stale")
    assert verdicts(renamed, found(rest, total=TOTAL - 1)) == ("wrong", "right", "right")
    assert verdicts(renamed, found(rest, 2, TOTAL - 1), 2) == ("wrong", "right", "right")


def test_another_description_brings_a_product_into_the_results() -> None:
    """Of a word that it did not hold before; the line shows what is said of it now."""
    stranger = next(each for each in range(1, 1501) if each not in IDS)
    text = f"Now with {WORD}."
    judging = pages(Fact.DESCRIPTION, stranger, text)
    facts = SHELF.product(stranger).facts
    others = [place for place in IDS if not in_name(place)]
    after = [each for each in others if (SHELF.product(each).facts.price, each) < (facts.price, 0)]
    place = len(IDS) - len(others) + len(after)
    listed = [*IDS[:place], stranger, *IDS[place:]]
    number = place // PAGE_SIZE + 1
    shown = listed[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    def page(**other: str) -> bytes:
        rows = [row(SHELF, each, **(other if each == stranger else {})) for each in shown]
        return results_page(TOTAL + 1, rows)

    assert verdicts(judging, page(description=text), number) == ("wrong", "right", "right")
    assert verdicts(judging, found(IDS, number), number) == ("right", "right", "stale")
    assert verdicts(judging, page(), number) == ("wrong", "right", "stale")


def test_a_product_page_knows_the_names_of_authors_and_sellers() -> None:
    """Both are those of the moment."""
    product = IDS[0]
    seeded = SHELF.reviews_of(product)
    facts = SHELF.product(product).facts
    seller = (product - 1) // 500 + 1
    answers = [
        SqlAnswer(fact_step(Fact.SELLER, {seller: "Bob"}, {seller: facts.seller_name}), 3.0, 3.1)
    ]
    assert seeded
    author = seeded[0].facts
    new, old = {author.customer_id: "Ann New"}, {author.customer_id: author.author}
    answers.append(SqlAnswer(fact_step(Fact.AUTHOR, new, old), 3.0, 3.1))
    judging = ProductPages(SHELF, [], ChangingFacts(answers))

    def html(name: str | None, **other: str) -> bytes:
        reviews = [
            review(
                name if name and place == 0 else each.facts.author,
                each.facts.stars,
                each.facts.body,
                each.author_reviews,
            )
            for place, each in enumerate(seeded)
        ]
        return product_page(SHELF, product, reviews, **other)

    assert judging.judge_page(html(None), product, BEFORE) is None
    assert judging.judge_page(html("Ann New", seller="Bob"), product, AFTER_ALL) is None
    stale = judging.judge_page(html(None), product, AFTER)
    assert stale is not None
    assert stale.stale


@pytest.mark.parametrize("seed", range(5))
def test_changes_of_three_bursts_are_of_different_people(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody writes twice or under two names, and every change begins with what was there."""
    monkeypatch.setattr("katas.shop.scenarios.search_changes.LEFT_ALONE", 0)
    most = SHELF.most_reviewed(15)
    rng = Random(seed)
    changes = SearchChanges(SHELF, ["teak", "lamp"], most)
    writers: list[int] = []
    known: dict[tuple[Fact, int], object] = {}
    for _ in range(3):
        steps = changes.draw(rng, 12.0)
        assert len(steps) == 8
        assert all(1.8 <= step.at_s <= 4.8 for step in steps)
        for step in steps:
            if isinstance(step.expect, NewReviews):
                writers += [each.customer for each in step.expect.reviews]
                assert {each.product for each in step.expect.reviews} <= set(most)
            elif isinstance(step.expect, NewFacts):
                for row_id, value in step.expect.values.items():
                    before = known.get((step.expect.fact, row_id), step.expect.before[row_id])
                    assert step.expect.before[row_id] == before != value
                    known[step.expect.fact, row_id] = value
            else:
                assert isinstance(step.expect, NewStock)
    renamed = [row_id for fact, row_id in known if fact is Fact.AUTHOR]
    assert len({*writers, *renamed}) == len(writers) + len(renamed)
