"""What the load has measured, for Prometheus: a histogram of journeys and the verdicts on them.

The app's metrics say how long its own requests took. Only the load knows how long a visitor waited
for a whole journey, and whether the answers were right. Served on loopback.
"""

import socketserver
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Gauge, Histogram, MetricsHandler
from prometheus_client.registry import Collector

from dojo.errors import BadSetting
from dojo.load.sample import Cause
from dojo.observability.verdicts import (
    BAD_EVENTS,
    BUDGET_EVENTS,
    CODES,
    GOOD_RATIO,
    LABELS,
    VERDICT,
)
from dojo.slo.openslo import JOURNEYS, Objective

__all__ = ["METRIC", "OUTCOMES", "RIGHT", "JourneyExporter", "buckets"]

METRIC = JOURNEYS
RIGHT = "right"  # the right answer, in time or not: that is the bucket's matter
OUTCOMES = (RIGHT, *map(str, Cause))  # "slow": stopped with the burst when it was too late already
# OpenTelemetry's advice for the duration of HTTP requests
ADVISED_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
LOOPBACK = "127.0.0.1"
SHUTDOWN_POLL_S = 0.1  # how often the server looks whether it must stop
REGULAR_WITHIN_S = 5.0  # a Prometheus that scraped within so long will scrape again soon


def buckets(thresholds_s: Iterable[float]) -> tuple[float, ...]:
    """OpenTelemetry's buckets and every threshold, in seconds, ascending.

    An SLI is exact only at the edge of a bucket.
    """
    return tuple(sorted({*ADVISED_S, *map(float, thresholds_s)}))


class JourneyExporter:
    """Journeys as the load measured them, on http://127.0.0.1:`port`/metrics until the block ends.

    with JourneyExporter.start(thresholds_s=(0.1, 0.3)) as exporter:
        exporter.expect("page_load")
        exporter.observe("page_load", "right", 0.042)
        exporter.observe("page_load", Cause.TIMEOUT, 5.0)  # no answer within 5 s
    """

    def __init__(self, metrics: "_JourneyMetrics", scrapes: "_Scrapes", server: "_Server") -> None:
        self._metrics = metrics
        self._scrapes = scrapes
        self._server = server
        self.port = int(server.server_address[1])
        self._thread = threading.Thread(
            target=server.serve_forever, args=(SHUTDOWN_POLL_S,), name="exporter", daemon=True
        )

    @classmethod
    def start(cls, thresholds_s: Iterable[float], port: int | None = None) -> "JourneyExporter":
        """Serve from a thread of its own. `port` None: any free one; BadSetting if it is taken."""
        metrics, scrapes = _JourneyMetrics(thresholds_s), _Scrapes()
        try:
            server = _Server((LOOPBACK, port or 0), _handler(metrics.registry, scrapes))
        except (OSError, OverflowError) as error:
            raise BadSetting(
                f"The load's measurements can't be served at {LOOPBACK}:{port or 0}: {error}."
                " Free that port, or choose another one (or none: then any free port is used)."
            ) from error
        exporter = cls(metrics, scrapes, server)
        exporter._thread.start()
        return exporter

    def __enter__(self) -> "JourneyExporter":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """host:port, as Prometheus wants its targets."""
        return f"{LOOPBACK}:{self.port}"

    def register(self, collector: Collector) -> None:
        """Serve another collector's metrics as well; its collect() is called at each scrape."""
        self._metrics.registry.register(collector)

    def expect(self, *journeys: str) -> None:
        """Export journeys as 0 before the first has ended.

        To Prometheus, a counter whose first value is 347 has never grown.
        """
        for journey in journeys:
            for outcome in OUTCOMES:
                self._metrics.durations.labels(journey, outcome)

    def observe(self, journey: str, outcome: str, latency_s: float) -> None:
        """Count a journey that has ended.

        `outcome` is "right" or a Cause; ValueError on others. `latency_s` is from the intended
        start to the last byte or, without an answer, how long it was awaited.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}, not {outcome!r}")
        self._metrics.durations.labels(journey, str(outcome)).observe(latency_s)

    def set_load(self, sent: int, answered: int, waiting: int) -> None:
        """Export the progress of a burst, in requests, before anything is judged."""
        self._metrics.set_load(sent, answered, waiting)

    def begin(self, objectives: Iterable[Objective]) -> None:
        """Export that these objectives are being measured; what was said of them is withdrawn."""
        for objective in objectives:
            self._metrics.verdicts.withdraw(objective)
            self._metrics.verdicts.set_verdict(objective, "measuring")

    def judge(self, objective: Objective, verdict: str, good: int, total: int) -> None:
        """Export a verdict, one of `verdicts.CODES`, and the events that it rests on.

        Without any event there is nothing to say, and nothing is exported.
        """
        if total:
            self._metrics.verdicts.set_verdict(objective, verdict)
            self._metrics.verdicts.set_events(objective, good, total)
        else:
            self._metrics.verdicts.withdraw(objective)

    def await_scrape(self, timeout_s: float) -> bool:
        """Wait for a scrape that begins from now on; whether one came.

        Returns at once if nobody has scraped lately.
        """
        return self._scrapes.await_next(timeout_s)

    def await_first_scrape(self, timeout_s: float) -> bool:
        """Wait until there has been a scrape; whether there was one."""
        return self._scrapes.await_first(timeout_s)

    def stop(self) -> None:
        """Free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _JourneyMetrics:
    """The metrics themselves, in a registry of their own."""

    def __init__(self, thresholds_s: Iterable[float]) -> None:
        self.registry = CollectorRegistry()
        self.durations = Histogram(
            METRIC,
            "Journeys by outcome, timed from the intended start to the last byte (or, without an"
            " answer, to the end of the wait). Good: right within the threshold; total: all.",
            ["journey", "outcome"],
            buckets=buckets(thresholds_s),
            registry=self.registry,
        )
        self._requests = Gauge(
            "dojo_load_requests",
            "Requests of the current load: sent so far, answered so far, waiting now.",
            ["state"],
            registry=self.registry,
        )
        self.verdicts = _Verdicts(self.registry)
        self.set_load(0, 0, 0)

    def set_load(self, sent: int, answered: int, waiting: int) -> None:
        for state, count in (("sent", sent), ("answered", answered), ("waiting", waiting)):
            self._requests.labels(state).set(count)


