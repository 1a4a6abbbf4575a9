"""A shop in memory that is searched right, or in one of the wrong ways that people come up with."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg

from dojo.kata.burst import Burst
from dojo.kata.contract import Evidence, Finding, Site
from dojo.kata.exposition import Exposition
from dojo.load.plan import Plan
from katas.shop.checks.contract_searches import contract_checks
from katas.shop.expected.new_products import NewProduct
from katas.shop.expected.result_pages import PAGE_SIZE
from katas.shop.expected.seeded import SeededSearch
from katas.shop.scenarios.searches import ContractSearches, Searches
from katas.shop.scenarios.seeded_words import SeededWords
from katas.shop.scenarios.sellers import put_in
from seed.answers import ProductFacts
from seed.search import words_of
from tests.support.pages import line, results_page
from tests.support.shop_shelf import small_shop

__all__ = [
    *("CHECKS", "INDEX", "IN_NEW_PRODUCTS", "SHELF", "Engine", "SmallSearches"),
    *("drawn_searches", "failed_checks", "findings", "findings_of", "without_accents"),
]

CHECKS = tuple(check.name for check in contract_checks(Searches()))
SELLERS, NEW = 1, 30  # sellers of the seed, new products
SHELF, INDEX = small_shop(SELLERS)
IN_NEW_PRODUCTS = ("mirror", "glossy", "quartz", "padded", "kite")


@dataclass(frozen=True)
class Engine:
    """How a shop searches; as it stands, right.

    `text_words` gives the words of a product's text and `query_words` those of a query, or None if
    it is refused; `holds(words of a text, words of a query)` says whether it is a match.
    """

    text_words: Callable[[str], Sequence[str]] = words_of
    query_words: Callable[[str], Sequence[str] | None] = words_of
    holds: Callable[[frozenset[str], Sequence[str]], bool] = lambda text, words: set(words) <= text
    total: Callable[[int], str] = str
    last_page: int = 10_000

    def answer(self, request: httpx.Request, products: Sequence[ProductFacts]) -> httpx.Response:
        """A page of results, or a 422."""
        parameters = parse_qs(urlsplit(str(request.url)).query, keep_blank_values=True)
        text, page = parameters.get("q", [""])[0], parameters.get("page", ["1"])[0]
        words = self.query_words(text)
        in_range = re.fullmatch("[0-9]+", page) and 1 <= int(page) <= 10_000
        if words is None or not in_range or len(text) > 200:
            return httpx.Response(422)
        matches = self._matches(products, words) if words else []
        start = (int(page) - 1) * PAGE_SIZE
        shown = matches[start : start + PAGE_SIZE] if int(page) <= self.last_page else []
        body = results_page(None, [_line(facts) for facts in shown])
        return httpx.Response(
            200, content=f'<b id="total">{self.total(len(matches))}</b>'.encode() + body
        )

    def _matches(
        self, products: Sequence[ProductFacts], words: Sequence[str]
    ) -> list[ProductFacts]:
        found = []
        for facts in products:
            named, held = _words_of(self.text_words, facts)
            if self.holds(held, words):
                found.append((not self.holds(named, words), facts.price, facts.id, facts))
        return [facts for *_, facts in sorted(found, key=lambda rank: rank[:3])]


@cache
def _words_of(
    text_words: Callable[[str], Sequence[str]], facts: ProductFacts
) -> tuple[frozenset[str], frozenset[str]]:
    named = frozenset(text_words(facts.name))
    return named, named | frozenset(text_words(facts.description))


@cache
def _line(facts: ProductFacts) -> str:
    values = {
        "name": facts.name,
        "description": facts.description.replace("&", "&amp;").replace("<", "&lt;"),
        "color": facts.color,
        "seller": facts.seller_name,
        "price": str(facts.price),
    }
    known = SHELF.product(facts.id) if facts.id <= len(INDEX.prices) else None
    if known is not None and known.review_count:
        values["ratingValue"] = f"{known.stars / known.review_count:.1f}"
        values["reviewCount"] = str(known.review_count)
    return line(facts.id, values)


class _Database:
    """Takes new products, as Postgres would."""

    def __init__(self) -> None:
        self._last_id = len(INDEX.prices)

    def transaction(self) -> "_Database":
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...

    def execute(self, *_: object) -> "_Database":
        self._last_id += 1
        return self

    def fetchone(self) -> tuple[int]:
        return (self._last_id,)


class SmallSearches(Searches):
    """Of a shop that is too small for the kata's own choice of words."""

    def __init__(self, seeded: SeededSearch, db: "psycopg.Connection[Any]", rng: Random) -> None:
        super().__init__(seeded)
        seller_name = seeded.shelf.seller_name
        self.new = self._new = put_in(db, rng, IN_NEW_PRODUCTS, NEW, seller_name, SELLERS)
        words = SeededWords.of(seeded.index, IN_NEW_PRODUCTS)
        self.of_contract = ContractSearches.draw(words, seeded.shelf, self.new, rng)


def _drawn(seed: int) -> SmallSearches:
    database = cast("psycopg.Connection[Any]", _Database())
    return SmallSearches(SeededSearch(INDEX, SHELF), database, Random(seed))


def drawn_searches(seed: int) -> tuple[ContractSearches, SeededWords, list[NewProduct]]:
    """What a run of that seed searches for, the words of the seed, and what is new."""
    searches = _drawn(seed)
    return searches.of_contract, SeededWords.of(INDEX, IN_NEW_PRODUCTS), searches.new


def findings(engine: Engine, seed: int) -> dict[str, Finding]:
    """What each check of the contract's searches says, in a run of that seed."""
    searches = _drawn(seed)
    seeded = [SHELF.product(product).facts for product in range(1, len(INDEX.prices) + 1)]
    products = [*seeded, *(product.facts for product in searches.new)]
    transport = httpx.MockTransport(lambda request: engine.answer(request, products))
    with httpx.Client(transport=transport, base_url="http://shop") as http:
        return findings_of(searches, http)


def findings_of(searches: Searches, http: httpx.Client) -> dict[str, Finding]:
    """What each of those checks says of the site that `http` reaches, without any load."""
    site = cast(Site, type("Site", (), {"http": http}))
    nothing = Exposition(())
    burst = Burst("search", Plan(1, 12, ()), (), 5.0, nothing, nothing)
    evidence = Evidence(burst, {}, site, {})
    results = {check.name: check.run(evidence) for check in contract_checks(searches)}
    return {name: result for name, result in results.items() if result is not None}


def failed_checks(engine: Engine, seed: int) -> list[str]:
    """Which of them fail."""
    return [name for name, finding in findings(engine, seed).items() if not finding.passed]


def without_accents(text: str) -> str:
    """The text as an unaccenting search takes it."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(char for char in parts if unicodedata.category(char) != "Mn")
