"""The facts of one attempt at a simulated kata, as values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dojo.earlier_attempt import EarlierAttempt
from dojo.report import CheckResult, ObjectiveResult, Verdict
from dojo.sections import Section

__all__ = ["MeasureResult", "Refusal", "SimulatedReport"]


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A measure held against its target, and what was counted, in words."""

    objective: ObjectiveResult
    display_name: str  # "85% of pages are right"
    good_events: str
    total_events: str
    detail: str = ""  # about the bad ones
    red_at_least: int = -1  # bad ones at which red begins; -1: not known, or all are too few


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file of the learner's could not be used, and the line itself."""

    file: str
    reason: str
    line: int | None = None
    column: int | None = None
    text: str = ""  # of that line
    place: str = ""  # app/ops/sli.sql:3:14


@dataclass(frozen=True, slots=True)
class SimulatedReport:
    """One attempt at a kata that is judged on simulated data."""

    kata: str  # the folder's name: "04-alerts"
    title: str
    event: str  # what is judged, in the plural
    description: str
    verdict: Verdict
    slo: Verdict  # of the objectives alone
    checks_hold: bool | None  # None: none failed, and not all were made
    started_at: str  # ISO 8601, UTC
    number: int  # attempt, from 1
    seed: int
    files: tuple[str, ...] = ()  # that the learner edits: "app/ops/alerts.yaml"
    measures: tuple[MeasureResult, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    sections: Sequence[Section] = ()
    refusal: Refusal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    timings_s: dict[str, float] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    previous: EarlierAttempt | None = None
    hints: int = 0  # that were given for the kata by then
    new_words: tuple[str, ...] = ()  # that the reader meets for the first time
    next_steps: tuple[str, ...] = ()

    @property
    def objectives(self) -> tuple[ObjectiveResult, ...]:
        """The measures without the words."""
        return tuple(measure.objective for measure in self.measures)
