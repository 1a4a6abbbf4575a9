"""From samples to SLIs: events, their causes, good / total. Pure.

One event is one journey of the plan. Its latency is the sum of its steps' response times, each from
the step's intended time; think time is not in it.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from dojo.burst_figures import Lateness, Percentiles
from dojo.load.plan import Plan
from dojo.load.sample import Cause, Sample
from dojo.slo.excuse import NO_EXCUSE, Excuse

__all__ = [
    "Event",
    "bad_after_excuses",
    "causes",
    "certain",
    "events",
    "excused",
    "latency_percentiles",
    "lateness",
    "percentiles",
    "tally",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One scheduled journey and how it ended."""

    journey: int  # index in Plan.journeys
    name: str
    intended_s: float
    latency_s: float | None  # None: never answered
    failure: Cause | None  # None: answered and right; whether in time depends on the threshold
    spent_s: float = 0.0  # in the answers that came, of all of its steps or of some
    lateness_s: float = 0.0  # of the step that the generator sent latest
    waited_s: float = 0.0  # spent_s, and the wait for an answer that had not come at the end
    excuse_s: float = 0.0  # what the machine took of that

    @property
    def known_s(self) -> float:
        """Its latency, or how long it had waited without an answer; inf if none can come any more.

        A journey that failed on its way has no end either.
        """
        if self.latency_s is not None:
            return self.latency_s
        pending = self.failure in (Cause.TIMEOUT, Cause.NOT_SENT, Cause.SLOW)
        return self.waited_s if pending else math.inf

    def cause(self, threshold_s: float) -> Cause | None:
        """Why the event is bad under a threshold in seconds; None if it is good."""
        if self.failure is not None:
            return self.failure
        if self.latency_s is None or self.latency_s > threshold_s:
            return Cause.SLOW
        return None

    def cause_after_excuse(self, threshold_s: float) -> Cause | None:
        """Why the event is bad even if the machine's time is given back.

        An answer that was pending at the end, after a wait that may be excused, is not held against
        the app. What failed for another reason than time has no excuse.
        """
        if self.failure not in (None, Cause.TIMEOUT, Cause.SLOW):
            return self.failure
        return Cause.SLOW if self.waited_s - self.excuse_s > threshold_s else None


def events(
    plan: Plan,
    samples: Iterable[Sample],
    wrong: Collection[tuple[int, int]] = (),
    excuse: Excuse = NO_EXCUSE,
    ended_s: float = math.inf,
) -> list[Event]:
    """One event for each journey that has samples, in the plan's order.

    `wrong` holds the (journey, step) of each answer that came and was not right. At `ended_s`
    answers were no longer awaited.
    """
    by_journey: dict[int, list[Sample]] = {}
    for sample in samples:
        by_journey.setdefault(sample.journey, []).append(sample)
    return [_event(plan, by_journey[index], wrong, excuse, ended_s) for index in sorted(by_journey)]


def _event(
    plan: Plan,
    samples: Iterable[Sample],
    wrong: Collection[tuple[int, int]],
    excuse: Excuse,
    ended_s: float,
) -> Event:
    """The event of one journey, from the samples of its steps."""
    steps = sorted(samples, key=lambda sample: sample.step)
    times_s = [step.latency_s for step in steps]
    spent_s = math.fsum(time_s for time_s in times_s if time_s is not None)
    journey = plan.journeys[steps[0].journey]
    pending = [s for s in steps if s.sent_s is not None and s.done_s is None]
    pending_s = math.fsum(max(0.0, ended_s - step.intended_s) for step in pending)
    return Event(
        journey=steps[0].journey,
        name=journey.name,
        intended_s=journey.intended_s,
        latency_s=None if None in times_s else spent_s,
        failure=next((cause for step in steps if (cause := _failure(step, wrong))), None),
        spent_s=spent_s,
        lateness_s=max(step.lateness_s or 0.0 for step in steps),
        waited_s=spent_s + pending_s,
        excuse_s=math.fsum(_excuse_s(step, excuse, ended_s) for step in steps),
    )


