"""A real Prometheus on a free port of loopback, with the project's own configuration."""

import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dojo.child import Leashed
from tests.support.project import ROOT

__all__ = ["Prometheus", "program", "promtool", "running"]

READY_S = 20.0
SCRAPE_S = 1.0


def program(name: str) -> str:
    """The path of prometheus or promtool; skips without, fails if DOJO_REQUIRE_PROMETHEUS=1."""
    path = shutil.which(name)
    if path is None:
        told = f"no {name} is on the PATH; Debian's package is called prometheus"
        if os.environ.get("DOJO_REQUIRE_PROMETHEUS") == "1":
            pytest.fail(f"DOJO_REQUIRE_PROMETHEUS=1, but {told}")
        pytest.skip(told)
    return path


@pytest.fixture(scope="session")
def promtool() -> str:
    """The path of promtool."""
    return program("promtool")


@dataclass(frozen=True)
class Prometheus:
    """Its HTTP API."""

    base_url: str

    def at(self, expr: str, at_s: float) -> list[dict[str, Any]]:
        """The series of an expression at one moment: [{"metric": labels, "value": value}]."""
        told = self._ask("query", {"query": expr, "time": f"{at_s:.3f}"})
        if told["resultType"] == "scalar":
            return [{"metric": {}, "values": [float(told["result"][1])]}]
        return [
            {"metric": one["metric"], "values": [float(one["value"][1])]} for one in told["result"]
        ]

    def over(self, expr: str, start_s: float, end_s: float) -> list[dict[str, Any]]:
        """The same over a range, a value for each second."""
        span = {"start": f"{start_s:.3f}", "end": f"{end_s:.3f}", "step": "1"}
        told = self._ask("query_range", {"query": expr, **span})
        return [
            {"metric": one["metric"], "values": [float(value) for _, value in one["values"]]}
            for one in told["result"]
        ]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule that it has loaded, with its health."""
        groups = self._ask("rules", {})["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def _ask(self, what: str, params: dict[str, str]) -> Any:
        answer = httpx.get(f"{self.base_url}/api/v1/{what}", params=params, trust_env=False)
        told = answer.json()
        assert told["status"] == "success", f"{params}: {told}"
        return told["data"]


def as_grafana(expr: str, range_s: float, step_s: float = 1.0) -> str:
    """An expression with Grafana's variables replaced as Grafana does it.

    $__rate_interval is the larger of step + scrape interval and four scrape intervals.
    """
    rate_s = max(step_s + SCRAPE_S, 4 * SCRAPE_S)
    told = expr.replace("$__rate_interval", f"{rate_s:.0f}s")
    told = told.replace("$__range", f"{max(1, round(range_s))}s")
    assert not re.search(r"\$\w|\$\{", told), f"a variable is left in {told}"
    return told


@contextmanager
def running(place: Path) -> Iterator[Prometheus]:
    """Prometheus with a copy of grafana/ in `place`; it finds targets in `place`/.dojo."""
    shutil.copytree(ROOT / "grafana", place / "grafana")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with (
        (place / "prometheus.log").open("wb") as log,
        Leashed(
            [
                program("prometheus"),
                f"--config.file={place / 'grafana' / 'prometheus.yml'}",
                f"--storage.tsdb.path={place / 'data'}",
                f"--web.listen-address={address}",
                "--log.level=warn",
            ],
            stdout=log,
        ) as child,
    ):
        prometheus = Prometheus(f"http://{address}")
        until = time.monotonic() + READY_S
        while True:
            try:
                ready = httpx.get(f"http://{address}/-/ready", trust_env=False).status_code == 200
            except httpx.HTTPError:
                ready = False
            if ready:
                break
            told = (place / "prometheus.log").read_text()
            assert child.poll() is None, told
            assert time.monotonic() < until, told
            time.sleep(0.1)
        yield prometheus
