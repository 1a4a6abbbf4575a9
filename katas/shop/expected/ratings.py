"""What a page may say of a product's reviews, while customers write them."""

import itertools
from collections.abc import Sequence

from katas.shop.expected.figures import whole_number
from katas.shop.expected.reviews import Version

__all__ = ["rating_problem"]

ROUNDED = 0.0501  # to one decimal, by any rule of rounding


def rating_problem(
    count: str | None,
    rating: str | None,
    seeded: tuple[int, int],
    about: Sequence[tuple[Version | None, ...]],
) -> str | None:
    """What should stand there instead; None if count and rating are each right for some state.

    `seeded` is (count, sum of stars); `about` holds, for each review of the burst, what a reader
    may have seen of it. Count and rating may come from two queries, each with a moment of its own.
    """
    states = [[v.stars for v in combo if v] for combo in itertools.product(*about)]
    allowed = [(seeded[0] + len(stars), seeded[1] + sum(stars)) for stars in states]
    if any(_says(count, n) for n, _ in allowed) and any(_rates(rating, state) for state in allowed):
        return None
    now, stars = allowed[-1]
    return f"{now} reviews, rating {stars / now:.1f}" if now else "no review and no rating"


def _says(count: str | None, expected: int) -> bool:
    return (0 if count is None else whole_number(count)) == expected


def _rates(rating: str | None, allowed: tuple[int, int]) -> bool:
    count, stars = allowed
    if count == 0 or rating is None:
        return count == 0 and rating is None
    try:
        return abs(float(rating) - stars / count) <= ROUNDED
    except ValueError:
        return False
