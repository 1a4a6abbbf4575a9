"""Met, not met, undecided or invalid: what up to three looks at an attempt come to. Pure.

For each objective two counts are held against the bounds of `dojo.slo.sequential`: the bad events
as they came, and those of them that are still bad after the machine's time was given back
(`dojo.slo.excuse`). After each look, in this order:

1. Every objective is green, at this look or an earlier one, by the events as they came: *met*.
2. An objective is red by its excused count: *not met*. On a machine that is smaller than the kata
   needs, or whose disk others keep busy, or where others are to blame for more than `MOST_EXCUSED`
   of the events, it must also be red far off: at twice the threshold, with more than `FAR_BUDGETS`
   budgets.
3. An objective is red by the events as they came alone, or is green only by the excused count after
   the last look, or red without being far off where it must be: *disturbed*. The run says nothing.
4. Looks are left: *open*, and another look is due. After the last one: *undecided*, or *disturbed*
   where no red could have been told.

An objective that was green once stays green, since its test ended there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dojo.slo.openslo import Objective, ServiceLevel
from dojo.slo.sequential import Bounds, bounds, equal_looks, red_alpha

__all__ = ["FAR_BUDGETS", "Counts", "Decision", "ObjectiveDecision", "decide", "level_bounds"]

FAR_BUDGETS = 3.0  # so many budgets a fault spends at twice the threshold, on any machine
# Where others took the machine from most visitors, what is given back is not exact enough for a
# near red: sixteen programs on two cores left kata 01's fix with 81 bad events of 957, red from 73.
MOST_EXCUSED = 0.5

Outcome = Literal["met", "not_met", "undecided", "disturbed", "open"]
ObjectiveOutcome = Literal["met", "not_met", "undecided"]


@dataclass(frozen=True, slots=True)
class Counts:
    """The events of one objective in all looks so far."""

    total: int
    bad: int  # as they came
    bad_after_excuses: int
    bad_at_twice: int = 0  # at twice the threshold, after excuses
    # late only for what others took; whoever was young when the burst was stopped is bad as it
    # came, not after excuses, and not excused by anybody
    excused: int = 0


@dataclass(frozen=True, slots=True)
class ObjectiveDecision:
    """What became of one objective. -1: no count of bad events would have been green."""

    outcome: ObjectiveOutcome
    green_at_most: int  # bad events that green allowed at the look that decided, or the last


@dataclass(frozen=True, slots=True)
class Decision:
    """What the looks so far come to."""

    outcome: Outcome
    objectives: tuple[ObjectiveDecision, ...]


def level_bounds(level: ServiceLevel, planned: int) -> tuple[Bounds, ...]:
    """The bounds of each objective, with `planned` events of the SLI in each look."""
    alpha = red_alpha(level.objectives)
    return tuple(
        bounds(objective.target, equal_looks(planned), red_alpha=alpha)
        for objective in level.objectives
    )


def decide(
    level: ServiceLevel,
    limits: Sequence[Bounds],
    looks: Sequence[Sequence[Counts]],
    *,
    red_must_be_far: bool = False,
    no_red: bool = False,
) -> Decision:
    """Judge the looks made so far; `looks[i][j]` counts objective j in looks 0 to i together.

    `no_red`: no red can be told from the machine's. It gives less than the reference solution
    uses, or others left the run too little of it (`dojo.slo.starvation`), or left it less than the
    kata needs, and the system does not tell who waited for a CPU.
    """
    found = [
        _objective(
            objective,
            limit,
            [look[place] for look in looks],
            red_must_be_far=red_must_be_far,
            no_red=no_red,
        )
        for place, (objective, limit) in enumerate(zip(level.objectives, limits, strict=True))
    ]
    last_look = len(looks) >= min(len(limit.totals) for limit in limits)
    outcome = _overall(found, last_look)
    if outcome == "undecided" and no_red:
        outcome = "disturbed"
    return Decision(outcome, tuple(each.decision for each in found))


@dataclass(frozen=True, slots=True)
class _Calls:
    """The calls on one objective that the outcome of the run follows from."""

    decision: ObjectiveDecision
    disturbed: bool  # red as the events came, and not by the excused count
    green_by_excuses: bool


def _objective(
    objective: Objective,
    limit: Bounds,
    looks: Sequence[Counts],
    *,
    red_must_be_far: bool,
    no_red: bool,
) -> _Calls:
    for look, counts in enumerate(looks):
        allowed = limit.green_at_most[look]
        raw = limit.call(look, counts.bad)
        if raw == "green":
            return _Calls(ObjectiveDecision("met", allowed), False, True)
        excused = limit.call(look, counts.bad_after_excuses)
        far = counts.bad_at_twice > FAR_BUDGETS * (1 - objective.target) * counts.total
        near_is_enough = not red_must_be_far and counts.excused <= MOST_EXCUSED * counts.total
        if excused == "red" and not no_red and (far or near_is_enough):
            return _Calls(ObjectiveDecision("not_met", allowed), False, False)
        if raw == "red":
            return _Calls(ObjectiveDecision("undecided", allowed), True, False)
    return _Calls(ObjectiveDecision("undecided", allowed), False, excused == "green")


def _overall(found: Sequence[_Calls], last_look: bool) -> Outcome:
    outcomes = [each.decision.outcome for each in found]
    if all(outcome == "met" for outcome in outcomes):
        return "met"
    if "not_met" in outcomes:
        return "not_met"
    if any(each.disturbed for each in found):
        return "disturbed"
    if not last_look:
        return "open"
    return "disturbed" if all(each.green_by_excuses for each in found) else "undecided"