def _excuse_s(step: Sample, excuse: Excuse, ended_s: float) -> float:
    if step.sent_s is None:
        return 0.0
    end_s = ended_s if step.done_s is None else step.done_s
    return excuse.of_request(step.intended_s, end_s)


def _failure(sample: Sample, wrong: Collection[tuple[int, int]]) -> Cause | None:
    if sample.cause is not None:
        return sample.cause
    return Cause.WRONG_CONTENT if (sample.journey, sample.step) in wrong else None


def certain(events: Iterable[Event], threshold_s: float) -> list[Event]:
    """The events of a burst that was stopped early whose outcome is known at a threshold.

    A journey that was thinking when the burst was stopped might have ended well or badly, so it is
    left out; one that had spent more than the threshold by then is slow, however it ends.
    """
    known = []
    for event in events:
        if event.failure is not Cause.NOT_SENT:
            known.append(event)
        elif event.spent_s > threshold_s:
            known.append(replace(event, failure=Cause.SLOW))
    return known


def tally(events: Iterable[Event], name: str, threshold_s: float) -> tuple[int, int]:
    """(good, total) of the events of that name."""
    outcomes = [event.cause(threshold_s) is None for event in events if event.name == name]
    return sum(outcomes), len(outcomes)


def bad_after_excuses(events: Iterable[Event], name: str, threshold_s: float) -> int:
    """Events of that name that are bad even with the machine's time given back."""
    return sum(
        event.name == name and event.cause_after_excuse(threshold_s) is not None for event in events
    )


def excused(events: Iterable[Event], name: str, threshold_s: float) -> int:
    """Bad events of that name that would be good with the machine's time given back.

    An answer that was pending for less than the threshold when the burst was stopped is neither
    bad after excuses nor excused.
    """
    return sum(
        event.name == name
        and event.cause(threshold_s) is not None
        and event.cause_after_excuse(threshold_s) is None
        and event.waited_s > threshold_s
        for event in events
    )


def causes(events: Iterable[Event], name: str, threshold_s: float) -> dict[str, int]:
    """Bad events by cause, the most frequent first."""
    counts = Counter(
        str(cause)
        for event in events
        if event.name == name and (cause := event.cause(threshold_s)) is not None
    )
    return dict(counts.most_common())


def percentiles(
    latencies_s: Sequence[float], unanswered_s: Sequence[float] = ()
) -> Percentiles | None:
    """Nearest-rank percentiles of all events, in seconds; None if no time is known at all.

    `unanswered_s` is how long each of the others had waited; inf for those that will never get an
    answer. From the first of them on, the event at a rank may be one of them, or one that waited
    longer: such a figure is at least what it says.
    """
    ordered = sorted([*latencies_s, *unanswered_s])
    known_s = [time_s for time_s in ordered if time_s < math.inf]
    if not known_s:
        return None
    least_open_s = min(unanswered_s, default=math.inf)

    def rank(percent: float) -> float:
        return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]

    times_s = {"p50": rank(50), "p95": rank(95), "p99": rank(99), "max": ordered[-1]}
    at_least = tuple(
        name for name, time_s in times_s.items() if unanswered_s and time_s >= least_open_s
    )
    bounds_s = {name: min(time_s, known_s[-1]) for name, time_s in times_s.items()}
    return Percentiles(**bounds_s, at_least=at_least)


def latency_percentiles(events: Sequence[Event]) -> Percentiles | None:
    """Percentiles of the latency of these events, whether or not they were answered."""
    return percentiles(
        [event.latency_s for event in events if event.latency_s is not None],
        [event.known_s for event in events if event.latency_s is None],
    )


def lateness(samples: Iterable[Sample], allowed_s: float) -> Lateness | None:
    """How late the generator sent its requests, and how many of them later than `allowed_s`."""
    times_s = [sample.lateness_s for sample in samples if sample.lateness_s is not None]
    figures = percentiles(times_s)
    if figures is None:
        return None
    late = sum(time_s > allowed_s for time_s in times_s)
    return Lateness(figures.p50, figures.p99, figures.max, late, len(times_s))
