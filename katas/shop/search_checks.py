"""What must still hold of a shop that is searched: right, fresh, whole words, and nothing lost."""

from collections.abc import Callable, Mapping, Sequence

import httpx

from dojo import Burst, CheckResult, Sample, Site, Wrong, metrics_agree
from katas.shop.home_page import Moment
from katas.shop.orders import turned_away
from katas.shop.result_pages import Query
from katas.shop.search_answers import SearchAnswers
from katas.shop.shoppers import search_path
from katas.shop.stock import LAST_ID, NewProduct
from seed.seller import COLORS

__all__ = ["of_answers", "of_metrics", "of_odd_queries", "products_kept", "survives_restart"]

Checks = tuple[Callable[[], CheckResult], ...]
WrongOnes = Mapping[tuple[int, int], Wrong]
RESULTS, PRODUCTS = ("search", "second page"), ("product", "reviews")
MOST_AFTER_RESTART = 12


def of_answers(burst: Burst, wrong: WrongOnes, journey: str) -> Checks:
    """Results and products are right, and none is older than the published limit.

    What nobody got an answer to is not judged.
    """
    results = [one for step in RESULTS for one in _answered(burst, journey, step)]
    products = [one for step in PRODUCTS for one in _answered(burst, journey, step)]
    made: Checks = ()
    if results:
        made += (lambda: _right("results_right", "pages of results", results, wrong),)
    if products:
        made += (lambda: _right("products_right", "answers about products", products, wrong),)
    if results:
        made += (lambda: _fresh([*results, *products], wrong, burst.staleness_s),)
    return made


def of_odd_queries(burst: Burst, wrong: WrongOnes, odd: str, parts: str) -> Checks:
    """Odd queries get a right answer or a clear 4xx, and a part of a word finds nothing."""
    odd_ones = [one for one in burst.steps(odd, "search") if one.status is not None]
    part_ones = _answered(burst, parts, "search")
    made: Checks = ()
    if odd_ones:
        made += (lambda: _odd_queries(burst, odd_ones, wrong),)
    if part_ones:
        made += (lambda: _right("whole_words", "searches for a part of a word", part_ones, wrong),)
    return made


def of_metrics(burst: Burst) -> Checks:
    """The app's own count of searches agrees with what was sent and answered."""
    observed = burst.after.requests("/search", "200") - burst.before.requests("/search", "200")
    asked = [
        sample
        for sample in burst.samples
        if sample.sent_s is not None
        and burst.plan.journeys[sample.journey].steps[sample.step].path.startswith("/search")
    ]
    answered = sum(sample.status == 200 for sample in asked)
    return (lambda: metrics_agree("/search", observed, answered, len(asked)),)


def _answered(burst: Burst, journey: str, step: str) -> list[Sample]:
    return [one for one in burst.steps(journey, step) if one.cause is None and one.status]


def _right(name: str, what: str, samples: Sequence[Sample], wrong: WrongOnes) -> CheckResult:
    """Every answer shows what the shop's data imply."""
    false = [
        told
        for one in samples
        if (told := wrong.get((one.journey, one.step))) is not None and not told.stale
    ]
    if false:
        detail = (
            f"{len(false):,} of {len(samples):,} {what} were wrong; none may be. One showed"
            f" {false[0].came}; it must show {false[0].expected}."
        )
        return CheckResult(name, False, detail)
    return CheckResult(name, bool(samples), f"All {len(samples):,} {what} were right.")


def _fresh(samples: Sequence[Sample], wrong: WrongOnes, limit_s: float) -> CheckResult:
    """No answer is older than the published limit."""
    stale = [
        told
        for one in samples
        if (told := wrong.get((one.journey, one.step))) is not None and told.stale
    ]
    if stale:
        detail = (
            f"{len(stale):,} of {len(samples):,} pages were older than {limit_s:g} s; none may be."
            f" One showed {stale[0].came}; by then it had to show {stale[0].expected}."
        )
        return CheckResult("pages_fresh", False, detail)
    detail = f"None of {len(samples):,} pages was older than {limit_s:g} s."
    return CheckResult("pages_fresh", bool(samples), detail)


