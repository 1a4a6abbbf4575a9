"""What a product's page and its list of reviews must show, and whether an answer shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dojo import Item, Wrong, read_items
from katas.shop.expected.figures import whole_number
from katas.shop.expected.moment import Moment
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.result_pages import described_problem
from katas.shop.expected.reviews import BurstReview, Version, by_product, version_of
from seed.shelf import Shelf

__all__ = ["ProductPages"]

Key = tuple[datetime, int]
States = list[tuple[Version | None, ...]]


@dataclass(frozen=True, slots=True)
class _ReviewItem:
    """A review as an answer shows it."""

    author: str
    author_reviews: str
    stars: str
    body: str

    def is_of(self, version: Version, author_reviews: int) -> bool:
        """Whether it is that review, in all its parts."""
        return (
            self.author == version.author
            and whole_number(self.author_reviews) == author_reviews
            and whole_number(self.stars.removesuffix(".0")) == version.stars
            and self.body == " ".join(version.body.split())
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
            products = (item for item in read_items(html) if item.kind == "Product")
            self._pages[html] = next(products, None)
        page = self._pages[html]
        problem = self._page_problem(page, product, when)
        return problem and self._with_age(
            problem, self._page_problem(page, product, when.of_any_age)
        )

    def judge_reviews(self, text: bytes, product: int, when: Moment) -> Wrong | None:
        """None if the list is right for some moment that it may show."""
        try:
            items = [
                _ReviewItem(
                    review["author"],
                    str(review["author_reviews"]),
                    str(review["stars"]),
                    " ".join(review["body"].split()),
                )
                for review in json.loads(text)
                if review["product_id"] == product
            ]
        except (ValueError, TypeError, KeyError, AttributeError):
            return Wrong(f"the reviews of product {product} in JSON", repr(text[:80]))
        problem = self._list_problem(items, product, self._states(product, when))
        if problem is None:
            return None
        ever = self._states(product, when.of_any_age)
        return self._with_age(problem, self._list_problem(items, product, ever))

    @staticmethod
    def _with_age(problem: Wrong, whenever: Wrong | None) -> Wrong:
        return Wrong(problem.expected, problem.came, stale=whenever is None)

    def _states(self, product: int, when: Moment) -> States:
        about = self._reviews.get(product, ())
        return [each.possible(when.sent_s, when.done_s, when.limit_s) for each in about]

    def _page_problem(self, page: Item | None, product: int, when: Moment) -> Wrong | None:
        known = self._shelf.product(product)
        if page is None:
            return Wrong(f"the page of product {product}", "none")
        if problem := described_problem(page.values, known.facts):
            return problem
        if (sku := page.values.get("sku")) != known.facts.sku:
            return Wrong(f"sku {known.facts.sku!r} of product {product}", repr(sku))
        states = self._states(product, when)
        count, rating = page.values.get("reviewCount"), page.values.get("ratingValue")
        seeded = (known.review_count, known.stars)
        if rated := rating_problem(count, rating, seeded, states):
            return Wrong(f"product {product} with {rated}", f"{count} reviews, rating {rating}")
        items = [
            _ReviewItem(*(part.values.get(name, "") for name in REVIEW_MARKS))
            for part in page.parts
            if part.kind == "Review"
        ]
        return self._list_problem(items, product, states)

    def _list_problem(
        self, items: Sequence[_ReviewItem], product: int, states: States
    ) -> Wrong | None:
        """All the seeded reviews, those of the burst that must or may be there, latest first."""
        seeded = [
            (version_of(review.facts), review.author_reviews)
            for review in self._shelf.reviews_of(product)
        ]
        options: list[tuple[tuple[Version | None, ...], int]]
        options = [((version,), written) for version, written in seeded]
        options += [(versions, 1) for versions in states]  # who buys in the burst is a new customer
        places: list[Key] = []
        matched: set[int] = set()
        for item in items:
            match = next(
                (
                    (place, version)
                    for place, (versions, written) in enumerate(options)
                    if place not in matched
                    for version in versions
                    if version is not None and item.is_of(version, written)
                ),
                None,
            )
            if match is None:
                return Wrong(
                    f"the reviews of product {product} as they were written",
                    f"{item.body[:50]!r} by {item.author} with {item.stars} stars",
                )
            place, version = match
            matched.add(place)
            if version.written_at is not None:
                places.append((version.written_at, version.id or 0))
        if places != sorted(places, reverse=True):
            return Wrong(f"the reviews of product {product}, the latest first", "another order")
        missing = [
            versions
            for place, (versions, _) in enumerate(options)
            if place not in matched and None not in versions
        ]
        if missing:
            first = missing[0][0]
            assert first is not None
            return Wrong(
                f"all reviews of product {product}, also {first.body[:50]!r} by {first.author}",
                f"{len(items)} reviews without it",
            )
        return None


REVIEW_MARKS = ("author", "authorReviews", "reviewRating", "reviewBody")
