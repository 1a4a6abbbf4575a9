"""The burst as the grader sees it: hand a plan to the generator, follow it, take its samples.

Also the messages between them: an order is a `BurstOrder` or "stop", a message is a
`BurstProgress`, and the last message a `BurstResult`.
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

__all__ = ["BurstOrder", "BurstResult", "BurstSettings", "run_burst"]

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


def run_burst(
    plan: Plan,
    settings: BurstSettings,
    on_progress: Callable[[BurstProgress], bool],
    on_start: Callable[[int], None] = lambda pid: None,
) -> BurstResult:
    """Send the plan's load. `on_progress` is called ten times a second; False ends the burst early.

    `on_start` is called with the generator's pid before anything is sent.
    InvalidRun if the generator breaks down. Whatever `on_progress` raises ends the generator.
    """
    reports = 0
    try:
        with Worker.start(GENERATOR) as generator:
            at_most_s = plan.duration_s + settings.drain_s + OVERTIME_S
            # a generator that falls silent must not hold the grader for ever
            watchdog = threading.Timer(at_most_s, generator.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                on_start(generator.pid)
                generator.send(BurstOrder(plan.without_expectations(), settings))
                stopped = False
                while not isinstance(message := generator.receive(), BurstResult):
                    reports += 1
                    if not on_progress(message) and not stopped:
                        stopped = True
                        generator.send(STOP)
                return message
            finally:
                watchdog.cancel()
    except WorkerEnded as end:
        raise InvalidRun(
            f"The load generator broke down after {reports} reports (exit status {end.status}), so"
            f" this run says nothing about the app. Run it again. {end.stderr}"
        ) from end
