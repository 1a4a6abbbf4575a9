"""Whether a run says anything about the app, or only about the machine that it ran on. Pure.

A disturbed run (`dojo.slo.decision`) says nothing. Nor does one whose generator could not keep up
by itself: a generator that sends late makes an app look worse than it is and never better, since
response times count from the intended moment. What others stole from the generator is given back
to the events; what the app took from it by swamping the machine is the app's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from dojo.burst_figures import Lateness
from dojo.report import Culprit
from dojo.slo.binomial import enough
from dojo.slo.decision import Decision
from dojo.slo.openslo import ServiceLevel
from dojo.slo.sequential import Bounds

__all__ = [
    *("LATE_RATIO", "LATE_S", "LEAST_CULPRIT_CORES", "POSTGRES_CORES"),
    *("Machine", "RunFacts", "invalid_because", "named_culprits"),
]

LATE_S = 0.025  # a request sent later than this is late …
LATE_RATIO = 0.01  # … and more late requests than this are too many
BUSY_GENERATOR = 0.8  # of a core: there it is the generator that can't keep up
HEADROOM = 1.5  # times what the run needs, so that its arrivals may come in clusters
LEAST_CULPRIT_CORES = 0.05
POSTGRES_CORES = 2.0  # that a kata gives it; its faults cost several times as much


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine gives: cores that may be used, and the speed of one (1: the reference)."""

    cores: float = 2.0
    core_speed: float = 1.0

    @property
    def capacity(self) -> float:
        """In cores of the reference machine."""
        return self.cores * self.core_speed

    def is_too_small(self, level: ServiceLevel) -> bool:
        """Whether it is less than the reference solution needs beside its load.

        The app computes on one core at a time, so many slow cores don't make up for a fast one.
        """
        return (
            self.capacity < HEADROOM * level.run_cores
            or self.core_speed < HEADROOM * level.app_cores
        )

    def cannot_serve(self, level: ServiceLevel) -> bool:
        """Whether even the reference solution would fall behind here, so that no red is the app's.

        On half a core that of kata 01 was late for 195 of 232 visitors, with nobody else there.
        """
        return self.capacity < level.run_cores or self.core_speed < level.app_cores

    def beside(self, outside_cores: float) -> "Machine":
        """What is left of it beside programs that use so many cores."""
        return replace(self, cores=max(0.0, self.cores - outside_cores))


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What was measured beside the events."""

    machine: Machine
    lateness: Lateness | None
    generator_cores: float = 0.0  # CPU seconds a second that the generator used
    load_factor: float = 1.0
    culprits: Sequence[Culprit] = ()  # who else used the machine, the most first
    # on how many statements at a time a Postgres worked that may use more cores than that; 0 else
    unlimited_statements: float = 0.0


def invalid_because(
    level: ServiceLevel, limits: Sequence[Bounds], decision: Decision, facts: RunFacts
) -> tuple[str, ...]:
    """Why the run says nothing about the app; empty if it does."""
    if facts.lateness is None or facts.lateness.sent == 0:
        return ("the load generator sent nothing",)
    reasons = []
    if decision.outcome == "disturbed":
        reasons.append(_disturbance(level, facts))
    if decision.outcome in ("undecided", "not_met") and _generator_could_not_keep_up(facts):
        reasons.append(
            f"the load generator used {facts.generator_cores:.0%} of a core and sent"
            f" {facts.lateness.late:,} of {facts.lateness.sent:,} requests more than"
            f" {LATE_S * 1000:.0f} ms late, so the load was not the one that was planned"
        )
    if decision.outcome == "met" and facts.unlimited_statements > POSTGRES_CORES:
        reasons.append(
            f"Postgres worked on {facts.unlimited_statements:.1f} statements at a time, and may use"
            f" more cores here than the {POSTGRES_CORES:g} that a kata gives it, so it is this"
            " machine that was fast enough. Run it with DOJO_POSTGRES=docker, which limits it"
        )
    reasons += _too_few_events(level, limits, decision)
    reasons += _another_load(decision, facts.load_factor)
    return tuple(reasons)


def named_culprits(culprits: Sequence[Culprit]) -> tuple[Culprit, ...]:
    """Those who used so much of the machine that they are worth naming."""
    return tuple(
        each for each in culprits if each.cores >= LEAST_CULPRIT_CORES or each.written_mb_per_s > 0
    )


def _disturbance(level: ServiceLevel, facts: RunFacts) -> str:
    machine = facts.machine
    named = named_culprits(facts.culprits)
    if machine.cannot_serve(level) or (machine.is_too_small(level) and not named):
        return _too_small(machine, level)
    if not named:
        return (
            "the machine took too much time from the app, and nobody can be named for it (a virtual"
            " machine's host, or processes that may not be seen)"
        )
    names = ", ".join(each.described for each in named[:3])
    return f"the machine was busy with something else, which may be all that made it late: {names}"


def _too_small(machine: Machine, level: ServiceLevel) -> str:
    """What it gives, and what the kata needs: to a tenth, and never as the same figure."""
    end = "to tell a slow app from a slow machine"
    gives, needs = machine.capacity, HEADROOM * level.run_cores
    if gives < needs:
        return (
            f"this machine gives {_down(gives)} cores (as fast as those of the machine that the"
            f" kata was measured on), and the kata needs {_up(needs)}: too few {end}"
        )
    gives, needs = machine.core_speed, HEADROOM * level.app_cores
    return (
        f"a core of this machine is {_down(gives)} times as fast as one of the machine that the"
        f" kata was measured on, and must be {_up(needs)} times: too slow {end}"
    )


def _down(figure: float) -> str:
    return f"{floor(10 * figure) / 10:.1f}"


def _up(figure: float) -> str:
    return f"{ceil(10 * figure) / 10:.1f}"


def _generator_could_not_keep_up(facts: RunFacts) -> bool:
    late = facts.lateness
    return (
        late is not None
        and late.late > LATE_RATIO * late.sent
        and facts.generator_cores > BUSY_GENERATOR
    )


def _too_few_events(level: ServiceLevel, limits: Sequence[Bounds], decision: Decision) -> list[str]:
    if decision.outcome == "not_met":
        return []
    return [
        f"{limit.totals[-1]:,} events in {len(limit.totals)} bursts are too few for"
        f" {objective.display_name!r}: even a faultless run needs {enough(objective.target):,}."
        " Raise rate or length in slo.yaml"
        for objective, limit in zip(level.objectives, limits, strict=True)
        if max(limit.green_at_most) < 0
    ]


def _another_load(decision: Decision, factor: float) -> list[str]:
    if factor < 1 and decision.outcome == "met":
        return [
            f"only {factor:g} times the kata's load was sent, which can show that an app is too"
            " slow and not that it is fast enough. Leave --load-factor out"
        ]
    if factor > 1 and decision.outcome in ("not_met", "undecided"):
        return [
            f"{factor:g} times the kata's load was sent, which can show that an app is fast enough"
            " and not that it is too slow. For the kata's own verdict leave --load-factor out"
        ]
    return []
