"""`dojo watch` over the small kata, as a learner has it: saves, runs, and the end."""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from dojo.postgres.janitor import Databases
from dojo.postgres.server import Server
from tests.support.failures.small_kata import write_project
from tests.support.failures.small_workshop import SERVER
from tests.support.project import ROOT
from tests.support.running_command import RunningCommand, assert_gone
from tests.support.up import get

WATCH = (
    "import sys, pathlib, dojo.cli.watch as w; w.run('09', None, pathlib.Path.cwd(), sys.stdout)"
)
GOOD = 'await answer(send, 200, b"%d" % rows)'
BROKEN = 'await answer(send, 500, b"")'
NEVER_STARTS = "\nasync def started():\n    await asyncio.sleep(3600)\n"


class Watch(RunningCommand):
    """A running `dojo watch`."""

    def __init__(self, folder: Path, server: Server) -> None:
        write_project(folder, "")
        self.main = folder / "app" / "main.py"
        self.state = folder / "state"
        super().__init__(
            [sys.executable, "-c", WATCH],
            folder,
            {
                **os.environ,
                "DOJO_STATE": str(self.state),
                "DOJO_CACHE": str(folder / "cache"),
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "COLUMNS": "90",
                SERVER: json.dumps(asdict(server)),
            },
        )

    def save(self, text: str) -> int:
        """Write the app's file; the place in the output from which on something must come."""
        since = len(self.output)
        self.main.write_text(text)
        return since

    def end_by(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.signal(number)
        return self.end()


@pytest.fixture
def watch(tmp_path: Path, server: Server) -> Iterator[Watch]:
    running = Watch(tmp_path, server)
    try:
        yield running
    finally:
        running.end_by(signal.SIGKILL)


DONE = r"Waiting for a save"


def test_saves_and_runs(watch: Watch, server: Server) -> None:
    """Green, red beside it, a syntax error that is not run, a run cut short, green; Ctrl-C."""
    watch.await_text(rf"(?s) MET .*attempt 1, .*{DONE}")
    page = watch.await_text(r"http://\S+")[0]
    shown = get(f"{page}attempt")
    good = watch.main.read_text()
    assert GOOD in good

    since = watch.save(good.replace(GOOD, BROKEN))
    red = watch.await_text(
        rf"(?s)app/main\.py saved: running.* NOT MET .*attempt 2, .*{DONE}", since
    )[0]
    assert re.search(r"now +attempt 1 *\n", red)  # the figures of the first beside it
    assert re.search(r"bad: http_5xx +\d+ +0", red)
    assert get(f"{page}attempt") != shown
    assert "Not met" in get(f"{page}report")

    since = watch.save(good + "\ndef page(:\n")
    watch.await_text(rf"(?s)Not run, .*app/main\.py:\d+: .*{DONE}", since)

    since = watch.save(good.replace("\nwith psycopg", f"{NEVER_STARTS}\nwith psycopg", 1))
    watch.await_text(r"app/main\.py saved: running", since)
    since = watch.save(good)
    watch.await_text(rf"(?s)saved meanwhile: this run ends\..* MET .*attempt 3, .*{DONE}", since)

    watch.await_that(watch.processes)  # it prepares the next run in the background
    started = watch.processes()
    assert watch.end_by(signal.SIGINT) == 0
    assert "nothing is left running" in watch.output
    assert_gone(started)
    numbers = [path.stem for path in (watch.state / "reports" / "09-small").glob("attempt-*.json")]
    assert sorted(numbers) == ["attempt-0001", "attempt-0002", "attempt-0003"]
    assert Databases(server).names(server.database("run_")) == []


def test_what_it_holds_ready_dies_with_it(watch: Watch) -> None:
    """Also by kill -9, when nobody can clean up."""
    watch.await_text(DONE)
    watch.await_that(watch.processes)
    started = watch.processes()
    watch.end_by(signal.SIGKILL)
    assert_gone(started)
