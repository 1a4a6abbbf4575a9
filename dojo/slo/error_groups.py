"""Bad events by what they have in common, so that three causes are seen as three. Pure.

What they may have in common: why they are bad, the route, the status, and, where the app logged an
exception, its kind and the app's innermost frame.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dojo.load.plan import Plan
from dojo.load.sample import Cause, Sample
from dojo.report import ErrorGroup, Failure
from dojo.slo.sli import Event

__all__ = ["Told", "error_groups", "failed_requests", "route_of"]

LOG_LINES = 4
NO_FAILURE = Failure("", "")
VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
ID = re.compile(r"/(?:\d+|[0-9a-f]{12,}|\{\{\w+\}\})(?=/|$)")

Told = Mapping[tuple[int, int], tuple[str, str]]  # (expected, came) by (journey, step)


@dataclass(frozen=True, slots=True)
class _Bad:
    """One bad event, at the step that made it bad."""

    cause: str
    route: str
    sample: Sample
    failure: Failure

    @property
    def key(self) -> tuple[str, str, int | None, str, str]:
        kind = VALUE.sub("…", self.failure.exception)
        return (self.cause, self.route, self.sample.status, kind, self.failure.place)


def failed_requests(samples: Iterable[Sample]) -> list[str]:
    """Ids of the requests that the app answered with a 5xx, in the order in which they ended."""
    failed = [s for s in samples if s.status is not None and s.status >= 500]
    return [s.request_id for s in sorted(failed, key=lambda s: s.done_s or s.intended_s)]


def route_of(method: str, path: str) -> str:
    """Method and path, without the query, and with {id} where the path names one of many."""
    return f"{method} {ID.sub('/{id}', path.split('?')[0])}"


def error_groups(
    plan: Plan,
    samples: Iterable[Sample],
    bad: Sequence[tuple[Event, Cause]],
    told: Told,
    failures: Mapping[str, Failure],
    log_lines: Callable[[str], Sequence[str]],
) -> tuple[ErrorGroup, ...]:
    """The groups of bad events, the largest first.

    `failures` is what the app logged, by request id; `log_lines` finds its lines about a request.
    """
    steps: dict[int, list[Sample]] = {}
    for sample in samples:
        steps.setdefault(sample.journey, []).append(sample)
    found: dict[tuple[str, str, int | None, str, str], list[_Bad]] = {}
    for event, cause in bad:
        sample = _culprit(steps[event.journey], cause, told)
        step = plan.journeys[sample.journey].steps[sample.step]
        one = _Bad(
            str(cause),
            route_of(step.method, step.path),
            sample,
            failures.get(sample.request_id, NO_FAILURE),
        )
        found.setdefault(one.key, []).append(one)
    groups = [
        ErrorGroup(
            cause=first.cause,
            route=first.route,
            status=first.sample.status,
            exception=first.failure.exception,
            place=first.failure.place,
            count=len(members),
            example=_example(plan, first.sample, told),
            log_lines=tuple(log_lines(first.sample.request_id))[:LOG_LINES],
        )
        for members in found.values()
        for first in (_most_telling(members),)
    ]
    return tuple(sorted(groups, key=lambda group: -group.count))


def _most_telling(members: Sequence[_Bad]) -> _Bad:
    """Of slow ones the slowest, else the first: that is when it began."""
    if members[0].cause == Cause.SLOW:
        return max(members, key=lambda one: one.sample.latency_s or 0.0)
    return min(members, key=lambda one: one.sample.intended_s)


def _culprit(steps: Sequence[Sample], cause: Cause, told: Told) -> Sample:
    """The step that made the event bad; of a slow one the slowest."""
    if cause is Cause.SLOW:
        return max(steps, key=lambda step: step.latency_s or 0.0)
    wrong = (step for step in steps if step.cause is not None or (step.journey, step.step) in told)
    return next(wrong, steps[-1])


def _example(plan: Plan, sample: Sample, told: Told) -> str:
    step = plan.journeys[sample.journey].steps[sample.step]
    text = f"{step.method} {step.path} at {sample.intended_s:.2f} s"
    if known := told.get((sample.journey, sample.step)):
        return f"{text}: expected {known[0]}; came {known[1]}"
    if sample.latency_s is not None and sample.cause is None:
        return f"{text}: answered after {sample.latency_s * 1000:,.0f} ms"
    return f"{text}: {sample.detail}" if sample.detail else text
