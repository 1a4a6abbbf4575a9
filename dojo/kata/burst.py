"""What a load brought, as a kata judges it: journeys with their answers, and what was wrong. Pure.

Knows neither the site nor how the load was sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dojo.kata.exposition import Exposition
from dojo.kata.staleness import Write
from dojo.load.plan import Journey, Plan, SqlStep, Step
from dojo.load.sample import Sample

__all__ = ["Burst", "SqlAnswer", "Visit", "Wrong"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that came and was not right."""

    expected: str
    came: str
    stale: bool = False  # right once, but older than the published staleness limit


@dataclass(frozen=True, slots=True)
class Visit:
    """A journey that was begun, and its answers by the name of the step, as far as they were sent.

    Of several steps of one name the last.
    """

    journey: Journey
    samples: Mapping[str, Sample]


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """A statement of the grader's own that Postgres has executed and committed.

    Times are seconds from the start of the (first) burst, as those of samples.
    """

    step: SqlStep
    sent_s: float
    done_s: float
    rows: tuple[tuple[Any, ...], ...] = ()  # what it returned

    @property
    def write(self) -> Write:
        """The same for who compares a page with what was written."""
        return Write(self.sent_s, self.done_s)


@dataclass(frozen=True, slots=True)
class Burst:
    """All that the load saw so far, for a kata to compare with what must be.

    If several bursts are sent one after another, plan and samples hold those of all of them, on
    one clock and with one numbering of the journeys. Journeys from `first_new` on are new; the
    earlier ones are judged already, and the answers to their GETs have lost their bodies, which
    may be large.
    """

    journey: str  # the SLI's
    plan: Plan
    samples: tuple[Sample, ...]
    staleness_s: float
    before: Exposition  # the app's own metrics, before the first burst and after the last
    after: Exposition
    first_new: int = 0  # index in Plan.journeys
    sql_answers: tuple[SqlAnswer, ...] = ()  # of Load.sql, in their order, as far as they were sent
    began_at_s: float = 0.0  # the start of the first burst, a reading of time.monotonic

    def steps(self, journey: str, *steps: str) -> list[Sample]:
        """The samples of these steps of the journeys of that name, in the plan's order."""
        return [sample for sample in self._of(journey) if self.step_of(sample).name in steps]

    def unjudged(self, journey: str) -> list[tuple[Sample, Journey]]:
        """The samples that no earlier call of `wrong_answers` has seen, each with its journey."""
        return [
            (sample, self.plan.journeys[sample.journey])
            for sample in self._of(journey)
            if sample.journey >= self.first_new
        ]

    def visits(self, journey: str) -> list[Visit]:
        """Each journey of that name that was begun, of all bursts, in the plan's order."""
        begun: dict[int, dict[str, Sample]] = {}
        for sample in self._of(journey):
            if sample.sent_s is not None:
                begun.setdefault(sample.journey, {})[self.step_of(sample).name] = sample
        return [Visit(self.plan.journeys[index], begun[index]) for index in sorted(begun)]

    def planned(self, journey: str, *steps: str) -> int:
        """How many requests the whole plan holds for these steps of the journeys of that name."""
        return sum(
            step.name in steps
            for each in self.plan.journeys
            if each.name == journey
            for step in each.steps
        )

    def step_of(self, sample: Sample) -> Step:
        """What was sent."""
        return self.plan.journeys[sample.journey].steps[sample.step]

    def _of(self, journey: str) -> Iterator[Sample]:
        names = [each.name == journey for each in self.plan.journeys]
        return (sample for sample in self.samples if names[sample.journey])
