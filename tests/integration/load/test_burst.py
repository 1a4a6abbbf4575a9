"""The burst from the grader's side: live figures, early stop, and every way out."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dojo.errors import InvalidRun
from dojo.load.burst import BurstSettings
from dojo.load.plan import Journey, Plan, Step
from dojo.load.progress import BurstProgress
from dojo.load.sample import Cause
from tests.support.bursts import run_burst
from tests.support.stub_site import stub_site


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with stub_site() as base_url:
        yield base_url


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made during the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def plan_of(path: str, count: int, duration_s: float) -> Plan:
    step = Step("page", "GET", path)
    starts = [duration_s * place / count for place in range(count)]
    return Plan(3, duration_s, tuple(Journey("page", (step,), at_s) for at_s in starts))


def generators() -> list[int]:
    """Generators that this process has started and that still run."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    return [
        int(pid)
        for pid, parent, state, command in rows
        if int(parent) == os.getpid() and "dojo.load.generator" in command and "Z" not in state
    ]


def test_every_scheduled_request_has_a_sample(site: str, folder: Path) -> None:
    """A whole burst gives one sample for each request, and leaves nothing behind."""
    result = run_burst(plan_of("/delay/5", 50, 0.5), BurstSettings(site), lambda _: True)
    assert sorted(sample.journey for sample in result.samples) == list(range(50))
    assert not result.stopped_early
    assert result.burst_s == 0.5
    assert result.generator_cpu_s > 0
    assert result.generator_rss_bytes > 1 << 20
    assert not generators()
    assert list(folder.iterdir()) == []


def test_the_generators_memory_is_its_own(site: str) -> None:
    """However large the process is that started it."""
    ballast = b"x" * (150 << 20)
    result = run_burst(plan_of("/delay/0", 1, 0.1), BurstSettings(site), lambda _: True)
    assert result.generator_rss_bytes < len(ballast)


def test_expectations_never_reach_the_generator(site: str) -> None:
    """What a kata expects may be anything, even what can't be pickled, and stays at home."""
    journey = Journey("page", (Step("a", "GET", "/echo"),), 0.0, expect=lambda: None)
    result = run_burst(Plan(1, 0.1, (journey,)), BurstSettings(site), lambda _: True)
    assert result.samples[0].status == 200


def test_live_figures_tell_bad_events_before_they_end(site: str) -> None:
    """A request without an answer counts as bad once it is older than the threshold."""
    seen: list[BurstProgress] = []

    def stop_when_certain(progress: BurstProgress) -> bool:
        seen.append(progress)
        return progress.bad("page").get(0.1, 0) < 5

    watch = (("page", 0.1), ("page", 30.0))
    plan = plan_of("/delay/60000", 500, 30.0)
    result = run_burst(plan, BurstSettings(site, 0.2, watch), stop_when_certain)
    certain = next(progress for progress in seen if progress.bad("page")[0.1] >= 5)
    assert (certain.done, certain.bad("page")[30.0]) == (0, 0)
    assert certain.pending == certain.sent >= 5
    assert result.stopped_early
    assert result.burst_s < 30
    assert len(result.samples) < 500
    assert {sample.cause for sample in result.samples} == {Cause.TIMEOUT}
    assert all(sample.intended_s <= result.burst_s for sample in result.samples)


def test_live_figures_agree_with_the_samples(site: str) -> None:
    """At the end each journey that was slow or failed is counted, once."""
    seen: list[BurstProgress] = []

    def keep_on(progress: BurstProgress) -> bool:
        seen.append(progress)
        return True

    paths = ["/delay/0", "/delay/150", "/status/500"] * 5
    journeys = tuple(Journey("page", (Step("a", "GET", path),), 0.0) for path in paths)
    settings = BurstSettings(site, 5.0, (("page", 0.1),))
    result = run_burst(Plan(1, 0.3, journeys), settings, keep_on)
    bad = sum(s.cause is not None or (s.latency_s or 9) > 0.1 for s in result.samples)
    assert bad >= 10
    assert seen[-1].bad("page")[0.1] == bad


def test_nothing_is_sent_after_a_stop(site: str) -> None:
    """A journey in its think time at the stop sends no further step, and is not called failed."""
    seen: list[BurstProgress] = []
    steps = (Step("a", "GET", "/delay/0"), Step("b", "GET", "/delay/0", think_s=1.0))

    def stop_after_first(progress: BurstProgress) -> bool:
        seen.append(progress)
        return progress.done == 0

    settings = BurstSettings(site, 3.0, (("visit", 60.0),))
    result = run_burst(Plan(1, 20.0, (Journey("visit", steps),)), settings, stop_after_first)
    assert [sample.cause for sample in result.samples] == [None, Cause.NOT_SENT]
    assert seen[-1].bad("visit")[60.0] == 0


def test_a_stopped_burst_does_not_wait_for_the_last_answers(site: str) -> None:
    """What is pending until it can only be bad is a timeout, however long the drain."""
    settings = BurstSettings(site, 60.0, (("page", 0.5), ("page", 1.0)))
    began = time.monotonic()
    result = run_burst(
        plan_of("/delay/30000", 3, 20.0), settings, lambda progress: progress.sent == 0
    )
    assert time.monotonic() - began < 15
    assert result.stopped_early
    assert {sample.cause for sample in result.samples} == {Cause.TIMEOUT}


def test_a_generator_that_dies_makes_the_run_invalid(site: str, folder: Path) -> None:
    """A killed generator is a fault of the run, never of the app."""

    def kill(_: BurstProgress) -> bool:
        os.kill(generators()[0], signal.SIGKILL)
        return True

    with pytest.raises(InvalidRun, match=r"generator broke down.*-9"):
        run_burst(plan_of("/delay/0", 10, 20.0), BurstSettings(site), kill)
    assert list(folder.iterdir()) == []


def test_a_broken_generator_is_quoted(site: str) -> None:
    """The generator's own error is in the message."""
    broken = Plan(1, 0.1, (Journey("page", (Step("a", "GET", None),), 0.0),))  # type: ignore[arg-type]
    with pytest.raises(InvalidRun, match="AttributeError"):
        run_burst(broken, BurstSettings(site), lambda _: True)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, ValueError])
def test_what_the_caller_raises_ends_the_generator(
    site: str, folder: Path, problem: type[BaseException]
) -> None:
    """After Ctrl-C, or any error while watching, no process and no file is left."""

    def interrupt(_: BurstProgress) -> bool:
        raise problem

    with pytest.raises(problem):
        run_burst(plan_of("/delay/0", 10, 20.0), BurstSettings(site), interrupt)
    assert not generators()
    assert list(folder.iterdir()) == []
