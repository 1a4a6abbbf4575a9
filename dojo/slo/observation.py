"""What a burst showed, as far as the SLI is concerned: its samples and the wrong answers. Pure.

An attempt has one observation for each burst. What judges them takes any number, in their order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dojo.load.plan import Plan, Step
from dojo.load.sample import Sample
from dojo.slo import sli
from dojo.slo.excuse import NO_EXCUSE, Excuse

__all__ = ["Mismatch", "Observation", "starts_s"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An answer that came and was not right."""

    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One burst. A journey's index is its place in this burst's plan alone."""

    plan: Plan
    samples: tuple[Sample, ...]
    wrong: Mapping[tuple[int, int], Mismatch]  # by (journey, step)
    stopped_early: bool = False
    excuse: Excuse = NO_EXCUSE  # of this burst, on its clock
    ended_s: float = math.inf  # from then on no answer was awaited

    def events(self, threshold_s: float) -> list[sli.Event]:
        """The events whose outcome at this threshold is known: all, unless it was stopped early."""
        events = sli.events(self.plan, self.samples, self.wrong, self.excuse, self.ended_s)
        return sli.certain(events, threshold_s) if self.stopped_early else events

    def by_journey(self) -> dict[int, list[Sample]]:
        """The samples of each journey, in the order in which they were taken."""
        steps: dict[int, list[Sample]] = {}
        for sample in self.samples:
            steps.setdefault(sample.journey, []).append(sample)
        return steps

    def step(self, sample: Sample) -> Step:
        """The step of the plan that a sample is of."""
        return self.plan.journeys[sample.journey].steps[sample.step]


def starts_s(observations: Sequence[Observation]) -> list[float]:
    """When each burst begins on an axis on which they stand one after another, without pauses."""
    lengths_s = [observation.plan.duration_s for observation in observations]
    return [0.0, *accumulate(lengths_s)][: len(observations)]
