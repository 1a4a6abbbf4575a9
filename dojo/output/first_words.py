"""What a word of the report means, in half a line, for who meets it for the first time. Pure.

Which words somebody has met before is not known here. docs/primer.md and docs/glossary.md have
more.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from dojo.report import Report
from dojo.simulated_report import SimulatedReport

__all__ = ["MORE", "ON_DATA", "WORDS", "Word", "meaning", "new_words"]

MORE = "More, in five minutes: docs/primer.md. Each word in a line: docs/glossary.md"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, what it means, and whether a report uses it."""

    word: str
    meaning: str
    is_used: Callable[[Report], bool]


def _has_objectives(report: Report) -> bool:
    return bool(report.objectives)


ON_DATA = {  # words of reports on simulated data, new to a reader where a measure says them
    "page": "an alert that wakes somebody: it can't wait",
    "ticket": "an alert that can wait for the next working day",
    "precision": "of all that were sent, the share that was right",
    "recall": "of all that should have been noticed, the share that was",
}
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
    if isinstance(report, SimulatedReport):
        used = _used_on_data(report)
    else:
        used = [each.word for each in WORDS if each.is_used(report)]
    return tuple(word for word in used if word not in met)


def _used_on_data(report: SimulatedReport) -> list[str]:
    text = " ".join(
        " ".join((each.objective.name, each.display_name, each.good_events, each.total_events))
        for each in report.measures
    )
    uses = {
        **dict.fromkeys(("SLI", "objective"), bool(report.measures)),
        "error budget": _says(text, "budget"),
        **{word: _says(text, word) for word in ON_DATA},
        "undecided": report.slo == "undecided",
    }
    return [word for word, is_used in uses.items() if is_used]


def _says(text: str, word: str) -> bool:
    return re.search(rf"\b{word}s?\b", text) is not None


def meaning(word: str) -> str:
    """What one of WORDS or ON_DATA means."""
    return ON_DATA.get(word) or next(each.meaning for each in WORDS if each.word == word)
