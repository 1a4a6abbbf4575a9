"""The looks of an attempt: a burst is sent and judged, and if that decides nothing another one.

Between two bursts the load pauses and drains. What the machine took meanwhile is watched, so that
red is the app's own.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from dojo.attempt.spec import AttemptSpec, BurstRecord, OnProgress
from dojo.attempt.sql_steps import sql_sender
from dojo.kata.burst import Burst, SqlAnswer, Wrong
from dojo.kata.joined_bursts import joined
from dojo.load.burst import BurstResult, BurstSettings, run_burst
from dojo.load.plan import Load
from dojo.load.progress import BurstProgress
from dojo.observability.telemetry import publish
from dojo.site.machine.disk import DiskProbe
from dojo.site.machine.watch import MachineWatch
from dojo.site.running_site import RunningSite
from dojo.site.server_side import Readings, ServerSide, where_time_went
from dojo.slo.burst_plan import BurstPlan, StopRule, plan_burst, stop_rule
from dojo.slo.decision import Counts, Decision, decide
from dojo.slo.excuse import NO_EXCUSE, Excuse
from dojo.slo.judgement import count
from dojo.slo.machine_interval import MachineInterval
from dojo.slo.observation import Mismatch, Observation
from dojo.slo.sequential import LOOKS, Bounds
from dojo.slo.starvation import is_starved
from dojo.slo.statement_counts import statements_per_event

__all__ = ["Looks", "make_looks", "observe", "timed"]

CROWDED_CORES = 0.25  # used by others: less of them is no reason, whatever they left
EXCUSE_MARGIN = 1.5  # a burst is stopped only if it is red with so many times what is known so far
UNSEEN_S = 0.05  # … and so much more, for what was not yet read


@dataclass(slots=True)
class Looks:
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

    def add(self, record: BurstRecord, *, no_red: bool, disk_busy: bool = False) -> Decision:
        """One look more. A burst that was stopped for nothing is as good as a disturbed one."""
        level, machine = self.spec.level, self.spec.machine
        self.records.append(record)
        self.counts.append(count(level, self.observations))
        decision = decide(
            level,
            self.limits,
            self.counts,
            red_must_be_far=disk_busy or machine.is_too_small(level),
            no_red=no_red or machine.cannot_serve(level),
        )
        if record.result.stopped_early and decision.outcome == "open":
            decision = replace(decision, outcome="disturbed")
        self.decision = decision
        return decision


def make_looks(
    looks: Looks,
    plan: BurstPlan,
    load: Load,
    site: RunningSite,
    server_side: ServerSide,
    watch: MachineWatch,
    disk: DiskProbe,
    on_progress: OnProgress,
    timings_s: dict[str, float],
) -> Decision:
    """Send burst after burst until something is decided, or the last look is made."""
    spec = looks.spec
    for look in range(LOOKS):
        if look:  # other requests at other times, as in another run
            plan = plan_burst(spec.level, load, spec.plan_seed + look, spec.load_factor)
        with timed(timings_s, "burst"):
            result, sql_answers = _run(looks, plan, site, watch, on_progress)
        with timed(timings_s, "verify"):
            excuse = _excuse(spec, watch, result.began_at_s, result.began_at_s + result.ended_s)
            record = observe(
                spec, plan, result, server_side.read(), excuse, looks.records, sql_answers
            )
            decision = looks.add(
                record,
                no_red=_starved(spec, watch, [*looks.records, record]),
                disk_busy=bool(disk.culprits(watch.run_pids)),
            )
            if spec.exporter is not None:
                events = record.observation.events(spec.level.tightest_s)
                publish(spec.exporter, events, result.burst_s + plan.drain_s)
        if decision.outcome != "open":
            break
    return decision


def _run(
    looks: Looks,
    plan: BurstPlan,
    site: RunningSite,
    watch: MachineWatch,
    on_progress: OnProgress,
) -> tuple[BurstResult, tuple[SqlAnswer, ...]]:
    """Send the burst, until the plan is sent or the verdict is certain, and the SQL beside it."""
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
    with sql_sender(site.database.dsn, plan.plan.sql_steps) as sender:
        result = run_burst(site.generator, plan.plan, settings, go_on, sender.begin)
    site.app.check()
    if not any(sample.done_s is not None for sample in result.samples):
        site.app.assert_responsive()
    return result, sender.answers(result.began_at_s)


def _excuse(spec: AttemptSpec, watch: MachineWatch, began_at_s: float, ended_at_s: float) -> Excuse:
    """What the machine took between two moments; nothing from an app that changed its priority."""
    if watch.own_priority:
        return NO_EXCUSE
    intervals = _intervals(watch, began_at_s, ended_at_s)
    level, speed = spec.level, spec.machine.core_speed
    return Excuse(intervals, level.app_cores / speed, level.run_cores / speed)


def _intervals(watch: MachineWatch, began_at_s: float, ended_at_s: float) -> list[MachineInterval]:
    """What the machine did between two moments."""
    return [
        interval
        for interval in watch.intervals(began_at_s)
        if interval.end_s > 0 and interval.start_s < ended_at_s - began_at_s
    ]


def _starved(spec: AttemptSpec, watch: MachineWatch, records: Sequence[BurstRecord]) -> bool:
    """Whether others left one of the bursts too little of the machine."""
    bursts = [
        _intervals(watch, each.result.began_at_s, each.result.began_at_s + each.result.ended_s)
        for each in records
    ]
    if not watch.sees_delay:
        return any(_crowded(spec, burst) for burst in bursts)
    if watch.own_priority:
        return False
    demand = spec.level.run_cores / spec.machine.core_speed
    return any(is_starved(burst, spec.machine.cores, demand) for burst in bursts)


def _crowded(spec: AttemptSpec, intervals: Sequence[MachineInterval]) -> bool:
    """Whether others may be to blame, where the system does not tell who waited for a CPU.

    They used more than a quarter of a core, and once left less of the machine than the kata needs.
    """
    used = [each.outside_cores for each in intervals]
    length_s = sum(each.length_s for each in intervals)
    used_s = sum(each.outside_cores * each.length_s for each in intervals)
    return used_s > CROWDED_CORES * length_s and spec.machine.beside(max(used)).is_too_small(
        spec.level
    )


def observe(
    spec: AttemptSpec,
    plan: BurstPlan,
    result: BurstResult,
    readings: Readings,
    excuse: Excuse = NO_EXCUSE,
    earlier: Sequence[BurstRecord] = (),
    sql_answers: tuple[SqlAnswer, ...] = (),
) -> BurstRecord:
    """Hold every answer of a burst against what the kata knows.

    An answer may be as old as is published, and older by what was stolen meanwhile.
    """
    level = spec.level
    staleness_s = level.staleness_s + excuse.most_stolen_s(level.staleness_s)
    burst = Burst(
        level.journey,
        plan.plan,
        result.samples,
        staleness_s,
        readings.before,
        readings.after,
        sql_answers=sql_answers,
        began_at_s=result.began_at_s,
    )
    if earlier:
        later_s = result.began_at_s - earlier[0].result.began_at_s
        burst = joined(earlier[-1].burst, burst, later_s)
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
    observations = [*(record.observation for record in earlier), observation]
    lengths_s = [result.ended_s, *(record.result.ended_s for record in earlier)]
    where = where_time_went(
        readings,
        [result.ended_s - s.sent_s for s in result.samples if s.sent_s is not None and s.pending],
        sum(lengths_s),
        statements_per_event(observations, level.journey),
    )
    return BurstRecord(replace(result, samples=()), burst, wrong, observation, where)


@contextmanager
def timed(timings_s: dict[str, float], name: str) -> Iterator[None]:
    """Add the time that the block takes."""
    began = time.perf_counter()
    yield
    timings_s[name] += time.perf_counter() - began
