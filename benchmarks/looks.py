"""What three looks cost, in seconds and memory, and what watching the machine costs.

    python -m benchmarks.looks [NAME …]

Runs each kata's reference solution with all three looks, whatever the first one shows. Then it
watches a machine with `PROCESSES` processes for `WATCH_S` seconds. NAME is a part of a kata's name;
"watch" alone makes no run.
"""

import argparse
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.every_look import WEIGHED
from dojo.site.machine.processes import processes
from dojo.site.machine.watch import MachineWatch, Roots
from tests.support.kata_run import KATAS, run_katas

PROCESSES = 400
RUN_OF_20 = "for each in $(seq 20); do sleep 3600 & done; wait"
WATCH_S = 10.0
BUDGETS = "budgets: 48 s, 300 MB, 300 MB"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, watch, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args(arguments)
    print(f"| kata | verdict | looks | bursts and checks | grader | generator |   {BUDGETS}")
    print("|---|---|--:|--:|--:|--:|")
    for kata in KATAS:
        if all(part in kata.name for part in given.names):
            print(row(kata), flush=True)
    print(f"\n{watching()}")


def row(kata: Path) -> str:
    """One run with three looks, as a row."""
    with tempfile.TemporaryDirectory() as folder:
        weighed = Path(folder) / "grader"
        session = run_katas(
            Path(folder) / "run",
            [kata],
            [kata / ".meta" / "solution.patch"],
            options=("-p", "benchmarks.every_look"),
            environment={WEIGHED: str(weighed)},
        )
        if (report := session.report) is None:
            return session.output[-2000:]
        spent = report["timings_s"]
        cells = [
            kata.name,
            report["verdict"],
            str(report["looks"]),
            f"{spent['burst'] + spent['verify']:.1f} s",
            f"{weighed.read_text(encoding='utf-8')} MB",
            f"{report['environment']['generator_rss_mb']:.0f} MB",
        ]
    return f"| {' | '.join(cells)} |"


def watching() -> str:
    """The share of a core that watching takes, with many processes on the machine."""
    with ExitStack() as stack:
        run = subprocess.Popen(["sh", "-c", RUN_OF_20], start_new_session=True)
        stack.callback(run.wait)
        stack.callback(os.killpg, run.pid, signal.SIGKILL)
        for _ in range(max(0, PROCESSES - len(processes()))):
            sleeper = subprocess.Popen(["sleep", "3600"])
            stack.callback(sleeper.wait)
            stack.callback(sleeper.kill)
        count = len(processes())
        before = set(threading.enumerate())
        with MachineWatch(Roots(run.pid, run.pid)):
            (thread,) = set(threading.enumerate()) - before
            assert thread.native_id is not None
            began_s, began_cpu_s = time.monotonic(), _cpu_s(thread.native_id)
            time.sleep(WATCH_S)
            cpu_s = _cpu_s(thread.native_id) - began_cpu_s
            share = cpu_s / (time.monotonic() - began_s)
    return f"watching {count} processes takes {share:.1%} of a core (budget 3%)"


def _cpu_s(thread: int) -> float:
    """CPU seconds of a thread of this process: the first field of its schedstat (Linux)."""
    text = Path(f"/proc/self/task/{thread}/schedstat").read_text(encoding="ascii")
    return int(text.split()[0]) / 1e9


if __name__ == "__main__":
    main()
