"""`dojo up`: Postgres, the dataset, the app and a steady load, until it is over.

Composes the parts; knows no pytest. Everything it starts ends with it, by whatever way it ends.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from types import FrameType
from typing import TextIO

from psycopg.conninfo import conninfo_to_dict

from dojo.cli.board import SiteFigures, look
from dojo.cli.board_server import LOOPBACK, BoardServer
from dojo.cli.duration import spoken
from dojo.cli.live_table import LiveTable
from dojo.cli.measured_load import MeasuredLoad
from dojo.cli.ports import require_free
from dojo.cli.reload import WARM_UP_AT_MOST_S, AppKeeper
from dojo.errors import BadSetting
from dojo.kata import finder
from dojo.kata.finder import OpenKata
from dojo.observability.telemetry import observed
from dojo.settings import Settings
from dojo.site.live_database import announced
from dojo.site.running_site import RunningSite
from dojo.site.workshop import Workshop

__all__ = ["UpOptions", "run", "up"]

COMMAND = "./run dojo up"
HOSTS = ("127.0.0.1", "localhost", "0.0.0.0")  # the last is for containers
TICK_S = 0.25
WATCHED_PER_S = 30.0  # journeys of every kind together
JUDGED = (
    "An event is good if it was answered in time and with the right status. What pages\nsay is not"
    " judged here, since you may buy and review, too: a kata's run judges that."
)


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The command line's options."""

    for_s: float = 3600.0
    port: int = 3000  # 0: any
    host: str = "127.0.0.1"
    rate_per_s: float = 1.0  # journeys of every kind together
    load: bool = True
    reload: bool = False
    board: bool = True
    board_port: int | None = None  # 0: any; None: the usual one, or any if that is taken

    @property
    def watched_factor(self) -> float:
        """How many times the rate is sent while a board is open, so that a fix is seen in time."""
        return max(1.0, WATCHED_PER_S / self.rate_per_s)


def run(options: UpOptions, app: str | None, root: Path, stream: TextIO) -> None:
    """The command; `app` is the folder of the app, None for the usual one."""
    up(options, Settings.read(root, os.environ, app), root, stream)


def up(options: UpOptions, settings: Settings, root: Path, stream: TextIO) -> None:
    """Run until the time is over or Ctrl-C. GraderFault or AppFault if it can't go on."""
    if options.host not in HOSTS:
        raise BadSetting(f"--host can be {', '.join(HOSTS)}, not {options.host!r}.")
    require_free(options.host, options.port, "--port")
    if options.load and options.board and options.board_port:
        require_free(LOOPBACK, options.board_port, "--board-port")

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    began = time.perf_counter()
    with (
        suppress(KeyboardInterrupt),
        _signals_as_interrupt(),
        finder.open_katas(root, settings.cache_dir, say) as katas,
        ExitStack() as stack,
    ):
        katas_s = time.perf_counter() - began
        workshop = stack.enter_context(Workshop.open(settings, say, command=COMMAND))
        seed = SystemRandom().randrange(1, 1_000_000)
        site = stack.enter_context(
            RunningSite(workshop, [each.kata for each in katas], seed, options.port, options.host)
        )
        keeper = AppKeeper(site, settings.app_dir, reload=options.reload)
        site.new_database()
        name = str(conninfo_to_dict(site.dsn)["dbname"])
        stack.enter_context(announced(settings.cache_dir, workshop.server.app_dsn(name)))
        site.start_app()
        site.warm_up(1, WARM_UP_AT_MOST_S)
        load, measurements = _measured(stack, options, workshop, katas, site, seed)
        board = _board(stack, options, load, katas, site)
        timings_s = {"katas": katas_s, **site.timings_s}
        say(_addresses(site, measurements, board))
        say(_ready(options, settings, timings_s, time.perf_counter() - began))
        _stay(options, load, keeper, board, stream)
    say("Ended; nothing is left running.")


