"""The burst as the grader sees it: hand a plan to the generator, follow it, take its samples.

Also what the two say to one another: the settings, and how the live figures are counted.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from typing import Any

from dojo.errors import InvalidRun
from dojo.load.plan import Plan
from dojo.load.sample import Sample

__all__ = ["BurstResult", "BurstSettings", "Live", "LiveCount", "Visit", "run_burst"]

ROOT = Path(__file__).resolve().parents[2]
AROUND_S = 30.0  # most that a generator needs beside the burst: to start, and to write its samples


@dataclass(frozen=True, slots=True)
class BurstSettings:
    """Where the load goes, and what is watched while it runs."""

    base_url: str  # of a loopback address
    drain_s: float = 1.0  # how long answers are awaited after the last journey
    watch: tuple[tuple[str, float], ...] = ()  # (journey name, threshold in seconds)


@dataclass(frozen=True, slots=True)
class Live:
    """Figures in the middle of a burst. An event counts as bad as soon as that is certain."""

    t_s: float
    sent: int
    done: int
    pending: int
    events: Mapping[str, Mapping[float, int]]  # bad events by journey name and threshold
    totals: Mapping[str, int] = field(default_factory=dict)  # journeys whose outcome is certain

    def bad(self, journey: str) -> Mapping[float, int]:
        """Bad events of a journey by threshold."""
        return self.events.get(journey, {})

    def total(self, journey: str) -> int:
        """Events of a journey that are over, or already bad at each threshold."""
        return self.totals.get(journey, 0)


@dataclass(frozen=True, slots=True)
class BurstResult:
    """All samples of a burst, and what the generator needed for it."""

    samples: tuple[Sample, ...]
    burst_s: float  # until the last journey was started: the plan's length unless stopped early
    stopped_early: bool
    generator_cpu_s: float  # of the burst alone, not of the process's start
    generator_rss_bytes: int
    loop_lag_p99_s: float = 0.0  # how late the generator's own event loop was
    loop_lag_max_s: float = 0.0


@dataclass(slots=True)
class Visit:
    """A journey under way: `spent_s` in answers that came, and a wait since `waits_from_s`."""

    name: str
    waits_from_s: float
    spent_s: float = 0.0
    bad_at: set[float] = field(default_factory=set)  # thresholds at which it is certainly bad


class LiveCount:
    """Bad and certain events of the watched journeys, so far."""

    def __init__(self, watch: tuple[tuple[str, float], ...]) -> None:
        self._bad: dict[str, dict[float, int]] = {}
        for name, threshold_s in watch:
            self._bad.setdefault(name, {})[threshold_s] = 0
        self._total = dict.fromkeys(self._bad, 0)

    def judge(self, visit: Visit, spent_s: float, *, ended: bool) -> None:
        """Count a journey as bad, once, at each threshold that it has passed."""
        thresholds = self._bad.get(visit.name)
        if not thresholds:
            return
        settled = len(visit.bad_at) == len(thresholds)
        for threshold_s in thresholds:
            if spent_s > threshold_s and threshold_s not in visit.bad_at:
                visit.bad_at.add(threshold_s)
                thresholds[threshold_s] += 1
        if not settled and (ended or len(visit.bad_at) == len(thresholds)):
            self._total[visit.name] += 1

    def told(self) -> dict[str, dict[str, Any]]:
        """As the generator prints it: {journey: {"total": n, "bad": {threshold: n}}}."""
        return {name: {"total": self._total[name], "bad": bad} for name, bad in self._bad.items()}


def run_burst(plan: Plan, settings: BurstSettings, on_live: Callable[[Live], bool]) -> BurstResult:
    """Send the plan's load. `on_live` is called ten times a second; False ends the burst early.

    InvalidRun if the generator breaks down. Whatever `on_live` raises ends the generator.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-burst-") as folder:
        given, taken = Path(folder) / "plan", Path(folder) / "samples"
        journeys = [(j.name, j.intended_s, j.steps) for j in plan.journeys]
        given.write_bytes(pickle.dumps((plan.seed, plan.duration_s, journeys, settings)))
        with (Path(folder) / "errors").open("w+b") as errors:
            child = subprocess.Popen(
                [sys.executable, "-m", "dojo.load.generator", str(given), str(taken)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env={**environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,
            )
            # a generator that says nothing any more must not hold the grader for ever
            watchdog = threading.Timer(plan.duration_s + settings.drain_s + AROUND_S, child.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                spoke = _follow(child, on_live)
                if child.wait() != 0 or not taken.is_file():
                    errors.seek(0)
                    words = errors.read().decode(errors="replace").strip()[-800:]
                    raise InvalidRun(
                        f"The load generator broke down after {spoke} reports (exit status"
                        f" {child.returncode}), so this run says nothing about the app. Run it"
                        f" again. {words}"
                    )
            finally:
                watchdog.cancel()
                _end(child)
        told = pickle.loads(taken.read_bytes())
    return BurstResult(
        samples=tuple(Sample(*fields) for fields in told["samples"]),
        burst_s=told["burst_s"],
        stopped_early=told["stopped_early"],
        generator_cpu_s=told["cpu_s"],
        generator_rss_bytes=told["rss_bytes"],
        loop_lag_p99_s=told["loop_lag_p99_s"],
        loop_lag_max_s=told["loop_lag_max_s"],
    )


def _follow(child: "subprocess.Popen[str]", on_live: Callable[[Live], bool]) -> int:
    """Let the generator go, and read what it says until it ends; how many reports that was."""
    assert child.stdout is not None
    stopped, spoke = False, 0
    if child.stdout.readline() != "ready\n":
        return 0
    _order(child, "go")
    for line in child.stdout:
        if not line.endswith("}\n"):
            break  # cut off in the middle of a word: it has died
        told: dict[str, Any] = json.loads(line)
        events = told["events"]
        bad = {
            name: {float(threshold): count for threshold, count in of["bad"].items()}
            for name, of in events.items()
        }
        totals = {name: of["total"] for name, of in events.items()}
        spoke += 1
        live = Live(told["t"], told["sent"], told["done"], told["pending"], bad, totals)
        if not on_live(live) and not stopped:
            stopped = True
            _order(child, "stop")
    return spoke


def _order(child: "subprocess.Popen[str]", word: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(f"{word}\n")
        child.stdin.flush()
    except BrokenPipeError:
        return  # it is gone; its exit status tells


def _end(child: "subprocess.Popen[str]") -> None:
    if child.poll() is None:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
