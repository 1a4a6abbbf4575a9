"""One attempt at a kata: plan, run, observe, judge, check, report. Knows no pytest.

A burst is sent and judged, and if that decides nothing another one, up to three times. Then the
site is checked as it was left, and after a restart. Between two bursts the load pauses and drains;
neither pauses nor checks are in the SLI. What an attempt observes is a list, a burst an entry, and
what judges it takes any number.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from dojo.attempt import common_checks
from dojo.attempt.looks import Looks, make_looks, timed
from dojo.attempt.report import Facts, disk_facts, environment, report_of
from dojo.attempt.spec import AttemptSpec, BurstRecord, OnProgress
from dojo.costs import RequestAlone, WhereTimeWent
from dojo.kata.checks import (
    OBJECTIVE_MISSED,
    RESTART_FAILED,
    counted_rows,
    none_unchecked,
    not_run,
    run_checks,
)
from dojo.kata.contract import Evidence, Kata
from dojo.report import CheckResult, ObjectiveResult, Report
from dojo.site.running_site import RunningSite
from dojo.site.schema_guard import schema_guard
from dojo.site.server_side import ServerSide
from dojo.slo.burst_plan import plan_burst
from dojo.slo.decision import Decision, level_bounds
from dojo.slo.judgement import judge
from dojo.slo.validity import RunFacts, invalid_because, named_culprits

__all__ = ["attempt", "check"]


def attempt(
    spec: AttemptSpec,
    site: RunningSite,
    on_progress: OnProgress,
    alone: RequestAlone | None,
) -> Report:
    """Send the load and say what came of it. AppFault if the app broke down."""
    timings_s = {**site.timings_s, "burst": 0.0, "verify": 0.0}
    load = spec.kata.load()
    plan = plan_burst(spec.level, load, spec.plan_seed, spec.load_factor)
    if spec.exporter is not None:
        spec.exporter.expect(*{journey.name for journey in plan.plan.journeys})
        spec.exporter.begin(spec.level.objectives)
    with schema_guard():
        rows_before = counted_rows(site.db, spec.kata.checks)
    server_side = ServerSide.begin(site)
    started_at = datetime.now(UTC)
    looks = Looks(spec, level_bounds(spec.level, plan.plan.count(spec.level.journey)))
    with site.watch() as watch, site.disk_probe() as disk:
        decision = make_looks(
            looks, plan, load, site, server_side, watch, disk, on_progress, timings_s
        )
        with timed(timings_s, "verify"), site.during("checking the site as the load left it"):
            judgement = judge(spec.level, looks.observations, decision)
            culprits = disk.culprits(watch.run_pids) + watch.culprits()
            facts = RunFacts(
                spec.machine,
                judgement.lateness,
                _generator_cores(looks.records),
                spec.load_factor,
                culprits,
                0.0 if site.postgres_is_limited else _statements_at_a_time(looks.records[-1].where),
            )
            reasons = invalid_because(spec.level, looks.limits, decision, facts)
            _export(spec, judgement.objectives, invalid=bool(reasons))
            with schema_guard():
                last = looks.records[-1]
                evidence = Evidence(
                    last.burst, looks.wrong, site, rows_before, last.result.stopped_early
                )
                checks = check(spec.kata, evidence, site, decision)
                if checks:  # else the run says nothing
                    checks += common_checks.site_checks(site)
    return report_of(
        spec,
        looks,
        judgement,
        checks,
        site,
        Facts(
            started_at,
            alone,
            timings_s,
            environment(spec, site, looks, watch) | disk_facts(disk.figures),
            # whoever is ended, too small a machine stays too small
            () if spec.machine.cannot_serve(spec.level) else named_culprits(culprits),
        ),
        reasons,
    )


def _export(spec: AttemptSpec, results: Sequence[ObjectiveResult], *, invalid: bool) -> None:
    """Let Prometheus know what the report will say."""
    if spec.exporter is None:
        return
    for objective, result in zip(spec.level.objectives, results, strict=True):
        verdict = "invalid" if invalid else result.verdict
        spec.exporter.judge(objective, verdict, result.good, result.total)


def check(
    kata: Kata, evidence: Evidence, site: RunningSite, decision: Decision
) -> tuple[CheckResult, ...]:
    """The kata's checks; those after a restart only if no objective is missed already.

    A disturbed run is not checked: it is repeated, or says nothing.
    """
    if decision.outcome == "disturbed":
        return ()
    after_restart = [each for each in kata.checks if each.after_restart]
    results = run_checks([each for each in kata.checks if not each.after_restart], evidence)
    if decision.outcome == "not_met":
        return (*results, *not_run(after_restart, OBJECTIVE_MISSED))
    restart = common_checks.restarts(site)
    if restart.failed:
        return (*results, restart, *not_run(after_restart, RESTART_FAILED))
    results += [restart, common_checks.durations_agree(site, kata)]
    results += run_checks(after_restart, evidence)
    return tuple(none_unchecked(results) if decision.outcome == "met" else results)


def _statements_at_a_time(where: WhereTimeWent) -> float:
    """On how many of the app's statements Postgres worked at a time, on average; 0 if unknown."""
    if where.postgres_ms is None or not where.length_s:
        return 0.0
    return where.postgres_ms / 1000 / where.length_s


def _generator_cores(records: Sequence[BurstRecord]) -> float:
    """CPU seconds a second that the generator used, over all bursts."""
    spent_s = sum(record.result.generator_cpu_s for record in records)
    return spent_s / max(sum(record.result.burst_s for record in records), 1e-9)
