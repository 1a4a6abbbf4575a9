"""The burst that a service level calls for: what is sent and watched, when it may stop. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dojo.errors import BadSetting
from dojo.load.plan import Flow, Load, Plan
from dojo.slo.decision import Counts
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sequential import Bounds

__all__ = ["BurstPlan", "StopRule", "flows", "plan_burst", "stop_rule"]

DRAIN_MARGIN_S = 0.1  # past the moment from which on an answer that is pending can only be bad
LEAST_S = 3.0  # so long a burst is sent in any case, so that its shape can be seen

FACTORS = (1.0, 1.5, 2.0, 4.0, 8.0, 16.0)

BadCounts = Callable[[str], Mapping[float, int]]  # journey → bad events by threshold in seconds


@dataclass(frozen=True, slots=True)
class StopRule:
    """When a burst need not go on: as soon as an objective is missed whatever follows.

    What the machine took may be given back to an event afterwards. So it is held against a multiple
    of its threshold: one that has waited longer than the threshold and all that can be given back
    stays bad.
    """

    red_from: tuple[tuple[str, float, int], ...]  # (journey, threshold in seconds, bad events)

    @property
    def watch(self) -> tuple[tuple[str, float], ...]:
        """What is counted while the burst runs: (journey, time in seconds)."""
        return tuple(
            (journey, threshold_s * factor)
            for journey, threshold_s, _ in self.red_from
            for factor in FACTORS
        )

    def may_stop(self, t_s: float, bad: BadCounts, excuse_at_most_s: float = 0.0) -> bool:
        """Whether the burst may end, `t_s` seconds after its start.

        `excuse_at_most_s`: no event so far is given back more than that.
        """
        return t_s >= LEAST_S and any(
            bad(journey).get(threshold_s * factor, 0) >= least
            for journey, threshold_s, least in self.red_from
            for factor in FACTORS
            if threshold_s * (factor - 1) >= excuse_at_most_s
        )


@dataclass(frozen=True, slots=True)
class BurstPlan:
    """Everything about a burst that is fixed before it begins."""

    plan: Plan
    drain_s: float  # how long answers are awaited after the last journey has begun


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
    plan = Plan.of(seed, level.burst_s, scaled, load.sql)
    return BurstPlan(plan=plan, drain_s=_drain_s(level, plan))


def stop_rule(
    level: ServiceLevel, limits: Sequence[Bounds], looks: Sequence[Sequence[Counts]]
) -> StopRule:
    """When the next look need not go on, after `looks` that decided nothing.

    Red is certain from so many bad events on as the bound of the next look says, less those that
    the looks before have brought.
    """
    before = looks[-1] if looks else [Counts(0, 0, 0)] * len(level.objectives)
    return StopRule(
        tuple(
            (
                objective.journey,
                objective.threshold_s,
                limit.red_from[len(looks)] - counts.bad_after_excuses,
            )
            for objective, limit, counts in zip(level.objectives, limits, before, strict=True)
        )
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
