"""No sentence of kata 03's contract about searches is left to chance.

Which sentence is looked at is never drawn, but only with which words; so a wrong way to search
passes in a run only if words are drawn that don't show it. In DRAWS draws there are none: with 95%
confidence fewer than 3 of DRAWS runs are such (the rule of three), which is 1 in 1,000. The draws
are from the small shop of tests/support, the first seller's 500 products, not from the whole one.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from string import punctuation

import pytest

from katas.shop.expected.result_pages import MOST_PAGES, PAGE_SIZE, Query
from katas.shop.scenarios.deep_pages import deep_pages
from katas.shop.scenarios.seeded_words import SeededWords
from katas.shop.scenarios.several_words import several_words
from katas.shop.scenarios.word_texts import TEXTS
from seed.search import words_of
from tests.support.searchable_shop import (
    CHECKS,
    IN_NEW_PRODUCTS,
    INDEX,
    SHELF,
    Engine,
    drawn_searches,
    failed_checks,
    findings,
    without_accents,
)

DRAWS = 3000


def stem(word: str) -> str:
    """A crude one, as of a text search for English."""
    return re.sub(r"(ing|ed|es|s)$", "", word) or word


def with_addresses_whole(text: str) -> list[str]:
    """As Postgres' parser reads names of hosts and files."""
    return [part for piece in text.lower().split() for part in re.findall(r"[\w./@]*\w", piece)]


def small_ascii(text: str) -> list[str]:
    """A query whose capitals beyond A to Z stay as they are."""
    lower = "".join(char.lower() if char.isascii() else char for char in text)
    return re.findall(r"[^\W_]+", lower)


def starts(text: frozenset[str], words: Sequence[str]) -> bool:
    return all(any(held.startswith(word) for held in text) for word in words)


def stands_within(text: frozenset[str], words: Sequence[str]) -> bool:
    return all(any(word in held for held in text) for word in words)


def refused(pattern: str) -> Callable[[str], list[str] | None]:
    return lambda text: None if re.search(pattern, text) else words_of(text)


def minus_excludes(text: str) -> list[str]:
    return re.findall(r"(?:(?<=\s)-|^-)?[^\W_]+", text.lower())


def without_excluded(text: frozenset[str], words: Sequence[str]) -> bool:
    return all(word[1:] not in text if word[0] == "-" else word in text for word in words)


def either(text: str) -> list[str]:
    return (
        re.sub(r"(?i) or ", "|", text).lower().split("|")
        if " or " in text.lower()
        else words_of(text)
    )


WRONG = {
    "every_page": (
        Engine(last_page=2),
        Engine(last_page=3),
        Engine(total=lambda count: str(min(count, 80))),
    ),
    "every_word": (
        Engine(query_words=lambda text: words_of(text)[:2]),
        Engine(query_words=lambda text: words_of(text)[-3:]),
        Engine(query_words=lambda text: words_of(text)[:8]),
    ),
    "whole_words": (
        Engine(
            lambda text: list(map(stem, words_of(text))),
            lambda text: list(map(stem, words_of(text))),
        ),
        Engine(text_words=with_addresses_whole),
        Engine(text_words=lambda text: re.findall(r"\w+", text.lower())),
        Engine(text_words=lambda text: re.findall(r"[^\W_#]+#?[^\W_#]*", text.lower())),
        Engine(
            lambda text: words_of(without_accents(text)),
            lambda text: words_of(without_accents(text)),
        ),
        Engine(query_words=lambda text: words_of(without_accents(text))),
        Engine(query_words=small_ascii),
        Engine(query_words=lambda text: re.findall("[a-z0-9]+", text.lower())),
        Engine(query_words=refused(r"[^\x00-\x7f¿²🛋\u0308]")),
        Engine(query_words=refused("[\u0600-\uffff]")),
        Engine(
            query_words=lambda text: [w for w in words_of(text) if w not in ("or", "not", "the")]
        ),
    ),
    "odd_queries": (Engine(query_words=minus_excludes, holds=without_excluded),),
}
WRONG_IN_MORE_WAYS = {
    "starts of words": (Engine(holds=starts), {"whole_words", "odd_queries"}),
    "parts of words": (Engine(holds=stands_within), {"whole_words", "odd_queries"}),
    "either word": (
        Engine(holds=lambda text, words: any(word in text for word in words)),
        {"every_page", "every_word", "whole_words", "odd_queries"},
    ),
}


