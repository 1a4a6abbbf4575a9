"""One run of a kata by the product's own pytest, started ahead of time and held until a save.

It dies with us, however we die: see dojo.child.
"""

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from dojo.child import ChildProcess
from dojo.output.run_events import VARIABLE, Event, read_line
from dojo.settings import ROOT

__all__ = ["WatchedRun"]

END_S = 20.0  # for a run that is cut short to drop its database and end what it started


class WatchedRun:
    """A pytest session that imports everything, and begins when `start` is called."""

    def __init__(self, root: Path, folder: Path, app_dir: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dojo-watch-")
        self._start = Path(self._folder.name) / "start"
        command = [sys.executable, "-m", "pytest", str(folder), "--app", str(app_dir)]
        command += ["-s", "-p", "no:terminal", "-p", "dojo.watched"]
        self._child = ChildProcess(
            command,
            cwd=root,
            env={**os.environ, VARIABLE: str(self._start), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stop_signal=signal.SIGINT,
        )
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self) -> None:
        """Let it begin, as soon as it is ready."""
        self._start.touch()

    def events(self) -> list[Event]:
        """What it has told since the last call."""
        events = []
        while not self._events.empty():
            events.append(self._events.get())
        return events

    def status(self) -> int | None:
        """The exit status once it has ended and all that it told can be had; else None."""
        status = self._child.poll()
        if status is not None:
            self._reader.join(END_S)
        return status

    def stop(self) -> None:
        """End it, wherever it is; what it made is gone afterwards."""
        self._child.stop(END_S)
        self._folder.cleanup()

    def _read(self) -> None:
        assert self._child.output is not None
        for line in self._child.output:
            self._events.put(read_line(line.decode(errors="replace")))
