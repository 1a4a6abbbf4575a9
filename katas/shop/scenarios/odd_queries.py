"""What a search box gets as well: signs, pasted texts, another shop's syntax, addresses by hand."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from dojo import Flow, Journey, Step
from katas.shop.expected.result_pages import LONGEST_QUERY, MOST_PAGES, Query
from katas.shop.scenarios.seeded_words import SELDOM, SeededWords

__all__ = ["ODD", "ODD_QUERIES", "REFUSED", "odd_journey", "odd_queries_flow", "odd_searches"]

ODD_QUERIES = "odd_query"  # the flow of those who type them
T = TypeVar("T")
ODD = (
    *("100%", "%", "_", "%%%", "a_b", "'", '"', "'; --", "\\", "\\m", "(", "[a-z]*", "&", "|", "!"),
    *("<->", ":*", "lamp & !chair", "🛋", "🛋 sofa", "¿qué?", "²", "zoe\u0308", "$1", "%s", "{}"),
    *("{{ 7 * 7 }}", "<b>bold</b>", "--", "/* */", "\t", " ", "", "\x00", "a\x00b"),
)
LONG = ("🛋 %_' " * 40)[:LONGEST_QUERY]
REFUSED = (
    *("/search?q=lamp&page=0", "/search?q=lamp&page=-1", "/search?q=lamp&page=two"),
    *("/search?q=lamp&page=1.5", "/search?q=lamp&page=", f"/search?q=lamp&page={10**30}"),
    f"/search?q=lamp&page={MOST_PAGES + 1}",
    *(f"/search?q={'chair' * 41}", f"/search?q={'a+' * (LONGEST_QUERY // 2)}a"),
)


def odd_queries_flow(rate_per_s: float, frequent: Sequence[str]) -> Flow:
    """People who type such things, also together with frequent words."""
    return Flow(ODD_QUERIES, rate_per_s, lambda rng: odd_journey(rng, frequent))


def odd_journey(rng: Random, frequent: Sequence[str]) -> Journey:
    """One odd query: `expect` holds a Query, or None for what must be refused."""
    drawn = rng.random()
    if drawn < 0.2:
        path = _any_of(rng, REFUSED)
        return Journey.of(Step("search", "GET", path), expect=(None,))
    if drawn < 0.7:
        query = Query(_any_of(rng, ODD))
    elif drawn < 0.8:
        query = Query(f"{_any_of(rng, ODD)} {_any_of(rng, frequent)}")
    elif drawn < 0.9:
        query = Query(_any_of(rng, frequent), 400 + int(rng.random() * (MOST_PAGES - 400)))
    else:
        query = Query(LONG[: 150 + int(rng.random() * 51)])
    return Journey.of(Step("search", "GET", query.path), expect=(query,))


def odd_searches(words: SeededWords, rng: Random) -> tuple[Query, ...]:
    """Every odd query once, and operators of query languages, which are signs or words here."""
    return (*map(Query, (*ODD, LONG)), *map(Query, _operators(words, rng)))


def _operators(words: SeededWords, rng: Random) -> Iterator[str]:
    first, second = words.together(rng, 1 / 60, 1 / 15)
    yield from (
        f"{first} -{second}",
        f"-{first}",
        f"{first} !{second}",
        f"!{first}",
        f"+{first} {second}",
    )
    yield from (
        f'"{first} {second}"',
        f'"{second} {first}"',
        f'{second} "{first}',
        f"({first}) {second}",
    )
    yield from (
        f"{first} & {second}",
        f"{first} & !{second}",
        f"{first} <-> {second}",
        f"{first}/{second}",
    )
    yield from (
        f"{first}:A",
        f"{first}:B",
        f"{first}^2",
        f"name:{first}",
        f"{first}~",
        f"{first}_{second}",
    )
    first, second = words.apart(rng)
    yield from (
        f"{first} or {second}",
        f"{first} OR {second}",
        f"{first} | {second}",
        f"{first}|{second}",
    )
    short = [
        word for word in words.between(0, SELDOM[1]) if len(word) == 4 and not words.total(word[:3])
    ]
    word = _any_of(rng, short)
    start, end = word[:3], word[1:]
    yield from (f"{start}*", f"{start}%", f"{start}_", f"{start}.", f"{start}.*", f"{start}:*")
    yield from (
        f"{start}?",
        f"{start}[a-z]",
        f"%{end}",
        f"_{end}",
        f"*{end}",
        f".{end}",
        f"^{word}$",
    )


def _any_of(rng: Random, some: Sequence[T]) -> T:
    return some[int(rng.random() * len(some))]
