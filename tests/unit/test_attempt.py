"""The steps of an attempt that need no running site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import cast

import pytest

from dojo.attempt import AttemptSpec, BurstRecord, check, observe
from dojo.kata.contract import Burst, Check, Evidence, Finding, Kata, Wrong
from dojo.kata.exposition import Exposition
from dojo.load.burst import BurstResult
from dojo.load.plan import Load, Step
from dojo.load.sample import Sample
from dojo.site.running_site import RunningSite
from dojo.site.server_side import Readings
from dojo.slo.burst_plan import plan_burst
from dojo.slo.judgement import judge
from dojo.slo.observation import Mismatch
from tests.unit.slo.test_burst_plan import LEVEL, LOAD

EMPTY = Exposition(())


@dataclass
class FakeKata:
    """Knows one wrong answer, and notes the order in which it is called."""

    folder: Path = Path("katas/01-latency")
    calls: list[str] = field(default_factory=list)

    def prepare(self, site_db: object, rng: Random) -> None: ...

    def warm_up(self) -> str | Step:
        return "/"

    def load(self) -> Load:
        return LOAD

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        assert burst.staleness_s == LEVEL.staleness_s
        return {(0, 0): Wrong("ten products", "nine")}

    @property
    def checks(self) -> Sequence[Check]:
        return [
            self.check("first"),
            self.check("third", after_restart=True),
            self.check("second"),
        ]

    def check(self, name: str, *, after_restart: bool = False) -> Check:
        def run(evidence: Evidence) -> Finding:
            self.calls.append(name)
            return Finding(True, "")

        return Check(name, run, after_restart)


@dataclass
class FakeSite:
    calls: list[str]

    def crash(self) -> None:
        self.calls.append("crash")


def record_of(kata: FakeKata, *, good: bool) -> BurstRecord:
    """A burst in which every page load took 10 ms, or a second."""
    plan = plan_burst(LEVEL, LOAD, seed=7)
    latency_s = 0.01 if good else 1.0
    samples = tuple(
        Sample(index, step, f"{index}-{step}", 0.0, 0.0, latency_s, 200)
        for index, journey in enumerate(plan.plan.journeys)
        for step in range(len(journey.steps))
    )
    spec = AttemptSpec(cast(Kata, kata), LEVEL, 7, 1)
    result = BurstResult(samples, 10.0, False, 1.0, 1)
    return observe(spec, plan, result, Readings(EMPTY, EMPTY, 5, 2.0, 2000))


def test_what_was_observed_is_held_against_what_the_kata_knows() -> None:
    """Wrong answers stand at their request; statements are counted per answer of the SLI."""
    record = record_of(FakeKata(), good=True)
    assert record.observation.wrong == {(0, 0): Mismatch("ten products", "nine")}
    assert record.burst.samples == record.observation.samples == record.result.samples
    assert record.where.statements_per_event == pytest.approx(2000 / 1000)


@pytest.mark.parametrize(
    ("good", "calls"),
    [
        (True, ["first", "second", "crash", "third"]),
        (False, ["first", "second"]),
    ],
)
def test_an_app_is_restarted_only_if_its_objectives_may_be_met(
    good: bool, calls: list[str]
) -> None:
    """The site as it was left is checked first; a red run spares the restart."""
    kata = FakeKata()
    record = record_of(kata, good=good)
    judgement = judge(LEVEL, [replace(record.observation, wrong={})])
    site = cast(RunningSite, FakeSite(kata.calls))
    evidence = Evidence(record.burst, record.wrong, site, {})
    checks = check(cast(Kata, kata), evidence, site, judgement)
    assert kata.calls == calls
    assert [one.name for one in checks] == [
        name for name in calls if name in ("first", "second", "third")
    ]
