"""A command in a process of its own, all that it prints, and its end."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

__all__ = ["RunningCommand", "assert_gone"]

WAIT_S = 120.0  # it waits for texts; this only ends a test that would hang


class RunningCommand:
    """A command that runs until it ends by itself or by a signal."""

    def __init__(self, command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> None:
        self._child = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
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

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def await_that(self, holds: Callable[[], object]) -> None:
        """Wait until it holds; AssertionError, with all that was printed, if it ends before."""
        until = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < until, f"it did not happen:\n{self.output}"
            assert not self.has_ended or holds(), self.output
            time.sleep(0.05)

    def await_text(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait for a text in the output, from a place on."""
        text = re.compile(pattern)
        self.await_that(lambda: text.search(self.output, since))
        match = text.search(self.output, since)
        assert match is not None
        return match

    def processes(self) -> list[psutil.Process]:
        """All that it has started and that runs now."""
        return list(psutil.Process(self.pid).children(recursive=True))

    def signal(self, number: signal.Signals) -> None:
        if not self.has_ended:
            self._child.send_signal(number)

    def end(self) -> int:
        """Wait for its end; the exit status."""
        status = self._child.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self._child.stdout is not None
        self._child.stdout.close()
        return status


def assert_gone(processes: Sequence[psutil.Process]) -> None:
    """None of these processes lives on."""
    assert processes, "nothing was noted"
    _, alive = psutil.wait_procs(processes, timeout=WAIT_S)
    assert not alive
