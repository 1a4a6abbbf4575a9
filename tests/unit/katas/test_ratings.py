"""What may be said of a product's reviews while customers write them."""

import pytest

from dojo.kata.staleness import Write
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.reviews import BurstReview, Version, by_product

FIVE = Version(7, "New Buyer", 5, "Fine.", None, 1)
ONE = Version(7, "New Buyer", 1, "Broken.", None, 1)


@pytest.mark.parametrize(
    ("count", "rating", "seeded", "about", "right"),
    [
        ("3", "4.0", (3, 12), [], True),
        ("3", "4.1", (3, 12), [], False),
        ("2", "4.0", (3, 12), [], False),
        ("3", None, (3, 12), [], False),
        ("3", "good", (3, 12), [], False),
        (None, None, (0, 0), [], True),
        ("0", None, (0, 0), [], True),
        ("1", "5.0", (0, 0), [], False),
        ("4", "4.2", (3, 12), [(None, FIVE)], True),
        ("4", "4.3", (3, 12), [(None, FIVE)], True),
        ("3", "4.0", (3, 12), [(None, FIVE)], True),
        ("3", "4.0", (3, 12), [(FIVE,)], False),
        ("4", "3.2", (3, 12), [(FIVE, ONE)], True),
        ("4", "3.7", (3, 12), [(FIVE, ONE)], False),
        ("5", "3.6", (3, 12), [(FIVE,), (None, ONE)], True),
    ],
)
def test_count_and_rating(
    count: str | None,
    rating: str | None,
    seeded: tuple[int, int],
    about: list[tuple[Version | None, ...]],
    right: bool,
) -> None:
    """Each must be right for some of the states that a reader may have seen."""
    assert (rating_problem(count, rating, seeded, about) is None) is right


def test_reviews_are_sorted_out_by_their_product() -> None:
    """Also those that have been deleted since."""
    gone = BurstReview((None, FIVE, None), (Write(1, 2), Write(3, 4)))
    other = BurstReview((None, Version(8, "A", 3, "So.", None, 2)), (Write(1, 2),))
    assert by_product([gone, other]) == {7: [gone], 8: [other]}
