"""Whether a run says anything about the app, or only about the machine that it ran on. Pure.

A generator that sends late makes an app look worse than it is, and never better, since response
times count from the intended moment. So red must be exonerated: it stays red with every event that
was sent late taken as good, or the run is invalid.
"""

from collections.abc import Sequence

from dojo.load.sample import Sample
from dojo.report import ObjectiveResult
from dojo.slo import verdict
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sli import Event, lateness

__all__ = ["LATE_S", "invalid_because"]

LATE_S = 0.025  # an event sent later than this is late …
LATE_RATIO = 0.01  # … and more late events than this make the run invalid


def invalid_because(
    level: ServiceLevel,
    held: Sequence[ObjectiveResult],
    found: Sequence[Event],
    samples: Sequence[Sample],
    *,
    stopped_early: bool = False,
    load_factor: float = 1.0,
) -> tuple[str, ...]:
    """Why the run says nothing about the app; empty if it does. `held` as in `level.objectives`."""
    reasons = []
    late = lateness(samples, LATE_S)
    if late is None or late.sent == 0:
        reasons.append("the generator sent nothing")
    elif late.late > LATE_RATIO * late.sent and not _red_all_the_same(level, held, found, samples):
        reasons.append(
            f"the generator sent {late.late} of {late.sent} requests more than"
            f" {LATE_S * 1000:.0f} ms late (at most {LATE_RATIO:.0%} may be): the machine is"
            " too busy for a measurement. Close what keeps it busy, and run again"
        )
    if stopped_early:
        return tuple(reasons)
    for objective, one in zip(level.objectives, held, strict=True):
        least = verdict.enough(objective.target)
        if one.total < least:
            reasons.append(
                f"{one.total} events are too few for {objective.display_name!r}: even a"
                f" faultless run needs {least}. Raise rate or length in slo.yaml"
            )
    if load_factor < 1 and all(one.verdict == "met" for one in held):
        reasons.append(
            f"only {load_factor:g} times the kata's load was sent, which can show that an app is"
            " too slow and not that it is fast enough. Leave --load-factor out"
        )
    return tuple(reasons)


def _red_all_the_same(
    level: ServiceLevel,
    held: Sequence[ObjectiveResult],
    found: Sequence[Event],
    samples: Sequence[Sample],
) -> bool:
    """Whether an objective is missed even with each late event taken as good."""
    late = {one.journey for one in samples if (one.lateness_s or 0.0) > LATE_S}
    for objective, one in zip(level.objectives, held, strict=True):
        excused = sum(
            event.journey in late and event.cause(objective.threshold_s) is not None
            for event in found
            if event.name == objective.journey
        )
        bad = max(0, one.bad - excused)
        if one.verdict == "not_met" and verdict.decide(bad, one.total, one.target) == "not_met":
            return True
    return False
