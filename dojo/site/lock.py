"""One run at a time: two that measure at once would disturb each other's measurements."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dojo.errors import BadSetting, GraderFault

__all__ = ["alone"]

POLL_S = 0.1


@contextmanager
def alone(
    cache: Path, say: Callable[[str], None], wait_s: float = 300.0, command: str = ""
) -> Iterator[None]:
    """Hold the cache's lock; the kernel releases it however the holder ends.

    Waits for another holder, naming it, and raises GraderFault after `wait_s` seconds. `command` is
    for a holder that runs until somebody ends it: whoever waits is told to do that, and a second
    one of the same command does not wait.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        file = (cache / "run.lock").open("a+")
    except OSError as error:
        raise BadSetting(
            f"{cache} can't be written: {error}. Set DOJO_CACHE to a folder that can."
        ) from error
    with file:
        _acquire(file, say, wait_s, command)
        file.truncate(0)
        file.write(f"{os.getpid()} {command}".strip())
        file.flush()
        yield


def _acquire(file: IO[str], say: Callable[[str], None], wait_s: float, command: str) -> None:
    until = time.monotonic() + wait_s
    announced = False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            pid, running = _holder(file)
        name = f"{running} (process {pid})" if running else f"Another run (process {pid})"
        if running and running == command:
            raise GraderFault(f"{name} runs already. One is enough: use it, or end it.")
        if time.monotonic() > until:
            raise GraderFault(f"{name} has not ended for {wait_s:.0f} s. End it, then run again.")
        if not announced:
            say(_notice(name, wait_s) if running else f"{name} is measuring; waiting for its end.")
            announced = True
        time.sleep(POLL_S)


def _holder(file: IO[str]) -> tuple[str, str]:
    """The holder's process id, and its command if it runs until somebody ends it."""
    file.seek(0)
    pid, _, command = (file.read().strip() or "unknown").partition(" ")
    return pid, command


def _notice(name: str, wait_s: float) -> str:
    return (
        f"{name} is running, and the two would disturb each other's measurements. End it with"
        f" Ctrl-C: this run waits {wait_s:.0f} s for that, and then goes on."
    )
