"""The website as it runs for one kata: a database, the distance to it, the app. Knows no pytest."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
import psycopg

from dojo.errors import MigrationFailed
from dojo.kata.contract import WARM_UP_LOADS, Kata, SeededRows
from dojo.kata.exposition import Exposition
from dojo.load.plan import BROWSER, Step
from dojo.site.app_process import AppProcess
from dojo.site.latency_proxy import LatencyProxy
from dojo.site.workshop import Workshop

__all__ = ["LiveSite", "schema_kept"]

WARM_UP_AT_MOST_S = 20.0


@dataclass(slots=True)
class LiveSite:
    """A running site; satisfies dojo.kata.contract.Site."""

    app: AppProcess
    distance: LatencyProxy
    http: httpx.Client
    db: "psycopg.Connection[tuple[Any, ...]]"
    seeded_rows: Mapping[str, SeededRows]
    timings_s: dict[str, float]
    environment: dict[str, Any]

    @classmethod
    @contextmanager
    def open(
        cls,
        workshop: Workshop,
        kata: Kata,
        plan_seed: int,
        say: Callable[[str], None],
    ) -> Iterator["LiveSite"]:
        """Clone the seeded database, put the distance before it, start the app, warm it up."""
        settings, server = workshop.settings, workshop.server
        timings_s = dict(workshop.timings_s)
        with ExitStack() as stack:
            with _timed(timings_s, "seed"):
                name = stack.enter_context(workshop.database())
                db = stack.enter_context(psycopg.connect(server.dsn(name), autocommit=True))
                with schema_kept():
                    kata.prepare(db, Random(plan_seed))
            with _timed(timings_s, "app_start"):
                distance = stack.enter_context(
                    LatencyProxy.start(server.host, server.port, settings.round_trip_s)
                )
                url = f"postgresql://shop:shop@127.0.0.1:{distance.port}/{name}"
                app = stack.enter_context(AppProcess.start(settings.app_dir, url))
            http = stack.enter_context(_client(app.base_url))
            environment = {
                "postgres": server.version,
                "provider": server.provider,
                "provider_why": server.why,
                "round_trip_ms": settings.round_trip_s * 1000,
                "base_url": app.base_url,
            }
            site = cls(app, distance, http, db, workshop.seeded, timings_s, environment)
            with _timed(timings_s, "warm_up"):
                site.warm_up(kata.warm_up)
            yield site

    def ask(self, what: str | Step) -> None:
        """Load a page by its path, or do what a step says; what it answers is judged later."""
        step = Step("page", "GET", what) if isinstance(what, str) else what
        self.http.cookies.clear()
        self.http.request(step.method, step.path, headers=step.headers, content=step.body)

    def warm_up(self, each: Callable[[], str | Step]) -> None:
        """Ask for something a fixed number of times, four at once."""
        until = time.monotonic() + WARM_UP_AT_MOST_S
        gate = threading.Event()

        def load(_: int) -> None:
            if time.monotonic() < until and not gate.is_set():
                try:
                    self.ask(each())
                except httpx.HTTPError:
                    gate.set()

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(load, range(WARM_UP_LOADS)))
        self.app.check()

    def metrics(self) -> Exposition:
        """What the app says about itself now; an empty exposition if it says nothing readable."""
        try:
            answer = self.http.get("/metrics")
            return Exposition.parse(answer.text if answer.status_code == 200 else "")
        except (httpx.HTTPError, ValueError):
            return Exposition(())

    def restart(self) -> None:
        """Start the app anew, on the same data, after an end for which it could not prepare."""
        self.app.restart(grace_s=0.0)


def _client(base_url: str) -> httpx.Client:
    """Asks as the load does: as a browser, each time with an id of the load balancer's."""

    def with_id(request: httpx.Request) -> None:
        request.headers["X-Request-ID"] = secrets.token_hex(16)

    hooks = {"request": [with_id]}
    return httpx.Client(base_url=base_url, timeout=20, headers=BROWSER, event_hooks=hooks)


@contextmanager
def schema_kept() -> Iterator[None]:
    """MigrationFailed if the shop's tables no longer take or give what they did."""
    try:
        yield
    except (psycopg.ProgrammingError, psycopg.IntegrityError, psycopg.DataError) as error:
        raise MigrationFailed(
            "The shop's tables no longer take or give what they did, so others who use them break:"
            f" {str(error).strip()}\nA migration may add to the schema of 0001; what was there must"
            " go on working. Correct app/migrations, then run again."
        ) from error


@contextmanager
def _timed(timings_s: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    timings_s[name] = time.perf_counter() - began
