"""The steps of an attempt that need no running site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from dojo.attempt import common_checks
from dojo.attempt.looks import Looks, _crowded, observe
from dojo.attempt.report import _slo
from dojo.attempt.run import _generator_cores, check
from dojo.attempt.spec import AttemptSpec, BurstRecord
from dojo.errors import AppDidNotStart, AppFault
from dojo.kata.burst import Burst, Wrong
from dojo.kata.checks import metrics_agree
from dojo.kata.contract import Check, Evidence, Finding, Kata
from dojo.kata.exposition import Exposition
from dojo.load.burst import BurstResult
from dojo.load.plan import Load, Step
from dojo.load.sample import Sample
from dojo.report import CheckResult
from dojo.site.running_site import RunningSite
from dojo.site.server_side import Readings
from dojo.slo.burst_plan import plan_burst
from dojo.slo.decision import Decision, level_bounds
from dojo.slo.excuse import NO_EXCUSE, Excuse
from dojo.slo.observation import Mismatch
from dojo.slo.validity import Machine
from tests.unit.slo.test_burst_plan import LEVEL, LOAD
from tests.unit.slo.test_excuse import excuse_of, interval

EMPTY = Exposition(())
TWO_STATEMENTS = {"server-timing": 'app;dur=3.1, db;desc="2 statements";dur=1.0'}
STEALING = interval(0.0, 10.0, delay=0.25, run=0.75)  # a quarter of a second each second


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one check that needs more of a site than is made up here."""
    passed = CheckResult("durations_agree", True, "")
    monkeypatch.setattr(common_checks, "durations_agree", lambda site, kata: passed)


@dataclass
class FakeKata:
    """Knows one wrong answer, and notes the order in which it is called."""

    folder: Path = Path("katas/01-latency")
    calls: list[str] = field(default_factory=list)
    staleness_s: float = 0.0  # that it was told

    def prepare(self, site_db: object, rng: Random) -> None: ...

    def warm_up(self) -> str | Step:
        return "/"

    def load(self) -> Load:
        return LOAD

    def wrong_answers(self, burst: Burst) -> Mapping[tuple[int, int], Wrong]:
        self.staleness_s = burst.staleness_s
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
    fault: AppFault | None = None

    def crash(self) -> None:
        self.calls.append("crash")
        if self.fault is not None:
            raise self.fault


def record_of(
    kata: FakeKata, latency_s: float, excuse: Excuse = NO_EXCUSE, *, stopped_early: bool = False
) -> BurstRecord:
    """A burst in which every page load took so long."""
    plan = plan_burst(LEVEL, LOAD, seed=7)
    samples = tuple(
        Sample(index, step, f"{index}-{step}", 0.0, 0.0, latency_s, 200, headers=TWO_STATEMENTS)
        for index, journey in enumerate(plan.plan.journeys)
        for step in range(len(journey.steps))
    )
    result = BurstResult(samples, 10.0, stopped_early, 1.0, 1)
    return observe(spec_of(kata), plan, result, Readings(EMPTY, EMPTY, 5, 2.0), excuse)


def spec_of(kata: FakeKata) -> AttemptSpec:
    return AttemptSpec(cast(Kata, kata), LEVEL, 7, 1)


def looks_of(*records: BurstRecord, machine: Machine | None = None) -> tuple[Looks, list[str]]:
    """The looks, and the outcome after each of them."""
    spec = replace(spec_of(FakeKata()), machine=machine or Machine())
    looks = Looks(spec, level_bounds(LEVEL, 500))
    outcomes = [looks.add(_right(record), no_red=False).outcome for record in records]
    return looks, [str(outcome) for outcome in outcomes]


def _right(record: BurstRecord) -> BurstRecord:
    return replace(record, observation=replace(record.observation, wrong={}))


def test_what_was_observed_is_held_against_what_the_kata_knows() -> None:
    """Wrong answers stand at their request; statements are those of the SLI's own events."""
    record = record_of(FakeKata(), 0.01)
    assert record.observation.wrong == {(0, 0): Mismatch("ten products", "nine")}
    assert record.burst.samples == record.observation.samples
    assert record.result.samples == ()
    assert record.where.statements_per_event == 4  # two steps, two statements each


def test_an_answer_may_be_older_by_what_was_stolen() -> None:
    """Two seconds are allowed; of any two a quarter was stolen."""
    kata = FakeKata()
    record_of(kata, 0.01, excuse_of(STEALING))
    assert kata.staleness_s == pytest.approx(2.5)
    record_of(kata, 0.01)
    assert kata.staleness_s == pytest.approx(2.0)


