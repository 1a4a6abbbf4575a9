"""`dojo up`: Postgres, the dataset, the app and a steady load, until it is over.

Composes the parts; knows no pytest. Everything it starts ends with it, by whatever way it ends.
"""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from dojo.cli.board_server import LOOPBACK
from dojo.cli.duration import spoken
from dojo.cli.interrupt import signals_as_interrupt
from dojo.cli.live_shop import COMMAND, Addresses, LiveShop
from dojo.cli.ports import require_free
from dojo.cli.up_options import UpOptions
from dojo.errors import BadSetting
from dojo.kata import finder
from dojo.settings import Settings
from dojo.site.pause import PauseRequests

__all__ = ["UpOptions", "run", "up"]

HOSTS = ("127.0.0.1", "localhost", "0.0.0.0")  # the last is for containers
JUDGED = (
    "An event is good if it was answered in time and with the right status. What pages\nsay is not"
    " judged here, since you may buy and review, too: a kata's run judges that."
)


def run(options: UpOptions, app: str | None, root: Path, stream: TextIO) -> None:
    """The command; `app` is the folder of the app, None for the usual one."""
    up(options, Settings.read(root, os.environ, app), root, stream)


def up(options: UpOptions, settings: Settings, root: Path, stream: TextIO) -> None:
    """Run until the time is over or Ctrl-C. GraderFault or AppFault if it can't go on."""
    if options.host not in HOSTS:
        raise BadSetting(f"--host can be {', '.join(HOSTS)}, not {options.host!r}.")

    def say(line: str) -> None:
        print(line, file=stream, flush=True)

    began = time.perf_counter()
    with (
        suppress(KeyboardInterrupt),
        signals_as_interrupt(),
        PauseRequests.heard(COMMAND) as requests,  # before the ports: a second `up` is called that
    ):
        _require_free(options)
        with (
            finder.open_katas(root, settings.cache_dir, say) as katas,
            LiveShop(options, settings, katas, requests, stream) as shop,
        ):
            katas_s = time.perf_counter() - began

            def on_ready(addresses: Addresses, timings_s: dict[str, float]) -> None:
                say(_addresses(addresses))
                timings_s = {"katas": katas_s, **timings_s}
                say(_ready(options, settings, timings_s, time.perf_counter() - began))

            shop.run(on_ready)
    say("Ended; nothing is left running.")


def _require_free(options: UpOptions) -> None:
    require_free(options.host, options.port, "--port")
    if options.load and options.board and options.board_port:
        require_free(LOOPBACK, options.board_port, "--board-port")


def _addresses(addresses: Addresses) -> str:
    return "\n".join(
        (
            "",
            *((f"  the board            {addresses.board}",) if addresses.board else ()),
            f"  the shop             {addresses.shop}",
            f"  what it measures     {addresses.shop}/metrics",
            f"  what its load sees   {addresses.measurements}",
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
    return "\n".join([*lines, "A kata that is run meanwhile pauses all of this.", ""])
