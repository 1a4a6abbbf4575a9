"""What a word of the report means, in half a line, for who meets it for the first time. Pure.

Which words somebody has met before is not known here. docs/primer.md and docs/glossary.md have
more.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["MORE", "WORDS", "Word", "meaning", "new_words"]

MORE = "More, in five minutes: docs/primer.md. Each word in a line: docs/glossary.md"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what it means, and whether a report uses it."""

    word: str
    meaning: str
    is_used: Callable[[Report], bool]


def _has_objectives(report: Report | SimulatedReport) -> bool:
    return bool(report.objectives)


SIMULATED = ("SLI", "objective")  # what a report on simulated data uses of WORDS
WORDS = (
    Word("SLI", "an indicator: good events / total events", _has_objectives),
    Word("objective", "a target for an SLI; all of them are the SLO", _has_objectives),
    Word("error budget", "the bad events that the objective allows", _has_objectives),
    Word(
        "burn rate",
        "how many times too fast the budget goes; at one it lasts just 28 days",
        _has_objectives,
    ),
    Word(
        "p50, p95",
        "what 50 and 95 of 100 had at most; a mean would hide who waited",
        lambda report: report.latency_s is not None,
    ),
    Word(
        "alone",
        "with nobody else on the site: the work itself, without waiting",
        lambda report: report.service_time_s is not None,
    ),
    Word(
        "open load",
        "visitors come when they come, however slow the site is: ./run dojo compare-load",
        lambda report: bool(report.points),
    ),
    Word(
        "round trip",
        "the way to Postgres and back, paid for every statement",
        lambda report: report.where.round_trip_ms is not None,
    ),
    Word(
        "pooled connection",
        "one of a few to Postgres that all requests share",
        lambda report: bool(report.where.pool_waits),
    ),
    Word(
        "event loop",
        "the one thread that serves all visitors, as long as nothing makes it wait",
        lambda report: bool(report.where.loop_blocked_share),
    ),
    Word(
        "undecided",
        "too close to call: neither green nor red would be certain enough",
        lambda report: report.slo == "undecided",
    ),
    Word(
        "invalid run",
        "it says nothing about your app; it is no red",
        lambda report: report.verdict == "invalid",
    ),
)


def new_words(report: Report | SimulatedReport, met: Collection[str]) -> tuple[str, ...]:
    """The words of a report that are not among those that were met before."""
    used = [each.word for each in WORDS if _uses(report, each)]
    return tuple(word for word in used if word not in met)


def _uses(report: Report | SimulatedReport, word: Word) -> bool:
    if isinstance(report, SimulatedReport):
        return word.word in SIMULATED and bool(report.objectives)
    return word.is_used(report)


def meaning(word: str) -> str:
    """What one of WORDS means."""
    return next(each.meaning for each in WORDS if each.word == word)
