"""Signals that end a command that runs until somebody ends it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["signals_as_interrupt"]


@contextmanager
def signals_as_interrupt() -> Iterator[None]:
    """The first of these signals is a KeyboardInterrupt; a later one does not disturb the end."""
    ending = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        if not ending:
            ending = True
            raise KeyboardInterrupt

    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
