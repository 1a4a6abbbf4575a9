"""Holds every answer of a burst of shoppers against what it must be."""

from collections.abc import Sequence

from dojo import Burst, Wrong
from katas.shop.home_page import Moment
from katas.shop.product_pages import ProductPages
from katas.shop.result_pages import Query, ResultPages

__all__ = ["SearchAnswers"]


class SearchAnswers:
    """A journey's `expect` holds for each step a Query, or the id of a product."""

    def __init__(self, results: ResultPages, products: ProductPages) -> None:
        self._results, self._products = results, products

    def judge(self, step: str, asked: Query | int, body: bytes, when: Moment) -> Wrong | None:
        """None if the answer is right."""
        if isinstance(asked, Query):
            return self._results.judge(body, asked, when)
        if step == "reviews":
            return self._products.judge_reviews(body, asked, when)
        return self._products.judge_page(body, asked, when)

    def wrong(self, burst: Burst, journeys: Sequence[str]) -> dict[tuple[int, int], Wrong]:
        """The (journey, step) of each answer of those journeys that is not right."""
        found = {}
        for sample in burst.samples:
            journey = burst.plan.journeys[sample.journey]
            if journey.name not in journeys or sample.cause is not None:
                continue
            asked = journey.expect[sample.step]
            if asked is None or sample.sent_s is None or sample.done_s is None:
                continue
            when = Moment(sample.sent_s, sample.done_s, burst.staleness_s)
            step = journey.steps[sample.step].name
            if wrong := self.judge(step, asked, sample.body, when):
                found[sample.journey, sample.step] = wrong
        return found
