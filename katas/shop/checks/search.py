"""What must still hold of a shop that is searched: odd queries are answered, nothing is lost."""

import time
from collections.abc import Callable, Iterator

from dojo import Evidence, Finding, Sample, Wrong
from katas.shop.checks.pages import answers_fresh, answers_right
from katas.shop.checks.restart import ExpectedPage, pages_show_all
from katas.shop.checks.writes import refused_writes
from katas.shop.expected.moment import AFTER_ALL, Moment
from katas.shop.expected.new_products import STOCK, UNKNOWN_ID, added_products
from katas.shop.expected.result_pages import Query
from katas.shop.expected.reviews import by_product, reviews_of
from katas.shop.scenarios.odd_queries import ODD_QUERIES
from katas.shop.scenarios.searches import Searches
from katas.shop.scenarios.word_searches import PARTS_OF_WORDS
from seed.seller import COLORS

__all__ = [
    *("odd_queries_in_load", "pages_fresh", "products_kept", "products_right"),
    *("results_right", "words_in_load", "writes_shown"),
]

MOST_SEARCHES = 12  # for new products, after a restart
RESULTS, PRODUCTS = ("search", "second page"), ("product", "reviews")

results_right = answers_right("pages of results", *RESULTS)
products_right = answers_right("answers about products", *PRODUCTS)
words_in_load = answers_right(
    "searches for a word or a part of one", "search", journey=PARTS_OF_WORDS
)


def path_of(wanted: Query | int) -> str:
    """The address of a page of results, or of a product."""
    return wanted.path if isinstance(wanted, Query) else f"/products/{wanted}"


def pages_fresh(searches: Searches) -> Callable[[Evidence], Finding | None]:
    """No answer of the load is older than the limit, and none that is asked for after it.

    Whoever was changed behind the app's back is looked at once more when the load is over.
    """
    in_load = answers_fresh(*RESULTS, *PRODUCTS)

    def run(evidence: Evidence) -> Finding | None:
        finding, burst = in_load(evidence), evidence.burst
        if finding is None or finding.passed is not True:
            return finding
        answers = searches.answers(burst)
        wanted = [*searches.about_changes(burst), *searches.by_old_words(burst)]
        for step, page in wanted:
            sent_s = time.monotonic() - burst.began_at_s
            answer = evidence.site.http.get(path_of(page))
            if answer.status_code != 200:
                return Finding(
                    False,
                    f"After the load GET {path_of(page)} gave {answer.status_code}; it must give"
                    " 200.",
                )
            when = Moment(sent_s, time.monotonic() - burst.began_at_s, burst.staleness_s)
            wrong = answers.judge(step, page, answer.content, when)
            if wrong is not None and wrong.stale:
                return Finding(
                    False,
                    f"After the load GET {path_of(page)} showed {wrong.came}, which is older than"
                    f" {burst.staleness_s:.3g} s; by then it had to show {wrong.expected}.",
                )
        more = f" Nor was any of {len(wanted):,} that were asked for after the load."
        return Finding(True, finding.detail + more)

    return run


def odd_queries_in_load(evidence: Evidence) -> Finding | None:
    """Each got the right answer, or was refused with a 4xx; what must be refused was."""
    samples = evidence.burst.steps(ODD_QUERIES, "search")
    answers = [each for each in samples if each.status is not None]
    for answer in answers:
        path = evidence.burst.step_of(answer).path
        wanted = evidence.burst.plan.journeys[answer.journey].expect[0]
        wrong = evidence.wrong.get((answer.journey, answer.step))
        if problem := _problem_of_odd(answer, wanted, wrong):
            return Finding(False, f"Of {len(answers):,} odd queries GET {path} {problem}.")
    if not answers:
        return None
    finding = Finding(True, f"All {len(answers):,} odd queries got a right answer or a clear 4xx.")
    return evidence.weighed(finding, len(answers), evidence.burst.plan.count(ODD_QUERIES))


def _problem_of_odd(answer: Sample, wanted: Query | None, wrong: Wrong | None) -> str | None:
    status = answer.status or 0
    if status >= 500 or (wanted is None and status < 400):
        must = "a 4xx" if wanted is None else "the right answer or a 4xx"
        return f"gave {status}; it must give {must}"
    if wrong is not None and not wrong.stale:
        return f"showed {wrong.came}; it must show {wrong.expected}, or give a 4xx"
    return None


def products_kept(evidence: Evidence) -> Finding:
    """Each product that the shop acknowledged is in Postgres, as its seller described it."""
    if problem := refused_writes(evidence.burst, STOCK):
        return Finding(False, problem)
    added = added_products(evidence.burst, str)  # whatever the sellers are called
    acknowledged = [each for each in added if each.write and each.write.done_s is not None]
    rows = evidence.site.db.execute(
        "SELECT sku, id, name, description, weight_g, price, color_id FROM products"
        " WHERE sku = ANY (%s)",
        ([each.facts.sku for each in acknowledged],),
    ).fetchall()
    kept = {row[0]: row[1:] for row in rows}
    lost = []
    for product in acknowledged:
        facts = product.facts
        expected = (facts.id, facts.name, facts.description, product.weight_g, facts.price)
        row = kept.get(facts.sku)
        if row != (*expected, COLORS.index(facts.color) + 1):
            lost.append(f"{facts.name!r}, acknowledged as {expected}, kept as {row}")
    if lost:
        return Finding(
            False,
            f"{len(lost)} of {len(acknowledged)} new products are not in Postgres as they were"
            f" acknowledged; all must be. One of them: {lost[0]}.",
        )
    finding = Finding(True, f"All {len(acknowledged)} new products are in Postgres.")
    return evidence.weighed(finding, len(acknowledged), evidence.burst.plan.count(STOCK))


def writes_shown(searches: Searches) -> Callable[[Evidence], Finding]:
    """After a restart, searches find the new products, and reviewed products show their reviews."""

    def expected(evidence: Evidence) -> Iterator[ExpectedPage]:
        answers = searches.answers(evidence.burst)

        def page(path: str, step: str, wanted: Query | int) -> ExpectedPage:
            return ExpectedPage(path, lambda body: answers.judge(step, wanted, body, AFTER_ALL))

        added = added_products(evidence.burst, searches.seeded.shelf.seller_name)
        known = [each for each in added if each.facts.id != UNKNOWN_ID]
        for product in known[::2][:MOST_SEARCHES]:  # nobody waits for each seller's second product
            query = Query(product.facts.name.rsplit(" ", 1)[1])
            yield page(query.path, "search", query)
        reviewed = by_product(reviews_of(evidence.burst))
        products = [("product", each) for each in [*searches.popular, *reviewed]]
        for step, wanted in dict.fromkeys([*searches.about_changes(evidence.burst), *products]):
            yield page(path_of(wanted), step, wanted)

    return pages_show_all(expected)
