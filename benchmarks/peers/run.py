"""One run of one load generator against the benchmark's server, and what it used."""

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers.tools import ENVIRONMENT, Peer, Report
from benchmarks.peers.truth import Situation, lateness_s, nearest_rank
from dojo.load.burst import BurstSettings, run_burst, start_generator
from dojo.load.plan import Journey, Plan, Step

__all__ = ["OURS", "Measured", "run_ours", "run_peer"]

OURS = "dojo"
POLL_S = 0.1
OVERTIME_S = 30.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What a tool reported, what it used, and what the server saw of it."""

    report: Report
    cpu_s: float  # of all its processes, from start to end
    peak_bytes: int
    late_s: dict[float, float]  # against its plan, as the server saw it; NaN without a plan
    server_late_s: dict[float, float]  # how late the server itself answered

    @property
    def cpu_ms(self) -> float:
        """CPU for a request."""
        return 1000 * self.cpu_s / max(1, self.report.sent)


class Server:
    """The server of one run; `times_s` when it has ended."""

    def __init__(self, situation: Situation) -> None:
        command = [sys.executable, "-m", "benchmarks.peers.server", json.dumps(asdict(situation))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        self.times_s: list[tuple[float, float]] = []

    def end(self) -> None:
        """Take what it saw, and end it."""
        output, _ = self._process.communicate(timeout=OVERTIME_S)
        self.times_s = [(came, answered) for came, answered in json.loads(output or "[]")]


@contextmanager
def serving(situation: Situation) -> Iterator[Server]:
    """The server, for a block."""
    server = Server(situation)
    try:
        yield server
    finally:
        server.end()


class PeakMemory:
    """The most memory that a process had, read while it runs: getrusage knows its parent's, too."""

    def __init__(self, pid: int) -> None:
        self.bytes, self._pid, self._ended = 0, pid, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop reading."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_S):
            with suppress(OSError):
                status = Path(f"/proc/{self._pid}/status").read_text(encoding="utf-8")
                for line in status.splitlines():  # the line is missing as soon as it has ended
                    if line.startswith("VmHWM"):
                        self.bytes = max(self.bytes, int(line.split()[1]) * 1024)


def run_peer(peer: Peer, path: str, situation: Situation) -> Measured:
    """Run a program on the load; RuntimeError if it fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(situation) as server, (folder / "output").open("w+b") as output:
            command = [path, *peer.command(situation, server.url, folder)[1:]]
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**os.environ, **ENVIRONMENT},
            )
            watchdog = threading.Timer(situation.duration_s + OVERTIME_S, process.kill)
            watchdog.start()
            memory = PeakMemory(process.pid)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            watchdog.cancel()
            memory.end()
            output.seek(0)
            text = output.read().decode(errors="replace")
        if process.returncode:
            raise RuntimeError(f"{peer.name} ended with {process.returncode}: {text[-500:]}")
        report = peer.read(text, folder)
    cpu_s = usage.ru_utime + usage.ru_stime
    return _measured(report, cpu_s, memory.bytes, server, situation, has_plan=peer.has_plan)


def run_ours(situation: Situation) -> Measured:
    """Run this project's generator; its CPU includes this process's share of the burst."""
    step = Step("page", "GET", "/page")
    journeys = tuple(Journey("page", (step,), at_s) for at_s in situation.planned_s())
    plan = Plan(1, situation.duration_s, journeys)
    with serving(situation) as server:
        before_s = _children_cpu_s() + time.process_time()
        with start_generator() as generator:
            memory = PeakMemory(generator.pid)
            settings = BurstSettings(server.url, drain_s=situation.stall_s + 1)
            result = run_burst(generator, plan, settings, lambda _: True)
            memory.end()
        cpu_s = _children_cpu_s() + time.process_time() - before_s
    waits_s = [math.inf if each.latency_s is None else each.latency_s for each in result.samples]
    unanswered = sum(each.cause is not None for each in result.samples)
    report = Report(nearest_rank(waits_s), len(result.samples), unanswered)
    return _measured(report, cpu_s, memory.bytes, server, situation, has_plan=True)


def _measured(
    report: Report,
    cpu_s: float,
    peak_bytes: int,
    server: Server,
    situation: Situation,
    *,
    has_plan: bool,
) -> Measured:
    came_s = [came for came, _ in server.times_s]
    # of requests that were never sent nobody can tell which they were
    all_sent = has_plan and not report.dropped
    late_s = lateness_s(came_s, situation.planned_s()) if all_sent else []
    own_s = [answered - situation.answered_s(came) for came, answered in server.times_s]
    return Measured(report, cpu_s, peak_bytes, nearest_rank(late_s), nearest_rank(own_s))


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
