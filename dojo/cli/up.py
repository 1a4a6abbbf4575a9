"""`dojo up`: Postgres, the dataset, the app and a background load, until it is over.

Composes the parts; knows no pytest. Everything it starts ends with it, by whatever way it ends.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from types import FrameType
from typing import TextIO

from dojo.cli.duration import spoken
from dojo.cli.live_table import LiveLine, Now
from dojo.cli.ports import require_free
from dojo.cli.watch import AppFiles
from dojo.errors import AppFault, BadSetting, MigrationFailed
from dojo.kata import finder
from dojo.kata.finder import OpenKata
from dojo.load.arrivals import mixed, slices
from dojo.load.steady import FinishedJourney, SteadyLoad
from dojo.observability.exporter import RIGHT, JourneyExporter
from dojo.observability.telemetry import observed
from dojo.settings import Settings
from dojo.site.standing import StandingSite
from dojo.site.workshop import Workshop
from dojo.slo.window import Outcome, Running

__all__ = ["UpOptions", "up"]

COMMAND = "./run dojo up"
HOSTS = ("127.0.0.1", "localhost", "0.0.0.0")  # the last is for containers
SLICE_S = 2.0
TICK_S = 0.25
RESTART_S, NEW_DATABASE_S = 45.0, 180.0  # most that these take; the load goes on meanwhile
LATE_S, LATE_RATIO = 0.025, 0.01  # as for a burst, whose run would be invalid
JUDGED = (
    "An event is good if it was answered in time and with the right status. What pages\nsay is not"
    " judged here, since you may buy and review, too: a kata's run judges that."
)


@dataclass(frozen=True, slots=True)
class UpOptions:
    """What was asked for."""

    for_s: float = 3600.0
    port: int = 3000  # 0: any
    host: str = "127.0.0.1"
    rate_per_s: float = 1.0  # journeys of every kind together
    load: bool = True
    reload: bool = False


def up(options: UpOptions, settings: Settings, root: Path, stream: TextIO) -> None:
    """Run until the time is over or Ctrl-C. GraderFault or AppFault if it can't go on."""
    if options.host not in HOSTS:
        raise BadSetting(f"--host can be {', '.join(HOSTS)}, not {options.host!r}.")
    require_free(options.host, options.port, "--port")
    began = time.perf_counter()
    with (
        suppress(KeyboardInterrupt),
        _ended_by_signals(),
        finder.open_katas(
            root, settings.cache_dir, lambda line: print(line, file=stream, flush=True)
        ) as found,
    ):
        _Run(options, settings, found, stream).run(began)
    print("Ended; nothing is left running.", file=stream, flush=True)


