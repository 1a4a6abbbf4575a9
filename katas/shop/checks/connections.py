"""What is taken from the connection pool is given back, on the way out of a refusal too."""

import re
import secrets
from itertools import cycle

import httpx

from dojo import Finding, Site
from katas.shop.checks.browser import Browser
from katas.shop.scenarios.log_ins import COOKIE, me_step
from katas.shop.scenarios.people import Person

__all__ = ["goes_on_answering"]

REFUSALS = 150  # more than any pool has: Postgres takes 100 connections at a time
UNCOUNTED = 20  # connections that a pool may think it has beyond those that there are
WITHIN_S = 1.0
POOLED = re.compile(r"^db_client_connection_count ([0-9.e+]+)$", re.MULTILINE)
ADVICE = (
    "What a request takes from the pool it must give back on every way out, also when it is"
    " refused; a larger pool only runs dry later."
)
TRIES = 5  # a leak is for good, a machine that is busy with something else is not


def goes_on_answering(person: Person, another: Person, site: Site) -> Finding:
    """After more refusals than any pool has connections, who is logged in is still answered."""
    known, ended = Browser(site), Browser(site)
    known.log_in(person.email, person.password)
    ended.log_in(another.email, another.password)
    if known.session is None or ended.session is None:
        return Finding(False, f"A log-in of {person.name} or {another.name} gave no session.")
    ended.log_out()
    strangers = cycle(
        (
            ended,
            Browser(site, secrets.token_urlsafe(32)),
            Browser(site),
            Browser(site, secrets.token_hex(32)),
        )
    )
    for count in range(1, REFUSALS + 1):
        status = _status(next(strangers))
        if status is None and not _is_answered(known, person):
            return Finding(False, _leak(count, site))
        if status not in (401, None):
            return Finding(
                False,
                f"GET /me without a valid {COOKIE} got {status}, the {count}th time; it must be 401"
                " each time.",
            )
    if not _is_answered(known, person):
        return Finding(False, _leak(REFUSALS, site))
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
        f"After strangers had asked for /me {REFUSALS} times, a customer who is logged in was"
        f" known within {WITHIN_S:g} s; {held} connections are open.",
    )


def _status(browser: Browser) -> int | None:
    """What /me says; None without an answer in time."""
    try:
        return browser.send(me_step(), WITHIN_S).status_code
    except httpx.TimeoutException:
        return None


def _is_answered(known: Browser, person: Person) -> bool:
    """Whether /me knows the person, in time, in one of some tries."""
    for _ in range(TRIES):
        try:
            return known.is_known_as(person, WITHIN_S)
        except httpx.TimeoutException:
            continue
    return False


def _leak(count: int, site: Site) -> str:
    pooled, held = _pooled(site), _held(site)
    counts = "" if pooled is None else f"; by /metrics its pool has {pooled:.0f}, all of them lent"
    often = "once" if count == 1 else f"{count} times"
    return (
        f"After strangers had asked for /me {often}, a customer who is logged in asked for it"
        f" {TRIES} times and got no right answer within {WITHIN_S:g} s. Postgres sees {held}"
        f" connections of the app{counts}."
        f" {ADVICE}"
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
