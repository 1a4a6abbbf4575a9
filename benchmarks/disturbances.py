"""What a machine may do to a run, by name: the states in which verdicts are measured.

A state sets environment variables, or keeps the run on one core or a part of it, or starts
processes that disturb it. These work only while the run holds the machine's lock, so that nobody
else's run is disturbed.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cpu_quota import limited
from dojo.site.lock import machine_holder

__all__ = ["STATES", "State", "prepared", "running"]

POLL_S = 0.1
# Each program is given the pid of its parent, with which it ends, and a file that it may write.
LOOP = """
import os, sys
while os.getppid() == int(sys.argv[1]):
    sum(range(10000))
"""
BURST_OF_WORK = """
import os, sys, time
while os.getppid() == int(sys.argv[1]):
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        sum(range(10000))
    time.sleep(1.5)
"""
WRITER = """
import os, sys
block = b"x" * (1 << 20)
while os.getppid() == int(sys.argv[1]):
    with open(sys.argv[2], "wb") as file:
        for _ in range(64):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
"""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the machine: programs that disturb, variables of the run, and its CPUs."""

    programs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    one_core: bool = False
    quota_cores: float | None = None  # of all processes of the run together; None: no quota


STATES = {
    "quiet": State(),
    "one loop": State((LOOP,)),
    "two loops": State((LOOP,) * 2),
    "four loops": State((LOOP,) * 4),
    "bursts of work": State((BURST_OF_WORK,) * 2),
    "writing disk": State((WRITER,)),
    "one core": State(one_core=True),
    "half a core": State(quota_cores=0.5),
    "half the distance": State(environment={"DOJO_ROUND_TRIP_MS": "1"}),
    "twice the distance": State(environment={"DOJO_ROUND_TRIP_MS": "4"}),
    "docker": State(environment={"DOJO_POSTGRES": "docker"}),
}


@contextmanager
def prepared(state: State, scratch: Path) -> Iterator[None]:
    """Put the machine into a state for a run that this process starts within the block."""
    ending = threading.Event()
    programs = threading.Thread(target=_disturb, args=(state, scratch, ending), daemon=True)
    cpus = os.sched_getaffinity(0)
    if state.one_core:
        os.sched_setaffinity(0, {min(cpus)})  # of this thread, and of what it starts
    programs.start()
    quota = nullcontext() if state.quota_cores is None else limited(state.quota_cores)
    try:
        with quota:
            yield
    finally:
        ending.set()
        programs.join()
        os.sched_setaffinity(0, cpus)


def _disturb(state: State, scratch: Path, ending: threading.Event) -> None:
    """Run the programs from the moment at which a child of this process holds the lock."""
    while not ending.is_set() and not _child_holds_lock():
        ending.wait(POLL_S)
    with running(state, scratch):
        ending.wait()


@contextmanager
def running(state: State, scratch: Path) -> Iterator[None]:
    """The programs of a state, at once and until the end of the block."""
    processes = []
    try:
        for number, text in enumerate(state.programs):
            arguments = [str(os.getpid()), str(scratch / f"written-{number}")]
            processes.append(subprocess.Popen([sys.executable, "-c", text, *arguments]))
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _child_holds_lock() -> bool:
    pid, _ = machine_holder()
    with suppress(OSError, ValueError, IndexError):
        stat = Path(f"/proc/{int(pid)}/stat").read_text(encoding="utf-8")
        return int(stat.rpartition(")")[2].split()[1]) == os.getpid()
    return False
