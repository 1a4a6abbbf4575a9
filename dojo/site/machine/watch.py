"""Watches the machine during a burst: who waited for a CPU, and who else used it.

A thread reads the run's own processes ten times a second and all others once. It only notes; what
the figures mean is decided elsewhere (dojo.slo.excuse). Where the system tells nothing (no /proc,
no schedstat, other users' processes hidden) the figures are missing: see `sees_delay` and
`sees_others`. Without /proc processes are still known by name (dojo.site.machine.process_list).
"""

import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from dojo.report import Culprit
from dojo.site.machine.process_list import listed_processes
from dojo.site.machine.processes import (
    PROC,
    TICKS_PER_S,
    Process,
    Scheduling,
    descendants,
    processes,
    run_queue_delay_s,
    thread_scheduling,
    title,
)
from dojo.slo.machine_interval import CpuLoad, MachineInterval
from dojo.slo.validity import LEAST_CULPRIT_CORES

__all__ = ["CpuByProcess", "MachineWatch", "Roots"]

OWN_EVERY_S = 0.1
OTHERS_EVERY_S = 1.0
# They carry the traffic between a run and its container, and are nobody who disturbs it.
CARRIERS = (
    "docker-proxy",
    "dockerd",
    "containerd",
    "containerd-shim",
    "rootlesskit",
    "slirp4netns",
)
MOST_CULPRITS = 5
PEAK_CORES = 0.25  # whoever used so much for a second is named for it
FIRST_PID = 1  # it belongs to nobody who runs a kata


@dataclass(frozen=True, slots=True)
class Roots:
    """Pids from which a run's processes descend; what can't be known is left out."""

    grader: int
    app: int
    postgres: int | None = None


@dataclass(slots=True)
class _Reading:
    """Seconds that threads had waited for a CPU since the watch began, by part of the run."""

    at_s: float
    waited_s: dict[str, float]


@dataclass(slots=True)
class _Window:
    """What was used between two looks at all processes, in CPU seconds."""

    start_s: float
    end_s: float
    outside: float
    used: dict[str, float]  # by part of the run
    steal: float  # share of the CPU time that anybody wanted, which the host took
    by_process: Mapping[tuple[int, int], float] = field(default_factory=dict)


class CpuByProcess:
    """CPU time of every process but the kernel's, from one look to the next.

    What children used that ended between two looks comes with the parent that waited for them,
    less what was seen of them before. A process that was not there at the look before has used
    what it says.
    """

    def __init__(self) -> None:
        self._before: dict[int, Process] | None = None
        self.names: dict[tuple[int, int], Process] = {}

    def look(self, now: Mapping[int, Process]) -> dict[tuple[int, int], float]:
        """CPU seconds since the look before, by process; empty at the first look."""
        before, self._before = self._before, dict(now)
        if before is None:
            return {}
        ended: dict[int, float] = {}  # by the nearest ancestor that is still there
        for old in before.values():
            if not _is_there(old, now):
                heir = old.parent
                while heir in before and not _is_there(before[heir], now):
                    heir = before[heir].parent
                ended[heir] = ended.get(heir, 0.0) + old.cpu_s + old.reaped_s
        used = {}
        for pid, process in now.items():
            if process.kernel:
                continue
            old_one = before.get(pid)
            known = old_one is not None and old_one.key == process.key
            cpu_s = process.cpu_s - (old_one.cpu_s if known and old_one else 0.0)
            reaped_s = process.reaped_s - (old_one.reaped_s if known and old_one else 0.0)
            spent_s = max(0.0, cpu_s) + max(0.0, reaped_s - ended.get(pid, 0.0))
            if spent_s > 0:
                used[process.key] = spent_s
                self.names[process.key] = process
        return used


