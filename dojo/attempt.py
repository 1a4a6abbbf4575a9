"""One attempt at a kata: plan, run, observe, judge, check, report. Knows no pytest.

A burst is sent and judged, and if that decides nothing another one, up to three times. Then the
site is checked as it was left, and after a restart. Between two bursts the load pauses and drains;
neither pauses nor checks are in the SLI. What an attempt observes is a list, a burst an entry, and
what judges it takes any number.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dojo.kata.checks import counted_rows, run_checks
from dojo.kata.contract import Burst, Evidence, Kata, Wrong
from dojo.load.burst import BurstResult, BurstSettings, run_burst
from dojo.load.plan import Load, Step
from dojo.load.progress import BurstProgress
from dojo.load.sample import Sample
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import publish
from dojo.report import CheckResult, Report, SloVerdict, WhereTimeWent
from dojo.site.machine.watch import MachineWatch
from dojo.site.running_site import RunningSite, schema_guard
from dojo.site.server_side import Readings, ServerSide, where_time_went
from dojo.slo.burst_plan import BurstPlan, StopRule, plan_burst, stop_rule
from dojo.slo.decision import Counts, Decision, decide, level_bounds
from dojo.slo.error_groups import error_groups, failed_requests
from dojo.slo.excuse import NO_EXCUSE, Excuse
from dojo.slo.judgement import Judgement, count, judge, overall
from dojo.slo.observation import Mismatch, Observation
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sequential import LOOKS, Bounds
from dojo.slo.validity import Machine, RunFacts, invalid_because

__all__ = ["AttemptSpec", "OnProgress", "attempt"]

CROWDED_CORES = 0.25  # used by others: where nobody tells who waited, no red is the app's for sure
EXCUSE_MARGIN = 1.5  # a burst is stopped only if it is red with so many times what is known so far
UNSEEN_S = 0.05  # … and so much more, for what was not yet read

OnProgress = Callable[[int, BurstProgress], None]  # called with the look, from 1


@dataclass(frozen=True, slots=True)
class AttemptSpec:
    """What an attempt is made of."""

    kata: Kata
    level: ServiceLevel
    plan_seed: int
    number: int
    load_factor: float = 1.0  # what is sent, as a multiple of what the kata calls for
    exporter: JourneyExporter | None = None  # counts every event, for whoever looks
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class BurstRecord:
    """A burst that was sent, as the load and the server's side saw it."""

    result: BurstResult
    burst: Burst  # for the kata
    wrong: Mapping[tuple[int, int], Wrong]
    observation: Observation  # for the judge
    where: WhereTimeWent


@dataclass(slots=True)
class _Looks:
    """The bursts so far, and what they come to."""

    spec: AttemptSpec
    limits: tuple[Bounds, ...]
    records: list[BurstRecord] = field(default_factory=list)
    counts: list[tuple[Counts, ...]] = field(default_factory=list)
    decision: Decision | None = None

    @property
    def observations(self) -> list[Observation]:
        return [record.observation for record in self.records]

    @property
    def wrong(self) -> dict[tuple[int, int], Wrong]:
        """By journey and step, journeys numbered over all bursts."""
        return {key: answer for record in self.records for key, answer in record.wrong.items()}

    @property
    def stop_rule(self) -> StopRule:
        return stop_rule(self.spec.level, self.limits, self.counts)

    def add(self, record: BurstRecord, *, crowded_unseen: bool) -> Decision:
        """One look more. A burst that was stopped for nothing is as good as a disturbed one."""
        level = self.spec.level
        self.records.append(record)
        self.counts.append(count(level, self.observations))
        decision = decide(
            level,
            self.limits,
            self.counts,
            small_machine=self.spec.machine.is_too_small(level),
            crowded_unseen=crowded_unseen,
        )
        if record.result.stopped_early and decision.outcome == "open":
            decision = replace(decision, outcome="disturbed")
        self.decision = decision
        return decision


def attempt(
    spec: AttemptSpec,
    site: RunningSite,
    on_progress: OnProgress,
    service_time_s: float | None,
) -> Report:
    """Send the load and say what came of it. AppFault if the app broke down."""
    timings_s = {**site.timings_s, "burst": 0.0, "verify": 0.0}
    load = spec.kata.load()
    plan = plan_burst(spec.level, load, spec.plan_seed, spec.load_factor)
    if spec.exporter is not None:
        spec.exporter.expect(*{journey.name for journey in plan.plan.journeys})
    with schema_guard():
        rows_before = counted_rows(site.db, spec.kata.checks)
    server_side = ServerSide.begin(site)
    started_at = datetime.now(UTC)
    looks = _Looks(spec, level_bounds(spec.level, plan.plan.count(spec.level.journey)))
    with site.watch() as watch:
        decision = _look(looks, plan, load, site, server_side, watch, on_progress, timings_s)
        with _timed(timings_s, "verify"):
            judgement = judge(spec.level, looks.observations, decision)
            facts = RunFacts(
                spec.machine,
                judgement.lateness,
                _generator_cores(looks.records),
                spec.load_factor,
                watch.culprits(),
            )
            reasons = invalid_because(spec.level, looks.limits, decision, facts)
            with schema_guard():
                evidence = Evidence(looks.records[-1].burst, looks.wrong, site, rows_before)
                checks = check(spec.kata, evidence, site, decision)
    return _report(
        spec,
        looks,
        judgement,
        checks,
        site,
        _Facts(started_at, service_time_s, timings_s, _environment(spec, site, looks, watch)),
        reasons,
    )


