"""Who wrote to a disk meanwhile, by process, from /proc/PID/io (proc(5)).

A user sees this of their own processes alone. What can't be read is left out, so that nobody is
blamed who can't be named.
"""

import os
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from dojo.report import Culprit
from dojo.site.machine.processes import PROC, processes, title

__all__ = ["DiskWriters"]

MANY_MB_PER_S = 10.0  # less than that keeps no disk busy
TIMES_THE_RUN = 4.0  # who writes as much as the run itself is not the one to blame
MB = 1e6


class DiskWriters:
    """Counts from the moment at which it is made."""

    def __init__(self, proc: Path = PROC) -> None:
        self._proc, self._began_s = proc, time.monotonic()
        self._before = _written_bytes(proc)

    def culprits(self, run: Collection[int]) -> tuple[Culprit, ...]:
        """Who outside the run wrote so much that a disk was busy with it, the most first.

        Nobody, if the run itself wrote a considerable part. `run` has the pids of its processes.
        """
        now, length_s = _written_bytes(self._proc), max(time.monotonic() - self._began_s, 1e-9)
        written = {pid: (n - self._before.get(pid, 0)) / MB / length_s for pid, n in now.items()}
        own = sum(rate for pid, rate in written.items() if pid in run and rate > 0)
        least = max(MANY_MB_PER_S, TIMES_THE_RUN * own)
        busy = {pid: rate for pid, rate in written.items() if pid not in run and rate >= least}
        known = processes(self._proc) if busy else {}
        return tuple(
            Culprit(pid, title(known[pid], self._proc), 0.0, busy[pid])
            for pid in sorted(busy, key=lambda pid: -busy[pid])
            if pid in known
        )


def _written_bytes(proc: Path) -> dict[int, int]:
    """Bytes that each process, and its children that have ended, caused to be written."""
    found = {}
    with suppress(OSError):
        for entry in os.scandir(proc):
            if entry.name.isdigit():
                with suppress(OSError, ValueError, IndexError):
                    text = Path(entry.path, "io").read_text(encoding="ascii")
                    found[int(entry.name)] = int(text.split("\nwrite_bytes:")[1].split()[0])
    return found
