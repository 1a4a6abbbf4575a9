"""The load generator beside its peers, on one machine in one run.

    python -m benchmarks.peers [--rounds 5] [--seconds 10]
    python -m benchmarks.peers --write
    chrt -r 1 python -m benchmarks.peers     on a busy Linux: as if a core were free

Five tools in turn put the same load on a server whose answer time is known: 20 ms, at 100 and 200
requests a second; and at 100 with a stall of 2 s. The first command measures, prints and stores.
The second writes what was stored last into docs/benchmarks.md and docs/peers.svg. Tools that are
missing are named. k6 and locust are taken from an environment of the benchmark's own, which this
command never makes itself, so that the project's locks know nothing of them.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.peers.picture import drawn
from benchmarks.peers.run import OURS, run_ours, run_peer
from benchmarks.peers.tables import Run, document, flat, medians
from benchmarks.peers.tools import HOW_TO_GET, PEERS, program
from benchmarks.peers.truth import Situation
from benchmarks.verdict_tables import with_section
from dojo.output.figures import count_of

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("DOJO_CACHE") or ROOT / ".dojo" / "cache")
ENVIRONMENT, STORED = CACHE / "peers", CACHE / "peers.json"
PAGE, PICTURE = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "peers.svg"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
STALL_S = 2.0


def situations(seconds: float) -> list[Situation]:
    """The loads, healthy ones first; the last one stalls."""
    return [
        Situation("100 requests a second, answered in 20 ms", 100, seconds),
        Situation("200 requests a second, answered in 20 ms", 200, seconds),
        Situation(
            f"100 requests a second, and a stall of {STALL_S:g} s",
            100,
            seconds,
            stall_at_s=round(0.4 * seconds, 1) + 0.005,  # halfway between two requests
            stall_s=STALL_S,
        ),
    ]


def measure(rounds: int, seconds: float) -> dict[str, Any]:
    """Run each tool on each load, in another order each round; prints a line a run."""
    paths = {peer.program: program(peer.program, ENVIRONMENT) for peer in PEERS}
    tools = [None, *(peer for peer in PEERS if paths[peer.program])]
    runs: list[Run] = []
    for number in range(rounds):
        turned = tools[number % len(tools) :] + tools[: number % len(tools)]
        for situation in situations(seconds):
            for peer in turned:
                path = paths[peer.program] if peer else None
                measured = run_peer(peer, path, situation) if peer and path else run_ours(situation)
                runs.append(flat(situation, peer.name if peer else OURS, measured))
                print(f"round {number + 1}  {_line(runs[-1])}", file=sys.stderr, flush=True)
    order = [OURS, *(peer.name for peer in PEERS)]
    runs.sort(key=lambda run: order.index(run["tool"]))
    return {
        "machine": _machine(rounds),
        "seconds": seconds,
        "missing": [name for name, path in paths.items() if not path],
        "runs": runs,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, or write what was measured last."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help="of load in each run")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if not options.write:
        stored = measure(options.rounds, options.seconds)
        STORED.parent.mkdir(parents=True, exist_ok=True)
        STORED.write_text(json.dumps(stored, indent=1), encoding="utf-8")
    elif not STORED.exists():
        parser.error("nothing was measured yet: run it without --write first")
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    runs, loads = stored["runs"], situations(stored["seconds"])
    text = document(runs, loads, stored["missing"], stored["machine"])
    print(text)
    for name in stored["missing"]:
        print(f"To measure {name}: {HOW_TO_GET[name].format(folder=ENVIRONMENT)}", file=sys.stderr)
    if options.write:
        *healthy, stalling = [(load, medians(runs, load)) for load in loads]
        PICTURE.write_text(drawn(stalling, healthy), encoding="utf-8")
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(with_section(page, f"{text}\n", BEGIN, END), encoding="utf-8")


def _machine(rounds: int) -> str:
    real_time = os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR)
    way = ", and gave way to all of this (`chrt`)" if real_time else ""
    load = f"load average {os.getloadavg()[2]:.1f}"
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.release().partition('-')[0]}, Python {platform.python_version()};"
        f" {count_of(rounds, 'round')}, each in another order. Figures are medians, ranges the"
        f" least and the most. The machine did other work meanwhile ({load}){way}."
    )


def _line(run: Run) -> str:
    return (
        f"{run['tool']:7} {run['cpu_ms']:.2f} ms of CPU, late by {run['late_p50_ms']:.2f} and"
        f" {run['late_p99_ms']:.2f} ms, p99 {run['p99_s'] * 1000:,.0f} ms, {run['peak_mb']:.0f} MB,"
        f" server late by {run['server_late_p99_ms']:.1f} ms; {run['situation']}"
    )


if __name__ == "__main__":
    main()