class _Run:
    def __init__(
        self,
        options: UpOptions,
        settings: Settings,
        found: tuple[OpenKata, ...],
        stream: TextIO,
    ) -> None:
        self._options, self._settings, self._katas, self._stream = options, settings, found, stream
        self._objectives = [one for each in found for one in each.level.objectives]
        self._running = Running(self._objectives)
        self._looking = threading.Lock()
        self._exporter: JourneyExporter | None = None
        self._load: SteadyLoad | None = None
        self._new_database = False  # a migration has changed, and no database has it yet

    def run(self, began: float) -> None:
        """Everything, in its order. `began` is a reading of time.perf_counter."""
        options, settings = self._options, self._settings
        opened_s = time.perf_counter() - began
        with ExitStack() as stack:
            workshop = stack.enter_context(Workshop.open(settings, self._say, command=COMMAND))
            seed = SystemRandom().randrange(1, 1_000_000)
            site = stack.enter_context(
                StandingSite(workshop, self._katas, seed, options.port, options.host)
            )
            files = AppFiles(settings.app_dir)
            site.furnish()
            site.restart()
            site.warm_up()
            self._exporter = stack.enter_context(
                observed(
                    settings.state_dir,
                    f"127.0.0.1:{site.port}",
                    site.dsn,
                    [one.threshold_s for one in self._objectives],
                    {},
                    self._say,
                )
            )
            if options.load:
                self._begin_load(stack, site, seed)
            timings_s = {"katas": opened_s, **workshop.timings_s, **site.timings_s}
            self._say(self._told(site, timings_s, time.perf_counter() - began))
            self._stay(site, files)

    def _begin_load(self, stack: ExitStack, site: StandingSite, seed: int) -> None:
        rng = Random(seed)
        mix = mixed([one.kata.flows(rng) for one in self._katas], self._options.rate_per_s)
        assert self._exporter is not None
        self._exporter.expect(*(flow.name for flow, _ in mix))
        self._load = stack.enter_context(
            SteadyLoad.start(slices(rng, mix, SLICE_S, self._options.for_s), site.base_url)
        )

    def _told(self, site: StandingSite, timings_s: dict[str, float], whole_s: float) -> str:
        spent = ", ".join(f"{name} {value:.1f}" for name, value in timings_s.items())
        lines = [
            "",
            f"  the shop             http://localhost:{site.port}",
            f"  what it measures     http://localhost:{site.port}/metrics",
        ]
        if self._exporter is not None:
            lines.append(f"  what its load sees   http://{self._exporter.address}/metrics")
        lines += ["", f"Ready in {whole_s:.1f} s ({spent})."]
        length = spoken(self._options.for_s)
        if self._load is not None:
            rate = (
                f"Load: {self._options.rate_per_s:g} a second of the katas' journeys in equal parts"
            )
            lines += [f"{rate}, for {length}; Ctrl-C ends it all.", JUDGED]
        else:
            lines += [f"No load. It stays for {length}; Ctrl-C ends it all."]
        if self._options.reload:
            lines += [f"Watching {self._settings.app_dir.name}/: a change restarts the app."]
        return "\n".join([*lines, ""])

    def _stay(self, site: StandingSite, files: AppFiles) -> None:
        """Watch over all of it until the time is over."""
        until = time.monotonic() + self._options.for_s
        if self._load is None:
            while time.monotonic() < until:
                self._look_after(site, files, self._say)
            return
        with LiveLine(self._stream, self._now) as line:
            with suppress(KeyboardInterrupt):
                while time.monotonic() < until:
                    line.tick()
                    self._look_after(site, files, line.say)
            with self._looking:
                self._take(self._load.end())
            line.last()
        if cut_off := self._load.cut_off:
            self._say(f"Under way at the end, and not counted: {cut_off:,}.")

    def _look_after(self, site: StandingSite, files: AppFiles, say: Callable[[str], None]) -> None:
        """One turn: is the app alive, has it changed?"""
        time.sleep(TICK_S)
        if self._load is not None:
            self._load.check()
            self._load.hand_over()
            with self._looking:
                self._take(self._load.finished())
        if not self._options.reload:
            site.check()
            return
        try:
            site.check()
            if changed := files.changed():
                self._reload(site, changed, say)
        except AppFault as fault:
            site.stop()
            say(f"{type(fault).__name__}: {fault}\nThe shop is down until app/ changes again.")

    def _reload(
        self, site: StandingSite, changed: tuple[str, ...], say: Callable[[str], None]
    ) -> None:
        """The app anew; with a database of its own if a migration is among what has changed."""
        self._new_database |= any(name.startswith("migrations/") for name in changed)
        began = time.perf_counter()
        if self._load is not None:
            self._load.hand_over(NEW_DATABASE_S if self._new_database else RESTART_S)
        named = ", ".join(changed[:3]) + (", …" if len(changed) > 3 else "")
        if rebuilt := self._new_database:
            say(f"app/ has changed ({named}): a migration needs a new database, which is made now.")
            try:
                site.furnish()
            except MigrationFailed as fault:
                say(f"{fault}\nThe shop goes on as it was until app/ changes again.")
                return
            self._new_database = False
        site.restart()
        site.warm_up()
        what = f"app/ has changed ({named}): the app was started anew"
        if rebuilt:
            what += " on the new database; what was bought and written before is gone"
        say(f"{what}. It took {time.perf_counter() - began:.1f} s.")

    def _now(self) -> Now:
        """What the live line shows; also called by its own thread."""
        assert self._load is not None
        with self._looking:
            self._take(self._load.finished())
            now_s = min(self._load.now_s, self._options.for_s)
            on_time = self._running.late(now_s, LATE_S)
            late = on_time.total - on_time.good
            return Now(
                now_s,
                self._options.for_s,
                self._running.standings(now_s),
                self._running.total,
                f"The load itself is late ({late:,} of {on_time.total:,} journeys): the machine is"
                " too busy, so these figures say little."
                if late > LATE_RATIO * on_time.total
                else "",
            )

    def _take(self, finished: list[FinishedJourney]) -> None:
        assert self._exporter is not None
        for journey in finished:
            outcome = Outcome.of(journey.plan, journey.samples, journey.ended_s)
            self._running.add(outcome)
            failure = outcome.event.failure
            told = RIGHT if failure is None else str(failure)
            self._exporter.observe(outcome.event.name, told, outcome.waited_s)

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """The first of these signals is a KeyboardInterrupt; none disturbs what that has begun."""
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        if not ending:
            ending = True
            raise KeyboardInterrupt

    taken = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
