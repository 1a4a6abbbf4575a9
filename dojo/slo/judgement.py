"""The observations of an attempt held against its service level. Pure.

It judges whatever was observed until now, in one burst or several, and can be called after each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dojo.burst_figures import Lateness, Percentiles, Point, StepTime
from dojo.report import CheckResult, ObjectiveResult, Verdict
from dojo.slo import binomial, sli
from dojo.slo.decision import Counts, Decision, ObjectiveDecision
from dojo.slo.observation import Observation, starts_s
from dojo.slo.openslo import Objective, ServiceLevel
from dojo.slo.step_times import step_times
from dojo.slo.validity import LATE_S

__all__ = ["Judgement", "count", "judge", "overall", "site_works"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the events say; their causes are those at the tightest threshold."""

    objectives: tuple[ObjectiveResult, ...]  # in the service level's order
    bad_events: dict[str, int]  # of the SLI's journey by cause, the most frequent first
    latency_s: Percentiles | None  # of the SLI's events
    points: tuple[Point, ...]  # the SLI's events
    steps: tuple[StepTime, ...]
    lateness: Lateness | None


def count(level: ServiceLevel, observations: Sequence[Observation]) -> tuple[Counts, ...]:
    """The events of each objective in all observations, as they came and after excuses."""
    return tuple(_counts(objective, observations) for objective in level.objectives)


def judge(
    level: ServiceLevel, observations: Sequence[Observation], decision: Decision
) -> Judgement:
    """All events of all bursts together, and what was decided about them."""
    results = tuple(
        _result(objective, observations, each)
        for objective, each in zip(level.objectives, decision.objectives, strict=True)
    )
    by_burst = [observation.events(level.tightest_s) for observation in observations]
    events = [event for burst in by_burst for event in burst]
    of_sli = [event for event in events if event.name == level.journey]
    samples = [sample for observation in observations for sample in observation.samples]
    return Judgement(
        objectives=results,
        bad_events=sli.causes(events, level.journey, level.tightest_s),
        latency_s=sli.latency_percentiles(of_sli),
        points=tuple(
            Point(start_s + event.intended_s, event.latency_s, event.cause(level.tightest_s))
            for start_s, burst in zip(starts_s(observations), by_burst, strict=True)
            for event in burst
            if event.name == level.journey
        ),
        steps=step_times(observations, level.journey),
        lateness=sli.lateness(samples, LATE_S),
    )


def overall(slo: Verdict, checks: Sequence[CheckResult]) -> Verdict:
    """The attempt's verdict: of a site that no longer does its job, no SLO is met.

    An invalid run has no other verdict. Without a check nothing is met, nor with one that was not
    made.
    """
    if slo == "invalid":
        return "invalid"
    works = site_works(checks)
    if works is False:
        return "not_met"
    return "not_met" if slo == "met" and works is None else slo


def site_works(checks: Sequence[CheckResult]) -> bool | None:
    """Whether the site still does its job; None if nobody knows."""
    if any(check.failed for check in checks):
        return False
    return None if not checks or any(check.unchecked for check in checks) else True


def _events(observations: Sequence[Observation], threshold_s: float) -> list[sli.Event]:
    return [event for observation in observations for event in observation.events(threshold_s)]


def _counts(objective: Objective, observations: Sequence[Observation]) -> Counts:
    threshold_s, journey = objective.threshold_s, objective.journey
    events = _events(observations, threshold_s)
    good, total = sli.tally(events, journey, threshold_s)
    return Counts(
        total=total,
        bad=total - good,
        bad_after_excuses=sli.bad_after_excuses(events, journey, threshold_s),
        bad_at_twice=sli.bad_after_excuses(events, journey, 2 * threshold_s),
        excused=sli.excused(events, journey, threshold_s),
    )


def _result(
    objective: Objective, observations: Sequence[Observation], decision: ObjectiveDecision
) -> ObjectiveResult:
    counts = _counts(objective, observations)
    good = counts.total - counts.bad
    return ObjectiveResult(
        name=objective.display_name,
        target=objective.target,
        threshold_s=objective.threshold_s,
        good=good,
        total=counts.total,
        verdict=decision.outcome,
        interval=binomial.interval(good, counts.total),
        bad_after_excuses=counts.bad_after_excuses,
        green_at_most=decision.green_at_most,
        excused=counts.excused,
    )
