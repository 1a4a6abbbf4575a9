"""Searches that leave no sentence of the contract to chance: each gets the right answer.

They come after the restart, when the site is quick again and alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from dojo import Check, Evidence, Finding
from katas.shop.checks import search
from katas.shop.expected.moment import AFTER_ALL
from katas.shop.expected.result_pages import Query
from katas.shop.expected.search_answers import SearchAnswers
from katas.shop.scenarios.odd_queries import REFUSED
from katas.shop.scenarios.searches import Searches

__all__ = ["contract_checks"]

AT_ONCE = 4  # so many of them are under way
LONG = 60  # characters of a query that a sentence quotes
Run = Callable[[Evidence], Finding | None]


def contract_checks(searches: Searches) -> tuple[Check, ...]:
    """All of them, as checks that need a restart."""
    runs = {
        # any page of results can be seen, with the total of all
        "every_page": _all_right(
            searches,
            lambda: searches.of_contract.every_page,
            "All {count} pages of results were right, far from the first ones too, the last one,"
            " and those past it",
        ),
        # each word of a query counts, however many there are
        "every_word": _all_right(
            searches,
            lambda: searches.of_contract.every_word,
            "All {count} searches for three words and more found what holds every word",
        ),
        # a word is a run of letters and digits, whole, in any case and script
        "whole_words": _all_right(
            searches,
            lambda: searches.of_contract.whole_words,
            "All {count} searches for words and parts of words found what holds the whole words",
            search.words_in_load,
        ),
        # signs, operators among them, get the right answer or a 4xx; so does what must be refused
        "odd_queries": _all_right(
            searches,
            lambda: searches.of_contract.odd_queries,
            "All {count} odd queries, operators of query languages among them, got a right answer"
            " or a clear 4xx",
            search.odd_queries_in_load,
            REFUSED,
        ),
    }
    return tuple(Check(name, run, after_restart=True) for name, run in runs.items())


def _all_right(
    searches: Searches,
    queries: Callable[[], Sequence[Query]],
    right: str,
    of_load: Run | None = None,
    refused: Sequence[str] = (),
) -> Run:
    """Each of `queries` gets the right answer, and each path of `refused` a 4xx.

    What `of_load` finds wrong in the load fails the check as well, and where it judged too little
    nothing passes. `right` is the sentence of a pass, with `{count}` for how many there were. The
    queries are known only after `prepare`.
    """

    def run(evidence: Evidence) -> Finding:
        in_load = of_load(evidence) if of_load is not None else None
        if in_load is not None and in_load.passed is False:
            return in_load
        wanted = queries()
        count = len(wanted) + len(refused)
        try:
            problems = _problems(evidence, searches.answers(evidence.burst), wanted, refused)
        except httpx.HTTPError as error:
            return Finding(False, f"A search was broken off: {type(error).__name__}: {error}.")
        if problems:
            return Finding(
                False,
                f"{len(problems):,} of {count:,} searches got a wrong answer; none may."
                f" {problems[0]}.",
            )
        summary = right.format(count=f"{count:,}")
        if in_load is None:
            return Finding(True, f"{summary}.")
        if in_load.passed is None:
            return in_load
        return Finding(True, f"{summary}, and so did those of the load.")

    return run


def _problems(
    evidence: Evidence, answers: SearchAnswers, queries: Sequence[Query], refused: Sequence[str]
) -> list[str]:
    """What is wrong with the answers that come now. httpx.HTTPError if one is broken off."""
    paths = [*(query.path for query in queries), *refused]
    responses = _get(evidence.site.http, paths)
    return [
        *_wrong(answers, queries, responses),
        *_accepted(refused, responses[len(queries) :]),
    ]


def _get(http: httpx.Client, paths: Iterable[str]) -> list[httpx.Response]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(http.get, paths))


def _wrong(
    answers: SearchAnswers, queries: Sequence[Query], responses: Sequence[httpx.Response]
) -> Iterator[str]:
    for query, answer in zip(queries, responses, strict=False):
        where = f"Page {query.page} of a search for {_quoted(query.text)}"
        or_refused = ", or be refused with a 4xx" if query.may_be_refused else ""
        if 400 <= answer.status_code < 500 and query.may_be_refused:
            continue
        if answer.status_code != 200:
            yield f"{where} gave {answer.status_code}; it must give the right answer{or_refused}"
        elif wrong := answers.judge("search", query, answer.content, AFTER_ALL):
            yield f"{where} showed {wrong.came}; it must show {wrong.expected}{or_refused}"


def _accepted(paths: Sequence[str], responses: Sequence[httpx.Response]) -> Iterator[str]:
    for path, answer in zip(paths, responses, strict=True):
        if not 400 <= answer.status_code < 500:
            yield f"GET {path[:LONG]} gave {answer.status_code}; it must give a 4xx"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= LONG else text[:LONG] + "…")