def _measured(
    stack: ExitStack,
    options: UpOptions,
    workshop: Workshop,
    katas: tuple[OpenKata, ...],
    site: RunningSite,
    seed: int,
) -> tuple[MeasuredLoad | None, str]:
    """The load, if there shall be one, and the address of its measurements."""
    exporter = stack.enter_context(
        observed(
            workshop.settings.state_dir,
            f"127.0.0.1:{site.app.port}",
            site.dsn,
            [objective.threshold_s for each in katas for objective in each.level.objectives],
            {},
            workshop.say,
        )
    )
    if not options.load:
        return None, exporter.address
    load = MeasuredLoad.start(
        katas, exporter, site.base_url, options.rate_per_s, options.for_s, seed
    )
    return stack.enter_context(load), exporter.address


def _board(
    stack: ExitStack,
    options: UpOptions,
    load: MeasuredLoad | None,
    katas: tuple[OpenKata, ...],
    site: RunningSite,
) -> BoardServer | None:
    """The board, unless there is nothing to show or nobody wants it."""
    if load is None or not options.board:
        return None
    figures = stack.enter_context(closing(SiteFigures(site.base_url)))
    shop_url = f"http://localhost:{site.app.port}"
    return stack.enter_context(
        BoardServer.start(options.board_port, lambda: look(load, katas, shop_url, figures))
    )


def _addresses(site: RunningSite, measurements: str, board: BoardServer | None) -> str:
    return "\n".join(
        (
            "",
            *((f"  the board            {board.url}",) if board is not None else ()),
            f"  the shop             http://localhost:{site.app.port}",
            f"  what it measures     http://localhost:{site.app.port}/metrics",
            f"  what its load sees   http://{measurements}/metrics",
            "",
        )
    )


def _ready(
    options: UpOptions, settings: Settings, timings_s: dict[str, float], whole_s: float
) -> str:
    parts = ", ".join(
        f"{name.replace('_', ' ')} {spent_s:.1f}" for name, spent_s in timings_s.items()
    )
    lines = [f"Ready in {whole_s:.1f} s ({parts})."]
    length = spoken(options.for_s)
    if options.load:
        rate = f"{options.rate_per_s:g} a second of the katas' journeys in equal parts"
        if options.board:
            rate += f" ({options.rate_per_s * options.watched_factor:g} while the board is open)"
        lines += [f"Load: {rate}, for {length}; Ctrl-C ends it all.", JUDGED]
    else:
        lines += [f"No load. It stays for {length}; Ctrl-C ends it all."]
    if options.reload:
        lines += [f"Watching {settings.app_dir.name}/: a change restarts the app."]
    return "\n".join([*lines, ""])


def _stay(
    options: UpOptions,
    load: MeasuredLoad | None,
    keeper: AppKeeper,
    board: BoardServer | None,
    stream: TextIO,
) -> None:
    """Watch over all of it until the time is over."""
    until = time.monotonic() + options.for_s
    if load is None:
        while time.monotonic() < until:
            time.sleep(TICK_S)
            keeper.check(lambda line: print(line, file=stream, flush=True), lambda _: None)
        return
    with LiveTable(stream, load.figures) as table:
        with suppress(KeyboardInterrupt):
            while time.monotonic() < until:
                table.tick()
                time.sleep(TICK_S)
                load.tick()
                if board is not None:
                    board.check()
                watched = board is not None and board.watched
                load.hurry(options.watched_factor if watched else 1.0)
                if keeper.check(table.say, load.plan_ahead):
                    load.note_restart()
        cut_off = load.end()
        table.last()
    if cut_off:
        print(f"Under way at the end, and not counted: {cut_off:,}.", file=stream, flush=True)


@contextmanager
def _signals_as_interrupt() -> Iterator[None]:
    """The first of these signals is a KeyboardInterrupt; a later one does not disturb the end."""
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        if not ending:
            ending = True
            raise KeyboardInterrupt

    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
