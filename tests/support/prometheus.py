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

from dojo.child import ChildProcess
from tests.support.project import ROOT

__all__ = ["Prometheus", "program", "promtool", "running"]

READY_S = 20.0


def program(name: str) -> str:
    """The path of prometheus or promtool; skips without, fails if DOJO_REQUIRE_PROMETHEUS=1."""
    path = shutil.which(name)
    if path is None:
        reason = f"no {name} is on the PATH; Debian's package is called prometheus"
        if os.environ.get("DOJO_REQUIRE_PROMETHEUS") == "1":
            pytest.fail(f"DOJO_REQUIRE_PROMETHEUS=1, but {reason}")
        pytest.skip(reason)
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
        """The series of an expression at a Unix time: [{"metric": labels, "values": [value]}]."""
        data = self._get("query", {"query": expr, "time": f"{at_s:.3f}"})
        if data["resultType"] == "scalar":
            return [{"metric": {}, "values": [float(data["result"][1])]}]
        return [
            {"metric": series["metric"], "values": [float(series["value"][1])]}
            for series in data["result"]
        ]

    def over(self, expr: str, start_s: float, end_s: float) -> list[dict[str, Any]]:
        """The same from one Unix time to another, a value for each second."""
        span = {"start": f"{start_s:.3f}", "end": f"{end_s:.3f}", "step": "1"}
        data = self._get("query_range", {"query": expr, **span})
        return [
            {"metric": series["metric"], "values": [float(value) for _, value in series["values"]]}
            for series in data["result"]
        ]

    def rules(self) -> list[dict[str, Any]]:
        """Every rule that it has loaded, with its health."""
        groups = self._get("rules", {})["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def _get(self, endpoint: str, params: dict[str, str]) -> Any:
        url = f"{self.base_url}/api/v1/{endpoint}"
        answer = httpx.get(url, params=params, trust_env=False).json()
        assert answer["status"] == "success", f"{params}: {answer}"
        return answer["data"]


def as_grafana(expr: str, range_s: float, step_s: float = 5.0) -> str:
    """An expression with Grafana's variables replaced as Grafana does it."""
    promql = expr.replace("$__interval", f"{step_s:g}s")
    promql = promql.replace("$__range", f"{max(1, round(range_s))}s")
    assert not re.search(r"\$\w|\$\{", promql), f"a variable is left in {promql}"
    return promql


@contextmanager
def running(folder: Path) -> Iterator[Prometheus]:
    """Prometheus with a copy of grafana/ in `folder`; it reads targets from `folder`/.dojo."""
    shutil.copytree(ROOT / "grafana", folder / "grafana")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    with (
        (folder / "prometheus.log").open("wb") as log,
        ChildProcess(
            [
                program("prometheus"),
                f"--config.file={folder / 'grafana' / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
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
            log_text = (folder / "prometheus.log").read_text()
            assert child.poll() is None, log_text
            assert time.monotonic() < until, log_text
            time.sleep(0.1)
        yield prometheus
