"""What the home page must show, and whether a page that came shows it.

Expected values come from the dataset's generator and the burst's own acknowledged writes, never
from the app and never from SQL.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dojo import Burst, Item, Journey, Sample, Write, Wrong, read_items, versions
from katas.shop.expected.changing_facts import ChangingFacts
from katas.shop.expected.moment import Moment
from katas.shop.expected.new_products import NewProduct, products_behind_the_back
from katas.shop.expected.offers import Offers
from katas.shop.expected.reviews import BurstReview, Version, reviews_of, version_of
from katas.shop.scenarios.behind_the_back import Fact, NewPurchases, Purchase
from katas.shop.scenarios.regulars import Regular
from katas.shop.scenarios.shop_window import ShopWindow
from seed.answers import Catalog, ProductFacts, ReviewFacts

__all__ = ["HomePage", "home_page"]

LATEST = 10
Key = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class _Base:
    """A product as the seed left it."""

    facts: ProductFacts
    count: int
    stars: int
    latest: Version
    latest_key: Key


class HomePage:
    """Judges home pages. `window` holds product ids in the order of their places at the start."""

    def __init__(
        self,
        catalog: Catalog,
        window: Sequence[int],
        reviews: Sequence[BurstReview],
        changing: ChangingFacts | None = None,
        added: Sequence[tuple[NewProduct, int]] = (),
        bought: Sequence[tuple[Purchase, Write]] = (),
    ) -> None:
        self._catalog, self._window = catalog, tuple(window)
        self._bought = tuple(bought)
        self._changing, self._added = changing or ChangingFacts(), tuple(added)
        self._offers: dict[tuple[int, ...], Offers] = {}
        self._authors: dict[int, int] = {}  # of reviews of the seed: by the review's id
        self._reviews = tuple(reviews)
        self._bases: dict[int, _Base] = {}
        self._seeded_latest = tuple(map(self._seeded, catalog.latest_reviews(LATEST)))
        self._pages: dict[bytes, list[Item]] = {}

    def judge_answer(self, sample: Sample, journey: Journey, when: Moment) -> Wrong | None:
        """None if the answer is no page at all: its status says so."""
        return None if sample.cause is not None else self.judge(sample.body, when, journey.expect)

    def judge(self, html: bytes, when: Moment, visitor: Regular | None = None) -> Wrong | None:
        """None if the page is right for some moment that it may show.

        `visitor`: who is logged in; None for a stranger.
        """
        page = self._pages.get(html)
        if page is None:
            page = self._pages.setdefault(html, read_items(html))
        problem = self._problem(page, when, visitor)
        if problem is None:
            return None
        stale = self._problem(page, when.of_any_age, visitor) is None
        return Wrong(problem.expected, problem.came, stale)

    def _problem(self, page: list[Item], when: Moment, visitor: Regular | None) -> Wrong | None:
        cards = [item for item in page if item.section == "shop-window"]
        shown = tuple(item.marks.get("product", "") for item in cards)
        windows = self._changing.windows(self._window, when)
        window = next((each for each in windows if shown == tuple(map(str, each))), None)
        if window is None:
            places = _differing(windows[-1], shown)
            return Wrong(
                f"the {len(self._window)} products of the shop window, in the order of their"
                f" places ({places[0]})",
                f"{len(shown)} products ({places[1]})",
            )
        possible = [
            review.possible(when.sent_s, when.done_s, when.limit_s) for review in self._reviews
        ]
        for product, card in zip(window, cards, strict=True):
            base = self._base(product)
            for name, allowed in self._changing.marks_of(base.facts, when).items():
                if (value := card.values.get(name)) not in allowed:
                    return Wrong(f"{name} {allowed[-1]!r} of product {product}", repr(value))
            about = [
                states for states in possible if any(v and v.product == product for v in states)
            ]
            if problem := self._card_problem(card, base, about, product, when):
                return problem
        latest = [item for item in page if item.section == "latest-reviews"]
        if problem := self._latest_problem(latest, possible, when):
            return problem
        offers = [item for item in page if item.section == "your-sellers"]
        if visitor is None:
            return Wrong("no offers to a stranger", f"{len(offers)}") if offers else None
        problems = [
            self._offers_of(sellers).problem(offers, possible, when)
            for sellers in self._sellers_of(visitor, when)
        ]
        return None if None in problems else problems[-1]

    def _sellers_of(self, visitor: Regular, when: Moment) -> list[tuple[int, ...]]:
        """Of whom a page may know that the visitor has bought; the latest last."""
        bought = [
            (purchase.seller, write)
            for purchase, write in self._bought
            if purchase.customer == visitor.customer
        ]
        writes = [write for _, write in bought]
        fewest, most = versions(writes, when.sent_s, when.done_s, when.limit_s)
        return [
            (visitor.seller, *(seller for seller, _ in bought[:count]))
            for count in range(fewest, most + 1)
        ]

    def _offers_of(self, sellers: tuple[int, ...]) -> Offers:
        known = self._offers.get(sellers)
        if known is None:
            known = Offers(self._catalog, sellers, self._changing, self._added)
            self._offers[sellers] = known
        return known

    def _base(self, product: int) -> _Base:
        known = self._bases.get(product)
        if known is None:
            known = _base(self._catalog, product, self._seeded)
            self._bases[product] = known
        return known

    def _seeded(self, review: ReviewFacts) -> Version:
        """A review of the seed, whose author's name may change."""
        self._authors[review.id] = review.customer_id
        return version_of(review)

    def _is(self, item: Item, version: Version, when: Moment) -> bool:
        """Whether it is that review, by somebody of a name that its author may have."""
        author = self._authors.get(version.id or 0)
        names = (version.author,)
        if author is not None:
            names = self._changing.possible(Fact.AUTHOR, author, version.author, when)
        return (
            item.values.get("reviewBody") == " ".join(version.body.split())
            and item.values.get("author") in names
            and item.values.get("reviewRating") == str(version.stars)
        )

    def _card_problem(
        self,
        card: Item,
        base: _Base,
        about: list[tuple[Version | None, ...]],
        product: int,
        when: Moment,
    ) -> Wrong | None:
        # A page may be put together from several queries, each at its own moment within the limit:
        # so count, rating and latest review are held against the possible states one by one.
        states = [[v for v in combo if v] for combo in itertools.product(*about)]
        agree: tuple[Callable[[list[Version]], bool], ...] = (
            lambda some: _count(card, base, some),
            lambda some: _rated(card, base, some),
            lambda some: self._newest(card, base, some, when),
        )
        if all(any(map(agrees, states)) for agrees in agree):
            return None
        now = [v for states in about if (v := states[-1])]
        count, rating = base.count + len(now), _rating(base, now)
        newest = max(now, key=lambda v: _key(v), default=base.latest)
        return Wrong(
            f"product {product}: {count} reviews, rating {rating:.1f}, the latest by"
            f" {newest.author}: {newest.body[:50]!r}",
            f"{card.values.get('reviewCount')} reviews, rating {card.values.get('ratingValue')},"
            f" the latest: {_quote(card.items.get('review'))}",
        )

    def _newest(self, card: Item, base: _Base, extra: list[Version], when: Moment) -> bool:
        """Whether the card shows the latest of these, or one whose time the shop never named."""
        review = card.items.get("review")
        if review is None:
            return False
        unsure = [v for v in extra if v.written_at is None]
        sure = [v for v in extra if v.written_at is not None]
        newest = max(sure, key=_key, default=base.latest)
        if sure and _key(newest) < base.latest_key:
            newest = base.latest
        return any(self._is(review, version, when) for version in [newest, *unsure])

    def _latest_problem(
        self, listed_items: list[Item], possible: list[tuple[Version | None, ...]], when: Moment
    ) -> Wrong | None:
        """Each listed review may be there, none that must be is missing, newest first."""
        if len(listed_items) != LATEST:
            return Wrong(f"the {LATEST} latest reviews", f"{len(listed_items)} of them")
        options = [(version,) for version in self._seeded_latest] + possible
        listed: list[Key] = []
        authors: set[str] = set()
        bodies: set[str] = set()
        for item in listed_items:
            version = next((v for o in options for v in o if v and self._is(item, v, when)), None)
            if version is None:
                return Wrong("reviews as they were written", f"{_quote(item)}")
            if version.body in bodies and version.author in authors:
                return Wrong("each of the latest reviews once", f"{_quote(item)} twice")
            bodies.add(version.body)
            authors.add(version.author)
            if version.written_at is not None:
                listed.append((version.written_at, version.id or 0))
        if listed != sorted(listed, reverse=True):
            return Wrong("the latest reviews, newest first", "another order")
        for states in options:
            must = [v for v in states if v is not None and v.written_at is not None]
            if len(must) < len(states) or not must or any(v.body in bodies for v in must):
                continue
            key = (must[0].written_at, must[0].id or 0)
            if not listed or key > listed[-1]:
                return Wrong(
                    f"among the latest reviews: {must[0].body[:60]!r} by {must[0].author}",
                    f"older ones instead, the last of {listed[-1][0] if listed else '?'}",
                )
        return None


