"""What a run in the sandbox came to: an attempt, from its report, its JUnit file and its end. Pure.

All three were written where the submission's code ran, so nothing in them is believed to have a
form: what is missing or odd makes an attempt without figures.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from dojo.kata.hint_book import HintBook
from dojo.output.app_text import one_line
from dojo.output.cohort import Attempt, ObjectiveFigures, Outcome

__all__ = ["attempt_of", "junit_messages", "postgres_ended", "with_differing"]

MOST = 300  # characters of a reason
MOST_NAMED = 5  # graded files
REPORT_BELOW = " The report is below."
SAID_ALREADY = ("NOT MET: ", "UNDECIDED. ", "INVALID RUN: ")  # by the outcome
VERDICTS: dict[str, Outcome] = {
    "met": "met",
    "not_met": "not_met",
    "undecided": "undecided",
    "invalid": "invalid",
}
# what a run without Postgres says, in pytest's words or psycopg's
POSTGRES_ENDED = re.compile(
    r"does not answer any more|the connection is closed|unexpected postmaster exit"
    r"|AdminShutdown|CrashShutdown|server closed the connection unexpectedly"
)


def junit_messages(text: str) -> list[tuple[str, str]]:
    """(failure or error, its message) of each test that has one, and of its teardown."""
    try:
        elements = [
            element
            for case in ElementTree.fromstring(text).iter("testcase")
            for element in case
            if element.tag in ("failure", "error")
        ]
    except ElementTree.ParseError:
        return []
    return [(each.tag, _message(each)) for each in elements]


def _message(element: ElementTree.Element) -> str:
    """What was said; an unexpected exception's traceback is left out."""
    said = (element.get("message") or "").strip()
    text = (element.text or "").strip()
    return text if text and (not said or text[:50] in said) else said


def postgres_ended(messages: list[tuple[str, str]]) -> str:
    """The line that says that Postgres ended before the run did; "" if none does."""
    lines = [line.strip() for _, message in messages for line in message.splitlines()]
    return next((line for line in lines if POSTGRES_ENDED.search(line)), "")


def attempt_of(
    facts: Mapping[str, Any] | None,
    junit: str,
    log: str,
    book: HintBook | None,
    started_at: str,
    spent_s: float,
) -> Attempt:
    """The attempt of a run that came to its end.

    `facts` is its report as JSON, None if there is none; `log` is the end of what it printed.
    """
    messages = junit_messages(junit)
    kind, whole = messages[-1] if messages else ("", "")
    message = one_line(whole.partition("\n")[0].removesuffix(REPORT_BELOW), MOST)
    if facts is None and (line := postgres_ended(messages)):
        reason = one_line(f"Postgres ended before the run did: {line}", MOST)
        return Attempt(started_at, "broken", reason, spent_s)
    if facts is not None:
        try:
            attempt = _judged(facts, book, started_at, spent_s)
        except (KeyError, TypeError, ValueError, AttributeError):
            reason = "the report can't be read"
            return Attempt(started_at, "invalid", reason, spent_s)
        return attempt if attempt.outcome == "met" else replace(attempt, reason=_reason(message))
    if kind == "failure":
        return Attempt(started_at, "broken", message, spent_s)
    last = next((line for line in reversed(log.splitlines()) if line.strip()), "nothing")
    reason = message or one_line(f"the run left no report; the last that it said: {last}", MOST)
    return Attempt(started_at, "invalid", reason, spent_s)


def _reason(message: str) -> str:
    """What pytest says, without the verdict."""
    for verdict in SAID_ALREADY:
        message = message.removeprefix(verdict)
    return message


def _judged(
    facts: Mapping[str, Any], book: HintBook | None, started_at: str, spent_s: float
) -> Attempt:
    outcome = VERDICTS[facts["verdict"]]
    latency = facts.get("latency_s") or {}
    pace = facts.get("pace") or {}
    shows_causes = book is not None and outcome in ("not_met", "undecided")
    likely = book.likely(facts) if book is not None and shows_causes else ()
    length_s = float(pace.get("length_s") or 0)
    return Attempt(
        started_at=started_at,
        outcome=outcome,
        reason="",
        spent_s=spent_s,
        objectives=tuple(_objective(each) for each in facts["objectives"]),
        p50_ms=_ms(latency.get("p50")),
        p95_ms=_ms(latency.get("p95")),
        answered_per_s=float(pace["answered"]) / length_s if length_s else None,
        come_per_s=float(pace["come_per_s"]) if pace else None,
        failed_checks=tuple(str(c["name"]) for c in facts["checks"] if c["passed"] is False),
        causes=tuple(cause.name for cause in likely),
    )


def _objective(facts: Mapping[str, Any]) -> ObjectiveFigures:
    return ObjectiveFigures(
        name=str(facts["name"]),
        target=float(facts["target"]),
        sli=float(facts["sli"]),
        good=int(facts["good"]),
        total=int(facts["total"]),
        verdict=str(facts["verdict"]),
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * float(seconds)


def with_differing(attempt: Attempt, differing: tuple[str, ...]) -> Attempt:
    """The attempt of a submission that changes graded files: it counts as not solved."""
    if not differing or attempt.outcome == "invalid":
        return attempt
    names = ", ".join(one_line(name, 80) for name in differing[:MOST_NAMED])
    more = len(differing) - MOST_NAMED
    files = f"{names} and {more} more" if more > 0 else names
    verdict = "met" if attempt.outcome == "met" else attempt.reason or attempt.outcome
    reason = f"{files}. With those of the release: {verdict}"
    return replace(attempt, outcome="differs", reason=reason)