def _look(
    looks: _Looks,
    plan: BurstPlan,
    load: Load,
    site: RunningSite,
    server_side: ServerSide,
    watch: MachineWatch,
    on_progress: OnProgress,
    timings_s: dict[str, float],
) -> Decision:
    """Send burst after burst until something is decided, or the last look is made."""
    spec = looks.spec
    for look in range(LOOKS):
        if look:  # other requests at other times, as in another run
            plan = plan_burst(spec.level, load, spec.plan_seed + look, spec.load_factor)
        with _timed(timings_s, "burst"):
            result = _run(looks, plan, site, watch, on_progress)
        with _timed(timings_s, "verify"):
            excuse = _excuse(spec, watch, result.began_at_s, result.began_at_s + result.ended_s)
            record = observe(spec, plan, result, server_side.read(), excuse, looks.records)
            decision = looks.add(record, crowded_unseen=_crowded_unseen(watch))
            if spec.exporter is not None:
                events = record.observation.events(spec.level.tightest_s)
                publish(spec.exporter, events, result.burst_s + plan.drain_s)
        if decision.outcome != "open":
            break
    return decision


def _run(
    looks: _Looks,
    plan: BurstPlan,
    site: RunningSite,
    watch: MachineWatch,
    on_progress: OnProgress,
) -> BurstResult:
    """Send the burst, until the plan is sent or the verdict is certain."""
    spec, rule, look = looks.spec, looks.stop_rule, len(looks.records) + 1

    def go_on(progress: BurstProgress) -> bool:
        on_progress(look, progress)
        if spec.exporter is not None:
            spec.exporter.set_load(progress.sent, progress.done, progress.pending)
        site.app.check()
        now_s = time.monotonic()
        known_s = _excuse(spec, watch, now_s - progress.t_s, now_s).at_most_s
        at_most_s = EXCUSE_MARGIN * known_s + (UNSEEN_S if known_s else 0.0)
        return not rule.may_stop(progress.t_s, progress.bad, at_most_s)

    settings = BurstSettings(site.app.base_url, plan.drain_s, rule.watch)
    result = run_burst(plan.plan, settings, go_on, watch.follow_generator)
    site.app.check()
    if not any(sample.done_s is not None for sample in result.samples):
        site.app.assert_responsive()
    return result


def _excuse(spec: AttemptSpec, watch: MachineWatch, began_at_s: float, ended_at_s: float) -> Excuse:
    """What the machine took between two moments; nothing from an app that changed its priority."""
    if watch.own_priority:
        return NO_EXCUSE
    length_s = ended_at_s - began_at_s
    intervals = [
        interval
        for interval in watch.intervals(began_at_s)
        if interval.end_s > 0 and interval.start_s < length_s
    ]
    level, speed = spec.level, spec.machine.core_speed
    return Excuse(intervals, level.app_cores / speed, level.run_cores / speed)


def _crowded_unseen(watch: MachineWatch) -> bool:
    """Whether somebody else was busy on a system that does not tell who waited for a CPU."""
    return not watch.sees_delay and sum(c.cores for c in watch.culprits()) > CROWDED_CORES


def observe(
    spec: AttemptSpec,
    plan: BurstPlan,
    result: BurstResult,
    readings: Readings,
    excuse: Excuse = NO_EXCUSE,
    earlier: Sequence[BurstRecord] = (),
) -> BurstRecord:
    """Hold every answer of a burst against what the kata knows.

    An answer may be as old as is published, and older by what was stolen meanwhile.
    """
    level = spec.level
    staleness_s = level.staleness_s + excuse.most_stolen_s(level.staleness_s)
    burst = _joined(level, plan, result, readings, staleness_s, earlier)
    wrong = spec.kata.wrong_answers(burst)
    observation = Observation(
        plan.plan,
        tuple(replace(sample, body=b"") for sample in result.samples),
        {
            (journey - burst.first_new, step): Mismatch(answer.expected, answer.came)
            for (journey, step), answer in wrong.items()
        },
        result.stopped_early,
        excuse,
        result.ended_s,
    )
    answered = observation.answered(level.journey)
    answered += sum(record.observation.answered(level.journey) for record in earlier)
    return BurstRecord(
        replace(result, samples=()), burst, wrong, observation, where_time_went(readings, answered)
    )


