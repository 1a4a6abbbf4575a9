"""How long each step of a journey took: what the journey's own time is made of. Pure."""

import math
from collections.abc import Sequence

from dojo.burst_figures import StepTime
from dojo.load.plan import Journey
from dojo.load.sample import Sample
from dojo.slo.observation import Observation
from dojo.slo.sli import percentiles

__all__ = ["step_names", "step_times"]


def step_times(observations: Sequence[Observation], journey: str) -> tuple[StepTime, ...]:
    """Each step of the journeys of that name, in their order; none if they have a single step.

    A step's response time counts from its own intended moment, so no think time is in it.
    """
    names = step_names([j for o in observations for j in o.plan.journeys if j.name == journey])
    if len(names) < 2:
        return ()
    answered_s: dict[str, list[float]] = {name: [] for name in names}
    unanswered_s: dict[str, list[float]] = {name: [] for name in names}
    for observation in observations:
        for sample in observation.samples:
            if observation.plan.journeys[sample.journey].name != journey or sample.sent_s is None:
                continue
            name = observation.step(sample).name
            if sample.latency_s is not None:
                answered_s[name].append(sample.latency_s)
            else:
                unanswered_s[name].append(_waited_s(sample, observation.ended_s))
    return tuple(_step_time(name, answered_s[name], unanswered_s[name]) for name in names)


def _waited_s(sample: Sample, ended_s: float) -> float:
    """How long an answer was awaited that never came; inf where the request itself failed."""
    return max(0.0, ended_s - sample.intended_s) if sample.pending else math.inf


def _step_time(name: str, answered_s: Sequence[float], unanswered_s: Sequence[float]) -> StepTime:
    waited_s = [time_s for time_s in unanswered_s if time_s < math.inf]
    return StepTime(
        name,
        len(answered_s) + len(unanswered_s),
        len(answered_s),
        percentiles(answered_s, unanswered_s),
        math.fsum((*answered_s, *waited_s)),
    )


def step_names(journeys: Sequence[Journey]) -> list[str]:
    """The names of all their steps, each once, in their order.

    A step that some journeys skip stands where the others have it.
    """
    furthest: dict[str, int] = {}
    for journey in journeys:
        for place, step in enumerate(journey.steps):
            furthest[step.name] = max(place, furthest.get(step.name, 0))
    return sorted(furthest, key=furthest.__getitem__)
