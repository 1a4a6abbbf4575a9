"""What the shop measures of itself: /metrics, and a log line for each request.

Names follow OpenTelemetry's conventions for HTTP servers in Prometheus form.
"""

import logging
import time
from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg_pool import AsyncConnectionPool
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database import Connection

log = logging.getLogger("shop")

# OpenTelemetry's advised buckets, and the thresholds that the shop's objectives name.
BUCKETS_S = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75),
    *(1, 2.5, 5, 7.5, 10),
)


class PoolCollector(Collector):
    """The pool's own statistics, read when somebody asks for them."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        stats = self._pool.get_stats()
        yield GaugeMetricFamily(
            "db_client_connection_count", "Pooled connections.", stats.get("pool_size", 0)
        )
        yield GaugeMetricFamily(
            "db_client_connection_pending_requests",
            "Requests that wait for a pooled connection.",
            stats.get("requests_waiting", 0),
        )
        yield CounterMetricFamily(
            "db_client_connection_waits",
            "Requests that had to wait for a pooled connection.",
            stats.get("requests_queued", 0),
        )
        yield CounterMetricFamily(
            "db_client_connection_wait_time_seconds",
            "Time spent waiting for a pooled connection.",
            stats.get("requests_wait_ms", 0) / 1000,
        )
        yield CounterMetricFamily(
            "db_client_connection_use_time_seconds",
            "Time for which pooled connections were in use, until they were given back.",
            stats.get("usage_ms", 0) / 1000,
        )


class RequestMetrics:
    """ASGI middleware: times every request, counts it, logs it, and why it failed if it did."""

    def __init__(
        self, app: ASGIApp, registry: CollectorRegistry, routes: Sequence[BaseRoute] = ()
    ) -> None:
        self.app, self.routes = app, routes
        self.duration = Histogram(
            "http_server_request_duration_seconds",
            "Duration of HTTP server requests.",
            ["http_request_method", "http_route", "http_response_status_code"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self.active = Gauge("http_server_active_requests", "Requests in flight.", registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.active.inc()
        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("%s %s failed id=%s", scope["method"], scope["path"], request_id(scope))
            raise
        finally:
            self.active.dec()
            duration_s = time.perf_counter() - started
            route = self.route_of(scope)
            self.duration.labels(scope["method"], route, status).observe(duration_s)
            log.info(
                "%s %s %d %.1f ms id=%s",
                scope["method"],
                scope["path"],
                status,
                duration_s * 1000,
                request_id(scope),
            )

    def route_of(self, scope: Scope) -> str:
        """The path of the route that answered, or of the one in whose place something else did."""
        route = scope.get("route")
        if route is None:  # answered before it was routed, by a cache for example
            route = next((r for r in self.routes if r.matches(scope)[0] is Match.FULL), None)
        return getattr(route, "path", "unmatched")


def request_id(scope: Scope) -> str:
    """The X-Request-ID that the load balancer gave to this request, or "-"."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return str(value.decode("latin-1"))
    return "-"