class MachineWatch:
    """Watches from `start` to `stop`; also a `with` block. Times are those of time.monotonic."""

    def __init__(self, roots: Roots, launched: Scheduling | None = None, proc: Path = PROC) -> None:
        """`launched`: what the scheduler was asked for when the app was started."""
        self._roots, self._launched, self._proc = roots, launched, proc
        self._cpu = CpuByProcess()
        self._delays: dict[tuple[int, int], float] = {}
        self._readings: list[_Reading] = []
        self._windows: list[_Window] = []
        self._parts: dict[str, set[int]] = {}  # pids of the run: all, the app's, Postgres'
        self._looked_at_s, self._wanted = 0.0, (0.0, 0.0)
        self._sees_others = False
        self._waited_s = dict.fromkeys(("run", "app", "postgres"), 0.0)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="machine watch", daemon=True)
        self.own_priority: str = ""  # what the app has asked of the scheduler, if it has

    def __enter__(self) -> "MachineWatch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to watch."""
        self._look_at_all()
        self._look_at_own()
        self._thread.start()

    def stop(self) -> None:
        """Read once more, and end."""
        if not self._ending.is_set():
            self._ending.set()
            self._thread.join()
            self._look_at_all()
            self._look_at_own()

    @property
    def run_pids(self) -> frozenset[int]:
        """The run's processes, as they were at the last look."""
        return frozenset(self._parts["run"])

    @property
    def sees_others(self) -> bool:
        """Whether this system shows the processes of other users, such as the first one."""
        return self._sees_others

    @property
    def sees_delay(self) -> bool:
        """Whether this system tells how long threads waited for a CPU."""
        return bool(self._delays)

    def intervals(self, epoch_s: float) -> tuple[MachineInterval, ...]:
        """What was seen, in the order of time, on a clock that begins at `epoch_s`."""
        found = []
        for before, after in pairwise(self._readings):
            length_s = after.at_s - before.at_s
            if length_s <= 0:
                continue
            window = self._window_at((before.at_s + after.at_s) / 2)
            span_s = max(window.end_s - window.start_s, 1e-9) if window else 1.0

            found.append(
                MachineInterval(
                    start_s=before.at_s - epoch_s,
                    end_s=after.at_s - epoch_s,
                    run=_cpu_load("run", before, after, window),
                    app=_cpu_load("app", before, after, window),
                    postgres=_cpu_load("postgres", before, after, window),
                    outside_cores=window.outside / span_s if window else 0.0,
                    steal=window.steal if window else 0.0,
                )
            )
        return tuple(found)

    def culprits(self, most: int = MOST_CULPRITS) -> tuple[Culprit, ...]:
        """Who outside the run used most CPU, the most first, in cores over the whole watch.

        Of somebody who was busy for a second or two, and idle else, in cores at that time.
        """
        whole_s = sum(window.end_s - window.start_s for window in self._windows)
        used: dict[tuple[int, int], float] = {}
        peak: dict[tuple[int, int], float] = {}
        for window in self._windows:
            length_s = max(window.end_s - window.start_s, 1e-9)
            for key, spent_s in window.by_process.items():
                used[key] = used.get(key, 0.0) + spent_s
                peak[key] = max(peak.get(key, 0.0), spent_s / length_s)
        first = sorted(used, key=lambda key: -used[key])[:most]
        cores = {key: used[key] / whole_s for key in first if whole_s > 0}
        for key, mean in cores.items():
            if mean < LEAST_CULPRIT_CORES and peak[key] >= PEAK_CORES:
                cores[key] = peak[key]
        return tuple(
            Culprit(key[0], title(self._cpu.names[key], self._proc), cores[key]) for key in cores
        )

    def _watch(self) -> None:
        next_others = time.monotonic() + OTHERS_EVERY_S
        while not self._ending.wait(OWN_EVERY_S):
            if time.monotonic() >= next_others:
                self._look_at_all()
                next_others = time.monotonic() + OTHERS_EVERY_S
            self._look_at_own()

    def _look_at_own(self) -> None:
        """One reading of the threads of the run."""
        parts = self._parts
        for pid in tuple(parts["run"]):
            grown_s = 0.0
            for thread, waited_s in run_queue_delay_s(pid, self._proc).items():
                grown_s += max(0.0, waited_s - self._delays.get((pid, thread), 0.0))
                self._delays[pid, thread] = waited_s
            if self._readings:  # else it is what there was before the watch began
                for part, pids in parts.items():
                    self._waited_s[part] += grown_s if pid in pids else 0.0
        self._readings.append(_Reading(time.monotonic(), dict(self._waited_s)))

    def _look_at_all(self) -> None:
        """One look at every process of the machine, and at whose it is."""
        roots = self._roots
        now = processes(self._proc) or listed_processes()
        self._sees_others = FIRST_PID in now
        app = descendants([roots.app], now)
        postgres = descendants([] if roots.postgres is None else [roots.postgres], now)
        run = descendants([roots.grader], now) | app | postgres
        self._parts = {"run": run, "app": app, "postgres": postgres}
        if self._launched is not None and not self.own_priority:
            self._note_priority(app, self._launched)
        used = self._cpu.look(now)
        before, self._wanted = self._wanted, _used_and_stolen_s(self._proc)
        begin_s, self._looked_at_s = self._looked_at_s, time.monotonic()
        if begin_s:
            outside = {key: s for key, s in used.items() if key[0] not in run}
            outside = {k: s for k, s in outside.items() if self._cpu.names[k].name not in CARRIERS}
            self._windows.append(
                _Window(
                    begin_s,
                    self._looked_at_s,
                    outside=sum(outside.values()),
                    used={
                        part: sum(spent_s for key, spent_s in used.items() if key[0] in pids)
                        for part, pids in self._parts.items()
                    },
                    steal=_share_stolen(before, self._wanted),
                    by_process=outside,
                )
            )

    def _note_priority(self, app: Iterable[int], given: Scheduling) -> None:
        """Whether a thread of the app's asks for another priority, or CPUs, than it was given."""
        for pid in app:
            for asked in thread_scheduling(pid, self._proc):
                if asked != given:
                    self.own_priority = (
                        f"process {pid} of the app runs with nice {asked.nice}, policy"
                        f" {asked.policy} on CPUs {asked.cpus}; it was started with nice"
                        f" {given.nice}, policy {given.policy} on CPUs {given.cpus}"
                    )
                    return

    def _window_at(self, at_s: float) -> _Window | None:
        for window in self._windows:
            if at_s <= window.end_s:
                return window
        return self._windows[-1] if self._windows else None


