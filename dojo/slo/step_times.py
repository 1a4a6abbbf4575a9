"""How long each step of a journey took: what the journey's own time is made of. Pure."""

import math
from collections.abc import Sequence

from dojo.load.plan import Journey
from dojo.report import StepTime
from dojo.slo.observation import Observation
from dojo.slo.sli import percentiles

__all__ = ["step_times"]


def step_times(observations: Sequence[Observation], journey: str) -> tuple[StepTime, ...]:
    """Each step of the journeys of that name, in their order; none if they have a single step.

    A step's response time counts from its own intended moment, so no think time is in it.
    """
    names = _step_names([j for o in observations for j in o.plan.journeys if j.name == journey])
    if len(names) < 2:
        return ()
    sent = dict.fromkeys(names, 0)
    latencies_s: dict[str, list[float]] = {name: [] for name in names}
    for observation in observations:
        for sample in observation.samples:
            if observation.plan.journeys[sample.journey].name != journey or sample.sent_s is None:
                continue
            name = observation.step(sample).name
            sent[name] += 1
            if sample.latency_s is not None:
                latencies_s[name].append(sample.latency_s)
    return tuple(
        StepTime(name, sent[name], len(times_s), percentiles(times_s), math.fsum(times_s))
        for name, times_s in latencies_s.items()
    )


def _step_names(journeys: Sequence[Journey]) -> list[str]:
    """Each name once; a step that some journeys skip stands where the others have it."""
    furthest: dict[str, int] = {}
    for journey in journeys:
        for place, step in enumerate(journey.steps):
            furthest[step.name] = max(place, furthest.get(step.name, 0))
    return sorted(furthest, key=furthest.__getitem__)
