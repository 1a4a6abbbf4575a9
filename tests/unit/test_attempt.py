"""The steps of an attempt that need no running site."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import cast

import pytest

from dojo.attempt import AttemptSpec, BurstRecord, check, observe
from dojo.kata.contract import Burst, Kata, Site, Wrong
from dojo.kata.exposition import Exposition
from dojo.load.burst import BurstResult
from dojo.load.plan import Flow, Step
from dojo.load.sample import Sample
from dojo.report import CheckResult
from dojo.site.running_site import RunningSite
from dojo.site.server_side import Readings
from dojo.slo.burst_plan import plan_burst
from dojo.slo.judgement import judge
from dojo.slo.observation import Mismatch
from tests.unit.slo.test_burst_plan import FLOWS, LEVEL

EMPTY = Exposition(())


@dataclass
class FakeKata:
    """Knows one wrong answer, and notes the order in which it is called."""

    folder: Path = Path("katas/01-latency")
    calls: list[str] = field(default_factory=list)

    def prepare(self, site_db: object, rng: Random) -> None: ...

    def warm_up(self) -> str | Step:
        return "/"

    def begin(self, site: Site) -> None: ...

    def flows(self, rng: Random) -> Sequence[Flow]:
        return FLOWS

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        assert burst.staleness_s == LEVEL.staleness_s
        return {(0, 0): Wrong("ten products", "nine")}

    def checks(
        self, burst: Burst, wrong: Mapping[tuple[int, int], Wrong], site: Site
    ) -> Sequence[Callable[[], CheckResult]]:
        return [lambda: self.passed("first"), lambda: self.passed("second")]

    def checks_after_restart(self, burst: Burst, site: Site) -> Sequence[Callable[[], CheckResult]]:
        self.calls.append("asked for more")
        return [lambda: self.passed("third")]

    def passed(self, name: str) -> CheckResult:
        self.calls.append(name)
        return CheckResult(name, True, "")


@dataclass
class FakeSite:
    calls: list[str]

    def crash(self) -> None:
        self.calls.append("crash")


def record_of(kata: FakeKata, *, good: bool) -> BurstRecord:
    """A burst in which every page load took 10 ms, or a second."""
    plan = plan_burst(LEVEL, FLOWS, seed=7)
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
        (True, ["first", "second", "crash", "asked for more", "third"]),
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
    checks = check(cast(Kata, kata), record, site, judgement)
    assert kata.calls == calls
    assert [one.name for one in checks] == [
        name for name in calls if name in ("first", "second", "third")
    ]