def home_page(window: ShopWindow, burst: Burst) -> HomePage:
    """Judges the home page with all reviews and changes of the burst so far."""
    return HomePage(
        window.catalog,
        window.products,
        reviews_of(burst),
        ChangingFacts(burst.sql_answers),
        products_behind_the_back(burst.sql_answers),
        [
            (purchase, answer.write)
            for answer in burst.sql_answers
            if isinstance(answer.step.expect, NewPurchases)
            for purchase in answer.step.expect.purchases
        ],
    )


def _count(card: Item, base: _Base, extra: list[Version]) -> bool:
    """Whether the card counts exactly the seeded reviews and these of the burst."""
    return card.values.get("reviewCount") == str(base.count + len(extra))


def _rated(card: Item, base: _Base, extra: list[Version]) -> bool:
    """Whether the card shows the mean of exactly these, to one decimal by any rule of rounding."""
    try:
        rating = float(card.values.get("ratingValue", "nan"))
    except ValueError:
        return False
    return abs(rating - _rating(base, extra)) <= 0.0501


def _rating(base: _Base, extra: list[Version]) -> float:
    return (base.stars + sum(v.stars for v in extra)) / (base.count + len(extra))


def _key(version: Version) -> Key:
    assert version.written_at is not None
    return (version.written_at, version.id or 0)


def _quote(item: Item | None) -> str:
    if item is None:
        return "none"
    return f"{item.values.get('reviewBody', '')[:50]!r} by {item.values.get('author')}"


def _differing(wanted: Sequence[int], shown: Sequence[str]) -> tuple[str, str]:
    """Four products of each, from the first that differs on."""
    pairs = zip(map(str, wanted), shown, strict=False)
    start = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(shown), 20))
    return _some(list(map(str, wanted))[start:]), _some(shown[start:])


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:4]) + (", …" if len(ids) > 4 else "")


def _base(catalog: Catalog, product: int, version: Callable[[ReviewFacts], Version]) -> _Base:
    facts = catalog.product(product)
    reviews = [version(review) for review in catalog.reviews_of(product)]
    latest = max(reviews, key=_key)
    return _Base(
        facts=facts,
        count=len(reviews),
        stars=sum(review.stars for review in reviews),
        latest=latest,
        latest_key=_key(latest),
    )