def test_a_clear_case_needs_no_more_looks_than_events() -> None:
    """Red at once; 500 faultless page loads are too few for 99%, and 1,000 are enough."""
    assert looks_of(record_of(FakeKata(), 1.0))[1] == ["not_met"]
    good = record_of(FakeKata(), 0.01)
    assert looks_of(good, good)[1] == ["open", "met"]


def test_red_that_was_stolen_is_a_disturbed_run() -> None:
    """Each took 350 ms, of which others took nine tenths."""
    robbed = excuse_of(interval(0.0, 10.0, delay=0.9, run=0.1))
    assert looks_of(record_of(FakeKata(), 0.35, robbed))[1] == ["disturbed"]
    assert looks_of(record_of(FakeKata(), 0.35))[1] == ["not_met"]


def test_a_machine_that_can_not_serve_the_reference_solution_makes_no_red() -> None:
    """Late for everybody: on so little the right app would be, too. A fast one is still met."""
    needed = LEVEL.run_cores
    late, good = record_of(FakeKata(), 1.0), record_of(FakeKata(), 0.01)
    assert looks_of(late, machine=Machine(needed))[1] == ["not_met"]
    less = Machine(0.99 * needed)
    assert looks_of(late, machine=less)[1] == ["disturbed"]
    assert looks_of(good, good, machine=less)[1] == ["open", "met"]


@pytest.mark.parametrize(
    ("cores", "outside", "crowded"),
    [
        (8.0, (2.0, 2.0), False),  # a browser and an editor
        (8.0, (0.0, 7.5), True),  # for a second nothing was left
        (2.0, (1.5, 1.5), True),
        (2.0, (0.2, 0.2), False),  # too little to be to blame, on whatever machine
        (0.5, (0.2, 0.2), False),
    ],
)
def test_where_nobody_tells_who_waited_others_are_to_blame_if_they_left_too_little(
    cores: float, outside: tuple[float, float], crowded: bool
) -> None:
    """Less than the kata needs, at any time, and more than a quarter of a core on average."""
    spec = replace(spec_of(FakeKata()), machine=Machine(cores))
    seen = [interval(second, outside=each) for second, each in enumerate(outside)]
    assert _crowded(spec, seen) is crowded
    assert not _crowded(spec, [])


def test_what_is_close_takes_every_look() -> None:
    """The events of all looks count together, and the rule that stops a burst follows them."""
    close = _some_slow(record_of(FakeKata(), 0.01), 7)
    looks, outcomes = looks_of(close, close, close)
    assert outcomes == ["open", "open", "undecided"]
    assert [counts[1].total for counts in looks.counts] == [500, 1000, 1500]
    assert [counts[1].bad for counts in looks.counts] == [7, 14, 21]
    again = Looks(looks.spec, looks.limits, looks.records[:1], looks.counts[:1])
    assert again.stop_rule.red_from[1][2] == looks.limits[1].red_from[1] - 7


def test_a_burst_that_was_stopped_and_is_not_red_after_all_says_nothing() -> None:
    """It is no look at the whole plan, so another one can't be added to it."""
    stopped = record_of(FakeKata(), 0.01, stopped_early=True)
    assert looks_of(_some_slow(stopped, 7))[1] == ["disturbed"]


def _some_slow(record: BurstRecord, count: int) -> BurstRecord:
    """The same, but for the first page loads, whose first answer took half a second."""
    pages = [
        index for index, journey in enumerate(record.burst.plan.journeys) if journey.name == "page"
    ]
    slow = set(pages[:count])
    samples = tuple(
        replace(sample, done_s=0.5) if sample.journey in slow and not sample.step else sample
        for sample in record.observation.samples
    )
    return replace(record, observation=replace(record.observation, samples=samples))


