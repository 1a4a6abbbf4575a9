"""Words for the terminal, past pytest's capture."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

__all__ = ["Screen", "uncaptured", "write"]


class Screen:
    """The real terminal, as long as somebody writes to it: blocks may lie in one another, and in
    several threads.
    """

    key = pytest.StashKey["Screen"]()

    def __init__(self) -> None:
        self._lock, self._blocks = threading.RLock(), 0

    @contextmanager
    def open(self, config: pytest.Config) -> Iterator[None]:
        """Lets a block write to it."""
        capture = config.pluginmanager.getplugin("capturemanager")
        if capture is None:
            yield
            return
        with self._lock:
            if self._blocks == 0:
                capture.suspend_global_capture(in_=False)
            self._blocks += 1
        try:
            yield
        finally:
            with self._lock:
                self._blocks -= 1
                if self._blocks == 0:
                    capture.resume_global_capture()


@contextmanager
def uncaptured(config: pytest.Config) -> Iterator[None]:
    """Lets a block write to the real terminal."""
    with config.stash.setdefault(Screen.key, Screen()).open(config):
        yield


def write(config: pytest.Config, text: str) -> None:
    """Print past pytest's capture."""
    with uncaptured(config):
        sys.stderr.write(text)
        sys.stderr.flush()
