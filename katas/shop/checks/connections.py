"""What is taken from the connection pool is given back, on the way out of a refusal too."""

import re
import secrets
from itertools import cycle, islice

import httpx

from dojo import Finding, Site
from katas.shop.checks.browser import Browser, known_and_ended
from katas.shop.scenarios.log_ins import COOKIE, me_step
from katas.shop.scenarios.people import Person

__all__ = ["goes_on_answering"]

REFUSALS = 150  # more than any pool has: Postgres takes 100 connections at a time
UNCOUNTED = 20  # connections that a pool may think it has and that are not there; a guess
WITHIN_S = 1.0
POOLED = re.compile(r"^db_client_connection_count ([0-9.e+]+)$", re.MULTILINE)
ADVICE = (
    "What a request takes from the pool it must give back on every way out, also when it is"
    " refused; a larger pool only runs dry later."
)
# A guess: a leak is for good, a machine that is busy with something else is not.
TRIES = 5


def goes_on_answering(person: Person, another: Person, site: Site) -> Finding:
    """After more refusals than any pool has connections, who is logged in is still answered."""
    browsers = known_and_ended(site, person, another)
    if browsers is None:
        return Finding(False, f"A log-in of {person.name} or {another.name} gave no session.")
    known, ended = browsers
    strangers = cycle(
        (
            ended,
            Browser(site, secrets.token_urlsafe(32)),
            Browser(site),
            Browser(site, secrets.token_hex(32)),
        )
    )
    for count, stranger in enumerate(islice(strangers, REFUSALS), start=1):
        if problem := _problem_of_stranger(stranger, known, person, count, site):
            return Finding(False, problem)
    if problem := _problem_of_known(known, person, REFUSALS, site):
        return Finding(False, problem)
    pooled, held = _pooled(site), _held(site)
    if pooled is not None and pooled > held + UNCOUNTED:
        return Finding(
            False,
            f"After strangers had asked for /me {REFUSALS} times, the app's pool counts"
            f" {pooled:.0f} connections, and Postgres sees {held}: the others were lent and never"
            " given back."
            f" {ADVICE}",
        )
    return Finding(
        True,
        f"After strangers had asked for /me {REFUSALS} times, a customer who is logged in was known"
        f" within {WITHIN_S:g} s; {held} connections are open.",
    )


def _problem_of_stranger(
    stranger: Browser, known: Browser, person: Person, count: int, site: Site
) -> str | None:
    """What is wrong with how a stranger is refused, or with the one who is logged in meanwhile."""
    which = f"Request {count} of {REFUSALS} for /me without a valid {COOKIE}"
    for _ in range(TRIES):
        status = _status(stranger)
        if status == 401:
            return None
        if status is not None:
            return f"{which} got {status}; each must get 401."
        if problem := _problem_of_known(known, person, count, site):
            return problem
    return f"{which} got no answer within {WITHIN_S:g} s, {TRIES} times; each must get 401."


def _problem_of_known(known: Browser, person: Person, count: int, site: Site) -> str | None:
    """What is wrong with how a customer is answered who is logged in."""
    answered = _is_answered(known, person)
    if answered is None:
        return _leak(count, site)
    if answered:
        return None
    return (
        f"After {count} requests of strangers for /me a customer who is logged in was no longer"
        " known; a log-in must outlive other people's refusals."
    )


def _status(browser: Browser) -> int | None:
    """What /me says; None without an answer in time."""
    try:
        return browser.send(me_step(), WITHIN_S).status_code
    except httpx.TimeoutException:
        return None


def _is_answered(known: Browser, person: Person) -> bool | None:
    """Whether /me knows the person; None if no answer came in time, in any of some tries."""
    for _ in range(TRIES):
        try:
            return known.is_known_as(person, WITHIN_S)
        except httpx.TimeoutException:
            continue
    return None


def _leak(count: int, site: Site) -> str:
    pooled, held = _pooled(site), _held(site)
    counts = "" if pooled is None else f"; by /metrics its pool has {pooled:.0f}, all of them lent"
    often = "once" if count == 1 else f"{count} times"
    return (
        f"After strangers had asked for /me {often}, a customer who is logged in got no answer"
        f" within {WITHIN_S:g} s, {TRIES} times. Postgres sees {held} connections of the"
        f" app{counts}. {ADVICE}"
    )


def _held(site: Site) -> int:
    """Connections to the site's database, but for the grader's own."""
    row = site.db.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _pooled(site: Site) -> float | None:
    """How many the app's pool thinks that it has; None if it doesn't say."""
    try:
        match = POOLED.search(site.http.get("/metrics").text)
    except httpx.HTTPError:
        return None
    return None if match is None else float(match[1])
