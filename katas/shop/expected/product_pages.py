"""What a product's page and its list of reviews must show, and whether an answer shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dojo import Item, Wrong, read_items
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.figures import whole_number
from katas.shop.expected.moment import Moment
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.result_pages import described_problem
from katas.shop.expected.reviews import BurstReview, Version, by_product, version_of
from katas.shop.scenarios.behind_the_back import Fact
from katas.shop.scenarios.seller_numbers import seller_of_customer
from seed.seller import make_seller
from seed.shelf import Shelf

__all__ = ["ProductPages"]

Key = tuple[datetime, int]
States = list[tuple[Version | None, ...]]


@dataclass(frozen=True, slots=True)
class _Option:
    """A review that may be listed: its possible versions, its author's possible names and counts.

    A version of None: it may be absent.
    """

    versions: tuple[Version | None, ...]
    authors: tuple[str, ...]
    author_reviews: range


@dataclass(frozen=True, slots=True)
class _ReviewItem:
    """A review as an answer shows it."""

    author: str
    author_reviews: str
    stars: str
    body: str

    def is_of(self, version: Version, authors: Sequence[str], author_reviews: range) -> bool:
        """Whether it is that review, in all its parts, by somebody of one of these names."""
        return (
            self.author in authors
            and whole_number(self.author_reviews) in author_reviews
            and whole_number(self.stars.removesuffix(".0")) == version.stars
            and self.body == " ".join(version.body.split())
        )


class ProductPages:
    """Judges pages of seeded products, and the JSON of their reviews."""

    def __init__(
        self,
        shelf: Shelf,
        reviews: Sequence[BurstReview],
        changing: ChangingFacts | None = None,
    ) -> None:
        self._shelf = shelf
        self._changing = changing or ChangingFacts()
        self._reviews = by_product(reviews)
        self._by_customer: dict[str | int, list[BurstReview]] = {}
        for review in reviews:
            self._by_customer.setdefault(review.customer, []).append(review)
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
        problem = self._list_problem(items, product, when)
        if problem is None:
            return None
        return self._with_age(problem, self._list_problem(items, product, when.of_any_age))

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
        if problem := described_problem(page.values, known.facts, self._changing, when):
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
        return self._list_problem(items, product, when)

    def _options(self, product: int, when: Moment) -> list[_Option]:
        """Each review that may be there: as what, and how many its author has written in all."""
        options: list[_Option] = []
        for seeded in self._shelf.reviews_of(product):
            facts = seeded.facts
            authors = self._changing.possible(Fact.AUTHOR, facts.customer_id, facts.author, when)
            written = self._written(facts.customer_id, seeded.author_reviews, when)
            options.append(_Option((version_of(facts),), authors, written))
        for review in self._reviews.get(product, ()):
            possible = review.possible(when.sent_s, when.done_s, when.limit_s)
            written = self._written(review.customer, _earlier(review.customer), when)
            author = next(version.author for version in review.versions if version)
            options.append(_Option(possible, (author,), written))
        return options

    def _written(self, customer: str | int, earlier: int, when: Moment) -> range:
        """How many reviews a customer may be said to have written.

        Counted in another moment than the one in which the reviews were read.
        """
        fewest = most = earlier
        for review in self._by_customer.get(customer, ()):
            possible = review.possible(when.sent_s, when.done_s, when.limit_s)
            fewest += None not in possible
            most += any(version is not None for version in possible)
        return range(fewest, most + 1)

    def _list_problem(
        self, items: Sequence[_ReviewItem], product: int, when: Moment
    ) -> Wrong | None:
        """All the seeded reviews, those of the burst that must or may be there, latest first."""
        options = self._options(product, when)
        places: list[Key] = []
        matched: set[int] = set()
        for item in items:
            match = next(
                (
                    (place, version)
                    for place, option in enumerate(options)
                    if place not in matched
                    for version in option.versions
                    if version is not None
                    and item.is_of(version, option.authors, option.author_reviews)
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
            option.versions
            for place, option in enumerate(options)
            if place not in matched and None not in option.versions
        ]
        if missing:
            first = missing[0][0]
            assert first is not None
            return Wrong(
                f"all reviews of product {product}, also {first.body[:50]!r} by {first.author}",
                f"{len(items)} reviews without it",
            )
        return None


@lru_cache(None)
def _earlier(customer: str | int) -> int:
    """How many reviews a customer wrote before the burst; who has no id yet wrote none."""
    if not isinstance(customer, int):
        return 0
    reviews = make_seller(seller_of_customer(customer)).reviews
    return sum(review.customer_id == customer for review in reviews)


REVIEW_MARKS = ("author", "authorReviews", "reviewRating", "reviewBody")
