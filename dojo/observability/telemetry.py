"""A running site where Prometheus finds it: the app's own /metrics, and the load's measurements.

It is there for whoever looks. Without a Prometheus it costs a listening socket and two small files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx

from dojo.errors import BadSetting
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.observability.postgres_collector import Activity
from dojo.observability.targets import Target, announced
from dojo.slo.sli import Event

__all__ = ["observed", "prometheus_port", "publish"]

PROMETHEUS_PORT = 9090
ANSWER_S = 0.5
FOUND_S = 15.0  # within Prometheus a new target passes two timers of five seconds each
LINGER_S = 3.0  # for a Prometheus that is there, so that the verdict's figures are not lost on it


def prometheus_port(environ: Mapping[str, str]) -> int:
    """DOJO_PROMETHEUS_PORT, which compose.yaml reads as well; 9090 unless set."""
    text = environ.get("DOJO_PROMETHEUS_PORT") or str(PROMETHEUS_PORT)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise BadSetting(f"DOJO_PROMETHEUS_PORT must be a port's number, not {text!r}.")
    return int(text)


@contextmanager
def observed(
    state_dir: Path,
    app_address: str,
    dsn: str,
    thresholds_s: Iterable[float],
    labels: dict[str, str],
    say: Callable[[str], None],
    prometheus_port: int = PROMETHEUS_PORT,
) -> Iterator[JourneyExporter]:
    """Serve the load's measurements, and tell Prometheus where they and the app's are.

    `app_address` is host:port, `dsn` the app's database as a superuser. Where targets can't be
    written, it says so and goes on: a run needs no Prometheus. If one of ours listens on
    `prometheus_port` of loopback, its first visit is waited for.
    """
    with ExitStack() as stack:
        activity = stack.enter_context(closing(Activity(dsn)))
        exporter = stack.enter_context(JourneyExporter.start(thresholds_s))
        exporter.add(activity)
        targets = (
            Target("shop", app_address, labels),
            Target("dojo", exporter.address, labels),
        )
        try:
            stack.enter_context(announced(state_dir, *targets))
        except BadSetting as problem:
            say(f"Prometheus won't see this run. {problem}")
        else:
            if _ours(prometheus_port):
                say("A Prometheus looks on: waiting until it has found the site, some seconds.")
                if not exporter.await_first_scrape(FOUND_S):
                    say(f"It did not come within {FOUND_S:g} s; the run goes on without it.")
        yield exporter
        exporter.await_scrape(LINGER_S)


def _ours(port: int) -> bool:
    """Whether a Prometheus with the project's configuration listens on that port of loopback."""
    try:
        url = f"http://127.0.0.1:{port}/api/v1/status/config"
        answer = httpx.get(url, timeout=ANSWER_S, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and "job_name: slo-dojo" in answer.text


def publish(exporter: JourneyExporter, events: Iterable[Event], ended_s: float) -> None:
    """Count judged events; one without an answer has waited until `ended_s` of the burst."""
    for event in events:
        waited_s = max(0.0, ended_s - event.intended_s)
        latency_s = waited_s if event.latency_s is None else event.latency_s
        exporter.observe(event.name, event.failure or RIGHT, latency_s)
