"""What each step of the SLI's journey costs: where its time went, alone and under load. Pure.

The step that waits longest is not always the one that costs: behind a pool everybody waits, whoever
holds the connections.
"""

from collections import Counter
from collections.abc import Sequence

from dojo.load.server_timing import ServerTime, server_time
from dojo.report import StepAlone, StepCost, TimeSpent
from dojo.slo.observation import Observation
from dojo.slo.step_times import step_names

__all__ = ["LEAST_ANSWERS", "step_costs"]

LEAST_ANSWERS = 5  # the mean of fewer says nothing


def step_costs(
    observations: Sequence[Observation], journey: str, alone: Sequence[StepAlone] = ()
) -> tuple[StepCost, ...]:
    """Each step of the journeys of that name, in their order; also the only step of short ones."""
    journeys = [j for o in observations for j in o.plan.journeys if j.name == journey]
    planned = Counter(step.name for each in journeys for step in each.steps)
    times = _server_times(observations, journey)
    by_name = {each.name: each for each in alone}
    return tuple(
        StepCost(name, planned[name] / len(journeys), _mean(times.get(name, ())), by_name.get(name))
        for name in step_names(journeys)
    )


def _server_times(observations: Sequence[Observation], journey: str) -> dict[str, list[ServerTime]]:
    times: dict[str, list[ServerTime]] = {}
    for observation in observations:
        for sample in observation.samples:
            if sample.done_s is None or observation.plan.journeys[sample.journey].name != journey:
                continue
            if (time := server_time(sample)) is not None:
                times.setdefault(observation.step(sample).name, []).append(time)
    return times


def _mean(times: Sequence[ServerTime]) -> TimeSpent | None:
    if len(times) < LEAST_ANSWERS:
        return None
    count = len(times)
    return TimeSpent(
        answers=count,
        connection_s=sum(time.pool_s for time in times) / count,
        postgres_s=sum(time.database_s for time in times) / count,
        python_s=sum(time.python_s for time in times) / count,
    )
