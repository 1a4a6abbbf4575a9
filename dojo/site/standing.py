"""The shop as it stands for a learner to walk about in: one site for all katas. Knows no pytest."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from random import Random

import httpx
import psycopg

from dojo.errors import AppFlooded
from dojo.kata.finder import OpenKata
from dojo.load.plan import Step
from dojo.site.app_process import LOOPBACK, AppProcess
from dojo.site.latency_proxy import LatencyProxy
from dojo.site.workshop import Workshop

__all__ = ["StandingSite"]

FLOODS_WITHIN_S = 60.0  # as much log as a flood is no flood when it took longer
WARM_UP_S = 5.0


class StandingSite:
    """A database for all katas, the distance to it, and the app; closed by a `with` block.

    Its app may be missing, after a start that failed; `restart` tries again.
    """

    def __init__(
        self, workshop: Workshop, katas: Sequence[OpenKata], seed: int, port: int, host: str
    ) -> None:
        self._workshop, self._katas, self._seed = workshop, tuple(katas), seed
        self._host, self.port = host, port
        self._database = ExitStack()
        self._distance: LatencyProxy | None = None
        self._url = self.dsn = ""  # for the app, and past its distance as a superuser
        self._app: AppProcess | None = None
        self._started_at = 0.0
        self.timings_s: dict[str, float] = {}

    def __enter__(self) -> "StandingSite":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            try:
                if self._distance is not None:
                    self._distance.stop()
            finally:
                self._database.close()

    @property
    def base_url(self) -> str:
        """Where the app answers, on loopback."""
        return f"http://{LOOPBACK}:{self.port}"

    def furnish(self) -> None:
        """Put a new database, with all migrations, in the place of the one that was there.

        MigrationFailed leaves everything as it was, app and all; afterwards the app is stopped.
        """
        self._workshop.ready_template()  # may take long or fail: the app that runs needs not know
        self.stop()
        began = time.perf_counter()
        self._database.close()
        settings, server = self._workshop.settings, self._workshop.server
        name = self._database.enter_context(self._workshop.database())
        self.dsn = server.dsn(name)
        with psycopg.connect(self.dsn, autocommit=True) as db:
            for found in self._katas:
                found.kata.prepare(db, Random(self._seed))
        if self._distance is None:
            self._distance = LatencyProxy.start(server.host, server.port, settings.round_trip_s)
        self._url = f"postgresql://shop:shop@{LOOPBACK}:{self._distance.port}/{name}"
        self.timings_s["seed"] = time.perf_counter() - began

    def restart(self) -> None:
        """Start the app (anew) on the same data and port; AppDidNotStart if it can't."""
        self.stop()
        began = time.perf_counter()
        app_dir = self._workshop.settings.app_dir
        self._app = AppProcess.start(app_dir, self._url, self.port, host=self._host)
        self.port, self._started_at = self._app.port, time.monotonic()
        self.timings_s["app"] = time.perf_counter() - began

    def warm_up(self) -> None:
        """Ask for each kata's page once: the first visitor shall not pay for a cold start."""
        began = time.perf_counter()
        with httpx.Client(base_url=self.base_url, timeout=WARM_UP_S, trust_env=False) as http:
            for found in self._katas:
                asked: str | Step = found.kata.warm_up()
                step = Step("page", "GET", asked) if isinstance(asked, str) else asked
                try:
                    http.request(step.method, step.path, headers=step.headers, content=step.body)
                except httpx.HTTPError:
                    break  # the load will tell
        self.timings_s["warm-up"] = time.perf_counter() - began

    def check(self) -> None:
        """AppDied if the app has ended by itself, AppFlooded if it prints without end."""
        if self._app is not None:
            try:
                self._app.check()
            except AppFlooded:
                if time.monotonic() - self._started_at < FLOODS_WITHIN_S:
                    raise

    def stop(self) -> None:
        """Stop the app, if there is one."""
        if self._app is not None:
            app, self._app = self._app, None
            app.stop()
