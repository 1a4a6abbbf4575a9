"""What the load has measured, for Prometheus: one histogram of journeys on a loopback port.

An app tells how long its own requests took. Only the load knows how long a visitor waited for a
whole journey, and whether the answers were right.
"""

import socketserver
import threading
import time
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Gauge, Histogram, MetricsHandler
from prometheus_client.registry import Collector

from dojo.errors import BadSetting
from dojo.load.sample import Cause
from dojo.slo.openslo import JOURNEYS

__all__ = ["ADVISED_S", "METRIC", "OUTCOMES", "RIGHT", "JourneyExporter", "buckets"]

METRIC = JOURNEYS
RIGHT = "right"  # the right answer, however late: the bucket tells whether it was in time
OUTCOMES = (RIGHT, *map(str, Cause))  # "slow": cut short after it had taken too long already
# OpenTelemetry's advice for the duration of HTTP requests
ADVISED_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
LOOPBACK = "127.0.0.1"
POLL_S = 0.1  # how soon the server notices that it shall end
SCRAPER_IS_BACK_S = 5.0  # who has scraped within so long is about to do it again


def buckets(thresholds_s: Iterable[float]) -> tuple[float, ...]:
    """The advised buckets and every threshold: an SLI is only exact at a bucket's edge."""
    return tuple(sorted({*ADVISED_S, *map(float, thresholds_s)}))


class JourneyExporter:
    """Journeys as the load saw them, on http://127.0.0.1:`port`/metrics until the block ends.

    with JourneyExporter.start(thresholds_s=(0.1, 0.3)) as exporter:
        exporter.expect("page_load")
        exporter.observe("page_load", "right", 0.042)
        exporter.observe("page_load", Cause.TIMEOUT, 5.0)  # no answer in the 5 s that it waited
    """

    def __init__(self, thresholds_s: Iterable[float], port: int | None) -> None:
        self.registry = CollectorRegistry()
        self._durations = Histogram(
            METRIC,
            "Journeys by how they ended, from the intended moment to the last byte (or, without an"
            " answer, as long as it was awaited). Good is right, in time; total is all of them.",
            ["journey", "outcome"],
            buckets=buckets(thresholds_s),
            registry=self.registry,
        )
        self._requests = Gauge(
            "dojo_load_requests",
            "Requests of the load that is going on: sent so far, answered so far, waiting now.",
            ["state"],
            registry=self.registry,
        )
        self.load(0, 0, 0)
        self._last_scrape_s: float | None = None  # when the last one began that was answered
        self._answered = threading.Condition()
        try:
            self._server = _Server((LOOPBACK, port or 0), _handler(self.registry, self._scraped))
        except (OSError, OverflowError) as error:
            raise BadSetting(
                f"The load's measurements can't be served at {LOOPBACK}:{port or 0}: {error}."
                " Free that port, or name another one (or none: then any free port is taken)."
            ) from error
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="exporter", daemon=True
        )

    @classmethod
    def start(cls, thresholds_s: Iterable[float], port: int | None = None) -> "JourneyExporter":
        """Serve from a thread of its own. `port` None: any free one; BadSetting if it is taken."""
        exporter = cls(thresholds_s, port)
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

    def add(self, collector: Collector) -> None:
        """Tell what another collector knows, too; it is asked at each scrape."""
        self.registry.register(collector)

    def expect(self, *journeys: str) -> None:
        """Show journeys at zero before the first has ended.

        A counter that is first seen at 347 has, to Prometheus, never grown.
        """
        for journey in journeys:
            for outcome in OUTCOMES:
                self._durations.labels(journey, outcome)

    def observe(self, journey: str, outcome: str, latency_s: float) -> None:
        """Count a journey that is over. `outcome` is "right" or a Cause; ValueError on others."""
        if outcome not in OUTCOMES:
            raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}, not {outcome!r}")
        self._durations.labels(journey, str(outcome)).observe(latency_s)

    def load(self, sent: int, answered: int, waiting: int) -> None:
        """Show how the load goes on, before anything is judged."""
        for state, count in (("sent", sent), ("answered", answered), ("waiting", waiting)):
            self._requests.labels(state).set(count)

    def await_scrape(self, at_most_s: float) -> bool:
        """Let a Prometheus that comes by regularly take the last figures; whether it came.

        Returns at once if nobody has scraped lately.
        """
        now = time.monotonic()
        with self._answered:
            last = self._last_scrape_s
            if last is None or now - last > SCRAPER_IS_BACK_S:
                return False
            return self._answered.wait_for(lambda: (self._last_scrape_s or 0) > now, at_most_s)

    def await_first_scrape(self, at_most_s: float) -> bool:
        """Wait until somebody has looked; whether it came to that."""
        with self._answered:
            return self._answered.wait_for(lambda: self._last_scrape_s is not None, at_most_s)

    def _scraped(self, began_s: float) -> None:
        with self._answered:
            self._last_scrape_s = began_s
            self._answered.notify_all()

    def stop(self) -> None:
        """Free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(registry: CollectorRegistry, scraped: Callable[[float], None]) -> type[MetricsHandler]:
    """prometheus_client's own, which tells when it has answered a scrape, and when that began."""

    class Handler(MetricsHandler):
        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            began_s = time.monotonic()
            super().do_GET()
            self.wfile.flush()
            scraped(began_s)

    Handler.registry = registry
    return Handler


class _Server(socketserver.ThreadingTCPServer):
    """Unlike http.server's, asks no name server for the name of 127.0.0.1."""

    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a scraper that hung up is no news."""
