"""`dojo up` in a process of its own, as a learner has it, with an embedded Postgres."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from dojo.slo.catalog import service_levels
from tests.support.project import ROOT

__all__ = ["OBJECTIVES", "Up", "copied_app", "dojo_up", "get", "status"]

WAIT_S = 90.0
OBJECTIVES = [
    objective.display_name
    for level in service_levels(ROOT).values()
    for objective in level.objectives
]


class Up:
    """A running `dojo up`; everything that it prints."""

    def __init__(self, state: Path, *options: str) -> None:
        self.state = state
        self._child = subprocess.Popen(
            [sys.executable, "-m", "dojo", "up", *options],
            cwd=ROOT,
            env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self.started: list[psutil.Process] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.output += line

    def await_that(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < until, f"it did not happen:\n{self.output}"
            assert self._child.poll() is None or holds(), self.output
            time.sleep(0.05)

    def await_text(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait for a text in the output, from a place on."""
        self.await_that(lambda: re.search(pattern, self.output[since:]))
        match = re.search(pattern, self.output[since:])
        assert match is not None
        return match

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def url(self) -> str:
        return self.await_text(r"the shop\s+(http://\S+)")[1]

    def note_processes(self) -> None:
        """Remember all that it has started, to be sure later that none of it is left."""
        self.started = psutil.Process(self._child.pid).children(recursive=True)

    def signal(self, number: signal.Signals) -> None:
        self._child.send_signal(number)

    def end(self) -> int:
        """Wait for its end; the exit status."""
        status = self._child.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self._child.stdout is not None
        self._child.stdout.close()
        return status

    def assert_nothing_left(self) -> None:
        """No process of its own lives on."""
        assert self.started, "nothing was noted"
        _, alive = psutil.wait_procs(self.started, timeout=WAIT_S)
        assert not alive


@contextmanager
def dojo_up(state: Path, *options: str) -> Iterator[Up]:
    running = Up(state, *options)
    try:
        yield running
    finally:
        if running._child.poll() is None:
            running.signal(signal.SIGKILL)
        running.end()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def status(url: str) -> int:
    """The status of an answer; 0 without one."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def copied_app(folder: Path) -> Path:
    return Path(
        shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    )
