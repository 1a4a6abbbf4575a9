"""The observations of an attempt held against its service level. Pure.

It judges whatever was observed until now, in one burst or several, and can be called after each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.report import (
    CheckResult,
    Lateness,
    ObjectiveResult,
    Percentiles,
    Point,
    RunVerdict,
    StepTime,
)
from dojo.slo import sli, verdict
from dojo.slo.observation import Observation
from dojo.slo.openslo import Objective, ServiceLevel
from dojo.slo.step_times import step_times
from dojo.slo.validity import LATE_S, invalid_because

__all__ = ["Judgement", "judge", "overall"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the events say; events and their causes are those at the tightest threshold."""

    objectives: tuple[ObjectiveResult, ...]  # in the service level's order
    events: tuple[sli.Event, ...]  # of every journey
    bad_events: dict[str, int]  # of the SLI's journey by cause, the most frequent first
    latency_s: Percentiles | None  # of the SLI's answered events
    points: tuple[Point, ...]  # the SLI's events
    steps: tuple[StepTime, ...]
    lateness: Lateness | None
    invalid_because: tuple[str, ...]

    @property
    def may_be_met(self) -> bool:
        """Whether no objective is missed: each is met, or within noise of its target."""
        return all(objective.verdict != "not_met" for objective in self.objectives)


def judge(
    level: ServiceLevel, observations: Sequence[Observation], load_factor: float = 1.0
) -> Judgement:
    """Judge all events of all bursts together; `load_factor` as the load was sent."""
    results = tuple(_result(objective, observations) for objective in level.objectives)
    events = _events(observations, level.tightest_s)
    of_sli = [event for event in events if event.name == level.journey]
    samples = [sample for observation in observations for sample in observation.samples]
    lateness = sli.lateness(samples, LATE_S)
    return Judgement(
        objectives=results,
        events=tuple(events),
        bad_events=sli.causes(events, level.journey, level.tightest_s),
        latency_s=sli.percentiles([e.latency_s for e in of_sli if e.latency_s is not None]),
        points=tuple(
            Point(event.intended_s, event.latency_s, event.cause(level.tightest_s))
            for event in of_sli
        ),
        steps=step_times(observations, level.journey),
        lateness=lateness,
        invalid_because=invalid_because(
            level,
            results,
            events,
            lateness,
            stopped_early=any(observation.stopped_early for observation in observations),
            load_factor=load_factor,
        ),
    )


def overall(judgement: Judgement, checks: Sequence[CheckResult]) -> RunVerdict:
    """The attempt's verdict: an invalid run has no other; without a check nothing is met."""
    if judgement.invalid_because:
        return "invalid"
    results = [objective.verdict == "met" for objective in judgement.objectives]
    passed = [check.passed for check in checks]
    return "met" if results and passed and all(results) and all(passed) else "not_met"


def _events(observations: Sequence[Observation], threshold_s: float) -> list[sli.Event]:
    return [event for observation in observations for event in observation.events(threshold_s)]


def _result(objective: Objective, observations: Sequence[Observation]) -> ObjectiveResult:
    events = _events(observations, objective.threshold_s)
    good, total = sli.tally(events, objective.journey, objective.threshold_s)
    return ObjectiveResult(
        name=objective.display_name,
        target=objective.target,
        threshold_s=objective.threshold_s,
        good=good,
        total=total,
        verdict=verdict.decide(total - good, total, objective.target),
        interval=verdict.interval(good, total),
    )
