"""The background load as its parent sees it: slices handed over in time, outcomes taken back.

One generator process lives as long as the load: a fresh one for each slice would cost more than the
load itself. What is kept of an event is its outcome; answers are judged by transport, status and
what later steps must read out of them, and their bodies are never kept.
"""

import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any

from dojo.errors import GraderFault
from dojo.load.plan import Plan
from dojo.load.sample import Sample
from dojo.load.steady_generator import STOP, packed, unpacked

__all__ = ["AHEAD_S", "Background", "FinishedJourney"]

ROOT = Path(__file__).resolve().parents[2]
AHEAD_S = 3.0  # what is due within that time has been handed over
HEAD_START_S = 0.1
STOP_S = 3.0


@dataclass(frozen=True, slots=True)
class FinishedJourney:
    """A journey of which all is known: samples without headers and bodies, and when it ended."""

    plan: Plan  # the slice that it belongs to
    samples: tuple[Sample, ...]  # one for each step
    ended_s: float  # since the load began


class Background:
    """A load that runs until the end of a `with` block, or of its slices."""

    def __init__(self, slices: Iterator[Plan], base_url: str) -> None:
        self._slices = slices
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "dojo.load.steady_generator", base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            cwd=ROOT,
            env={**environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        self.pid = self._child.pid
        self.cut_off = 0  # journeys that were under way when the load was ended
        self._finished: queue.SimpleQueue[FinishedJourney] = queue.SimpleQueue()
        self._plans: dict[int, Plan] = {}
        self._open: dict[int, int] = {}  # journeys of a plan of which nothing is known yet
        self._stopping = threading.Event()
        self._trouble: BaseException | None = None
        self._start = 0.0
        self._handed_s = 0.0  # the end of the last slice that was handed over
        self._number = 0
        self._taker = threading.Thread(target=self._take, name="background", daemon=True)

    @classmethod
    def start(cls, slices: Iterator[Plan], base_url: str) -> "Background":
        """Begin at once; GraderFault if the generator can't."""
        load = cls(slices, base_url)
        try:
            assert load._child.stdout is not None
            if load._child.stdout.readline() != b"ready\n":
                raise load._broken()
            load._start = time.monotonic() + HEAD_START_S
            load._taker.start()
            load.hand_over()
        except BaseException:
            load.stop()
            raise
        return load

    def __enter__(self) -> "Background":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def now_s(self) -> float:
        """Seconds since the load began; intended times count from there."""
        return time.monotonic() - self._start

    def hand_over(self, ahead_s: float = AHEAD_S) -> None:
        """Plan and hand over what is due within that time; to be called before it is over.

        In the caller's thread, since what a kata plans with may belong to the one that opened it.
        """
        assert self._child.stdin is not None
        while self._handed_s < self.now_s + ahead_s:
            plan = next(self._slices, None)
            if plan is None:
                return
            self._handed_s = plan.duration_s
            if plan.journeys:
                number, self._number = self._number, self._number + 1
                self._plans[number], self._open[number] = plan, len(plan.journeys)
                journeys = [(j.name, j.intended_s, j.steps) for j in plan.journeys]
                try:
                    self._child.stdin.write(packed((number, self._start, journeys)))
                    self._child.stdin.flush()
                except OSError:
                    raise self._broken() from None

    def check(self) -> None:
        """GraderFault if the generator broke down, or ended by itself."""
        if self._trouble is not None or self._child.poll() is not None:
            raise self._broken()

    def finished(self) -> list[FinishedJourney]:
        """The journeys that ended since the last call."""
        found = []
        with suppress(queue.Empty):
            while True:
                found.append(self._finished.get_nowait())
        return found

    def end(self) -> list[FinishedJourney]:
        """Start nothing more; the last that ended. `cut_off` journeys were not over by then."""
        self.check()
        self.stop()
        return self.finished()

    def stop(self) -> None:
        """End the generator, gently if it listens."""
        self._stopping.set()
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with suppress(OSError, ValueError):
            self._child.stdin.write(STOP)
            self._child.stdin.flush()
        try:
            self._child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._taker.ident is not None:
            self._taker.join()
        for pipe in (self._child.stdin, self._child.stdout, self._words):
            with suppress(OSError):
                pipe.close()

    def _take(self) -> None:
        """A thread: outcomes as the generator tells them."""
        assert self._child.stdout is not None
        try:
            for line in self._child.stdout:
                told = unpacked(line) if line.endswith(b"\n") else 0  # half a line: it was killed
                if isinstance(told, int):
                    self.cut_off = told
                else:
                    self._judge(*told)
        except BaseException as error:
            self._trouble = error

    def _judge(self, number: int, place: int, ended_s: float, told: list[tuple[Any, ...]]) -> None:
        samples = tuple(Sample(place, *fields[1:]) for fields in told)
        self._finished.put(FinishedJourney(self._plans[number], samples, ended_s))
        self._open[number] -= 1
        if not self._open[number]:
            del self._plans[number], self._open[number]

    def _broken(self) -> GraderFault:
        if self._trouble is not None:
            told = f"{type(self._trouble).__name__}: {self._trouble}"
        else:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(1)
            self._words.seek(0)
            words = self._words.read().decode(errors="replace").strip()[-800:]
            told = f"exit status {self._child.returncode}. {words}".strip()
        return GraderFault(f"The background load broke down, so it was ended. Run again. {told}")
