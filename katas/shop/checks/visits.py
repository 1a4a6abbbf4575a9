"""Each page that visitors received is counted in the shop's table of visits, with its path."""

import time

from dojo import Burst, Evidence, Finding, Site
from katas.shop.scenarios.shop_window import VISITS

__all__ = ["visits_counted"]

BESIDE = 50  # page loads beside the burst's: checks make a few, this leaves room; a guess
AGAIN_S = 0.1


def visits_counted(evidence: Evidence) -> Finding:
    """Each page that was shown has its row in `visits`, at the latest after the staleness limit.

    They are counted in the middle of the burst, and when it is over.
    """
    burst, before = evidence.burst, evidence.rows_before["visits"]
    if problem := _problem_under_way(burst, before):
        return Finding(False, problem)
    pages = burst.steps(burst.journey, "home")
    answered = sum(each.status == 200 for each in pages)
    counted = _count(evidence.site) - before
    if counted < answered:
        with evidence.site.time_limit(burst.staleness_s) as limit:
            while counted < answered and not limit.is_over:
                time.sleep(AGAIN_S)
                counted = _count(evidence.site) - before
    summary = f"{counted:,} visits of / were counted for {answered:,} pages that were shown"
    if answered <= counted <= len(pages) + BESIDE:
        finding = Finding(True, f"{summary}.")
        return evidence.weighed(finding, answered, burst.planned(burst.journey, "home"))
    if counted > answered:
        return Finding(False, f"{summary}; there may be no more than one row for each page.")
    return Finding(
        False,
        f"{summary}. Each needs a row in `visits`, with its path, within"
        f" {burst.staleness_s:.3g} s.",
    )


def _problem_under_way(burst: Burst, before: int) -> str:
    """What a count in the middle of the burst lacks; "" if none lacks anything."""
    pages = [each for each in burst.steps(burst.journey, "home") if each.status == 200]
    for answer in burst.sql_answers:
        if answer.step.name != VISITS:
            continue
        counted = max(0, int(answer.rows[0][0]) - before)
        by_s = answer.sent_s - burst.staleness_s
        due = sum(page.done_s is not None and page.done_s <= by_s for page in pages)
        if counted < due:
            return (
                f"{counted:,} visits of / were counted {answer.sent_s:.1f} s after the start of the"
                f" burst, and {due:,} pages had been shown {burst.staleness_s:.3g} s before. Each"
                " needs a row in `visits`, with its path, within that time."
            )
    return ""


def _count(site: Site) -> int:
    row = site.db.execute("SELECT count(*) FROM visits WHERE path = '/'").fetchone()
    return int(row[0]) if row else 0
