"""A program in the sandbox, from its start to its end, watched while it runs."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dojo.child import ChildProcess
from dojo.grading.bounds import Bounds, Usage, excess
from dojo.grading.folders import disk_bytes
from dojo.grading.sandbox import Place, Sandbox
from dojo.grading.users import SUBMISSION_UIDS, sweep_user
from dojo.site.lock import machine_holder
from dojo.site.machine.processes import descendants, processes

__all__ = ["Ended", "run_confined"]

WATCH_S = 1.0
DISK_EVERY = 3  # looks at the processes
STOP_S = 10.0  # for a run to take down its app and its Postgres
MOST_WAIT_S = 330.0  # for another run on the machine; the run itself gives up after 300
LOG = "session.log"
LOG_BYTES = 16 << 10  # of its end, for a message
HEAD_BYTES = 4 << 10
# what a run prints that waits for the machine's lock (dojo.site.lock)
WAITING = (b"waiting for its end", b"pauses for this run", b"this run waits")


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of the program."""

    status: int | None  # None: it was stopped
    stopped: str  # the bound that it broke; "" if none
    log: str  # the end of its output
    spent_s: float


def run_confined(
    sandbox: Sandbox, place: Place, program: Sequence[str], bounds: Bounds, uid: int | None
) -> Ended:
    """Run the program to its end, or until it breaks a bound; nothing of it is left."""
    log = place.folder / LOG
    began = time.monotonic()
    base_bytes = disk_bytes(place.folder, 1 << 62)
    try:
        with log.open("wb") as output:
            child = ChildProcess(
                sandbox.command(place, program, bounds, uid),
                cwd=place.release,
                env=sandbox.environment(place),
                stdout=output,
                stop_signal=signal.SIGINT,
            )
        try:
            stopped = _watch(child, place, base_bytes, bounds)
            status = child.poll()
        finally:
            child.stop(STOP_S)
    finally:
        if (
            uid is not None and uid in SUBMISSION_UIDS
        ):  # what the preparing user has else is not ours
            sweep_user(uid)
    spent_s = time.monotonic() - began
    return Ended(None if stopped else status, stopped, _end_of(log), spent_s)


def _watch(child: ChildProcess, place: Place, base_bytes: int, bounds: Bounds) -> str:
    """Until the program ends: "", or the bound that it breaks."""
    began, waited_s, look, written = time.monotonic(), 0.0, 0, 0
    while child.wait(WATCH_S) is None:
        family = descendants({child.supervisor_pid}, processes())
        if _waits_for_another(family, place):
            waited_s = min(MOST_WAIT_S, waited_s + WATCH_S)
        if look % DISK_EVERY == 0:
            written = disk_bytes(place.folder, base_bytes + bounds.disk_bytes) - base_bytes
        look += 1
        memory_bytes, threads = _use_of(family)
        usage = Usage(time.monotonic() - began - waited_s, memory_bytes, threads, written)
        if reason := excess(usage, bounds):
            return reason
    return ""


def _waits_for_another(family: set[int], place: Place) -> bool:
    """Whether it has said that it waits, and another one still measures."""
    pid, _ = machine_holder()
    if not pid.isdigit() or int(pid) in family:
        return False
    with suppress(OSError), (place.folder / LOG).open("rb") as log:
        head = log.read(HEAD_BYTES)
        return any(words in head for words in WAITING)
    return False


def _use_of(family: set[int]) -> tuple[int, int]:
    """Memory of their own, in bytes, and processes with threads; 0 where that can't be known."""
    memory_bytes, threads = 0, 0
    for pid in family:
        with suppress(OSError, ValueError):
            for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines():
                name, _, value = line.partition(":")
                if name == "RssAnon":
                    memory_bytes += 1024 * int(value.split()[0])
                elif name == "Threads":
                    threads += int(value)
    return memory_bytes, threads


def _end_of(log: Path) -> str:
    with suppress(OSError), log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - LOG_BYTES))
        return file.read().decode(errors="replace")
    return ""
