"""A running site where Prometheus finds it: the app's own /metrics, and the load's measurements.

It is there for whoever looks. Without a Prometheus it costs a listening socket and two small files.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from dojo.activity import Activity
from dojo.discovery import Target, announced
from dojo.errors import BadSetting
from dojo.exporter import RIGHT, JourneyExporter
from dojo.sli import Event

__all__ = ["observed", "publish"]

LINGER_S = 3.0  # for a Prometheus that is there, so that the verdict's figures are not lost on it


@contextmanager
def observed(
    state_dir: Path,
    app_address: str,
    dsn: str,
    thresholds_s: Iterable[float],
    labels: dict[str, str],
    say: Callable[[str], None],
) -> Iterator[JourneyExporter]:
    """Serve the load's measurements, and tell Prometheus where they and the app's are.

    `app_address` is host:port, `dsn` the app's database as a superuser. Where targets can't be
    written, it says so and goes on: a run needs no Prometheus.
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
        yield exporter
        exporter.await_scrape(LINGER_S)


def publish(exporter: JourneyExporter, events: Iterable[Event], ended_s: float) -> None:
    """Count judged events; one without an answer has waited until `ended_s` of the burst."""
    for event in events:
        waited_s = max(0.0, ended_s - event.intended_s)
        latency_s = waited_s if event.latency_s is None else event.latency_s
        exporter.observe(event.name, event.failure or RIGHT, latency_s)
