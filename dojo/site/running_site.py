"""The website, running: the app, its database and the load's process. Knows no pytest.

One class serves a kata's run, which has one kata and needs the site as a whole, and `dojo up`,
which has all katas and may put a new database or a changed app into the running site.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx

from dojo.errors import AppFlooded
from dojo.kata.contract import WARM_UP_LOADS, HasRegulars, Kata, SeededRows
from dojo.kata.exposition import Exposition
from dojo.load.burst import start_generator
from dojo.load.plan import Step
from dojo.site.app_process import LOOPBACK, AppProcess, launch_scheduling
from dojo.site.graded_files import FileStates, cached_files
from dojo.site.machine.cores import usable_cores
from dojo.site.machine.disk import DiskProbe
from dojo.site.machine.time_limit import TimeLimit
from dojo.site.machine.watch import MachineWatch, Roots
from dojo.site.request_failure import request_failure
from dojo.site.run_database import Connection, RunDatabase
from dojo.site.schema_guard import schema_guard
from dojo.site.visitor_client import open_visitor_client
from dojo.site.warm_up import all_answered
from dojo.site.workshop import Workshop
from dojo.slo.validity import POSTGRES_CORES
from dojo.worker import Worker

__all__ = ["RunningSite"]

ANSWER_S = 10.0  # for a check's request
METRICS_S = 3.0
STEPS = {
    "seed": "making this run's database",
    "app_start": "starting the app",
    "warm_up": "warming up the app",
}
WARM_UP_AT_MOST_S = 10.0
PREPARED = 0xDA7A  # what katas prepare is drawn from another stream than the plan of the same seed
FLOODS_WITHIN_S = 60.0  # an app that needs longer for so much log is no flood in `dojo up`


class RunningSite:
    """A site for some katas; satisfies dojo.kata.contract.Site. A `with` block ends all of it.

    `port` None is 3000 if that is free, else any; `host` is what the app listens on. After a start
    that failed the app is missing, and `start_app` tries again.
    """

    def __init__(
        self,
        workshop: Workshop,
        katas: Sequence[Kata],
        seed: int,
        port: int | None = None,
        host: str = LOOPBACK,
    ) -> None:
        self._workshop, self._katas, self._seed = workshop, tuple(katas), seed
        self._port, self._host = port, host
        self.database = RunDatabase(workshop)
        self._closing = ExitStack()
        self._generator: Worker | None = None
        self._cached: FileStates | None = None  # what the cache holds before the first start
        self._app: AppProcess | None = None
        self._app_started_at = 0.0
        self.timings_s = dict(workshop.timings_s)
        self.http = self._closing.enter_context(open_visitor_client(ANSWER_S))

    @classmethod
    @contextmanager
    def open(cls, workshop: Workshop, kata: Kata, seed: int) -> Iterator["RunningSite"]:
        """A site for one kata: all of it, warmed up. AppFault if it can't run."""
        with cls(workshop, [kata], seed) as site:
            site.renew()
            yield site

    def __enter__(self) -> "RunningSite":
        return self

    def __exit__(self, *_: object) -> None:
        with self._closing:
            self._closing.callback(self.database.close)
            if self._generator is not None:
                self._closing.callback(self._generator.stop)
            if self._app is not None:
                self._closing.push(self._app)

    @property
    def app(self) -> AppProcess:
        """The app's process."""
        assert self._app is not None, "start_app comes first"
        return self._app

    @property
    def has_app(self) -> bool:
        """Whether an app was started and not stopped since."""
        return self._app is not None

    @property
    def base_url(self) -> str:
        """Where the app answers, on loopback."""
        return self.app.base_url

    @property
    def generator(self) -> Worker:
        """The process that sends the bursts of a kata's run."""
        assert self._generator is not None, "only a kata's site has one"
        return self._generator

    @property
    def db(self) -> Connection:
        """The database of now, past the app and the proxy, as a superuser; autocommit."""
        return self.database.connection

    @property
    def seeded_rows(self) -> Mapping[str, SeededRows]:
        """What each table held when it was seeded, before any of the learner's migrations."""
        return self._workshop.seeded

    @property
    def environment(self) -> dict[str, Any]:
        """What a report says of the site."""
        settings, server = self._workshop.settings, self._workshop.server
        return {
            "postgres": server.version,
            "provider": server.provider,
            "provider_why": server.why,
            "round_trip_ms": settings.round_trip_s * 1000,
            "app": str(settings.app_dir),
            "base_url": self.base_url,
        }

    def watch(self) -> MachineWatch:
        """What watches the machine for this site's sake; not yet started."""
        roots = Roots(os.getpid(), self.app.pid, self._workshop.server.pid)
        return MachineWatch(roots, launch_scheduling())

    def time_limit(self, length_s: float) -> TimeLimit:
        """A limit for whoever waits for the app; it grows by what other programs take from it."""
        return TimeLimit(length_s, self.watch())

    @property
    def postgres_is_limited(self) -> bool:
        """Whether Postgres has at most the two cores that a kata gives it, or the machine has."""
        server = self._workshop.server
        here = server.pid is not None or server.provider == "embedded"
        return (
            server.provider == "docker"
            or (server.provider == "embedded" and sys.platform == "linux")
            or (here and usable_cores() <= POSTGRES_CORES)
        )

    def disk_probe(self) -> DiskProbe:
        """What watches the disk under Postgres' data, if Postgres is of this machine.

        A container's data are the engine's; its disk is taken to be that of our cache.
        """
        here = self._workshop.server.pid is not None
        return DiskProbe(self._workshop.settings.cache_dir if here else None)

    def new_database(self) -> None:
        """Replace the database by a new one with all migrations and the katas' data.

        MigrationFailed by a migration leaves everything as it was, the app included. Afterwards,
        and if a kata's data can't be written, the app is stopped.
        """
        with self._timed("seed"):
            self._workshop.ready_template()  # may take long or fail; the app goes on meanwhile
            self.stop_app()
            self.database.renew(self._prepare)

    def _prepare(self, db: Connection) -> None:
        with schema_guard():
            for kata in self._katas:
                kata.prepare(db, Random(self._seed ^ PREPARED))

    def start_app(self) -> None:
        """Start the app, in place of the one that runs, on its port; AppDidNotStart if it can't."""
        self.stop_app()
        if self._cached is None:
            self._cached = self._cached_now()
        with self._timed("app_start"):
            app_dir = self._workshop.settings.app_dir
            url = self.database.url_for_app
            self._app = AppProcess.start(app_dir, url, self._port, host=self._host)
        self._port, self._app_started_at = self._app.port, time.monotonic()
        self.http.base_url, self.http.timeout = self._app.base_url, httpx.Timeout(ANSWER_S)

    def renew(self) -> None:
        """A new database and the app started anew and warmed up: as if nothing had been sent.

        A generator that has ended is replaced; InvalidRun if none can start.
        """
        self.new_database()
        self._ready_generator()
        self.start_app()
        self.warm_up(WARM_UP_LOADS, WARM_UP_AT_MOST_S)
        self.app.check()

    def _ready_generator(self) -> None:
        """See to it that a generator runs; to be called without an app, which could change it."""
        if self._generator is not None and self._generator.poll() is not None:
            self._generator.stop()
            self._generator = None
        if self._generator is None:
            self._generator = start_generator()

    def stop_app(self) -> None:
        """Stop the app, if there is one."""
        if self._app is not None:
            app, self._app = self._app, None
            app.stop()

    def crash(self) -> None:
        """Kill the app, which can't prepare for it, and start it on the same data and log."""
        self.app.restart(grace_s=0.0)
        self.http.timeout = httpx.Timeout(ANSWER_S)  # which a check shortens if the app hangs

    def end_app(self) -> None:
        """Kill the app, for good, with all that it has started; its log can still be read."""
        self.app.stop(grace_s=0.0)

    def changed_files(self) -> list[Path]:
        """The files that the verdict rests on, and that are not as before the app's first start.

        Those of the cache are removed, and computed anew by the next run: other clones share them,
        and what an app wrote there must not judge theirs.
        """
        assert self._cached is not None, "start_app comes first"
        cached = self._cached.changed(self._cached_now())
        for path in cached:
            path.unlink(missing_ok=True)
        return self._workshop.changed_files() + cached

    def _cached_now(self) -> FileStates:
        settings = self._workshop.settings
        return FileStates.read(cached_files(settings.cache_dir))

    def check(self) -> None:
        """AppDied if the app has ended by itself, AppFlooded if it prints without end."""
        if self._app is None:
            return
        try:
            self._app.check()
        except AppFlooded:
            if time.monotonic() - self._app_started_at < FLOODS_WITHIN_S:
                raise

    def send(self, request: str | Step, timeout_s: float = ANSWER_S) -> None:
        """Load a page by its path, or do what a step says; the answer is not judged."""
        step = Step("page", "GET", request) if isinstance(request, str) else request
        self.http.cookies.clear()
        self.http.request(
            step.method, step.path, headers=step.headers, content=step.body, timeout=timeout_s
        )

    def warm_up(self, loads: int, at_most_s: float) -> None:
        """Send each kata's request `loads` times, four at once, before anybody measures; then what
        its visitors did before the load.

        It ends at the first request that gets no answer: the load will show why.
        """
        with self._timed("warm_up"):
            requests = [kata.warm_up() for kata in self._katas] * loads
            if all_answered(self.send, requests, at_most_s):
                with suppress(httpx.HTTPError):
                    for kata in self._katas:
                        if isinstance(kata, HasRegulars):
                            kata.before_load(self)

    def app_failure(self, request_id: str) -> str:
        """What the app logged about a request that failed, in a line; "" if nothing."""
        return request_failure(self.app, request_id)

    def metrics(self) -> Exposition:
        """What the app says about itself now; an empty exposition if it says nothing readable."""
        try:
            answer = self.http.get("/metrics", timeout=METRICS_S)
            return Exposition.parse(answer.text if answer.status_code == 200 else "")
        except (httpx.HTTPError, ValueError):
            return Exposition(())

    def during(self, step: str) -> AbstractContextManager[None]:
        """A step of the attempt, which is named if it takes long."""
        return self._workshop.notices.during(step)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        with self.during(STEPS[name]):
            yield
        self.timings_s[name] = time.perf_counter() - began