class _Verdicts:
    """What the grader says of each objective, and the events that it rests on."""

    def __init__(self, registry: CollectorRegistry) -> None:
        codes = ", ".join(f"{code} {name}" for name, code in CODES.items())

        def gauge(name: str, documentation: str) -> Gauge:
            return Gauge(name, documentation, LABELS, registry=registry)

        self._verdict = gauge(VERDICT, f"The grader's verdict: {codes}.")
        self._good = gauge(GOOD_RATIO, "Good events / all events, of those that were judged.")
        self._bad = gauge(BAD_EVENTS, "Bad events, of those that were judged.")
        self._budget = gauge(BUDGET_EVENTS, "The error budget: (1 - target) of those events.")

    def set_verdict(self, objective: Objective, verdict: str) -> None:
        self._verdict.labels(objective.journey, objective.name).set(CODES[verdict])

    def set_events(self, objective: Objective, good: int, total: int) -> None:
        labels = objective.journey, objective.name
        self._good.labels(*labels).set(good / total)
        self._bad.labels(*labels).set(total - good)
        self._budget.labels(*labels).set((1 - objective.target) * total)

    def withdraw(self, objective: Objective) -> None:
        for gauge in (self._verdict, self._good, self._bad, self._budget):
            with suppress(KeyError):
                gauge.remove(objective.journey, objective.name)


class _Scrapes:
    """When the latest answered scrape began, and waiting for one; shared between threads."""

    def __init__(self) -> None:
        self._latest_s: float | None = None  # time.monotonic()
        self._answered = threading.Condition()

    def record(self, began_s: float) -> None:
        with self._answered:
            self._latest_s = began_s
            self._answered.notify_all()

    def await_first(self, timeout_s: float) -> bool:
        with self._answered:
            return self._answered.wait_for(lambda: self._latest_s is not None, timeout_s)

    def await_next(self, timeout_s: float) -> bool:
        now_s = time.monotonic()
        with self._answered:
            latest_s = self._latest_s
            if latest_s is None or now_s - latest_s > REGULAR_WITHIN_S:
                return False
            return self._answered.wait_for(lambda: (self._latest_s or 0) > now_s, timeout_s)


def _handler(registry: CollectorRegistry, scrapes: _Scrapes) -> type[MetricsHandler]:
    """prometheus_client's handler, which also records each scrape that it has answered."""

    class Handler(MetricsHandler):
        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            began_s = time.monotonic()
            super().do_GET()
            self.wfile.flush()
            scrapes.record(began_s)

    Handler.registry = registry
    return Handler


class _Server(socketserver.ThreadingTCPServer):
    """A server that, unlike http.server's, looks up no host name for 127.0.0.1."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore it: a scraper that closed its connection is nothing to report."""
