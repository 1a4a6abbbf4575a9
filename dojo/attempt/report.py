"""The report of an attempt: what was judged, and the facts beside it."""

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dojo.attempt.looks import Looks
from dojo.attempt.spec import AttemptSpec
from dojo.costs import RequestAlone, WhereTimeWent
from dojo.report import CheckResult, Culprit, Report, Verdict
from dojo.site.machine.disk import DiskFigures
from dojo.site.machine.watch import MachineWatch
from dojo.site.running_site import RunningSite
from dojo.slo.connecting import connecting_share
from dojo.slo.decision import Decision
from dojo.slo.error_groups import error_groups, failed_requests
from dojo.slo.judgement import Judgement, overall, site_works
from dojo.slo.pace import pace
from dojo.slo.segments import segment_slis
from dojo.slo.step_costs import step_costs

__all__ = ["Facts", "disk_facts", "environment", "report_of"]

HEAVIEST = 5  # statements that a report shows


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says beside what was judged."""

    started_at: datetime
    alone: RequestAlone | None
    timings_s: dict[str, float]
    environment: dict[str, object]
    culprits: tuple[Culprit, ...] = ()


def report_of(
    spec: AttemptSpec,
    looks: Looks,
    judgement: Judgement,
    checks: Sequence[CheckResult],
    site: RunningSite,
    facts: Facts,
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
        site_works=site_works(checks),
        looks=len(looks.records),
        disturbed=looks.decision.outcome == "disturbed",
        started_at=facts.started_at.isoformat(timespec="seconds"),
        number=spec.number,
        plan_seed=spec.plan_seed,
        rate_per_s=level.rate_per_s * spec.load_factor,
        planned_s=level.burst_s,
        burst_s=sum(record.result.burst_s for record in looks.records),
        objectives=judgement.objectives,
        checks=tuple(checks),
        bad_events=judgement.bad_events,
        latency_s=judgement.latency_s,
        points=judgement.points,
        segments=segment_slis(observations, level.journey, level.tightest_s),
        steps=judgement.steps,
        costs=step_costs(
            observations,
            level.journey,
            facts.alone.steps if facts.alone else (),
            last.where.statements,
        ),
        pace=pace(
            observations,
            level.journey,
            level.rate_per_s * spec.load_factor,
            [record.result.burst_s for record in looks.records],
        ),
        error_groups=error_groups(
            level,
            observations,
            site.app.failures(failed_requests(observations)),
            site.app.log_lines,
        ),
        where=replace(
            _where(last.where, facts.alone), connecting_share=connecting_share(observations)
        ),
        service_time_s=facts.alone.time_s if facts.alone else None,
        journey_alone=facts.alone is not None
        and (not judgement.steps or len(facts.alone.steps) > 1),
        lateness=judgement.lateness,
        sent_again=sum(sample.sent_again for each in observations for sample in each.samples),
        invalid_because=reasons,
        culprits=facts.culprits,
        timings_s=facts.timings_s,
        environment=facts.environment,
    )


def _where(where: WhereTimeWent, alone: RequestAlone | None) -> WhereTimeWent:
    """With the heaviest statements alone, and those of a request that was alone on the site."""
    where = replace(where, statements=where.statements[:HEAVIEST])
    if alone is None:
        return where
    return replace(
        where,
        statements_alone=alone.statements,
        transaction_statements_alone=alone.transaction_statements,
    )


def _slo(decision: Decision, reasons: Sequence[str]) -> Verdict:
    if reasons or decision.outcome in ("disturbed", "open"):
        return "invalid"
    return decision.outcome  # type: ignore[return-value]  # what is left of the outcomes


def disk_facts(disk: DiskFigures) -> dict[str, object]:
    """How long the disk made a writer wait during the run; None where that can't be seen."""
    return {
        "disk_sync_p95_ms": None if disk.sync_p95_s is None else 1000 * disk.sync_p95_s,
        "disk_sync_max_ms": None if disk.sync_max_s is None else 1000 * disk.sync_max_s,
        "disk_waiting": disk.waiting,
    }


def environment(
    spec: AttemptSpec, site: RunningSite, looks: Looks, watch: MachineWatch
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
        "load_factor": spec.load_factor,
        **site.environment,
        "generator_cpu_ms_per_request": 1000 * cpu_s / sent if sent else None,
        "generator_rss_mb": max(result.generator_rss_bytes for result in results) / 1e6,
        "run_queue_delay": mean([each.run.delay for each in intervals])
        if watch.sees_delay
        else None,
        "outside_cores": mean([each.outside_cores for each in intervals])
        if watch.sees_others
        else None,
        "run_cores": mean([each.run.cores for each in intervals]),
        "app_cores": mean([each.app.cores for each in intervals]),
        "postgres_cores": mean([each.postgres.cores for each in intervals]),
        "own_priority": watch.own_priority or None,
    }
