"""What each step of the SLI's journey costs: where its time went, alone and under load. Pure.

The step that waits longest is not always the one that costs: behind a pool everybody waits, whoever
holds the connections. So Postgres' time is given to the steps whose statements took it: which step
sends which statement is known from the journey that was made alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from dojo.costs import StatementCost, StepAlone, StepCost
from dojo.load.server_timing import connection_wait_s
from dojo.slo.observation import Observation
from dojo.slo.step_times import step_names

__all__ = ["LEAST_ANSWERS", "postgres_by_step", "step_costs"]

LEAST_ANSWERS = 5  # the mean of fewer says nothing
LEAST_MS = 0.001  # a statement that took no time alone has a share all the same


def step_costs(
    observations: Sequence[Observation],
    journey: str,
    alone: Sequence[StepAlone] = (),
    statements: Sequence[StatementCost] = (),
) -> tuple[StepCost, ...]:
    """Each step of the journeys of that name, in their order; also the only step of short ones.

    `statements` are all that Postgres counted during the load. A journey of one step goes by its
    own name, whatever was sent alone is called.
    """
    journeys = [j for o in observations for j in o.plan.journeys if j.name == journey]
    names = step_names(journeys)
    if len(names) == len(alone) == 1:
        alone = [replace(alone[0], name=names[0])]
    planned = Counter(step.name for each in journeys for step in each.steps)
    sent, waits_s = _under_load(observations, journey)
    postgres_s = postgres_by_step(alone, planned, statements)
    by_name = {each.name: replace(each, texts=()) for each in alone}
    return tuple(
        StepCost(
            name,
            planned[name] / len(journeys),
            sent[name],
            _mean(waits_s.get(name, ())),
            postgres_s.get(name),
            by_name.get(name),
        )
        for name in names
    )


def postgres_by_step(
    alone: Sequence[StepAlone], planned: Counter[str], statements: Sequence[StatementCost]
) -> dict[str, float]:
    """Seconds of Postgres' time for each step that was made alone; {} if it counts no statements.

    What several steps send is divided by what they need of it: requests planned × time alone. What
    none of them sends is nobody's.
    """
    if not any(step.texts for step in alone):
        return {}
    weights: dict[str, dict[str, float]] = {}
    for step in alone:
        for cost in step.texts:
            of_text = weights.setdefault(cost.text, {})
            needed_ms = max(cost.total_ms, LEAST_MS) * planned[step.name]
            of_text[step.name] = of_text.get(step.name, 0.0) + needed_ms
    total_s = dict.fromkeys((step.name for step in alone), 0.0)
    for cost in statements:
        of_text = weights.get(cost.text, {})
        whole = sum(of_text.values())
        for name, weight in of_text.items():
            total_s[name] += cost.total_ms / 1000 * weight / whole if whole else 0.0
    return total_s


def _under_load(
    observations: Sequence[Observation], journey: str
) -> tuple[Counter[str], dict[str, list[float]]]:
    """How many requests of each step were sent, and the waits that their answers tell."""
    sent: Counter[str] = Counter()
    waits_s: dict[str, list[float]] = {}
    for observation in observations:
        for sample in observation.samples:
            if sample.sent_s is None or observation.plan.journeys[sample.journey].name != journey:
                continue
            name = observation.step(sample).name
            sent[name] += 1
            if (wait_s := connection_wait_s(sample)) is not None:
                waits_s.setdefault(name, []).append(wait_s)
    return sent, waits_s


def _mean(times_s: Sequence[float]) -> float | None:
    return sum(times_s) / len(times_s) if len(times_s) >= LEAST_ANSWERS else None
