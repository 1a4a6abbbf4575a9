"""The shop of `dojo up`: stretches in which it runs under its load, and pauses between them.

A pause is for a kata's run (dojo.site.pause). The two would disturb each other's measurements, and
on one cache they share Postgres' data, so in a pause nothing runs but this process, which waits:
no shop, no Postgres, no load, no drawing, and the locks are free. Afterwards the shop is started
anew, with app/ as it is by then and on a new database.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from enum import Enum
from random import SystemRandom
from typing import TextIO

from psycopg.conninfo import conninfo_to_dict

from dojo.cli.app_files import AppFiles
from dojo.cli.board import SiteFigures, board_run, look, verdict_of, without_app
from dojo.cli.board_server import BoardServer
from dojo.cli.live_table import LiveTable
from dojo.cli.measured_load import MeasuredLoad
from dojo.cli.ports import require_free
from dojo.cli.reload import WARM_UP_AT_MOST_S, AppKeeper, Change
from dojo.cli.up_options import UpOptions
from dojo.errors import AppFault, BadSetting
from dojo.kata.finder import OpenKata
from dojo.observability.exporter import JourneyExporter
from dojo.observability.telemetry import observed
from dojo.output.html.board_state import Board
from dojo.settings import Settings
from dojo.site.live_database import announced
from dojo.site.pause import PauseRequests
from dojo.site.run_state import RunState
from dojo.site.running_site import RunningSite
from dojo.site.workshop import Workshop

__all__ = ["COMMAND", "Addresses", "LiveShop"]

COMMAND = "./run dojo up"
TICK_S = 0.25
PORT_FREE_WITHIN_S = 10.0  # after a kata's shop had it

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where what can be looked at is."""

    shop: str
    measurements: str
    board: str | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A site that runs, and what serves the measurements of its load."""

    site: RunningSite
    keeper: AppKeeper
    exporter: JourneyExporter
    workshop: Workshop


class _End(Enum):
    """Why the load ends: for good, for a kata's run, or since its visitors are no longer known."""

    OVER = "over"
    PAUSE = "pause"
    NEW_DATABASE = "new database"