def _odd_queries(burst: Burst, samples: Sequence[Sample], wrong: WrongOnes) -> CheckResult:
    """Each got the right answer, or was refused with a 4xx; what must be refused was."""
    for one in samples:
        journey = burst.plan.journeys[one.journey]
        path, asked, status = journey.steps[0].path, journey.expect[0], one.status or 0
        told = wrong.get((one.journey, one.step))
        problem = ""
        if status >= 500 or (asked is None and status < 400):
            wanted = "a 4xx" if asked is None else "the right answer or a 4xx"
            problem = f"gave {status}; it must give {wanted}"
        elif told is not None and not told.stale:
            problem = f"showed {told.came}; it must show {told.expected}, or give a 4xx"
        if problem:
            detail = f"Of {len(samples):,} odd queries GET {path} {problem}."
            return CheckResult("odd_queries", False, detail)
    detail = f"All {len(samples):,} odd queries got a right answer or a clear 4xx."
    return CheckResult("odd_queries", bool(samples), detail)


def products_kept(added: Sequence[NewProduct], burst: Burst, flow: str, site: Site) -> CheckResult:
    """Each product that the shop acknowledged is in Postgres, as its seller described it."""
    if problem := turned_away(burst, flow):
        return CheckResult("products_kept", False, problem)
    told = [one for one in added if one.write is not None and one.write.done_s is not None]
    rows = site.db.execute(
        "SELECT sku, id, name, description, weight_g, price, color_id FROM products"
        " WHERE sku = ANY (%s)",
        ([one.facts.sku for one in told],),
    ).fetchall()
    kept = {row[0]: row[1:] for row in rows}
    lost = []
    for one in told:
        facts = one.facts
        wanted = (facts.id, facts.name, facts.description, one.weight_g, facts.price)
        if kept.get(facts.sku) != (*wanted, COLORS.index(facts.color) + 1):
            lost.append(f"{facts.name!r}, acknowledged as {wanted}, kept as {kept.get(facts.sku)}")
    if lost:
        detail = (
            f"{len(lost)} of {len(told)} new products are not in Postgres as they were"
            f" acknowledged; all must be. One of them: {lost[0]}."
        )
        return CheckResult("products_kept", False, detail)
    return CheckResult("products_kept", True, f"All {len(told)} new products are in Postgres.")


def survives_restart(
    answers: SearchAnswers, added: Sequence[NewProduct], popular: Sequence[int], site: Site
) -> CheckResult:
    """The app started anew finds what was added, and shows what was written."""
    name, ever = "survives_restart", Moment(float("inf"), float("inf"), 0.0)
    known = [one for one in added if one.facts.id != LAST_ID]
    asked: list[tuple[str, str, Query | int]] = []
    for one in known[::2][:MOST_AFTER_RESTART]:  # each seller's second product waits for nobody
        query = Query(one.facts.name.rsplit(" ", 1)[1])
        asked.append(("search", search_path(query), query))
    for product in popular:
        asked.append(("product", f"/products/{product}", product))
    for step, path, what in asked:
        try:
            answer = site.http.get(path)
        except httpx.HTTPError as error:
            return CheckResult(name, False, f"After a restart GET {path} failed: {error}.")
        if answer.status_code != 200:
            return CheckResult(name, False, f"After a restart GET {path}: {answer.status_code}.")
        if wrong := answers.judge(step, what, answer.content, ever):
            detail = (
                f"After a restart of the app GET {path} shows {wrong.came}; it must show"
                f" {wrong.expected}. What is only in the app's memory is lost."
            )
            return CheckResult(name, False, detail)
    detail = f"After a restart all of {len(asked)} pages show what was written."
    return CheckResult(name, bool(asked), detail)
