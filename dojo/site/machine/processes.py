"""The processes of a Linux machine, as /proc tells of them, and whose they are.

A run's own processes are the grader with all its descendants and those of a container. The grader
adopts orphans (`adopt_orphans`), so that a daemon of the app's stays the app's. Reading never
raises: what has vanished, or may not be read, is left out.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "Process",
    "Scheduling",
    "adopt_orphans",
    "descendants",
    "end_all",
    "parse_schedstat",
    "parse_stat",
    "processes",
    "run_queue_delay_s",
    "thread_scheduling",
    "title",
    "with_environment",
]

PROC = Path("/proc")
KERNEL_THREAD = 0x00200000  # PF_KTHREAD in the flags of /proc/PID/stat
PR_SET_CHILD_SUBREAPER = 36
TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
NS_PER_S = 1e9
UNCOUNTED = "0 0 0"  # a schedstat of a kernel that does not count; no thread that ran has that


@dataclass(frozen=True, slots=True)
class Process:
    """One process; `started` (in ticks since boot) tells it from a later one of the same pid."""

    pid: int
    parent: int
    started: int
    name: str
    cpu_s: float  # used by itself
    reaped_s: float  # used by children that have ended and were waited for
    nice: int
    policy: int  # SCHED_OTHER is 0
    kernel: bool  # a thread of the kernel, which works for everybody

    @property
    def key(self) -> tuple[int, int]:
        """Tells it from every other process since boot."""
        return (self.pid, self.started)


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What a thread has asked of the scheduler."""

    nice: int
    policy: int
    cpus: str  # as /proc/PID/status lists them, such as "0-3"


def parse_stat(text: str) -> Process | None:
    """A line of /proc/PID/stat (proc(5)); None if it is none. A name may hold brackets."""
    before, _, after = text.rpartition(")")
    pid, _, name = before.partition(" (")
    fields = after.split()
    try:
        return Process(
            pid=int(pid),
            parent=int(fields[1]),
            started=int(fields[19]),
            name=name,
            cpu_s=(int(fields[11]) + int(fields[12])) / TICKS_PER_S,
            reaped_s=(int(fields[13]) + int(fields[14])) / TICKS_PER_S,
            nice=int(fields[16]),
            policy=int(fields[38]),
            kernel=bool(int(fields[6]) & KERNEL_THREAD),
        )
    except (ValueError, IndexError):
        return None


def parse_schedstat(text: str) -> float:
    """Seconds that a thread was ready to run and waited: the second field of its schedstat."""
    fields = text.split()
    return int(fields[1]) / NS_PER_S if len(fields) > 1 and fields[1].isdigit() else 0.0


def processes(proc: Path = PROC) -> dict[int, Process]:
    """All processes that can be seen, by pid; empty where there is no /proc."""
    found = {}
    with suppress(OSError):
        for entry in os.scandir(proc):
            if entry.name.isdigit() and (process := _stat(entry.path)) is not None:
                found[process.pid] = process
    return found


def _stat(folder: str) -> Process | None:
    """Of a folder below /proc. It is read for every process each second, so no Path is made."""
    try:
        with open(f"{folder}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return parse_stat(file.read())
    except OSError:
        return None


def descendants(roots: Iterable[int], of: Mapping[int, Process]) -> set[int]:
    """The pids of `roots` and of all that descend from them, as far as `of` shows."""
    children: dict[int, list[int]] = {}
    for process in of.values():
        children.setdefault(process.parent, []).append(process.pid)
    found, open_ends = set[int](), list(roots)
    while open_ends:
        pid = open_ends.pop()
        if pid not in found:
            found.add(pid)
            open_ends += children.get(pid, ())
    return found


def with_environment(entry: str, proc: Path = PROC) -> list[int]:
    """Processes of this user that were started with that entry, NAME=value, in their environment.

    Children inherit it, however they detach themselves.
    """
    found = []
    with suppress(OSError):
        for folder in os.scandir(proc):
            if folder.name.isdigit():
                with suppress(OSError):
                    entries = Path(folder.path, "environ").read_bytes().split(b"\0")
                    if entry.encode() in entries:
                        found.append(int(folder.name))
    return found


def end_all(pids: Iterable[int]) -> None:
    """Kill processes, and wait for those that this process has adopted."""
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        with suppress(OSError):
            os.waitpid(pid, 0)


def run_queue_delay_s(pid: int, proc: Path = PROC) -> dict[int, float]:
    """For each thread of a process the seconds that it waited for a CPU since it began.

    Empty where the kernel does not tell.
    """
    found = {}
    with suppress(OSError):
        for entry in os.scandir(f"{proc}/{pid}/task"):
            with suppress(OSError), open(f"{entry.path}/schedstat") as file:  # noqa: PTH123
                if (text := file.read()).strip() != UNCOUNTED:
                    found[int(entry.name)] = parse_schedstat(text)
    return found


def thread_scheduling(pid: int, proc: Path = PROC) -> tuple[Scheduling, ...]:
    """Nice value, policy and CPUs of each thread of a process as they are now (sched(7))."""
    found = []
    with suppress(OSError):
        for entry in os.scandir(proc / str(pid) / "task"):
            with suppress(OSError):
                if (thread := _stat(entry.path)) is not None:
                    cpus = _allowed_cpus(Path(entry.path, "status").read_text(encoding="utf-8"))
                    found.append(Scheduling(thread.nice, thread.policy, cpus))
    return tuple(found)


def _allowed_cpus(status: str) -> str:
    """The list of CPUs in a /proc/PID/status, such as "0-3"; empty if there is none."""
    for line in status.splitlines():
        if line.startswith("Cpus_allowed_list:"):
            return line.partition(":")[2].strip()
    return ""


def title(process: Process, proc: Path = PROC, longest: int = 60) -> str:
    """How a person knows it: its command line, shortened at the end of a word, or its name."""
    words = b""
    with suppress(OSError):
        words = (proc / str(process.pid) / "cmdline").read_bytes()
    text = words.replace(b"\0", b" ").decode(errors="replace").strip() or process.name
    printable = "".join(char if char.isprintable() else "?" for char in text)
    if len(printable) <= longest:
        return printable
    end = max(printable.rfind(mark, 0, longest - 1) + 1 for mark in " /")
    return f"{printable[: end if end > longest // 2 else longest - 1]}…"


def adopt_orphans() -> bool:
    """Become the parent of every descendant whose own parent ends (prctl(2)); False elsewhere.

    A process that detaches itself by a double fork would else be the child of process 1, and
    nobody could tell whose it was.
    """
    if sys.platform != "linux":
        return False
    try:
        return int(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False
