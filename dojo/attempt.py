"""One attempt at a kata: the burst, the judgement, the checks, the report. Knows no pytest.

The order is fixed: burst, then what the server side saw, then every body against what is known,
then the site as it was left, then the site after a restart. Nothing is judged before all is read.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from dojo.kata.contract import Burst, Kata, Wrong
from dojo.kata.exposition import Exposition
from dojo.load.burst import BurstResult, BurstSettings, run_burst
from dojo.load.plan import Plan
from dojo.load.progress import BurstProgress
from dojo.load.sample import Cause, Sample
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import publish
from dojo.postgres import statements
from dojo.report import (
    BadExample,
    CheckResult,
    ErrorGroup,
    ObjectiveResult,
    Point,
    Report,
    RunVerdict,
    WhereTimeWent,
)
from dojo.site.live_site import LiveSite, schema_kept
from dojo.slo import sli, verdict
from dojo.slo.error_groups import error_groups, failed_requests
from dojo.slo.openslo import Objective, ServiceLevel
from dojo.slo.step_times import step_times
from dojo.slo.validity import LATE_S, invalid_because

__all__ = ["Attempt", "attempt"]

BEYOND_S = 0.1  # answers are awaited until what is pending can only be bad, and so much longer
PICTURE_S = 3.0  # a red burst goes on for so long, so that its shape can be seen

OnLive = Callable[[BurstProgress], None]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt is made of."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    number: int
    load_factor: float = 1.0  # what is sent, as a multiple of what the kata asks for
    exporter: JourneyExporter | None = None  # told of every event, for whoever looks


def attempt(
    what: Attempt,
    site: LiveSite,
    on_live: OnLive,
    service_time_s: float | None,
) -> Report:
    """Run the burst against the site and say what came of it. AppFault if the app broke down."""
    level, exporter = what.level, what.exporter
    flows = [
        replace(flow, rate_per_s=flow.rate_per_s * what.load_factor)
        for flow in what.kata.flows(Random(what.plan_seed))
    ]
    level.require_journey([flow.name for flow in flows])
    plan = Plan.of(what.plan_seed, level.burst_s, flows)
    if exporter is not None:
        exporter.expect(*{journey.name for journey in plan.journeys})
    timings_s = site.timings_s
    before, opened = site.metrics(), site.distance.stats().connections_opened
    with schema_kept():
        what.kata.begin(site)
    statements.reset_statements(site.db)
    started_at = datetime.now(UTC).isoformat(timespec="seconds")

    began = time.perf_counter()
    result = _burst(plan, level, site, on_live, exporter)
    timings_s["burst"] = time.perf_counter() - began
    site.app.check()
    if not any(sample.done_s is not None for sample in result.samples):
        site.app.assert_responsive()

    began = time.perf_counter()
    at_end = statements.connections_by_state(site.db)
    after = site.metrics()
    burst = Burst(plan, result.samples, level.staleness_s, before, after)
    where = _where(site, burst, level, opened)
    where = replace(
        where,
        pool_waits=round(_grown(before, after, "db_client_connection_waits_total")),
        pool_wait_ms=1000 * _grown(before, after, "db_client_connection_wait_time_seconds_total"),
        pool_size=round(after.total("db_client_connection_count")),
        waiting_at_end=round(after.total("db_client_connection_pending_requests")),
        connections_at_end=at_end,
    )
    wrong = what.kata.wrong_answers(burst)
    found = sli.events(plan, result.samples, {key: w.came for key, w in wrong.items()})
    certain = _certain(found, result)
    objectives = tuple(_held(one, certain(one.threshold_s)) for one in level.objectives)
    found = certain(level.tightest_s)
    if exporter is not None:
        publish(exporter, found, result.burst_s + _drain_s(plan, level))
    with schema_kept():
        checks = [check() for check in what.kata.checks(burst, wrong, site)]
        if all(objective.verdict != "not_met" for objective in objectives):
            site.restart()
            checks += [check() for check in what.kata.checks_after_restart(burst, site)]
    timings_s["verify"] = time.perf_counter() - began

    events = [event for event in found if event.name == level.journey]
    answered = [event.latency_s for event in events if event.latency_s is not None]
    late = sli.lateness(result.samples, LATE_S)
    invalid = invalid_because(
        level,
        objectives,
        found,
        result.samples,
        stopped_early=result.stopped_early,
        load_factor=what.load_factor,
    )
    return Report(
        kata=what.kata.folder.name,
        title=level.title,
        event=level.event,
        verdict=_overall(objectives, checks, invalid),
        started_at=started_at,
        number=what.number,
        plan_seed=what.plan_seed,
        rate_per_s=level.rate_per_s * what.load_factor,
        planned_s=level.burst_s,
        burst_s=result.burst_s,
        objectives=objectives,
        checks=tuple(checks),
        bad_events=sli.causes(found, level.journey, level.tightest_s),
        latency_s=sli.percentiles(answered),
        points=tuple(
            Point(event.intended_s, event.latency_s, event.cause(level.tightest_s))
            for event in events
        ),
        examples=_examples(burst, level, wrong, found, site),
        steps=step_times(plan, result.samples, level.journey),
        error_groups=_groups(burst, level, wrong, found, site),
        where=where,
        service_time_s=service_time_s,
        lateness=late,
        invalid_because=invalid,
        timings_s=timings_s,
        environment={**environment(), **site.environment, **_generator(result)},
    )


def _burst(
    plan: Plan,
    level: ServiceLevel,
    site: LiveSite,
    on_live: OnLive,
    exporter: JourneyExporter | None,
) -> BurstResult:
    watch = tuple((o.journey, o.threshold_s) for o in level.objectives)
    planned = plan.count(level.journey)
    red = {o.threshold_s: verdict.red_from(planned, o.target) for o in level.objectives}

    def go_on(live: BurstProgress) -> bool:
        on_live(live)
        if exporter is not None:
            exporter.set_load(live.sent, live.done, live.pending)
        site.app.check()
        bad = live.bad(level.journey)
        certain = any(bad.get(threshold_s, 0) >= least for threshold_s, least in red.items())
        return not (certain and live.t_s >= PICTURE_S)

    return run_burst(plan, BurstSettings(site.app.base_url, _drain_s(plan, level), watch), go_on)


def _drain_s(plan: Plan, level: ServiceLevel) -> float:
    slowest_s = max(objective.threshold_s for objective in level.objectives)
    thinks_s = [sum(s.think_s for s in j.steps) for j in plan.journeys if j.name == level.journey]
    return slowest_s + max(thinks_s, default=0.0) + BEYOND_S


def _certain(found: list[sli.Event], result: BurstResult) -> Callable[[float], list[sli.Event]]:
    """Which outcomes are known at a threshold: all of them, unless the burst was stopped."""

    def at(threshold_s: float) -> list[sli.Event]:
        return sli.settled(found, threshold_s) if result.stopped_early else found

    return at


def _held(objective: Objective, found: list[sli.Event]) -> ObjectiveResult:
    good, total = sli.tally(found, objective.journey, objective.threshold_s)
    return ObjectiveResult(
        name=objective.display_name,
        target=objective.target,
        threshold_s=objective.threshold_s,
        good=good,
        total=total,
        verdict=verdict.decide(total - good, total, objective.target),
        interval=verdict.interval(good, total),
    )


def _overall(
    objectives: tuple[ObjectiveResult, ...], checks: list[CheckResult], invalid: tuple[str, ...]
) -> RunVerdict:
    if invalid:
        return "invalid"
    met = all(o.verdict == "met" for o in objectives) and all(check.passed for check in checks)
    return "met" if met and objectives and checks else "not_met"


def _where(site: LiveSite, burst: Burst, level: ServiceLevel, opened: int) -> WhereTimeWent:
    answered = sum(
        sample.done_s is not None
        for sample in burst.samples
        if burst.plan.journeys[sample.journey].name == level.journey
    )
    sent = statements.statement_count(site.db)
    return WhereTimeWent(
        statements_per_event=sent / answered if sent and answered else None,
        statements=statements.heaviest_statements(site.db),
        round_trip_ms=site.environment["round_trip_ms"],
        connections_opened=site.distance.stats().connections_opened - opened,
    )


def _grown(before: Exposition, after: Exposition, name: str) -> float:
    return max(0.0, after.total(name) - before.total(name))


def _examples(
    burst: Burst,
    level: ServiceLevel,
    wrong: Mapping[tuple[int, int], Wrong],
    found: list[sli.Event],
    site: LiveSite,
) -> tuple[BadExample, ...]:
    """For each cause its worst event, told in full."""
    counts = sli.causes(found, level.journey, level.tightest_s)
    by_journey: dict[int, list[Sample]] = {}
    for sample in burst.samples:
        by_journey.setdefault(sample.journey, []).append(sample)
    examples = []
    for cause, count in counts.items():
        of_cause = [
            event
            for event in found
            if event.name == level.journey and event.cause(level.tightest_s) == cause
        ]
        worst = max(of_cause, key=lambda event: event.spent_s)
        steps = by_journey[worst.journey]
        sample = next((s for s in steps if s.cause or (s.journey, s.step) in wrong), steps[-1])
        if cause == Cause.SLOW:
            sample = max(steps, key=lambda one: one.latency_s or 0.0)
        step = burst.plan.journeys[sample.journey].steps[sample.step]
        told = wrong.get((sample.journey, sample.step))
        took = "no answer" if sample.latency_s is None else f"{sample.latency_s * 1000:,.0f} ms"
        within = f"an answer in {level.tightest_s * 1000:g} ms"
        if len(steps) > 1:
            within = f"the whole journey in {level.tightest_s * 1000:g} ms"
            took = (
                f"{took} for this step, {worst.spent_s * 1000:,.0f} ms for all that were answered"
            )
        examples.append(
            BadExample(
                cause=cause,
                count=count,
                request=f"{step.method} {step.path} at {sample.intended_s:.2f} s",
                status=sample.status,
                expected=told.expected if told else within,
                came=told.came if told else (sample.detail or f"{took}"),
                log_lines=site.app.log_lines(sample.request_id)[:4],
            )
        )
    return tuple(examples)


def _generator(result: BurstResult) -> dict[str, object]:
    """What the load cost, so that nobody has to believe that it was cheap."""
    sent = sum(sample.sent_s is not None for sample in result.samples)
    return {
        "generator_cpu_ms_per_request": 1000 * result.generator_cpu_s / sent if sent else None,
        "generator_rss_mb": result.generator_rss_bytes / 1e6,
    }


def _groups(
    burst: Burst,
    level: ServiceLevel,
    wrong: Mapping[tuple[int, int], Wrong],
    found: list[sli.Event],
    site: LiveSite,
) -> tuple[ErrorGroup, ...]:
    """Bad events by what they have in common, with what the app logged about them."""
    bad = [
        (event, cause)
        for event in found
        if event.name == level.journey and (cause := event.cause(level.tightest_s)) is not None
    ]
    told = {key: (one.expected, one.came) for key, one in wrong.items()}
    failures = site.app.failures(failed_requests(burst.samples))
    return error_groups(burst.plan, burst.samples, bad, told, failures, site.app.log_lines)


def environment() -> dict[str, object]:
    """The machine, as far as it matters for reading a report."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 1,
        "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "argv": " ".join(sys.argv[1:]),
    }
