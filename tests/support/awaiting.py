"""Waits for what comes about by itself, however busy the machine is."""

import time
from collections.abc import Callable

__all__ = ["await_that"]

WAIT_S = 60.0
POLL_S = 0.01


def await_that(holds: Callable[[], object]) -> None:
    """Return once it holds; AssertionError if that takes too long."""
    until = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(POLL_S)
