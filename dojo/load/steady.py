"""The steady load as its parent sees it: slices handed over in time, finished journeys taken back.

One generator process lives as long as the load: a fresh one for each slice would cost more than the
load itself. Of answers only the count of statements is kept; transport, status and what later steps
must read out of an answer tell whether it is right.
"""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from dojo.errors import GraderFault
from dojo.load.plan import Plan
from dojo.load.sample import Sample
from dojo.worker import STOP, Worker, WorkerEnded

__all__ = [
    *("AHEAD_S", "Finished", "FinishedJourney", "JourneyWaiting", "Slice", "SteadyLoad"),
]

GENERATOR = "dojo.load.steady_generator"
AHEAD_S = 3.0  # what is due within that time has been handed over
HEAD_START_S = 0.1
STOP_S = 3.0


@dataclass(frozen=True, slots=True)
class Slice:
    """Journeys to send, due after all those of the slices before."""

    number: int
    start: float  # of the whole load: a reading of time.monotonic
    plan: Plan


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a journey: samples without bodies, and when it ended."""

    slice_number: int
    place: int  # index in the slice's plan
    ended_s: float  # since the start of the load
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class FinishedJourney:
    """A journey that is over: samples without bodies, and when it ended."""

    plan: Plan  # the slice that it belongs to
    samples: tuple[Sample, ...]  # one for each step
    ended_s: float  # since the load began


@dataclass(frozen=True, slots=True)
class JourneyWaiting:
    """A journey that should have begun and is not over."""

    name: str
    waits_s: float  # at least, for answers; its think time is not in it


class SteadyLoad:
    """A load that runs until the end of a `with` block, or of its slices."""

    def __init__(self, slices: Iterator[Plan], generator: Worker) -> None:
        self._slices, self._generator = slices, generator
        self.pid = generator.pid
        self.cut_off = 0  # journeys that were under way when the load was ended
        self._finished: queue.SimpleQueue[FinishedJourney] = queue.SimpleQueue()
        self._plans: dict[int, Plan] = {}
        self._unfinished: dict[int, set[int]] = {}  # places in a plan that are not over
        self._changing = threading.Lock()  # of these two
        self._failure: Exception | None = None
        self._start = 0.0
        self._handed_over_s = 0.0  # the end of the last slice that was handed over
        self._number = 0
        self._reader = threading.Thread(target=self._read, name="steady load", daemon=True)

    @classmethod
    def start(
        cls, slices: Iterator[Plan], base_url: str, began_at_s: float | None = None
    ) -> "SteadyLoad":
        """Begin at once; GraderFault if the generator can't.

        `began_at_s`: a reading of time.monotonic that the slices' times count from; now unless
        given.
        """
        try:
            load = cls(slices, Worker.start(GENERATOR, base_url))
        except WorkerEnded as end:
            raise _broke_down(end) from end
        try:
            load._start = time.monotonic() + HEAD_START_S if began_at_s is None else began_at_s
            load._reader.start()
            load.hand_over()
        except BaseException:
            load.stop()
            raise
        return load

    def __enter__(self) -> "SteadyLoad":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def now_s(self) -> float:
        """Seconds since the load began; intended times count from there."""
        return time.monotonic() - self._start

    def hand_over(self, ahead_s: float = AHEAD_S) -> None:
        """Plan and hand over what is due within that time; to be called before it is over.

        In the caller's thread: what a kata plans with may belong to the thread that opened it.
        """
        while self._handed_over_s < self.now_s + ahead_s:
            plan = next(self._slices, None)
            if plan is None:
                return
            self._handed_over_s = plan.duration_s
            if plan.journeys:
                number, self._number = self._number, self._number + 1
                with self._changing:
                    self._plans[number] = plan
                    self._unfinished[number] = set(range(len(plan.journeys)))
                try:
                    self._generator.send(Slice(number, self._start, plan.without_expectations()))
                except WorkerEnded as end:
                    raise _broke_down(end) from end

    def check(self) -> None:
        """GraderFault if the generator broke down, or ended by itself."""
        if self._failure is None and self._generator.poll() is None:
            return
        self._reader.join(STOP_S)  # it reads to the end what the generator has told
        failure = self._failure or self._generator.ended()
        raise _broke_down(failure) from failure

    def finished(self) -> list[FinishedJourney]:
        """The journeys that ended since the last call."""
        journeys = []
        with suppress(queue.Empty):
            while True:
                journeys.append(self._finished.get_nowait())
        return journeys

    def waiting(self) -> list[JourneyWaiting]:
        """The journeys that should have begun and are not over, in the order in which they began.

        A journey's end that is not known yet counts as none, for some milliseconds.
        """
        now_s, waiting = self.now_s, []
        with self._changing:
            for number, plan in self._plans.items():
                for place in sorted(self._unfinished[number]):
                    journey = plan.journeys[place]
                    thinks_s = sum(step.think_s for step in journey.steps)
                    if (waits_s := now_s - journey.intended_s - thinks_s) > 0:
                        waiting.append(JourneyWaiting(journey.name, waits_s))
        return waiting

    def end(self) -> list[FinishedJourney]:
        """Start nothing more; the last that ended. `cut_off` journeys were not over by then."""
        self.check()
        self.stop()
        return self.finished()

    def stop(self) -> None:
        """End the generator, gently if it listens."""
        if self._reader.ident is not None:
            with suppress(WorkerEnded, ValueError):  # it has ended; it has been stopped before
                self._generator.send(STOP)
            if self._generator.wait(STOP_S) is None:
                self._generator.kill()
            self._reader.join()
        self._generator.stop()

    def _read(self) -> None:
        """A thread: takes what the generator tells, until it ends."""
        try:
            while isinstance(message := self._generator.receive(), Finished):
                self._take(message)
            self.cut_off = message
        except Exception as error:
            self._failure = error

    def _take(self, journey: Finished) -> None:
        number = journey.slice_number
        with self._changing:
            plan = self._plans[number]
            self._finished.put(FinishedJourney(plan, journey.samples, journey.ended_s))
            self._unfinished[number].discard(journey.place)
            if not self._unfinished[number]:
                del self._plans[number], self._unfinished[number]


def _broke_down(error: Exception) -> GraderFault:
    reason = error if isinstance(error, WorkerEnded) else f"{type(error).__name__}: {error}"
    return GraderFault(
        f"The background load broke down, so it was ended. Run again. {reason}".strip()
    )