class LiveShop:
    """The shop, its load and its board, until the time is over. A `with` block ends all of it."""

    def __init__(
        self,
        options: UpOptions,
        settings: Settings,
        katas: tuple[OpenKata, ...],
        requests: PauseRequests,
        stream: TextIO,
    ) -> None:
        self._options, self._settings, self._katas = options, settings, katas
        self._requests, self._stream = requests, stream
        self._seed = SystemRandom().randrange(1, 1_000_000)
        self._port = options.port
        self._until_s = 0.0
        self._load: MeasuredLoad | None = None
        self._figures: SiteFigures | None = None
        self._board: BoardServer | None = None
        self._paused_board: Board | None = None  # what it shows in a pause
        self._is_down = False  # the app can't start
        self._keeper: AppKeeper | None = None  # of the app, while the shop runs
        self._last_runs: dict[str, RunState] = {}  # by kata: of those that ended meanwhile
        self._whole = ExitStack()  # what lives on in a pause

    def __enter__(self) -> "LiveShop":
        return self

    def __exit__(self, *_: object) -> None:
        self._whole.close()

    def run(self, on_ready: Callable[[Addresses, dict[str, float]], None]) -> None:
        """Until the time is over or KeyboardInterrupt. `on_ready` gets addresses and timings.

        AppFault if the app can't start at first, or breaks down and can't come back.
        """
        with ExitStack() as stack:
            stretch = self._open(stack)
            self._begin(stretch)
            on_ready(self._addresses(stretch), stretch.site.timings_s)
            goes_on = self._stay(stretch)
        while goes_on:
            self._await_end_of_runs()
            goes_on = not self._is_over and self._go_on()
        if self._load is not None and self._load.cut_off:
            self._say(f"Under way at the end, and not counted: {self._load.cut_off:,}.")

    @property
    def _is_over(self) -> bool:
        return time.monotonic() >= self._until_s

    def _open(self, stack: ExitStack) -> _Stretch:
        """The locks, Postgres, the site and its measurements: all that a pause ends."""
        workshop = stack.enter_context(Workshop.open(self._settings, self._say, command=COMMAND))
        katas = [each.kata for each in self._katas]
        site = stack.enter_context(
            RunningSite(workshop, katas, self._seed, self._port, self._options.host)
        )
        keeper = AppKeeper(site, self._settings.app_dir, reload=self._options.reload)
        site.new_database()
        name = str(conninfo_to_dict(site.database.dsn)["dbname"])
        stack.enter_context(announced(self._settings.cache_dir, workshop.server.app_dsn(name)))
        site.start_app()
        site.warm_up(1, WARM_UP_AT_MOST_S)
        exporter = stack.enter_context(
            observed(
                self._settings.state_dir,
                f"127.0.0.1:{site.app.port}",
                site.database.dsn,
                [o.threshold_s for each in self._katas for o in each.level.objectives],
                {},
                self._say,
            )
        )
        self._port = site.app.port
        return _Stretch(site, keeper, exporter, workshop)

    def _begin(self, stretch: _Stretch) -> None:
        """The load's clock and the board, once the shop runs for the first time."""
        options = self._options
        self._until_s = time.monotonic() + options.for_s
        if not options.load:
            return
        self._load = MeasuredLoad(self._katas, options.rate_per_s, options.for_s, self._seed)
        if options.board:
            self._figures = self._whole.enter_context(closing(SiteFigures(stretch.site.base_url)))
            reports = self._settings.state_dir / "reports"
            self._board = self._whole.enter_context(
                BoardServer.start(options.board_port, self._look, reports)
            )

    def _addresses(self, stretch: _Stretch) -> Addresses:
        return Addresses(
            self._shop_url,
            f"http://{stretch.exporter.address}/metrics",
            None if self._board is None else self._board.url,
        )

    def _stay(self, stretch: _Stretch) -> bool:
        """Watch over it; whether it is to go on after a pause. False when the time is over."""
        self._paused_board, self._is_down, self._keeper = None, False, stretch.keeper
        if self._load is None:
            while not self._is_over and not self._requests.poll():
                time.sleep(TICK_S)
                stretch.keeper.check(self._say, lambda _: None)
            return not self._is_over
        with LiveTable(self._stream, self._load.figures) as table:
            end = _End.NEW_DATABASE
            try:
                while end is _End.NEW_DATABASE:
                    end = _End.OVER
                    sending = self._load.sending(stretch.exporter, stretch.site.base_url)
                    with sending, suppress(KeyboardInterrupt):  # the last that end are counted
                        end = self._watch(self._load, stretch.keeper, table)
            except KeyboardInterrupt:  # while the load begins or ends: there are last figures, too
                end = _End.OVER
            if end is _End.OVER:
                table.last()
        return end is _End.PAUSE

    def _watch(self, load: MeasuredLoad, keeper: AppKeeper, table: LiveTable) -> _End:
        """Until the load must end, and why."""
        while not self._is_over:
            if self._requests.poll():
                self._freeze_board(load)
                return _End.PAUSE
            table.tick()
            time.sleep(TICK_S)
            load.tick()
            if self._board is not None:
                self._board.check()
            watched = self._board is not None and self._board.watched
            load.hurry(self._options.watched_factor if watched else 1.0)
            change = keeper.check(table.say, load.plan_ahead, load.note_restart)
            if change is Change.NEW_DATABASE:
                return _End.NEW_DATABASE
        return _End.OVER

    def _await_end_of_runs(self) -> None:
        """Wait until no run wants a pause, or the time is over; say what came of them."""
        for run in self._requests.states[:1]:
            self._say(
                f"A kata is run (process {run.pid}), so this pauses: no load and no shop until"
                " it has ended."
            )
        while self._requests.poll() and not self._is_over:
            self._note_ended()
            time.sleep(TICK_S)
        self._note_ended()

    def _note_ended(self) -> None:
        names = {each.kata.folder.name for each in self._katas}
        for run in self._requests.take_ended():
            if run.kata in names:
                self._last_runs[run.kata] = run
                self._say(f"{run.kata}: {run.summary or 'the run was broken off.'}")

    def _go_on(self) -> bool:
        """One more stretch; whether another one follows. An app that can't start may be mended."""
        began = time.perf_counter()
        files = AppFiles(self._settings.app_dir)
        with ExitStack() as stack:
            try:
                self._await_port()
                stretch = self._open(stack)
            except AppFault as fault:
                stack.close()
                self._say(f"{type(fault).__name__}: {fault}\nThe shop is down until app/ changes.")
                self._is_down = True
                while not self._is_over and not self._requests.poll() and not files.changed():
                    time.sleep(TICK_S)
                self._is_down = False
                return not self._is_over
            if self._load is not None:
                self._load.note_restart()
            where = self._addresses(stretch)
            self._say(
                f"The shop goes on at {where.shop}, with app/ as it is now, on a new database;"
                f" what its load sees is at {where.measurements}. It took"
                f" {time.perf_counter() - began:.1f} s."
            )
            return self._stay(stretch)

    def _await_port(self) -> None:
        """The shop of a kata that was killed may have the port for a moment longer."""
        until = time.monotonic() + PORT_FREE_WITHIN_S
        while True:
            try:
                return require_free(self._options.host, self._port, "--port")
            except BadSetting:
                if time.monotonic() > until:
                    raise
            time.sleep(TICK_S)

    def _look(self) -> Board:
        """The board of now, for whichever thread draws; in a pause as it was when it began."""
        assert self._load is not None, "a board has a load"
        reports = self._settings.state_dir / "reports"
        last_runs = [verdict_of(run, reports) for run in list(self._last_runs.values())]
        if (board := self._paused_board) is None:
            figures = self._figures.read() if self._figures is not None else ()
            board = look(self._load, self._katas, self._shop_url, figures, last_runs)
            is_down = self._keeper is not None and self._keeper.is_down
            return without_app(board) if is_down else board
        run = board_run(self._requests.states, self._requests.silent_s, is_down=self._is_down)
        return replace(board, run=run, last_runs=tuple(last_runs))

    def _freeze_board(self, load: MeasuredLoad) -> None:
        """A pause begins: what the board shows from now on, whenever a browser asks."""
        if self._figures is not None:
            self._paused_board = look(load, self._katas, self._shop_url, self._figures.last)

    @property
    def _shop_url(self) -> str:
        return f"http://localhost:{self._port}"

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
