"""`dojo watch` over the small kata, as a learner has it: saves, runs, and the end."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from tests.support.failures.small_kata import write_project
from tests.support.failures.small_workshop import SERVER
from tests.support.project import ROOT
from tests.support.up import get

WAIT_S = 120.0  # it waits for texts; this only ends a test that would hang
WATCH = (
    "import sys, pathlib, dojo.cli.watch as w; w.run('09', None, pathlib.Path.cwd(), sys.stdout)"
)
GOOD = 'await answer(send, 200, b"%d" % rows)'
BROKEN = 'await answer(send, 500, b"")'
NEVER_STARTS = "\nasync def started():\n    await asyncio.sleep(3600)\n"


class Watch:
    """A running `dojo watch`; everything that it prints."""

    def __init__(self, folder: Path, server: Server) -> None:
        write_project(folder, "")
        self.main = folder / "app" / "main.py"
        self.state = folder / "state"
        self._child = subprocess.Popen(
            [sys.executable, "-c", WATCH],
            cwd=folder,
            env={
                **os.environ,
                "DOJO_STATE": str(self.state),
                "DOJO_CACHE": str(folder / "cache"),
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "COLUMNS": "90",
                SERVER: json.dumps(asdict(server)),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.output += line

    def save(self, text: str) -> int:
        """Write the app's file; the place in the output from which on something must come."""
        since = len(self.output)
        self.main.write_text(text)
        return since

    def until(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < until, f"it did not happen:\n{self.output}"
            assert self._child.poll() is None or holds(), self.output
            time.sleep(0.05)

    def text(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait for a text in the output, from a place on."""
        self.until(lambda: re.search(pattern, self.output[since:], re.DOTALL))
        match = re.search(pattern, self.output[since:], re.DOTALL)
        assert match is not None
        return match

    def processes(self) -> list[psutil.Process]:
        """All that it has started and that runs now."""
        return list(psutil.Process(self._child.pid).children(recursive=True))

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit status."""
        if self._child.poll() is None:
            self._child.send_signal(number)
        status = self._child.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self._child.stdout is not None
        self._child.stdout.close()
        return status


@pytest.fixture
def watch(tmp_path: Path, server: Server) -> Iterator[Watch]:
    running = Watch(tmp_path, server)
    try:
        yield running
    finally:
        running.end(signal.SIGKILL)


DONE = r"Waiting for a save"


def test_saves_and_runs(watch: Watch, server: Server) -> None:
    """Green, red beside it, a syntax error that is not run, a run cut short, green; Ctrl-C."""
    watch.text(rf" MET .*attempt 1, .*{DONE}")
    page = watch.text(r"http://\S+")[0]
    shown = get(f"{page}attempt")
    good = watch.main.read_text()
    assert GOOD in good

    since = watch.save(good.replace(GOOD, BROKEN))
    red = watch.text(rf"app/main\.py saved: running.* NOT MET .*attempt 2, .*{DONE}", since)[0]
    assert re.search(r"now +attempt 1 *\n", red)  # the figures of the first beside it
    assert re.search(r"bad: http_5xx +\d+ +0", red)
    assert get(f"{page}attempt") != shown
    assert "Not met" in get(f"{page}report")

    since = watch.save(good + "\ndef page(:\n")
    watch.text(rf"Not run, .*app/main\.py:\d+: .*{DONE}", since)

    since = watch.save(good.replace("\nwith psycopg", f"{NEVER_STARTS}\nwith psycopg", 1))
    watch.text(r"app/main\.py saved: running", since)
    since = watch.save(good)
    watch.text(rf"saved meanwhile: this run ends\..* MET .*attempt 3, .*{DONE}", since)

    started = watch.processes()
    assert watch.end(signal.SIGINT) == 0
    assert "nothing is left running" in watch.output
    _, alive = psutil.wait_procs(started, timeout=WAIT_S)
    assert not alive
    numbers = [path.stem for path in (watch.state / "reports" / "09-small").glob("attempt-*.json")]
    assert sorted(numbers) == ["attempt-0001", "attempt-0002", "attempt-0003"]
    assert Databases(server).names(server.database("run_")) == []


def test_what_it_holds_ready_dies_with_it(watch: Watch) -> None:
    """Also by kill -9, when nobody can clean up."""
    watch.text(DONE)
    watch.until(watch.processes)
    started = watch.processes()
    watch.end(signal.SIGKILL)
    _, alive = psutil.wait_procs(started, timeout=WAIT_S)
    assert not alive
