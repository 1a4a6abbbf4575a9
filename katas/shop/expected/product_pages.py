"""What a product's page and its list of reviews must show, and whether an answer shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dojo import Item, Wrong, read_items
from katas.shop.expected.moment import Moment
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.result_pages import described
from katas.shop.expected.reviews import BurstReview, Version, by_product, version_of
from seed.shelf import Shelf

__all__ = ["ProductPages"]

Key = tuple[datetime, int]
States = list[tuple[Version | None, ...]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A review as an answer shows it."""

    author: str
    author_reviews: str
    stars: str
    body: str

    def is_of(self, version: Version, author_reviews: int) -> bool:
        """Whether it is that review, in all its parts."""
        return self == _Shown(
            version.author, str(author_reviews), str(version.stars), " ".join(version.body.split())
        )


class ProductPages:
    """Judges pages of seeded products, and the JSON of their reviews."""

    def __init__(self, shelf: Shelf, reviews: Sequence[BurstReview]) -> None:
        self._shelf = shelf
        self._reviews = by_product(reviews)
        self._pages: dict[bytes, Item | None] = {}

    def judge_page(self, html: bytes, product: int, when: Moment) -> Wrong | None:
        """None if the page is right for some moment that it may show."""
        if html not in self._pages:
            found = (item for item in read_items(html) if item.kind == "Product")
            self._pages[html] = next(found, None)
        page = self._pages[html]
        problem = self._page_problem(page, product, when)
        return problem and self._told(problem, self._page_problem(page, product, when.of_any_age))

    def judge_reviews(self, text: bytes, product: int, when: Moment) -> Wrong | None:
        """None if the list is right for some moment that it may show."""
        try:
            shown = [
                _Shown(
                    one["author"],
                    str(one["author_reviews"]),
                    str(one["stars"]),
                    " ".join(one["body"].split()),
                )
                for one in json.loads(text)
                if one["product_id"] == product
            ]
        except (ValueError, TypeError, KeyError, AttributeError):
            return Wrong(f"the reviews of product {product} in JSON", repr(text[:80]))
        problem = self._list_problem(shown, product, self._states(product, when))
        if problem is None:
            return None
        ever = self._states(product, when.of_any_age)
        return self._told(problem, self._list_problem(shown, product, ever))

    @staticmethod
    def _told(problem: Wrong, whenever: Wrong | None) -> Wrong:
        return Wrong(problem.expected, problem.came, stale=whenever is None)

    def _states(self, product: int, when: Moment) -> States:
        about = self._reviews.get(product, ())
        return [one.possible(when.sent_s, when.done_s, when.limit_s) for one in about]

    def _page_problem(self, page: Item | None, product: int, when: Moment) -> Wrong | None:
        known = self._shelf.product(product)
        if page is None:
            return Wrong(f"the page of product {product}", "none")
        for name, value in (described(known.facts) | {"sku": known.facts.sku}).items():
            if page.values.get(name) != value:
                return Wrong(f"{name} {value!r} of product {product}", repr(page.values.get(name)))
        states = self._states(product, when)
        count, rating = page.values.get("reviewCount"), page.values.get("ratingValue")
        seeded = (known.review_count, known.stars)
        if told := rating_problem(count, rating, seeded, states):
            return Wrong(f"product {product} with {told}", f"{count} reviews, rating {rating}")
        shown = [
            _Shown(*(one.values.get(name, "") for name in SAID))
            for one in page.parts
            if one.kind == "Review"
        ]
        return self._list_problem(shown, product, states)

    def _list_problem(self, shown: Sequence[_Shown], product: int, states: States) -> Wrong | None:
        """All the seeded reviews, those of the burst that must or may be there, latest first."""
        seeded = [
            (version_of(one.facts), one.author_reviews) for one in self._shelf.reviews_of(product)
        ]
        options: list[tuple[tuple[Version | None, ...], int]]
        options = [((version,), written) for version, written in seeded]
        options += [(seen, 1) for seen in states]  # whoever buys in the burst is new to the shop
        places: list[Key] = []
        met: set[int] = set()
        for one in shown:
            found = next(
                (
                    (place, version)
                    for place, (seen, written) in enumerate(options)
                    if place not in met
                    for version in seen
                    if version is not None and one.is_of(version, written)
                ),
                None,
            )
            if found is None:
                return Wrong(
                    f"the reviews of product {product} as they were written",
                    f"{one.body[:50]!r} by {one.author} with {one.stars} stars",
                )
            met.add(found[0])
            if found[1].written_at is not None:
                places.append((found[1].written_at, found[1].id or 0))
        if places != sorted(places, reverse=True):
            return Wrong(f"the reviews of product {product}, the latest first", "another order")
        missing = [
            seen for place, (seen, _) in enumerate(options) if place not in met and None not in seen
        ]
        if missing:
            first = missing[0][0]
            assert first is not None
            return Wrong(
                f"all reviews of product {product}, also {first.body[:50]!r} by {first.author}",
                f"{len(shown)} reviews without it",
            )
        return None


SAID = ("author", "authorReviews", "reviewRating", "reviewBody")
