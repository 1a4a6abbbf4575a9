"""How many events a second the site answers, against how many come. Pure.

A site that can't keep up answers at its own pace, whatever comes: a queue grows, and everybody in
it is late. So while it is saturated its answers a second are its capacity.
"""

import math
from collections.abc import Sequence

from dojo.burst_figures import Pace
from dojo.load.sample import Cause, Sample
from dojo.slo.observation import Observation
from dojo.slo.sli import events

__all__ = ["LEAST_EVENTS", "pace"]

LEAST_EVENTS = 20  # that came in the second half of a burst, to say whether a queue grew
KEEPS_UP = 0.9  # of those that came in the second half, so many or more were answered meanwhile

Life = tuple[float, float, bool]  # of an event: when it began, when it ended, whether it was right


def pace(
    observations: Sequence[Observation], journey: str, rate_per_s: float, sent_s: Sequence[float]
) -> Pace | None:
    """Over all bursts together; None without one event.

    `sent_s` says of each burst how long journeys were started in it. A queue has grown if, of those
    that came in the second halves, too many more were open at the end than in the middle.
    """
    answered, requests, length_s, came, grown = 0, 0, 0.0, 0, 0
    for observation, end_s in zip(observations, sent_s, strict=True):
        lives = _lives(observation, journey)
        if not lives:
            continue
        upto_s = _upto_s(observation, lives, end_s)
        answered += sum(right and ended_s <= upto_s for _, ended_s, right in lives)
        requests += _requests(observation, journey, upto_s)
        length_s += upto_s
        came += sum(end_s / 2 < began_s <= end_s for began_s, _, _ in lives)
        grown += _open_at(lives, end_s) - _open_at(lives, end_s / 2)
    if length_s <= 0:
        return None
    keeps_up = None if came < LEAST_EVENTS else grown <= (1 - KEEPS_UP) * came
    return Pace(answered, length_s, rate_per_s, keeps_up, requests)


def _lives(observation: Observation, journey: str) -> list[Life]:
    """Of the events that were begun; one that was still open at the end has no end."""
    samples = observation.by_journey()
    return [
        (event.intended_s, _ended_s(samples[event.journey]), event.failure is None)
        for event in events(observation.plan, observation.samples, observation.wrong)
        if event.name == journey and samples[event.journey][0].sent_s is not None
    ]


def _ended_s(steps: Sequence[Sample]) -> float:
    """When its last answer came; inf if it was under way at the end, whichever step that was."""
    if any(step.pending for step in steps):
        return math.inf
    sent = [step for step in steps if step.sent_s is not None]
    if all(step.cause is None for step in sent) and len(sent) < len(steps):
        return math.inf  # it was thinking
    return max(step.intended_s if step.done_s is None else step.done_s for step in sent)


def _upto_s(observation: Observation, lives: Sequence[Life], end_s: float) -> float:
    """Until when answers count: to the last one, or to the end if some had not come by then.

    In a burst that was stopped no further step was begun, so no journey of several could end.
    """
    if all(ended_s < math.inf for _, ended_s, _ in lives):
        return max(end_s, *(ended_s for _, ended_s, _ in lives))
    several = any(step.cause is Cause.NOT_SENT for step in observation.samples)
    if (observation.stopped_early and several) or math.isinf(observation.ended_s):
        return end_s
    return observation.ended_s


def _requests(observation: Observation, journey: str, upto_s: float) -> int:
    """How many of its requests had a right answer by then, as far as status and transport tell."""
    journeys = observation.plan.journeys
    return sum(
        sample.cause is None and sample.done_s is not None and sample.done_s <= upto_s
        for sample in observation.samples
        if journeys[sample.journey].name == journey
    )


def _open_at(lives: Sequence[Life], at_s: float) -> int:
    """How many had begun by then and not ended."""
    return sum(began_s <= at_s < ended_s for began_s, ended_s, _ in lives)
