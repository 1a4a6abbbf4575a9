"""What must hold in every kata, whoever writes it; the names are COMMON_CHECKS of the contract.

They need more of the site than a kata's own checks may know: its process, its proxy, its roles.
"""

import secrets
import time

import httpx

from dojo.errors import AppFault
from dojo.kata.contract import Kata
from dojo.kata.exposition import Exposition
from dojo.load.headers import in_browsers_order
from dojo.report import CheckResult
from dojo.site.graded_files import ROOT
from dojo.site.running_site import RunningSite
from dojo.site.slow_requests import behind_a_lock, with_slow_body

__all__ = [
    "distance_kept",
    "durations_agree",
    "grader_untouched",
    "restarts",
    "site_checks",
    "tables_logged",
]

MOST_NAMED = 5
TRIES = 3
LENGTH_S = 0.4  # of a request whose duration is known
SEEN_S = 0.3  # of it that the app must have seen: it begins to count a little later
UNLOGGED = (
    "SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind IN ('r', 'p', 'm')"
    " ORDER BY relname"
)


def restarts(site: RunningSite) -> CheckResult:
    """Kill the app, and start it on the same data: it must come up again."""
    began = time.monotonic()
    try:
        site.crash()
    except AppFault as fault:
        detail = f"Restart failed: the app was killed and did not start again. {fault}"
        return CheckResult("restarts", False, detail)
    spent_s = time.monotonic() - began
    return CheckResult("restarts", True, f"Killed, the app answered again after {spent_s:.1f} s.")


def durations_agree(site: RunningSite, kata: Kata) -> CheckResult:
    """What /metrics says of a request's duration is what the request took."""
    problem = ""
    for _ in range(TRIES):  # a busy machine may begin late with a request, and measure less
        try:
            problem = _wrong_duration(site, kata)
        except (OSError, httpx.HTTPError) as error:
            problem = f"POST /login broke off: {type(error).__name__}: {error}"
        if not problem:
            detail = f"A request that took {LENGTH_S:g} s is in /metrics with that duration."
            return CheckResult("durations_agree", True, detail)
    advice = "Every request must be observed as it was: see app/instrumentation/metrics.py."
    return CheckResult("durations_agree", False, f"{problem}. {advice}")


def _wrong_duration(site: RunningSite, kata: Kata) -> str:
    """What is wrong with two known durations; "" if nothing is.

    One is of a log-in whose body arrives slowly, the other of the kata's own page, if that has to
    wait for the database.
    """
    step = kata.warm_up()
    method, path = ("GET", step) if isinstance(step, str) else (step.method, step.path)
    before = site.metrics()
    spent_s = 0.0
    if method == "GET":
        site.http.cookies.clear()
        spent_s = behind_a_lock(site.http, site.db, path, lambda: _log_in_slowly(site))
    else:
        _log_in_slowly(site)
    after = site.metrics()
    problem = _missing("POST", "/login", before, after)
    if spent_s >= LENGTH_S:  # else it had its answer already
        problem = problem or _missing("GET", path.partition("?")[0], before, after)
    return problem


def _log_in_slowly(site: RunningSite) -> None:
    """As somebody whom nobody knows."""
    given = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Request-ID": secrets.token_hex(16),
    }
    body = f"email=nobody-{secrets.token_hex(4)}%40example.com&password=pw-1".encode()
    headers = in_browsers_order("POST", given, len(body))
    with_slow_body(site.base_url, "/login", headers, body, LENGTH_S)


def _missing(method: str, route: str, before: Exposition, after: Exposition) -> str:
    """What /metrics does not say of a request that took LENGTH_S; "" if it says all."""
    grown_s = after.duration_s(method, route) - before.duration_s(method, route)
    slow = after.slower_than(SEEN_S, method, route) - before.slower_than(SEEN_S, method, route)
    if grown_s >= SEEN_S and slow >= 1:
        return ""
    return (
        f"A request to {method} {route} took {LENGTH_S:g} s. In /metrics the sum of durations grew"
        f" by {grown_s:.2f} s, and {slow:.0f} more were slower than {SEEN_S:g} s; it must be at"
        f" least {SEEN_S:g} s, and 1"
    )


def site_checks(site: RunningSite) -> tuple[CheckResult, ...]:
    """What holds for the site as the run has left it; the app is ended by it."""
    logged = tables_logged(site)
    site.end_app()  # whose sessions are all counted then, and which can change nothing any more
    return (logged, distance_kept(site), grader_untouched(site))


def distance_kept(site: RunningSite) -> CheckResult:
    """Whoever reached the database came over the distance, or is the grader."""
    around = site.database.sessions_around()
    if around:
        sessions = "session was" if around == 1 else "sessions were"
        problem = f"{around} {sessions} opened past DATABASE_URL, where Postgres is not far away"
    elif not site.database.role_is_as_it_was():
        problem = "The app's role in Postgres has another password or other rights than before"
    else:
        detail = "Every session of the app's came through the proxy that keeps Postgres far away."
        return CheckResult("distance_kept", True, detail)
    advice = "Connect with DATABASE_URL as it is given, and leave the role as it is."
    return CheckResult("distance_kept", False, f"{problem}. {advice}")


def grader_untouched(site: RunningSite) -> CheckResult:
    """None of the grader's files differs from what it was before the app began."""
    changed = site.changed_files()
    if not changed:
        return CheckResult("grader_untouched", True, "The files that judge the app are unchanged.")
    names = [str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path) for path in changed]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return CheckResult(
        "grader_untouched",
        False,
        f"Changed while the app ran: {', '.join(names[:MOST_NAMED])}{more}. What judges it must"
        " stay as it is, so this run is not green. Bring the files back (git status shows them),"
        " and if you were editing them yourself, run again.",
    )


def tables_logged(site: RunningSite) -> CheckResult:
    """No table is UNLOGGED: Postgres empties those when it crashes."""
    names = [str(name) for (name,) in site.db.execute(UNLOGGED)]
    if not names:
        return CheckResult("tables_logged", True, "Every table outlives a crash of Postgres.")
    return CheckResult(
        "tables_logged",
        False,
        f"UNLOGGED: {', '.join(names)}. Postgres empties such a table when it crashes, and what the"
        " shop acknowledged must outlive that: take UNLOGGED out of app/migrations.",
    )
