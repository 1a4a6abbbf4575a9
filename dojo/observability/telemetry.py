"""A running site that Prometheus can scrape: the app's own /metrics, and the load's measurements.

Both are optional to look at. Without a Prometheus they cost a listening socket and two small files.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx

from dojo.errors import BadSetting
from dojo.observability.dashboard import UID
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.observability.postgres_collector import PostgresCollector
from dojo.observability.targets import Target, announce
from dojo.slo.sli import Event

__all__ = ["dashboard_url", "observed", "prometheus_port", "publish"]

DEFAULT_PORT = 9090
GRAFANA_PORT = 4000
ROOM_S = 5.0  # before and after a run
STATUS_TIMEOUT_S = 0.5
FIRST_SCRAPE_TIMEOUT_S = 15.0  # Prometheus takes in a new target after two timers of 5 s each
LAST_SCRAPE_TIMEOUT_S = 3.0


def prometheus_port(environ: Mapping[str, str]) -> int:
    """DOJO_PROMETHEUS_PORT, which compose.yaml reads as well; 9090 unless set."""
    text = environ.get("DOJO_PROMETHEUS_PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise BadSetting(f"DOJO_PROMETHEUS_PORT must be a port number (1 to 65535), not {text!r}.")
    return int(text)


@contextmanager
def observed(
    state_dir: Path,
    app_address: str,
    dsn: str,
    thresholds_s: Iterable[float],
    labels: dict[str, str],
    say: Callable[[str], None],
    prometheus_port: int = DEFAULT_PORT,
    on_connect: Callable[[], None] = lambda: None,
) -> Iterator[JourneyExporter]:
    """Serve the load's measurements, and let Prometheus find them and the app until the block ends.

    `app_address` is the app's host:port, `dsn` its database as a superuser; `on_connect` is called
    before each connection to it. `labels` are added to
    the app's series. If the targets can't be written, `say` gets the reason and the run goes on: it
    needs no Prometheus. If a Prometheus with this project's configuration listens on
    `prometheus_port` of loopback, its first scrape is awaited before the block, and its last one
    after it, so that it has the verdict's figures.
    """
    with ExitStack() as stack:
        collector = stack.enter_context(closing(PostgresCollector(dsn, on_connect)))
        exporter = stack.enter_context(JourneyExporter.start(thresholds_s))
        exporter.register(collector)
        targets = (
            Target("shop", app_address, labels),
            # one name for every run, so that the next run of a kata goes on with its series
            Target("dojo", exporter.address, {"instance": "dojo"}),
        )
        try:
            stack.enter_context(announce(state_dir, *targets))
        except BadSetting as problem:
            say(f"Prometheus won't see this run. {problem}")
        else:
            _await_prometheus(exporter, prometheus_port, say)
        began_s = time.time()
        yield exporter
        if exporter.await_scrape(LAST_SCRAPE_TIMEOUT_S):
            say(f"This run on the dashboard: {dashboard_url(began_s, time.time(), os.environ)}")


def dashboard_url(began_s: float, ended_s: float, environ: Mapping[str, str]) -> str:
    """Where compose.yaml's Grafana shows what was between two Unix times, with some room."""
    port = environ.get("DOJO_GRAFANA_PORT") or str(GRAFANA_PORT)
    from_ms, to_ms = int((began_s - ROOM_S) * 1000), int((ended_s + ROOM_S) * 1000)
    return f"http://127.0.0.1:{port}/d/{UID}?from={from_ms}&to={to_ms}"


def _await_prometheus(exporter: JourneyExporter, port: int, say: Callable[[str], None]) -> None:
    if not _is_our_prometheus(port):
        return
    say("Prometheus is running: waiting some seconds for its first scrape of this run.")
    if not exporter.await_first_scrape(FIRST_SCRAPE_TIMEOUT_S):
        say(f"No scrape within {FIRST_SCRAPE_TIMEOUT_S:g} s; the run goes on without Prometheus.")


def _is_our_prometheus(port: int) -> bool:
    """Whether a Prometheus with the project's configuration listens on that port of loopback."""
    try:
        url = f"http://127.0.0.1:{port}/api/v1/status/config"
        response = httpx.get(url, timeout=STATUS_TIMEOUT_S, trust_env=False)
    except httpx.HTTPError:
        return False
    return response.status_code == 200 and "job_name: slo-dojo" in response.text


def publish(exporter: JourneyExporter, events: Iterable[Event], ended_s: float) -> None:
    """Export judged events. `ended_s`: when the burst ended, in seconds after its start.

    An event without an answer is counted with the time from its intended start to `ended_s`.
    """
    for event in events:
        waited_s = max(0.0, ended_s - event.intended_s)
        latency_s = waited_s if event.latency_s is None else event.latency_s
        exporter.observe(event.name, event.failure or RIGHT, latency_s)
