"""Bad events grouped by what they have in common, so that three causes are seen as three. Pure.

They may have in common: why they are bad, the route, the status and, where the app logged an
exception, its type and the app's innermost frame.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dojo.load.sample import Cause, Sample
from dojo.report import ErrorGroup, Failure
from dojo.slo.observation import Observation, starts_s
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sli import Event

__all__ = ["error_groups", "failed_requests", "route_of"]

LOG_LINES = 4
NO_FAILURE = Failure("", "")
VALUE = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
ID = re.compile(r"/(?:\d+|[0-9a-f]{12,}|\{\{\w+\}\})(?=/|$)")

Key = tuple[str, str, str, int | None, str, str]


@dataclass(frozen=True, slots=True)
class _BadEvent:
    """One bad event, at the step that made it bad."""

    observation: Observation
    event: Event
    cause: Cause
    sample: Sample
    failure: Failure
    start_s: float  # of its burst, on the axis of the report's points

    @property
    def at_s(self) -> float:
        return self.start_s + self.sample.intended_s

    @property
    def route(self) -> str:
        step = self.observation.step(self.sample)
        return route_of(step.method, step.path)

    @property
    def step(self) -> str:
        """The step of a journey of several; two of them may have one route."""
        steps = self.observation.plan.journeys[self.sample.journey].steps
        return self.observation.step(self.sample).name if len(steps) > 1 else ""

    @property
    def key(self) -> Key:
        kind = VALUE.sub("…", self.failure.exception)
        return (
            str(self.cause),
            self.route,
            self.step,
            self.sample.status,
            kind,
            self.failure.place,
        )


def failed_requests(observations: Sequence[Observation]) -> list[str]:
    """Ids of the requests that the app answered with a 5xx, in the order in which they ended."""
    ids = []
    for observation in observations:
        failed = [s for s in observation.samples if s.status is not None and s.status >= 500]
        failed.sort(key=lambda sample: sample.done_s or sample.intended_s)
        ids += [sample.request_id for sample in failed]
    return ids


def route_of(method: str, path: str) -> str:
    """Method and path, without the query, and with {id} where the path names one of many."""
    return f"{method} {ID.sub('/{id}', path.split('?')[0])}"


def error_groups(
    level: ServiceLevel,
    observations: Sequence[Observation],
    failures: Mapping[str, Failure],
    log_lines: Callable[[str], Sequence[str]],
) -> tuple[ErrorGroup, ...]:
    """The groups of the SLI's bad events at the tightest threshold, the largest first.

    `failures` is what the app logged, by request id; `log_lines` finds its lines about a request.
    """
    groups: dict[Key, list[_BadEvent]] = {}
    for start_s, observation in zip(starts_s(observations), observations, strict=True):
        for bad in _bad_events(level, observation, failures, start_s):
            groups.setdefault(bad.key, []).append(bad)
    return tuple(
        sorted(
            (_group(level, members, log_lines) for members in groups.values()),
            key=lambda group: -group.count,
        )
    )


def _bad_events(
    level: ServiceLevel,
    observation: Observation,
    failures: Mapping[str, Failure],
    start_s: float,
) -> Iterator[_BadEvent]:
    samples = observation.by_journey()
    for event in observation.events(level.tightest_s):
        cause = event.cause(level.tightest_s)
        if event.name == level.journey and cause is not None:
            sample = _decisive_step(observation, samples[event.journey], cause)
            failure = failures.get(sample.request_id, NO_FAILURE)
            yield _BadEvent(observation, event, cause, sample, failure, start_s)


def _decisive_step(observation: Observation, steps: Sequence[Sample], cause: Cause) -> Sample:
    """The step that made the event bad; of a slow event the slowest step."""
    if cause is Cause.SLOW:
        return max(steps, key=lambda step: step.latency_s or 0.0)
    bad = (
        step
        for step in steps
        if step.cause is not None or (step.journey, step.step) in observation.wrong
    )
    return next(bad, steps[-1])


def _group(
    level: ServiceLevel, members: Sequence[_BadEvent], log_lines: Callable[[str], Sequence[str]]
) -> ErrorGroup:
    example = _example(members)
    sample = example.sample
    step = example.observation.step(sample)
    expected, came = _expectation(level, example)
    return ErrorGroup(
        cause=str(example.cause),
        route=example.route,
        step=example.step,
        status=sample.status,
        exception=example.failure.exception,
        place=example.failure.place,
        count=len(members),
        example=f"{step.method} {step.path} at {example.at_s:.2f} s",
        expected=expected,
        came=came,
        log_lines=tuple(log_lines(sample.request_id))[:LOG_LINES],
    )


def _example(members: Sequence[_BadEvent]) -> _BadEvent:
    """The slowest of slow events, else the first: that is when it began."""
    if members[0].cause is Cause.SLOW:
        return max(members, key=lambda bad: bad.sample.latency_s or 0.0)
    return min(members, key=lambda bad: bad.at_s)


def _expectation(level: ServiceLevel, bad: _BadEvent) -> tuple[str, str]:
    """What was expected of an event, and what came."""
    sample, observation = bad.sample, bad.observation
    if mismatch := observation.wrong.get((sample.journey, sample.step)):
        return mismatch.expected, mismatch.came
    several_steps = len(observation.plan.journeys[sample.journey].steps) > 1
    what = "the whole journey" if several_steps else "an answer"
    limit_s = level.tightest_s
    limit = f"{limit_s * 1000:g} ms" if limit_s < 1 else f"{limit_s:g} s"
    return f"{what} within {limit}", _came(bad, several_steps)


def _came(bad: _BadEvent, several_steps: bool) -> str:
    sample = bad.sample
    if sample.detail:
        return sample.detail
    if sample.sent_s is None:
        return "never sent: the burst was over"
    if sample.latency_s is None:
        return "no answer"
    answer = f"an answer after {sample.latency_s * 1000:,.0f} ms"
    if sample.cause is not None:
        return f"status {sample.status} after {sample.latency_s * 1000:,.0f} ms"
    if several_steps:
        return f"{answer} for this step, {bad.event.spent_s * 1000:,.0f} ms for all answered steps"
    return answer
