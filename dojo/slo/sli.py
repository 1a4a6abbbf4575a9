"""From samples to SLIs: events, their causes, good / total. Pure.

One event is one journey of the plan. Its latency is the sum of its steps' response times, each from
the step's intended time; think time is not in it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dojo.load.plan import Plan
from dojo.load.sample import Cause, Sample
from dojo.report import Lateness, Percentiles

__all__ = ["Event", "causes", "events", "lateness", "percentiles", "settled", "tally"]


@dataclass(frozen=True, slots=True)
class Event:
    """One scheduled journey and how it ended."""

    journey: int  # index in Plan.journeys
    name: str
    intended_s: float
    latency_s: float | None  # None: never answered
    failure: Cause | None  # None: answered and right; whether in time depends on the threshold
    spent_s: float = 0.0  # in the answers that came, of all of its steps or of some

    def cause(self, threshold_s: float) -> Cause | None:
        """Why the event is bad under a threshold in seconds; None if it is good."""
        if self.failure is not None:
            return self.failure
        if self.latency_s is None or self.latency_s > threshold_s:
            return Cause.SLOW
        return None


def events(
    plan: Plan, samples: Iterable[Sample], wrong: Mapping[tuple[int, int], str] | None = None
) -> list[Event]:
    """One event for each journey that has samples, in the plan's order.

    `wrong` names the (journey, step) whose answer came and was not right.
    """
    wrong = wrong or {}
    by_journey: dict[int, list[Sample]] = {}
    for sample in samples:
        by_journey.setdefault(sample.journey, []).append(sample)
    found = []
    for index in sorted(by_journey):
        steps = sorted(by_journey[index], key=lambda sample: sample.step)
        failure = next((cause for step in steps if (cause := _failure(step, wrong))), None)
        times = [step.latency_s for step in steps]
        spent_s = math.fsum(time for time in times if time is not None)
        latency_s = None if None in times else spent_s
        journey = plan.journeys[index]
        found.append(Event(index, journey.name, journey.intended_s, latency_s, failure, spent_s))
    return found


def settled(found: Iterable[Event], threshold_s: float) -> list[Event]:
    """The events of a burst that was stopped early, without those that it cut short.

    Nobody can know how a journey would have ended that was thinking when the burst was stopped; one
    that had spent more than the threshold by then is slow, however it ends.
    """
    certain = []
    for event in found:
        if event.failure is not Cause.NOT_SENT:
            certain.append(event)
        elif event.spent_s > threshold_s:
            certain.append(replace(event, failure=Cause.SLOW))
    return certain


def _failure(sample: Sample, wrong: Mapping[tuple[int, int], str]) -> Cause | None:
    if sample.cause is not None:
        return sample.cause
    return Cause.WRONG_CONTENT if (sample.journey, sample.step) in wrong else None


def tally(found: Iterable[Event], name: str, threshold_s: float) -> tuple[int, int]:
    """(good, total) of the events of that name."""
    outcomes = [event.cause(threshold_s) is None for event in found if event.name == name]
    return sum(outcomes), len(outcomes)


def causes(found: Iterable[Event], name: str, threshold_s: float) -> dict[str, int]:
    """Bad events by cause, the most frequent first."""
    counted = Counter(
        str(cause)
        for event in found
        if event.name == name and (cause := event.cause(threshold_s)) is not None
    )
    return dict(counted.most_common())


def percentiles(latencies_s: Sequence[float]) -> Percentiles | None:
    """Nearest-rank percentiles of the answered events, in seconds; None without any."""
    if not latencies_s:
        return None
    ordered = sorted(latencies_s)

    def rank(percent: float) -> float:
        return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]

    return Percentiles(rank(50), rank(95), rank(99), ordered[-1])


def lateness(samples: Iterable[Sample], allowed_s: float) -> Lateness | None:
    """How late the generator sent what it sent, and how often later than `allowed_s`."""
    late = [sample.lateness_s for sample in samples if sample.lateness_s is not None]
    figures = percentiles(late)
    if figures is None:
        return None
    over = sum(time > allowed_s for time in late)
    return Lateness(figures.p50, figures.p99, figures.max, over, len(late))
