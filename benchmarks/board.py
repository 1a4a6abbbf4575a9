"""What the board costs: CPU and memory of `dojo up` without a browser, with one and with twenty.

    ./run python -m benchmarks.board [SECONDS]

The load is 30 journeys a second throughout, so that only the browsers differ. A browser is a
connection that reads the board's events; what Chromium spends on drawing them is its own. The
column `board` is what the same process spends beyond its share without a browser.
"""

import os
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from dojo.cli.board_server import SEEN_FOR_S
from tests.support.up import dojo_up

RATE = "30"
LENGTH_S = 30.0
FULL_AFTER_S = 65.0  # until the last minute is full
BROWSERS = (0, 1, 20)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the process that serves the board, with so many browsers."""

    browsers: int
    cpu_percent: float  # of a core
    rss_bytes: int
    received_bytes: int  # by all browsers in a second


class Browser:
    """Reads the board's events, and counts their bytes."""

    def __init__(self, url: str) -> None:
        self.received = 0
        self._client = httpx.Client(trust_env=False, timeout=60)
        self._thread = threading.Thread(target=self._read, args=(url,), daemon=True)
        self._thread.start()

    def _read(self, url: str) -> None:
        try:
            with self._client.stream("GET", f"{url}/events") as answer:
                for piece in answer.iter_raw():
                    self.received += len(piece)
        except (httpx.HTTPError, OSError):  # closed, here or there
            return

    def close(self) -> None:
        """Leave."""
        self._client.close()


def measure(process: psutil.Process, url: str, browsers: int, length_s: float) -> Cost:
    """The cost over so many seconds, once the browsers are there."""
    with ExitStack() as stack:
        readers = [Browser(url) for _ in range(browsers)]
        for reader in readers:
            stack.callback(reader.close)
        time.sleep(SEEN_FOR_S)
        before, received = process.cpu_times(), sum(each.received for each in readers)
        began = time.monotonic()
        time.sleep(length_s)
        spent_s, after = time.monotonic() - began, process.cpu_times()
        cpu_s = after.user + after.system - before.user - before.system
        received = sum(each.received for each in readers) - received
        rss = process.memory_info().rss
    return Cost(browsers, 100 * cpu_s / spent_s, rss, round(received / spent_s))


def main() -> None:
    """Print a table."""
    length_s = float(sys.argv[1]) if len(sys.argv) > 1 else LENGTH_S
    costs = []
    options = ("--port", "0", "--board-port", "0", "--rate", RATE, "--for", "1h")
    with tempfile.TemporaryDirectory() as folder, dojo_up(Path(folder), *options) as running:
        url = running.await_text(r"the board\s+(http://\S+)")[1]
        running.await_text("Ready in")
        process = psutil.Process(running.pid)
        time.sleep(FULL_AFTER_S)
        costs = [measure(process, url, browsers, length_s) for browsers in BROWSERS]
    least = costs[0].cpu_percent
    print(f"{os.cpu_count()} cores; {RATE} journeys a second; {length_s:g} s for each row\n")
    print("| browsers | CPU, % of a core | of it the board | memory, MB | sent, kB/s |")
    print("|---|---|---|---|---|")
    for cost in costs:
        print(
            f"| {cost.browsers} | {cost.cpu_percent:.1f} | {cost.cpu_percent - least:.1f}"
            f" | {cost.rss_bytes / 1e6:.0f} | {cost.received_bytes / 1000:.0f} |"
        )


if __name__ == "__main__":
    main()
