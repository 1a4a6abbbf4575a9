"""What a run in the sandbox came to: an attempt, from its report, its JUnit file and its end. Pure.

All three were written where the submission's code ran, so nothing in them is believed to have a
form: what is missing or odd makes an attempt without figures.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from dojo.kata.hint_book import HintBook
from dojo.output.app_text import one_line
from dojo.output.cohort import Attempt, ObjectiveFigures, Outcome

__all__ = ["attempt_of", "junit_message", "postgres_end", "with_differing"]

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
KILLED = "was terminated by signal"  # in Postgres' log, of one of its processes
SHUT_DOWN = "database system is shut down"  # its last line, if nobody has killed all of it


def junit_message(text: str) -> tuple[str, str]:
    """(failure or error, its message) of the last test that has one; ("", "") if none has."""
    try:
        cases = list(ElementTree.fromstring(text).iter("testcase"))
    except ElementTree.ParseError:
        return "", ""
    for case in reversed(cases):
        for kind in ("failure", "error"):
            if (element := case.find(kind)) is not None:
                message = (element.text or element.get("message") or "").strip()
                return kind, message.partition("\n")[0].removesuffix(REPORT_BELOW)
    return "", ""


def postgres_end(log: str) -> str:
    """How Postgres was killed, by its log; "" if it was not, or never started."""
    for line in log.splitlines():
        if KILLED in line:
            return one_line(line.partition("LOG:")[2].strip() or line.strip(), MOST)
    started = bool(log.strip())
    return "it ended without shutting down" if started and SHUT_DOWN not in log else ""


def attempt_of(
    facts: Mapping[str, Any] | None,
    junit: str,
    postgres_log: str,
    book: HintBook | None,
    started_at: str,
    spent_s: float,
) -> Attempt:
    """The attempt of a run that came to its end; `facts` is its report as JSON, None if none."""
    kind, message = junit_message(junit)
    message = one_line(message, MOST)
    if facts is None and (killed := postgres_end(postgres_log)):
        return Attempt(started_at, "broken", f"Postgres was killed: {killed}", spent_s)
    if facts is not None:
        try:
            attempt = _judged(facts, book, started_at, spent_s)
        except (KeyError, TypeError, ValueError, AttributeError):
            reason = "the report can't be read"
            return Attempt(started_at, "invalid", reason, spent_s)
        return attempt if attempt.outcome == "met" else replace(attempt, reason=_reason(message))
    if kind == "failure":
        return Attempt(started_at, "broken", message, spent_s)
    return Attempt(started_at, "invalid", message or "the run left no report", spent_s)


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
