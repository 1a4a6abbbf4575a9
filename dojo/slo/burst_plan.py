"""The burst that a service level calls for: what is sent and watched, when it may stop. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dojo.errors import BadSetting
from dojo.load.plan import Flow, Load, Plan
from dojo.slo import verdict
from dojo.slo.openslo import ServiceLevel

__all__ = ["BurstPlan", "StopRule", "flows", "plan_burst"]

DRAIN_MARGIN_S = 0.1  # past the moment from which on an answer that is pending can only be bad
LEAST_S = 3.0  # so long a burst is sent in any case, so that its shape can be seen

BadCounts = Callable[[str], Mapping[float, int]]  # journey → bad events by threshold in seconds


@dataclass(frozen=True, slots=True)
class StopRule:
    """When a burst need not go on: as soon as an objective is missed whatever follows."""

    red_from: tuple[tuple[str, float, int], ...]  # (journey, threshold in seconds, bad events)

    @classmethod
    def of(cls, level: ServiceLevel, plan: Plan) -> "StopRule":
        """The number of bad events, for each objective, with which the whole plan is red."""
        return cls(
            tuple(
                (
                    objective.journey,
                    objective.threshold_s,
                    verdict.red_from(plan.count(objective.journey), objective.target),
                )
                for objective in level.objectives
            )
        )

    def may_stop(self, t_s: float, bad: BadCounts) -> bool:
        """Whether the burst may end, `t_s` seconds after its start."""
        return t_s >= LEAST_S and any(
            bad(journey).get(threshold_s, 0) >= least
            for journey, threshold_s, least in self.red_from
        )


@dataclass(frozen=True, slots=True)
class BurstPlan:
    """Everything about a burst that is fixed before it begins."""

    plan: Plan
    watch: tuple[tuple[str, float], ...]  # (journey, threshold in seconds), counted while it runs
    drain_s: float  # how long answers are awaited after the last journey has begun
    stop_rule: StopRule


def flows(level: ServiceLevel, load: Load) -> tuple[Flow, ...]:
    """The load's flows at their own rates; the first is that of the SLI's journey.

    BadSetting if two of them have one name.
    """
    every = (Flow(level.journey, level.rate_per_s, load.make), *load.beside)
    names = [flow.name for flow in every]
    if len(set(names)) < len(names):
        raise BadSetting(
            f"The load has two flows of one name: {', '.join(names)}. The first is the journey that"
            " slo.yaml names; each flow beside it needs a name of its own."
        )
    return every


def plan_burst(level: ServiceLevel, load: Load, seed: int, load_factor: float = 1.0) -> BurstPlan:
    """The burst that slo.yaml asks for, each flow at `load_factor` times its rate."""
    scaled = [
        replace(flow, rate_per_s=flow.rate_per_s * load_factor) for flow in flows(level, load)
    ]
    plan = Plan.of(seed, level.burst_s, scaled)
    return BurstPlan(
        plan=plan,
        watch=tuple((objective.journey, objective.threshold_s) for objective in level.objectives),
        drain_s=_drain_s(level, plan),
        stop_rule=StopRule.of(level, plan),
    )


def _drain_s(level: ServiceLevel, plan: Plan) -> float:
    """Until the last journey can only be bad: the slowest threshold and its longest think time."""
    slowest_s = max(objective.threshold_s for objective in level.objectives)
    think_s = (
        sum(step.think_s for step in journey.steps)
        for journey in plan.journeys
        if journey.name == level.journey
    )
    return slowest_s + max(think_s, default=0.0) + DRAIN_MARGIN_S