def _cpu_load(part: str, before: _Reading, after: _Reading, window: _Window | None) -> CpuLoad:
    """Between two readings, the second of which is later."""
    delay = (after.waited_s[part] - before.waited_s[part]) / (after.at_s - before.at_s)
    if window is None:
        return CpuLoad(0.0, delay)
    return CpuLoad(window.used[part] / max(window.end_s - window.start_s, 1e-9), delay)


def _is_there(process: Process, now: Mapping[int, Process]) -> bool:
    found = now.get(process.pid)
    return found is not None and found.key == process.key


def _used_and_stolen_s(proc: Path) -> tuple[float, float]:
    """CPU seconds since boot that were used, and that a virtual machine's host took (proc(5))."""
    with suppress(OSError, ValueError, IndexError):
        first = (proc / "stat").read_text(encoding="ascii").splitlines()[0].split()
        user, nice, system, _, _, irq, softirq, steal = map(int, first[1:9])
        return (user + nice + system + irq + softirq) / TICKS_PER_S, steal / TICKS_PER_S
    return 0.0, 0.0


def _share_stolen(before: tuple[float, float], after: tuple[float, float]) -> float:
    """What the host took of the CPU time that was wanted between two looks."""
    used_s, stolen_s = (max(0.0, now - then) for now, then in zip(after, before, strict=True))
    return stolen_s / (used_s + stolen_s) if stolen_s else 0.0
