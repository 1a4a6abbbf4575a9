"""How long the disk under the data makes a writer wait, while a burst runs.

Four times a second one page is written into the dojo's cache, and forced out with fdatasync. Where
Postgres can't be seen (another machine, a virtual one) the kernel's own figure is read instead: the
share of time in which somebody waited for the disk (PSI, /proc/pressure/io).
"""

import os
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dojo.report import Culprit
from dojo.site.machine.disk_writers import DiskWriters

__all__ = ["DiskFigures", "DiskProbe"]

EVERY_S = 0.25
SLOW_SYNC_S = 0.025  # a quarter of the katas' tightest threshold
PAGE = b"\0" * 8192
PRESSURE = Path("/proc/pressure/io")
US_PER_S = 1e6


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """What was seen of the disk; None where it could not be seen that way."""

    sync_p95_s: float | None = None
    sync_max_s: float | None = None
    waiting: float | None = None  # share of the time in which somebody waited for a disk


class DiskProbe:
    """Probes until the end of a `with` block; leaves no file behind."""

    def __init__(self, folder: Path | None, pressure: Path = PRESSURE) -> None:
        self._folder, self._pressure = folder, pressure
        self._times_s: list[float] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._probe, name="disk probe", daemon=True)
        self._began_s = 0.0
        self._began_waited_s: float | None = None
        self._waiting: float | None = None
        self._writers: DiskWriters | None = None

    def __enter__(self) -> "DiskProbe":
        self._began_s, self._began_waited_s = time.monotonic(), self._waited_s()
        self._writers = DiskWriters()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        began_s, ended_s = self._began_waited_s, self._waited_s()
        spent_s = time.monotonic() - self._began_s
        if began_s is not None and ended_s is not None and spent_s > 0:
            self._waiting = max(0.0, ended_s - began_s) / spent_s

    @property
    def figures(self) -> DiskFigures:
        """What was seen until now."""
        times = sorted(self._times_s)
        if not times:
            return DiskFigures(waiting=self._waiting)
        return DiskFigures(times[int(0.95 * (len(times) - 1))], times[-1], self._waiting)

    def culprits(self, run: Collection[int]) -> tuple[Culprit, ...]:
        """Who outside the run kept the disk busy; nobody if it was quick, or can't be reached.

        `run` has the pids of the run's processes.
        """
        p95_s = self.figures.sync_p95_s
        if self._writers is None or p95_s is None or p95_s < SLOW_SYNC_S:
            return ()
        return self._writers.culprits(run)

    def _probe(self) -> None:
        if self._folder is None:
            return
        file = self._folder / f".disk-probe-{os.getpid()}"
        with suppress(OSError):
            descriptor = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
            try:
                while not self._ending.wait(EVERY_S):
                    began = time.monotonic()
                    os.pwrite(descriptor, PAGE, 0)
                    _force_out(descriptor)
                    self._times_s.append(time.monotonic() - began)
            finally:
                os.close(descriptor)
                file.unlink(missing_ok=True)

    def _waited_s(self) -> float | None:
        """Seconds since boot in which somebody waited for a disk; None where it isn't told."""
        with suppress(OSError, ValueError, IndexError):
            for line in self._pressure.read_text(encoding="ascii").splitlines():
                kind, *figures = line.split()
                if kind == "some":
                    return int(figures[-1].partition("=")[2]) / US_PER_S
        return None


def _force_out(descriptor: int) -> None:
    if hasattr(os, "fdatasync"):
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)  # macOS
