"""How long each step of a journey took: what a journey's own figure is made of. Pure."""

import math
from collections.abc import Iterable

from dojo.load.plan import Plan
from dojo.load.sample import Sample
from dojo.report import StepTime
from dojo.slo.sli import percentiles

__all__ = ["step_times"]


def step_times(plan: Plan, samples: Iterable[Sample], journey: str) -> tuple[StepTime, ...]:
    """Each step of the journeys of that name, in their order; none if they have a single step.

    A step's response time counts from its own intended moment, so that think time is in none.
    """
    furthest: dict[str, int] = {}  # where a step stands at the latest: some journeys skip some
    for one in plan.journeys:
        if one.name == journey:
            for place, step in enumerate(one.steps):
                furthest[step.name] = max(place, furthest.get(step.name, 0))
    if len(furthest) < 2:
        return ()
    sent = dict.fromkeys(sorted(furthest, key=furthest.__getitem__), 0)
    latencies_s: dict[str, list[float]] = {name: [] for name in sent}
    for sample in samples:
        made = plan.journeys[sample.journey]
        if made.name != journey or sample.sent_s is None:
            continue
        name = made.steps[sample.step].name
        sent[name] += 1
        if sample.latency_s is not None:
            latencies_s[name].append(sample.latency_s)
    return tuple(
        StepTime(name, count, len(taken), percentiles(taken), math.fsum(taken))
        for name, count in sent.items()
        for taken in (latencies_s[name],)
    )
