"""The burst as the grader sees it: hand a plan to the generator, follow it, take its samples."""

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dojo.errors import InvalidRun
from dojo.sample import Sample
from dojo.traffic import Plan

__all__ = ["BurstResult", "BurstSettings", "Live", "run_burst"]


@dataclass(frozen=True, slots=True)
class BurstSettings:
    """Where the load goes, and what is watched while it runs."""

    base_url: str  # of a loopback address
    drain_s: float  # how long answers are awaited after the last journey
    watch: tuple[tuple[str, float], ...] = ()  # (journey name, threshold in seconds)


@dataclass(frozen=True, slots=True)
class Live:
    """Figures in the middle of a burst. An event counts as bad as soon as that is certain."""

    t_s: float
    sent: int
    done: int
    pending: int
    events: Mapping[str, Mapping[float, int]]  # bad events by journey name and threshold

    def bad(self, journey: str) -> Mapping[float, int]:
        """Bad events of a journey by threshold."""
        return self.events.get(journey, {})


@dataclass(frozen=True, slots=True)
class BurstResult:
    """All samples of a burst, and what the generator needed for it."""

    samples: tuple[Sample, ...]
    burst_s: float  # until the last journey was started: the plan's length unless stopped early
    stopped_early: bool
    generator_cpu_s: float
    generator_rss_bytes: int


def run_burst(plan: Plan, settings: BurstSettings, on_live: Callable[[Live], bool]) -> BurstResult:
    """Send the plan's load. `on_live` is called ten times a second; False ends the burst early.

    InvalidRun if the generator breaks down. Whatever `on_live` raises ends the generator.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-burst-") as folder:
        given, taken = Path(folder) / "plan", Path(folder) / "samples"
        journeys = [(j.name, j.intended_s, j.steps) for j in plan.journeys]
        given.write_bytes(pickle.dumps((plan.seed, plan.duration_s, journeys, settings)))
        errors = (Path(folder) / "errors").open("w+b")
        child = subprocess.Popen(
            [sys.executable, "-m", "dojo.generator", str(given), str(taken)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            with errors:
                _follow(child, on_live)
                if child.wait(10) != 0 or not taken.is_file():
                    errors.seek(0)
                    told = errors.read().decode(errors="replace").strip()[-800:]
                    raise InvalidRun(f"The generator broke down: {told or child.returncode}")
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
        told = pickle.loads(taken.read_bytes())
    return BurstResult(
        samples=tuple(Sample(*fields) for fields in told["samples"]),
        burst_s=told["burst_s"],
        stopped_early=told["stopped_early"],
        generator_cpu_s=told["cpu_s"],
        generator_rss_bytes=told["rss_bytes"],
    )


def _follow(child: "subprocess.Popen[str]", on_live: Callable[[Live], bool]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    stopped = False
    for line in child.stdout:
        told: dict[str, Any] = json.loads(line)
        events = {
            name: {float(threshold): bad for threshold, bad in by_threshold.items()}
            for name, by_threshold in told["events"].items()
        }
        live = Live(told["t"], told["sent"], told["done"], told["pending"], events)
        if not on_live(live) and not stopped:
            stopped = True
            child.stdin.write("stop\n")
            child.stdin.flush()
