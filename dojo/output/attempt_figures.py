"""A stored attempt, and its figures as texts, one label for each, for tables of attempts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dojo.output.figures import percent, rate, seconds
from dojo.output.outcome import VERDICTS

__all__ = [
    *("NONE", "Attempt", "ObjectiveFigures", "best_slis", "figures", "outcome"),
    "when",
]

NONE = "-"


@dataclass(frozen=True, slots=True)
class ObjectiveFigures:
    """What an attempt measured of one objective."""

    name: str
    target: float  # a ratio
    good: int
    total: int
    verdict: str  # met, not_met, undecided
    short_name: str  # as the kata's slo.yaml calls it: "sees-lost"

    @property
    def sli(self) -> float:
        """Good events / total events."""
        return self.good / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One stored attempt; a figure that it does not have is None."""

    number: int
    verdict: str
    slo: str
    site_works: bool | None
    started_at: str  # ISO 8601, UTC
    event: str  # what one event is, in the plural
    objectives: tuple[ObjectiveFigures, ...]
    bad_events: Mapping[str, int]
    answered: int
    events: int
    burst_s: float
    rate_per_s: float
    answered_per_s: float | None  # events with a right answer a second, as the report says it
    keeps_up: bool | None  # whether no queue grew, so that all were answered as they came
    total_s: float  # of the whole run
    alone_s: float | None  # of a request with nobody else on the site
    p50_s: float | None
    p50_at_least: bool  # p50 is that of somebody who got no answer
    statements_alone: float | None
    statements_per_event: float | None  # under load, the mean of those that were answered
    hints: int | None  # that were given by then
    conditions: Mapping[str, Any]
    is_simulated: bool = False  # its events were drawn, and no request was sent
    remarks: tuple[str, ...] = ()  # why the run is invalid, and which checks failed


def outcome(attempt: Attempt) -> str:
    """The verdict in two or three words, or that a fast site is broken."""
    if attempt.verdict == "not_met" and attempt.site_works is False and attempt.slo == "met":
        return "SLO met, but the site is broken"
    return VERDICTS.get(attempt.verdict, attempt.verdict)


def when(started_at: str) -> str:
    """2026-11-26T22:56:51+00:00 as 2026-11-26 22:56 UTC."""
    day, _, clock = started_at.partition("T")
    return f"{day} {clock[:5]} UTC"


def figures(attempt: Attempt) -> dict[str, str]:
    """What is compared, by its label: each objective's SLI, then what moves with every fix."""
    texts = {each.name: sli_text(each) for each in attempt.objectives}
    if attempt.events:
        texts["answered"] = f"{attempt.answered:,} of {attempt.events:,}"
        if attempt.keeps_up:
            texts["answers a second"] = f"all {attempt.rate_per_s:g}"
        elif attempt.answered_per_s is not None:
            texts["answers a second"] = f"{rate(attempt.answered_per_s)} of {attempt.rate_per_s:g}"
        texts["one alone"] = NONE if attempt.alone_s is None else seconds(attempt.alone_s)
        texts["p50"] = p50_text(attempt)
    if attempt.statements_alone is not None:
        texts["statements"] = f"{attempt.statements_alone:,.4g}"
    if attempt.statements_per_event is not None:
        texts["under load"] = f"{attempt.statements_per_event:,.3g}"
    for cause, count in attempt.bad_events.items():
        texts[f"bad: {cause}"] = f"{count:,}"
    return texts


def sli_text(objective: ObjectiveFigures) -> str:
    """The SLI and its counts: 98.3%, 472 / 480."""
    counts = f"{objective.good:,} / {objective.total:,}"
    return f"{percent(objective.sli, objective.target) if objective.total else NONE}, {counts}"


def p50_text(attempt: Attempt) -> str:
    """The median, or its lower bound."""
    if attempt.p50_s is None:
        return NONE
    return f"{'over ' if attempt.p50_at_least else ''}{seconds(attempt.p50_s)}"


def best_slis(attempts: Sequence[Attempt]) -> dict[str, ObjectiveFigures]:
    """Of each objective of the last attempt the best that an attempt measured."""
    valid = [attempt for attempt in attempts if attempt.verdict != "invalid"]
    best: dict[str, ObjectiveFigures] = {}
    for attempt in valid:
        for each in attempt.objectives:
            if each.name not in best or each.sli >= best[each.name].sli:
                best[each.name] = each
    names = [each.name for each in valid[-1].objectives] if valid else []
    return {name: best[name] for name in names}