@pytest.mark.parametrize(
    ("outcome", "calls"),
    [
        ("met", ["first", "second", "crash", "third"]),
        ("undecided", ["first", "second", "crash", "third"]),
        ("not_met", ["first", "second"]),
        ("disturbed", []),
    ],
)
def test_an_app_is_restarted_only_if_no_objective_is_missed(outcome: Any, calls: list[str]) -> None:
    """The site as it was left is checked first; a run that says nothing is not checked."""
    kata = FakeKata()
    record = record_of(kata, 0.01)
    site = cast(RunningSite, FakeSite(kata.calls))
    evidence = Evidence(record.burst, record.wrong, site, {})
    checks = check(cast(Kata, kata), evidence, site, Decision(outcome, ()))
    assert kata.calls == calls
    names = {"crash": "restarts"}
    assert [each.name for each in checks if each.passed and each.name != "durations_agree"] == [
        names.get(name, name) for name in calls
    ]
    left_out = ["third"] if outcome == "not_met" else []
    assert [each.name for each in checks if each.unchecked] == left_out


def test_an_app_that_breaks_down_at_the_restart_has_failed_a_check() -> None:
    """What was found before it stands, and what needs a running site is not checked."""
    kata = FakeKata()
    record = record_of(kata, 0.01)
    site = cast(RunningSite, FakeSite(kata.calls, AppDidNotStart("The app ended at once.")))
    evidence = Evidence(record.burst, record.wrong, site, {})
    checks = check(cast(Kata, kata), evidence, site, Decision("met", ()))
    assert [(each.name, each.passed) for each in checks] == [
        ("first", True),
        ("second", True),
        ("restarts", False),
        ("third", None),
    ]
    assert "Restart failed" in checks[2].detail
    assert "The app ended at once." in checks[2].detail


@pytest.mark.parametrize(
    ("outcome", "passed"), [("met", False), ("undecided", None), ("not_met", None)]
)
def test_what_has_nothing_to_judge_is_not_checked_and_never_green(
    outcome: Any, passed: bool | None
) -> None:
    """A check that gives nothing is unknown; where every objective is met it has failed."""
    record = record_of(kata := FakeKata(), 0.01)
    silent = replace_checks(kata, Check("silent", lambda evidence: None))
    site = cast(RunningSite, FakeSite(kata.calls))
    evidence = Evidence(record.burst, record.wrong, site, {})
    result, *_ = check(silent, evidence, site, Decision(outcome, ()))
    assert result.passed is passed
    assert "No answer came" in result.detail
    stopped = replace(evidence, stopped_early=True)
    (result,) = check(silent, stopped, site, Decision("not_met", ()))
    assert (result.passed, "stopped early" in result.detail) == (None, True)


def replace_checks(kata: FakeKata, *checks: Check) -> Kata:
    """The kata with other checks."""

    class Other(FakeKata):
        @property
        def checks(self) -> Sequence[Check]:
            return checks

    return cast(Kata, Other(kata.folder, kata.calls))


@pytest.mark.parametrize(
    ("outcome", "reasons", "slo"),
    [
        ("met", (), "met"),
        ("not_met", (), "not_met"),
        ("undecided", (), "undecided"),
        ("disturbed", (), "invalid"),
        ("open", (), "invalid"),
        ("met", ("only half of the load was sent",), "invalid"),
    ],
)
def test_the_slo_is_what_was_decided_unless_the_run_says_nothing(
    outcome: Any, reasons: tuple[str, ...], slo: str
) -> None:
    """A reason against the run outweighs what its events came to."""
    assert _slo(Decision(outcome, ()), reasons) == slo


def test_a_generators_cores_are_over_all_bursts() -> None:
    """Its CPU seconds by the time in which it sent."""
    record = record_of(FakeKata(), 0.01)  # one CPU second in ten
    longer = replace(record, result=replace(record.result, burst_s=5.0, generator_cpu_s=2.0))
    assert _generator_cores([record, longer]) == pytest.approx(3 / 15)


@pytest.mark.parametrize(("counted", "passed"), [(0, False), (1, True), (2, True), (3, False)])
def test_an_app_may_count_a_request_that_was_sent_again_twice(counted: int, passed: bool) -> None:
    """The first attempt may have reached it; more than both it can't have had."""
    text = (
        'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/",'
        f'http_response_status_code="200"}} {counted}\n'
    )
    sample = Sample(0, 0, "id", 0.0, 0.0, 0.1, 200, sent_again=True)
    whole = plan_burst(LEVEL, LOAD, 1).plan
    plan = replace(whole, journeys=whole.journeys[:1])
    assert plan.journeys[0].steps[0].path == "/"
    burst = Burst(LEVEL.journey, plan, (sample,), 0.0, EMPTY, Exposition.parse(text))
    evidence = Evidence(burst, {}, cast(Any, None), {})
    finding = metrics_agree("/").run(evidence)
    assert finding is not None
    assert finding.passed is passed
