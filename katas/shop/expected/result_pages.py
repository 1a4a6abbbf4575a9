"""What a page of search results must show, and whether a page that came shows it.

Expected values come from the dataset's generator and what was written to the shop since, never from
the app and never from SQL.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category
from urllib.parse import quote

from dojo import Item, Wrong, read_items, text_of, versions
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.figures import amount, whole_number
from katas.shop.expected.moment import Moment
from katas.shop.expected.new_products import NewProduct, rank_of
from katas.shop.expected.ratings import rating_problem
from katas.shop.expected.reviews import BurstReview, by_product
from katas.shop.scenarios.behind_the_back import Fact
from seed.answers import ProductFacts
from seed.search import Rank, SearchIndex, words_of
from seed.shelf import Shelf

__all__ = [
    *("LONGEST_QUERY", "MOST_PAGES", "PAGE_SIZE", "Query", "ResultPages", "described_problem"),
]

PAGE_SIZE = 20
MOST_PAGES = 10_000  # that may be asked for
LONGEST_QUERY = 200  # characters
PAGES = 2  # that anybody looks at
OF_RANK = (Fact.PRICE, Fact.NAME, Fact.DESCRIPTION)  # what decides on a product's place
MOST_OPEN = 10  # products whose being there is open at one moment; more are left undecided


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody searched for, and which page of it they see."""

    text: str
    page: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        """The words that must all be there, each once."""
        return tuple(dict.fromkeys(words_of(self.text)))

    @property
    def path(self) -> str:
        """The address of the page."""
        page = f"&page={self.page}" if self.page > 1 else ""
        return f"/search?q={quote(self.text, safe='')}{page}"

    @property
    def may_be_refused(self) -> bool:
        """Whether a 4xx is right as well: not for letters and digits of any script and blanks."""
        return not all(
            char == " " or category(char)[0] == "L" or category(char) == "Nd" for char in self.text
        )


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it came."""

    total: str | None
    items: list[Item]


class ResultPages:
    """Judges pages of results. `new` are the products that the seed doesn't know."""

    def __init__(
        self,
        index: SearchIndex,
        shelf: Shelf,
        new: Sequence[NewProduct],
        reviews: Sequence[BurstReview] = (),
        changing: ChangingFacts | None = None,
    ) -> None:
        self._shelf = shelf
        self._changing = changing or ChangingFacts()
        self._changed = frozenset(
            product for fact in OF_RANK for product in self._changing.changed(fact)
        )
        self._top = lru_cache(None)(lambda words, most=PAGES * PAGE_SIZE: index.top(words, most))
        self._new_of = lru_cache(None)(
            lambda words: [
                (place, product) for product in new if words and (place := product.rank(words))
            ]
        )
        self._reviews = by_product(reviews)
        self._by_name = {product.facts.name: product for product in new}
        self._pages: dict[bytes, _Page] = {}

    def seeded(self, words: Sequence[str]) -> tuple[int, list[int]]:
        """How many products of the seed a query finds, and the ids of the first pages of them."""
        total, ranks = self._top(tuple(words))
        return total, [product for *_, product in ranks]

    def judge(self, html: bytes, query: Query, when: Moment) -> Wrong | None:
        """None if the page is right for some moment that it may show."""
        page = self._pages.get(html)
        if page is None:
            items = [item for item in read_items(html) if item.section == "results"]
            page = self._pages.setdefault(html, _Page(text_of(html, "#total"), items))
        problem = self._problem(page, query, when)
        if problem is None:
            return None
        stale = self._problem(page, query, when.of_any_age) is None
        return Wrong(problem.expected, problem.came, stale)

    def _problem(self, page: _Page, query: Query, when: Moment) -> Wrong | None:
        words = query.words
        total, _ = self._top(words)
        must: list[Rank] = []
        may: list[Rank] = []
        either: list[tuple[Rank, ...]] = []
        for product_id in self._changed if words else ():
            total -= self._seeded_rank(words, product_id) is not None
            ranks = self._possible_ranks(words, product_id, when)
            known = tuple(each for each in ranks if each is not None)
            if len(known) < len(ranks):
                may += known  # of several one at most, which the page itself tells
            elif len(known) == 1:
                must += known
            else:
                either.append(known)
        for place, product in self._new_of(words):
            if product.write is None:  # it was there before the app was
                must.append(place)
                continue
            fewest, most = versions([product.write], when.sent_s, when.done_s, when.limit_s)
            if fewest:
                must.append(place)
            elif most:
                may.append(place)
        fewest_total = total + len(must) + len(either)
        most_total = fewest_total + len(may)
        number = whole_number(page.total)
        if page.total is None and not words and not page.items:
            return None  # nothing was looked for
        if number is None or not fewest_total <= number <= most_total:
            results = "1 result" if fewest_total == 1 else f"{fewest_total:,} results"
            return Wrong(f"{results} for {query.text!r}", _total_of(page))
        problems = [
            self._order_problem(page, query, total, [*must, *chosen], may)
            for chosen in itertools.product(*either)
        ]
        if None not in problems:
            return problems[-1]
        for item in page.items:
            if problem := self._facts_problem(item, when):
                return problem
        return None

    def _order_problem(
        self, page: _Page, query: Query, total: int, must: list[Rank], may: list[Rank]
    ) -> Wrong | None:
        """Some choice of the products that may be there must give just this page."""
        offset = (query.page - 1) * PAGE_SIZE
        # new products move those of the seed back, each by one place
        first = max(0, offset - len(must) - len(may))
        start = offset - first
        most = (PAGES * PAGE_SIZE if query.page <= PAGES else total) + len(self._changed)
        ranks = [
            place for place in self._top(query.words, most)[1] if place[-1] not in self._changed
        ][first:]
        shown = [self._id_of(item) for item in page.items]
        there = [place for place in may if place[-1] in shown]
        absent = [place for place in may if place not in there] if offset else []
        if len(absent) > MOST_OPEN and set(shown) <= {place[-1] for place in ranks + must + may}:
            return None
        open_ones = absent[:MOST_OPEN]
        for count in range(len(open_ones) + 1):
            for chosen in itertools.combinations(open_ones, count):
                all_ranks = sorted([*ranks, *must, *there, *chosen])
                if [place[-1] for place in all_ranks[start : start + PAGE_SIZE]] == shown:
                    return None
        wanted = [place[-1] for place in sorted([*ranks, *must, *there])[start : start + PAGE_SIZE]]
        return Wrong(
            f"page {query.page} of {query.text!r} with {len(wanted)} products in the stated order"
            f" ({_some(wanted)})",
            f"{len(shown)} ({_some(shown)})",
        )

    def _seeded_rank(self, words: Sequence[str], product: int) -> Rank | None:
        facts = self._shelf.product(product).facts
        return rank_of(words, facts.name, facts.description, facts.price, product)

    def _possible_ranks(
        self, words: Sequence[str], product: int, when: Moment
    ) -> tuple[Rank | None, ...]:
        """The places that a product of the seed may have among the matches; None: it is none."""
        facts = self._shelf.product(product).facts
        names = self._changing.possible(Fact.NAME, product, facts.name, when)
        prices = self._changing.possible(Fact.PRICE, product, facts.price, when)
        texts = self._changing.possible(Fact.DESCRIPTION, product, facts.description, when)
        return tuple(
            dict.fromkeys(
                rank_of(words, name, text, price, product)
                for name, text, price in itertools.product(names, texts, prices)
            )
        )

    def _id_of(self, item: Item) -> int:
        text = item.marks.get("product", "")
        new = self._by_name.get(item.values.get("name", ""))
        if new is not None and new.write is not None and new.write.done_s is None:
            # the shop never named its id
            return new.facts.id
        return int(text) if text.isascii() and text.isdigit() else -1

    def _facts_problem(self, item: Item, when: Moment) -> Wrong | None:
        new = self._by_name.get(item.values.get("name", ""))
        product = self._id_of(item)
        if new is not None:
            facts, seeded = new.facts, (0, 0)
        else:
            known = self._shelf.product(product)
            facts, seeded = known.facts, (known.review_count, known.stars)
        if problem := described_problem(item.values, facts, self._changing, when):
            return problem
        about = [
            review.possible(when.sent_s, when.done_s, when.limit_s)
            for review in self._reviews.get(product, ())
        ]
        count, rating = item.values.get("reviewCount"), item.values.get("ratingValue")
        if rated := rating_problem(count, rating, seeded, about):
            return Wrong(f"product {product} with {rated}", f"{count} reviews, rating {rating}")
        return None


def described_problem(
    values: Mapping[str, str], facts: ProductFacts, changing: ChangingFacts, when: Moment
) -> Wrong | None:
    """None if a page's marks say of a product what its seller says, or said not too long ago."""
    marks = {
        "name": changing.possible(Fact.NAME, facts.id, facts.name, when),
        "description": changing.possible(Fact.DESCRIPTION, facts.id, facts.description, when),
        "color": changing.possible(Fact.COLOR, facts.id, facts.color, when),
        "seller": changing.seller_names(facts.seller_name, when),
    }
    for name, allowed in marks.items():
        if (value := values.get(name)) not in allowed:
            return Wrong(f"{name} {allowed[-1]!r} of product {facts.id}", repr(value))
    prices = changing.possible(Fact.PRICE, facts.id, facts.price, when)
    if amount(values.get("price")) not in prices:
        return Wrong(f"price {prices[-1]} of product {facts.id}", repr(values.get("price")))
    return None


def _total_of(page: _Page) -> str:
    return "no total" if page.total is None else f"{page.total!r} as the total"


def _some(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids[:4])) + (", …" if len(ids) > 4 else "")
