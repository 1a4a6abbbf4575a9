"""Each page that visitors received is counted in the shop's table of visits."""

import time

from dojo import Evidence, Finding, Site

__all__ = ["visits_counted"]

BESIDE = 50  # page loads that are not of the burst: the checks' own
AGAIN_S = 0.1


def visits_counted(evidence: Evidence) -> Finding:
    """Each page that was shown has its row in `visits`, at the latest after the staleness limit."""
    burst, before = evidence.burst, evidence.rows_before["visits"]
    pages = burst.steps(burst.journey, "home")
    answered = sum(each.status == 200 for each in pages)
    until = time.monotonic() + burst.staleness_s
    counted = _count(evidence.site) - before
    while counted < answered and time.monotonic() < until:
        time.sleep(AGAIN_S)
        counted = _count(evidence.site) - before
    summary = f"{counted:,} visits were counted for {answered:,} pages that were shown"
    if answered <= counted <= len(pages) + BESIDE:
        finding = Finding(True, f"{summary}.")
        return evidence.weighed(finding, answered, burst.planned(burst.journey, "home"))
    return Finding(
        False, f"{summary}. Each needs a row in `visits` within {burst.staleness_s:g} s."
    )


def _count(site: Site) -> int:
    row = site.db.execute("SELECT count(*) FROM visits").fetchone()
    return int(row[0]) if row else 0
