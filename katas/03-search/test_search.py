"""Kata 03: the search journey takes too long. Read README.md beside this file, then edit app/."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from dojo import Burst, CheckResult, Flow, Judged, ServiceTime, Site, Workshop, Wrong, seed_intact
from katas.shop import search_checks, tour
from katas.shop.orders import order_journey, reviews_of
from katas.shop.product_pages import ProductPages
from katas.shop.result_pages import Query, ResultPages
from katas.shop.search_answers import SearchAnswers
from katas.shop.shoppers import Choice, Shoppers, odd_journey, part_journey, search_path
from katas.shop.stock import NewProduct, added_products, put_in, stock_journey
from seed.answers import Catalog
from seed.search import SearchIndex
from seed.shelf import Shelf

SEARCH, STOCK, ORDERS, ODD, PARTS = "search", "stock", "order", "odd_query", "part_of_word"
FRESH_PRODUCTS = 120  # put in before each run
POPULAR = 8  # products that get reviews during the burst


@dataclass
class SlowSearch:
    """Shoppers search and look around while sellers add products and customers write reviews."""

    index: SearchIndex
    shelf: Shelf
    folder: Path = Path(__file__).parent
    choice: Choice | None = None
    new: list[NewProduct] = field(default_factory=list)
    popular: list[int] = field(default_factory=list)

    def prepare(self, site_db: "psycopg.Connection[tuple[Any, ...]]", rng: Random) -> None:
        """Draw the plan's words, and put in new products that have them."""
        self.choice = Choice.of(self.index, rng)
        words = self.choice.words
        self.new = put_in(site_db, rng, words, FRESH_PRODUCTS, self.shelf.seller_name)

    def warm_up(self) -> str:
        return search_path(Query(" ".join(self.chosen.pairs[0])))

    def begin(self, site: Site) -> None:
        """Nothing: all that is counted has its own count before."""

    def flows(self, rng: Random) -> Sequence[Flow]:
        choice = self.chosen
        shoppers = Shoppers(choice, ResultPages(self.index, self.shelf, self.new), self.shelf)
        self.popular = shoppers.popular(POPULAR)
        return (
            Flow(SEARCH, 40, lambda one: shoppers.journey(SEARCH, one)),
            Flow(STOCK, 1.5, lambda one: stock_journey(STOCK, one, choice.words)),
            Flow(ORDERS, 1, lambda one: order_journey(ORDERS, one, self.popular)),
            Flow(ODD, 3, lambda one: odd_journey(ODD, one, choice)),
            Flow(PARTS, 1, lambda one: part_journey(PARTS, one, choice, self.index)),
        )

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        return self._answers(burst).wrong(burst, (SEARCH, ODD, PARTS))

    def checks(
        self, burst: Burst, wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Sequence[Callable[[], CheckResult]]:
        added = added_products(burst, STOCK, self.shelf.seller_name)
        return (
            *search_checks.of_answers(burst, wrong, SEARCH),
            *search_checks.of_odd_queries(burst, wrong, ODD, PARTS),
            *search_checks.of_metrics(burst),
            lambda: search_checks.products_kept(added, burst, STOCK, site),
            lambda: tour.writes_kept(burst, ORDERS, site),
            lambda: seed_intact(site),
        )

    def checks_after_restart(self, burst: Burst, site: Site) -> Sequence[Callable[[], CheckResult]]:
        added = added_products(burst, STOCK, self.shelf.seller_name)
        answers = self._answers(burst)
        return (
            lambda: search_checks.survives_restart(answers, added, self.popular, site),
            lambda: tour.site_works(Catalog(), self.popular, site),
        )

    @property
    def chosen(self) -> Choice:
        """The words of this plan; `prepare` comes before everything that asks for them."""
        assert self.choice is not None
        return self.choice

    def _answers(self, burst: Burst) -> SearchAnswers:
        reviews = reviews_of(burst, ORDERS)
        new = [*self.new, *added_products(burst, STOCK, self.shelf.seller_name)]
        return SearchAnswers(
            ResultPages(self.index, self.shelf, new, reviews), ProductPages(self.shelf, reviews)
        )


@contextmanager
def open_kata(cache_dir: Path, say: Callable[[str], None]) -> Iterator[SlowSearch]:
    """With the answers that are kept between runs, where the workshop keeps such things."""
    with closing(Shelf.kept(cache_dir, say)) as shelf:
        yield SlowSearch(SearchIndex.kept(cache_dir, shelf.described()), shelf)


@pytest.fixture(scope="module")
def kata(workshop: Workshop) -> Iterator[SlowSearch]:
    with open_kata(workshop.settings.cache_dir, workshop.say) as opened:
        yield opened


def test_service_time(service_time: ServiceTime) -> None:
    """One page of results with nobody else on the site: measured, compared, never graded."""
    service_time.measure()


def test_search_journeys_meet_the_slo(judged: Judged) -> None:
    """95% of journeys within 600 ms and 98% within 1.5 s, and the site still does its job."""
    judged.require_met()
