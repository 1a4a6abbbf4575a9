"""One attempt at a kata: plan, run, observe, judge, check, report. Knows no pytest.

The order is fixed: the burst, then what the server's side saw, then every answer against what is
known, then the site as it was left, then the site after a restart. Nothing is judged before all is
read. What an attempt observes is a list, a burst an entry, and what judges it takes any number.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from dojo.kata.checks import counted_rows, run_checks
from dojo.kata.contract import Burst, Evidence, Kata, Wrong
from dojo.load.burst import BurstResult, BurstSettings, run_burst
from dojo.load.progress import BurstProgress
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import publish
from dojo.report import CheckResult, Report, WhereTimeWent
from dojo.site.running_site import RunningSite, schema_guard
from dojo.site.server_side import Readings, ServerSide, where_time_went
from dojo.slo.burst_plan import BurstPlan, plan_burst
from dojo.slo.error_groups import error_groups, failed_requests
from dojo.slo.judgement import Judgement, judge, overall
from dojo.slo.observation import Mismatch, Observation
from dojo.slo.openslo import ServiceLevel

__all__ = ["AttemptSpec", "OnProgress", "attempt"]

OnProgress = Callable[[BurstProgress], None]


@dataclass(frozen=True, slots=True)
class AttemptSpec:
    """What an attempt is made of."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    number: int
    load_factor: float = 1.0  # what is sent, as a multiple of what the kata calls for
    exporter: JourneyExporter | None = None  # counts every event, for whoever looks


@dataclass(frozen=True, slots=True)
class BurstRecord:
    """A burst that was sent, as the load and the server's side saw it."""

    result: BurstResult
    burst: Burst  # for the kata
    wrong: Mapping[tuple[int, int], Wrong]
    observation: Observation  # for the judge
    where: WhereTimeWent


def attempt(
    spec: AttemptSpec,
    site: RunningSite,
    on_progress: OnProgress,
    service_time_s: float | None,
) -> Report:
    """Send the load and say what came of it. AppFault if the app broke down."""
    timings_s = dict(site.timings_s)
    plan = plan_burst(spec.level, spec.kata.load(), spec.plan_seed, spec.load_factor)
    if spec.exporter is not None:
        spec.exporter.expect(*{journey.name for journey in plan.plan.journeys})
    with schema_guard():
        rows_before = counted_rows(site.db, spec.kata.checks)
    server_side = ServerSide.begin(site)
    started_at = datetime.now(UTC)
    with _timed(timings_s, "burst"):
        result = _run(spec, plan, site, on_progress)
    with _timed(timings_s, "verify"):
        record = observe(spec, plan, result, server_side.read())
        judgement = judge(spec.level, [record.observation], spec.load_factor)
        if spec.exporter is not None:
            publish(spec.exporter, judgement.events, result.burst_s + plan.drain_s)
        with schema_guard():
            evidence = Evidence(record.burst, record.wrong, site, rows_before)
            checks = check(spec.kata, evidence, site, judgement)
    facts = _Facts(
        started_at, service_time_s, timings_s, {**_machine(), **site.environment, **_cost(result)}
    )
    return _report(spec, record, judgement, checks, site, facts)


def _run(
    spec: AttemptSpec, plan: BurstPlan, site: RunningSite, on_progress: OnProgress
) -> BurstResult:
    """Send the burst, until the plan is sent or the verdict is certain."""

    def go_on(progress: BurstProgress) -> bool:
        on_progress(progress)
        if spec.exporter is not None:
            spec.exporter.set_load(progress.sent, progress.done, progress.pending)
        site.app.check()
        return not plan.stop_rule.may_stop(progress.t_s, progress.bad)

    settings = BurstSettings(site.app.base_url, plan.drain_s, plan.watch)
    result = run_burst(plan.plan, settings, go_on)
    site.app.check()
    if not any(sample.done_s is not None for sample in result.samples):
        site.app.assert_responsive()
    return result


def observe(
    spec: AttemptSpec, plan: BurstPlan, result: BurstResult, readings: Readings
) -> BurstRecord:
    """Hold every answer of a burst against what the kata knows."""
    burst = Burst(
        spec.level.journey,
        plan.plan,
        result.samples,
        spec.level.staleness_s,
        readings.before,
        readings.after,
    )
    wrong = spec.kata.wrong_answers(burst)
    observation = Observation(
        plan.plan,
        result.samples,
        {key: Mismatch(answer.expected, answer.came) for key, answer in wrong.items()},
        result.stopped_early,
    )
    answered = observation.answered(spec.level.journey)
    return BurstRecord(result, burst, wrong, observation, where_time_went(readings, answered))


def check(
    kata: Kata, evidence: Evidence, site: RunningSite, judgement: Judgement
) -> tuple[CheckResult, ...]:
    """The kata's checks; those after a restart only if an objective is not missed already."""
    results = run_checks([each for each in kata.checks if not each.after_restart], evidence)
    if judgement.may_be_met:
        site.crash()
        results += run_checks([each for each in kata.checks if each.after_restart], evidence)
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a report says beside what was judged."""

    started_at: datetime
    service_time_s: float | None
    timings_s: dict[str, float]
    environment: dict[str, object]


def _report(
    spec: AttemptSpec,
    record: BurstRecord,
    judgement: Judgement,
    checks: Sequence[CheckResult],
    site: RunningSite,
    facts: _Facts,
) -> Report:
    level, observations = spec.level, [record.observation]
    return Report(
        kata=spec.kata.folder.name,
        title=level.title,
        event=level.event,
        verdict=overall(judgement, checks),
        started_at=facts.started_at.isoformat(timespec="seconds"),
        number=spec.number,
        plan_seed=spec.plan_seed,
        rate_per_s=level.rate_per_s * spec.load_factor,
        planned_s=level.burst_s,
        burst_s=record.result.burst_s,
        objectives=judgement.objectives,
        checks=tuple(checks),
        bad_events=judgement.bad_events,
        latency_s=judgement.latency_s,
        points=judgement.points,
        steps=judgement.steps,
        error_groups=error_groups(
            level,
            observations,
            site.app.failures(failed_requests(observations)),
            site.app.log_lines,
        ),
        where=record.where,
        service_time_s=facts.service_time_s,
        lateness=judgement.lateness,
        invalid_because=judgement.invalid_because,
        timings_s=facts.timings_s,
        environment=facts.environment,
    )


def _machine() -> dict[str, object]:
    """The machine, as far as it matters for reading a report."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 1,
        "argv": " ".join(sys.argv[1:]),
    }


def _cost(result: BurstResult) -> dict[str, object]:
    """What the load itself needed of the machine."""
    sent = sum(sample.sent_s is not None for sample in result.samples)
    return {
        "generator_cpu_ms_per_request": 1000 * result.generator_cpu_s / sent if sent else None,
        "generator_rss_mb": result.generator_rss_bytes / 1e6,
    }


@contextmanager
def _timed(timings_s: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    timings_s[name] = time.perf_counter() - began
