"""Whether a run says anything about the app, or only about the machine that it ran on. Pure.

A generator that sends late makes an app look worse than it is and never better, since response
times count from the intended moment. So a red run is valid only if it stays red with every event
that was sent late counted as good.
"""

from collections.abc import Sequence

from dojo.report import Lateness, ObjectiveResult
from dojo.slo import verdict
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sli import Event

__all__ = ["LATE_RATIO", "LATE_S", "invalid_because"]

LATE_S = 0.025  # a request sent later than this is late …
LATE_RATIO = 0.01  # … and more late requests than this make the run invalid


def invalid_because(
    level: ServiceLevel,
    results: Sequence[ObjectiveResult],
    events: Sequence[Event],
    lateness: Lateness | None,
    *,
    stopped_early: bool = False,
    load_factor: float = 1.0,
) -> tuple[str, ...]:
    """Why the run says nothing about the app; empty if it does.

    `results` are in the order of `level.objectives`; `lateness` counts as late what is over LATE_S.
    """
    reasons = []
    if lateness is None or lateness.sent == 0:
        reasons.append("the generator sent nothing")
    elif lateness.late > LATE_RATIO * lateness.sent and not _red_without_late(
        level, results, events
    ):
        reasons.append(
            f"the generator sent {lateness.late} of {lateness.sent} requests more than"
            f" {LATE_S * 1000:.0f} ms late (at most {LATE_RATIO:.0%} may be): the machine is"
            " too busy for a measurement. Close what keeps it busy, and run again"
        )
    if stopped_early:
        return tuple(reasons)
    for objective, result in zip(level.objectives, results, strict=True):
        least = verdict.enough(objective.target)
        if result.total < least:
            reasons.append(
                f"{result.total} events are too few for {objective.display_name!r}: even a"
                f" faultless run needs {least}. Raise rate or length in slo.yaml"
            )
    if load_factor < 1 and all(result.verdict == "met" for result in results):
        reasons.append(
            f"only {load_factor:g} times the kata's load was sent, which can show that an app is"
            " too slow and not that it is fast enough. Leave --load-factor out"
        )
    return tuple(reasons)


def _red_without_late(
    level: ServiceLevel, results: Sequence[ObjectiveResult], events: Sequence[Event]
) -> bool:
    """Whether an objective is missed even with each late event counted as good."""
    for objective, result in zip(level.objectives, results, strict=True):
        late_and_bad = sum(
            event.name == objective.journey
            and event.lateness_s > LATE_S
            and event.cause(objective.threshold_s) is not None
            for event in events
        )
        bad = max(0, result.bad - late_and_bad)
        if (
            result.verdict == "not_met"
            and verdict.decide(bad, result.total, result.target) == "not_met"
        ):
            return True
    return False
