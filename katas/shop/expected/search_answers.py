"""What searches, product pages and lists of reviews must show while the shop changes."""

from collections.abc import Sequence

from dojo import Burst, Journey, Sample, Wrong
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.moment import Moment
from katas.shop.expected.new_products import (
    NewProduct,
    added_products,
    products_behind_the_back,
)
from katas.shop.expected.product_pages import ProductPages
from katas.shop.expected.result_pages import Query, ResultPages
from katas.shop.expected.reviews import reviews_of
from katas.shop.expected.seeded import SeededSearch

__all__ = ["SearchAnswers"]


class SearchAnswers:
    """A journey's `expect` holds for each step a Query, the id of a product, or None.

    None stands for what must be refused, which is not judged here.
    """

    def __init__(self, results: ResultPages, products: ProductPages) -> None:
        self._results, self._products = results, products

    @classmethod
    def of(cls, seeded: SeededSearch, new: Sequence[NewProduct], burst: Burst) -> "SearchAnswers":
        """With `new` products that were there before the app, and all writes of the burst."""
        reviews = reviews_of(burst)
        changing = ChangingFacts(burst.sql_answers)
        behind = products_behind_the_back(burst.sql_answers, seeded.shelf.seller_name)
        every = [
            *new,
            *added_products(burst, seeded.shelf.seller_name),
            *(product for product, _ in behind),
        ]
        return cls(
            ResultPages(seeded.index, seeded.shelf, every, reviews, changing),
            ProductPages(seeded.shelf, reviews, changing),
        )

    def judge_answer(self, sample: Sample, journey: Journey, when: Moment) -> Wrong | None:
        """None if the answer is no page at all: its status says so."""
        wanted = journey.expect[sample.step]
        if wanted is None or sample.cause is not None:
            return None
        return self.judge(journey.steps[sample.step].name, wanted, sample.body, when)

    def judge(self, step: str, wanted: Query | int, body: bytes, when: Moment) -> Wrong | None:
        """None if the answer is right."""
        if isinstance(wanted, Query):
            return self._results.judge(body, wanted, when)
        if step == "reviews":
            return self._products.judge_reviews(body, wanted, when)
        return self._products.judge_page(body, wanted, when)