def _joined(
    level: ServiceLevel,
    plan: BurstPlan,
    result: BurstResult,
    readings: Readings,
    staleness_s: float,
    earlier: Sequence[BurstRecord],
) -> Burst:
    """All bursts so far as one, for the kata: on the first one's clock, journeys numbered on.

    The pages of the earlier ones are judged, so their bodies go; what was written stays.
    """
    journeys, samples = plan.plan.journeys, result.samples
    if not earlier:
        return Burst(
            level.journey, plan.plan, samples, staleness_s, readings.before, readings.after
        )
    before = earlier[-1].burst
    later_s = result.began_at_s - earlier[0].result.began_at_s
    first_new = len(before.plan.journeys)
    return Burst(
        journey=level.journey,
        plan=replace(
            plan.plan,
            journeys=(
                *before.plan.journeys,
                *(replace(each, intended_s=each.intended_s + later_s) for each in journeys),
            ),
        ),
        samples=(
            *(_without_page(sample, before.step_of(sample)) for sample in before.samples),
            *(_shifted(sample, first_new, later_s) for sample in samples),
        ),
        staleness_s=staleness_s,
        before=readings.before,
        after=readings.after,
        first_new=first_new,
    )


def _without_page(sample: Sample, step: Step) -> Sample:
    return replace(sample, body=b"") if step.method == "GET" and sample.body else sample


def _shifted(sample: Sample, journeys: int, later_s: float) -> Sample:
    return replace(
        sample,
        journey=sample.journey + journeys,
        intended_s=sample.intended_s + later_s,
        sent_s=None if sample.sent_s is None else sample.sent_s + later_s,
        done_s=None if sample.done_s is None else sample.done_s + later_s,
    )


def check(
    kata: Kata, evidence: Evidence, site: RunningSite, decision: Decision
) -> tuple[CheckResult, ...]:
    """The kata's checks; those after a restart only if no objective is missed already.

    A disturbed run is not checked: it is repeated, or says nothing.
    """
    if decision.outcome == "disturbed":
        return ()
    results = run_checks([each for each in kata.checks if not each.after_restart], evidence)
    if decision.outcome != "not_met":
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
    looks: _Looks,
    judgement: Judgement,
    checks: Sequence[CheckResult],
    site: RunningSite,
    facts: _Facts,
    reasons: tuple[str, ...],
) -> Report:
    level, observations, last = spec.level, looks.observations, looks.records[-1]
    assert looks.decision is not None
    slo = _slo(looks.decision, reasons)
    return Report(
        kata=spec.kata.folder.name,
        title=level.title,
        event=level.event,
        verdict=overall(slo, checks),
        slo=slo,
        site_works=all(each.passed for each in checks) if checks else None,
        looks=len(looks.records),
        disturbed=looks.decision.outcome == "disturbed",
        started_at=facts.started_at.isoformat(timespec="seconds"),
        number=spec.number,
        plan_seed=spec.plan_seed,
        rate_per_s=level.rate_per_s * spec.load_factor,
        planned_s=level.burst_s,
        burst_s=last.result.burst_s,
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
        where=last.where,
        service_time_s=facts.service_time_s,
        lateness=judgement.lateness,
        invalid_because=reasons,
        timings_s=facts.timings_s,
        environment=facts.environment,
    )


def _slo(decision: Decision, reasons: Sequence[str]) -> SloVerdict:
    if reasons or decision.outcome in ("disturbed", "open"):
        return "invalid"
    return decision.outcome  # type: ignore[return-value]  # what is left of the outcomes


def _environment(
    spec: AttemptSpec, site: RunningSite, looks: _Looks, watch: MachineWatch
) -> dict[str, object]:
    """The machine, as far as it matters for reading a report, and what the load needed of it."""
    results = [record.result for record in looks.records]
    sent = sum(s.sent_s is not None for each in looks.observations for s in each.samples)
    cpu_s = sum(result.generator_cpu_s for result in results)
    began_at_s = results[0].began_at_s
    intervals = [each for each in watch.intervals(began_at_s) if each.start_s >= 0]
    length_s = sum(each.length_s for each in intervals) or 1.0

    def mean(values: Sequence[float]) -> float:
        weighted = zip(values, intervals, strict=True)
        return sum(value * each.length_s for value, each in weighted) / length_s

    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count() or 1,
        "usable_cores": spec.machine.cores,
        "core_speed": spec.machine.core_speed,
        "argv": " ".join(sys.argv[1:]),
        **site.environment,
        "generator_cpu_ms_per_request": 1000 * cpu_s / sent if sent else None,
        "generator_rss_mb": max(result.generator_rss_bytes for result in results) / 1e6,
        "run_queue_delay": mean([each.delay for each in intervals]) if watch.sees_delay else None,
        "outside_cores": mean([each.outside_cores for each in intervals]),
        "run_cores": mean([each.run_cores for each in intervals]),
        "app_cores": mean([each.app_cores for each in intervals]),
        "own_priority": watch.own_priority or None,
    }


def _generator_cores(records: Sequence[BurstRecord]) -> float:
    """CPU seconds a second that the generator used, over all bursts."""
    spent_s = sum(record.result.generator_cpu_s for record in records)
    return spent_s / max(sum(record.result.burst_s for record in records), 1e-9)


@contextmanager
def _timed(timings_s: dict[str, float], name: str) -> Iterator[None]:
    """Add the time that the block takes."""
    began = time.perf_counter()
    yield
    timings_s[name] += time.perf_counter() - began
