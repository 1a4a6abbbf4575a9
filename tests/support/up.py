"""`dojo up` in a process of its own, as a learner has it, with an embedded Postgres."""

import os
import shutil
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from dojo.slo.catalog import service_levels
from tests.support.project import ROOT
from tests.support.running_command import RunningCommand, assert_gone

__all__ = ["OBJECTIVES", "Up", "copied_app", "dojo_up", "get", "status"]

OBJECTIVES = [
    objective.display_name
    for level in service_levels(ROOT).values()
    for objective in level.objectives
]


class Up(RunningCommand):
    """A running `dojo up`."""

    def __init__(self, state: Path, *options: str) -> None:
        self.state = state
        self.started: list[psutil.Process] = []
        super().__init__(
            [sys.executable, "-m", "dojo", "up", *options],
            ROOT,
            {**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
        )

    @property
    def url(self) -> str:
        return self.await_text(r"the shop\s+(http://\S+)")[1]

    def note_processes(self) -> None:
        """Remember all that it has started, to be sure later that none of it is left."""
        self.started = self.processes()

    def assert_nothing_left(self) -> None:
        """No process of its own lives on."""
        assert_gone(self.started)


@contextmanager
def dojo_up(state: Path, *options: str) -> Iterator[Up]:
    running = Up(state, *options)
    try:
        yield running
    finally:
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
