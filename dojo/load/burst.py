"""The burst as the grader sees it: hand a plan to the generator, follow it, take its samples.

Also the messages between them: an order is a `BurstOrder` or "stop", a message is a
`BurstProgress`, and the last message of a burst a `BurstResult`. One generator sends burst after
burst: it is started before the app, which so can't change what sends the load.
"""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from dojo.errors import InvalidRun
from dojo.load.plan import Plan
from dojo.load.progress import BurstProgress, Watch
from dojo.load.sample import Sample
from dojo.worker import STOP, Worker, WorkerEnded

__all__ = ["BurstOrder", "BurstResult", "BurstSettings", "run_burst", "start_generator"]

GENERATOR = "dojo.load.generator"
OVERTIME_S = (
    30.0  # most that a generator needs besides the burst: to begin, and to send its samples
)


@dataclass(frozen=True, slots=True)
class BurstSettings:
    """Where the load goes, and what is watched while it runs."""

    base_url: str  # of a loopback address
    drain_s: float = 1.0  # how long answers are awaited after the last journey
    watch: Watch = ()


@dataclass(frozen=True, slots=True)
class BurstOrder:
    """What the generator is to send; it begins at once."""

    plan: Plan
    settings: BurstSettings


@dataclass(frozen=True, slots=True)
class BurstResult:
    """All samples of a burst, and what the generator needed for it."""

    samples: tuple[Sample, ...]
    burst_s: float  # until the last journey was started: the plan's length unless stopped early
    stopped_early: bool
    generator_cpu_s: float  # of the burst alone, not of the process's start
    generator_rss_bytes: int
    began_at_s: float = 0.0  # the start of the burst, a reading of time.monotonic
    ended_s: float = math.inf  # from then on, on the burst's clock, no answer was awaited


def start_generator() -> Worker:
    """A generator that waits for its first burst; InvalidRun if it can't start."""
    try:
        return Worker.start(GENERATOR)
    except WorkerEnded as end:
        raise _broke_down(end, 0) from end


def run_burst(
    generator: Worker,
    plan: Plan,
    settings: BurstSettings,
    on_progress: Callable[[BurstProgress], bool],
    on_start: Callable[[], None] = lambda: None,
) -> BurstResult:
    """Send the plan's load. `on_progress` is called ten times a second; False ends the burst early.

    `on_start` is called before anything is sent.
    InvalidRun if the generator breaks down. Whatever `on_progress` raises ends the generator.
    """
    reports = 0
    at_most_s = plan.duration_s + settings.drain_s + OVERTIME_S
    # a generator that falls silent must not hold the grader for ever
    watchdog = threading.Timer(at_most_s, generator.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        on_start()
        generator.send(BurstOrder(plan.without_expectations(), settings))
        stopped = False
        while not isinstance(message := generator.receive(), BurstResult):
            reports += 1
            if not on_progress(message) and not stopped:
                stopped = True
                generator.send(STOP)
        return message
    except WorkerEnded as end:
        generator.stop()
        raise _broke_down(end, reports) from end
    except BaseException:
        generator.stop()
        raise
    finally:
        watchdog.cancel()


def _broke_down(end: WorkerEnded, reports: int) -> InvalidRun:
    return InvalidRun(
        f"The load generator broke down after {reports} reports (exit status {end.status}), so"
        f" this run says nothing about the app. Run it again. {end.stderr}"
    )