def test_a_right_shop_passes() -> None:
    """And each check says how many searches it rests on."""
    for seed in (1, 2, 3):
        right = findings(Engine(), seed)
        assert [name for name, finding in right.items() if not finding.passed] == []
        assert all(re.search(r"^All \d+ ", finding.detail) for finding in right.values())


def test_figures_in_groups_of_three_pass() -> None:
    """However a shop writes its totals."""
    assert failed_checks(Engine(total=lambda count: f"{count:,} results"), 1) == []


@pytest.mark.parametrize(
    ("check", "engine", "seed"),
    [
        pytest.param(check, engine, seed, id=f"{check}-{seed}")
        for check, engines in WRONG.items()
        for seed, engine in enumerate(engines)
    ],
)
def test_each_wrong_way_fails_its_check(check: str, engine: Engine, seed: int) -> None:
    """And no other check."""
    assert failed_checks(engine, seed) == [check]


@pytest.mark.parametrize(("engine", "checks"), WRONG_IN_MORE_WAYS.values(), ids=WRONG_IN_MORE_WAYS)
def test_what_is_wrong_in_more_ways_fails_each_check(engine: Engine, checks: set[str]) -> None:
    """At the least those."""
    assert checks <= set(failed_checks(engine, 1))


def test_a_rounded_total_is_wrong() -> None:
    """More than so many is not how many."""
    assert "every_page" in failed_checks(Engine(total=lambda count: f"{count // 10 * 10}+"), 1)


def test_every_check_has_a_wrong_way() -> None:
    """So that none of them passes whatever it is shown."""
    assert tuple(WRONG) == CHECKS


def test_each_text_finds_and_does_not_find_what_it_says() -> None:
    """Every search of a new product's text is drawn in every run, and knows its answer."""
    searches, _, new = drawn_searches(1)
    for product, text in zip(new, TEXTS, strict=False):
        tag = product.facts.name.split()[-1]
        for typed in text.finds:
            assert product.rank(words_of(f"{typed} {tag}")), typed
        for typed in text.finds_not:
            assert product.rank(words_of(f"{typed} {tag}")) is None, typed
        assert set(map(Query, product.queries)) <= set(searches.whole_words)
    assert {sign for text in TEXTS for sign in text.text if sign in punctuation} == set(punctuation)


def test_whatever_words_are_drawn_show_what_is_wrong() -> None:
    """Three thousand draws of words, each such that a word left out or cut short shows."""
    words = SeededWords.of(INDEX, IN_NEW_PRODUCTS)
    places = [*range(3), *range(6)]
    for seed in range(DRAWS):
        rng = Random(seed)
        one, other = words.together(rng, 1 / 60, 1 / 15)
        assert 0 < words.total(one, other) < min(words.total(one), words.total(other))
        one, other = words.apart(rng)
        assert words.total(one, other) == 0 < min(words.total(one), words.total(other))
        queries = [query.words for query in several_words(words, SHELF, rng)]
        assert words.total(*queries[0]) > 0
        assert words.total(*queries[4]) > 0
        for place, query in zip(places, queries[1:4] + queries[5:11], strict=True):
            others = [*query[:place], *query[place + 1 :]]
            assert words.total(*others) > words.total(*query)
        assert max(map(len, queries)) >= 6


def test_the_pages_reach_to_the_end() -> None:
    """For any word the last page and the one after it, so that no page ends what can be seen."""
    words = SeededWords.of(INDEX, IN_NEW_PRODUCTS)
    for seed in range(100):
        queries = deep_pages(words, Random(seed))
        ends = {(query.text, -(-words.total(*query.words) // PAGE_SIZE)) for query in queries}
        assert ends <= {(query.text, query.page) for query in queries}
        assert any(3 < query.page < MOST_PAGES for query in queries)
        assert max(words.total(*query.words) for query in queries) == words.total(words.words[0])
