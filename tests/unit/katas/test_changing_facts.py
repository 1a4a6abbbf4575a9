"""What a page may show of facts that change behind the app's back."""

import math

import pytest

from dojo import SqlAnswer, Write
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.moment import AFTER_ALL, Moment
from katas.shop.scenarios.behind_the_back import Fact, fact_step, place_step
from seed.answers import ProductFacts

LAMP = ProductFacts(7, "Lamp", "It shines.", 20, "S001-0007", "Ann's", "red")
CHANGING = ChangingFacts(
    [
        SqlAnswer(fact_step(Fact.PRICE, {7: 25, 8: 1}, {7: 20, 8: 2}), 3.0, 3.1),
        SqlAnswer(place_step(2, 9), 4.0, 4.1),
        SqlAnswer(fact_step(Fact.SELLER, {1: "Bob's"}, {1: "Ann's"}), 5.0, 5.1),
        SqlAnswer(fact_step(Fact.PRICE, {7: 30}, {7: 25}), 6.0, 6.1),
        SqlAnswer(place_step(1, 8), 8.0, 8.1),
    ]
)


@pytest.mark.parametrize(
    ("sent_s", "prices"),
    [
        (2.0, ("20",)),
        (3.05, ("20", "25")),
        (5.0, ("20", "25")),
        (5.2, ("25",)),
        (7.0, ("25", "30")),
        (8.2, ("30",)),
    ],
)
def test_a_price_may_be_as_old_as_the_limit(sent_s: float, prices: tuple[str, ...]) -> None:
    """Both prices are right as long as the change is younger than the limit."""
    marks = CHANGING.marks_of(LAMP, Moment(sent_s, sent_s + 0.1, 2.0))
    assert marks["price"] == prices
    assert marks["name"] == ("Lamp",)
    assert marks["color"] == ("red",)


def test_a_product_may_be_repainted() -> None:
    """Both colors are right for a while; the statement names the color, and the table its id."""
    step = fact_step(Fact.COLOR, {7: "blue"}, {7: "red"})
    assert "color_id = (SELECT colors.id" in step.sql
    repainted = ChangingFacts([SqlAnswer(step, 3.0, 3.1)])
    assert repainted.marks_of(LAMP, Moment(4.0, 4.1, 2.0))["color"] == ("red", "blue")
    assert repainted.marks_of(LAMP, AFTER_ALL)["color"] == ("blue",)
    assert repainted.history(Fact.COLOR, 7, "red") == ("red", "blue")
    assert repainted.history(Fact.COLOR, 8, "red") == ("red",)


def test_what_is_too_old_was_right_once() -> None:
    """Of any age means every value up to now, so that what is stale is told from what is wrong."""
    marks = CHANGING.marks_of(LAMP, Moment(9.0, 9.1, math.inf))
    assert marks["price"] == ("20", "25", "30")
    assert marks["seller"] == ("Ann's", "Bob's")


def test_after_all_only_the_latest_is_right() -> None:
    """Every change is done by then."""
    assert CHANGING.marks_of(LAMP, AFTER_ALL)["price"] == ("30",)
    assert CHANGING.windows((5, 6), AFTER_ALL) == [(8, 9)]


def test_windows_change_one_place_after_another() -> None:
    """Each window as it stood between two changes."""
    assert CHANGING.windows((5, 6), Moment(1.0, 1.1, 2.0)) == [(5, 6)]
    assert CHANGING.windows((5, 6), Moment(8.2, 8.3, 2.0)) == [(5, 9), (8, 9)]


def test_what_has_changed_is_known_by_its_id() -> None:
    """Whoever sorts by price has to know whose price moves."""
    assert CHANGING.changed(Fact.PRICE) == (7, 8)
    assert CHANGING.changed(Fact.NAME) == ()
    assert SqlAnswer(place_step(1, 2), 3.0, 4.0).write == Write(3.0, 4.0)
