"""One run at a time on a machine: two that measure at once would disturb each other's measurements.

The lock is one for the machine, whatever the clone and whoever the user: on Linux the name of an
abstract Unix socket (unix(7)), which also a container on the host's network sees, elsewhere a file
in /tmp. A second lock, a file in the cache, guards the data there against a run that can't see the
first. The kernel releases both however their holder ends.
"""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from dojo.errors import BadSetting, GraderFault
from dojo.site.cache_folder import claim

__all__ = ["MACHINE", "alone", "machine_holder"]

POLL_S = 0.1
REMINDED_EVERY_S = 15.0
MACHINE = "slo-dojo"
UNIX_SOCKETS = Path("/proc/net/unix")


@contextmanager
def alone(
    cache: Path,
    say: Callable[[str], None],
    wait_s: float = 300.0,
    command: str = "",
    machine: str | None = MACHINE,
    ask: Callable[[], bool] = lambda: False,
) -> Iterator[None]:
    """Hold the locks of the machine and of the cache.

    Waits for another holder, naming it, and raises GraderFault after `wait_s` seconds. `command` is
    for a holder that runs until somebody ends it, "./run dojo up": whoever waits is told to do
    that, and a second one of the same command does not wait. `machine` names the machine's lock;
    None: only the cache is locked, by who measures no time. `ask` asks such a holder to let go for
    a while, and says whether it listens (dojo.site.pause).
    """
    try:
        claim(cache)
        file = (cache / "run.lock").open("a+")
    except OSError as error:
        raise BadSetting(
            f"{cache} can't be written: {error}. Set DOJO_CACHE to a folder that can."
        ) from error
    with ExitStack() as held:
        held.callback(file.close)
        wait = _Wait(say, wait_s, command, ask, measures=machine is not None)
        if machine is not None:
            name = machine
            held.callback(
                wait.until(lambda: _lock_machine(name, command), lambda: machine_holder(name))
            )
        wait.until(lambda: _lock_file(file), lambda: _noted_holder(file))
        file.truncate(0)
        file.write(f"{os.getpid()} {command}".strip())
        file.flush()
        yield


class _Wait:
    """Waits for locks one after the other, with one time limit; names each holder, and reminds."""

    def __init__(
        self,
        say: Callable[[str], None],
        wait_s: float,
        command: str,
        ask: Callable[[], bool],
        *,
        measures: bool,
    ) -> None:
        self._say, self._wait_s, self._command = say, wait_s, command
        self._ask, self._measures = ask, measures
        self._began = self._said_at = time.monotonic()
        self._announced = ""  # what was last said of a holder

    def until(
        self,
        lock: Callable[[], Callable[[], None] | None],
        holder: Callable[[], tuple[str, str]],
    ) -> Callable[[], None]:
        """Try `lock` until it gives what releases it; `holder` tells pid and command."""
        while (release := lock()) is None:
            pid, running = holder()
            name = f"{running} (process {pid})" if running else f"Another run (process {pid})"
            if running and running == self._command:
                raise GraderFault(f"{name} runs already. One is enough: use it, or end it.")
            now = time.monotonic()
            if now > self._began + self._wait_s:
                raise GraderFault(
                    f"{name} has not ended for {self._wait_s:.0f} s. End it, then run again."
                )
            pauses = bool(running) and self._ask()  # it may have begun while this run waited
            notice = self._notice(name, goes_on=bool(running), pauses=pauses)
            if notice != self._announced:
                self._say(notice)
                self._announced, self._said_at = notice, now
            elif now > self._said_at + REMINDED_EVERY_S:
                self._say(f"{name} still goes on, after {now - self._began:.0f} s of waiting.")
                self._said_at = now
            time.sleep(POLL_S)
        return release

    def _notice(self, name: str, *, goes_on: bool, pauses: bool) -> str:
        """Why this run waits, and for how long if the other one goes on until somebody ends it."""
        if not goes_on:
            does = "is measuring on this machine" if self._measures else "has the same Postgres"
            return f"{name} {does}; waiting for its end."
        if pauses:
            return f"{name} pauses for this run, and goes on afterwards."
        reason = "the two would disturb each other's measurements"
        if not self._measures:
            reason = "the two can't share a Postgres"
        return (
            f"{name} is running, and {reason}. End it with Ctrl-C: this run waits"
            f" {self._wait_s:.0f} s for that, and then goes on."
        )


def _lock_machine(name: str, command: str) -> Callable[[], None] | None:
    """The lock is one abstract name; a second one, which follows from it, says who holds it."""
    if sys.platform != "linux":
        return _lock_shared_file(Path("/tmp") / f"{name}.lock")
    with ExitStack() as stack:
        try:
            for text in (name, f"{name} {os.getpid()} {command}".strip()):
                stack.enter_context(socket.socket(socket.AF_UNIX)).bind(f"\0{text}")
        except OSError:
            return None
        return stack.pop_all().close
    return None


def machine_holder(name: str = MACHINE) -> tuple[str, str]:
    """Pid and command of the holder, as far as they can be known from here."""
    with suppress(OSError):
        for line in UNIX_SOCKETS.read_text(encoding="utf-8", errors="replace").splitlines():
            _, _, text = line.partition(f" @{name} ")
            pid, _, command = text.partition(" ")
            if pid.isdigit():
                return pid, command
    return "unknown", ""


def _lock_shared_file(path: Path) -> Callable[[], None] | None:
    """A lock in a folder of everybody's; a file that can't be opened locks nobody out."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        with suppress(OSError):
            os.fchmod(descriptor, 0o666)  # whatever the umask
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return lambda: os.close(descriptor)
    return lambda: None


def _lock_file(file: IO[str]) -> Callable[[], None] | None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return file.close


def _noted_holder(file: IO[str]) -> tuple[str, str]:
    """The holder's process id, and its command if it runs until somebody ends it."""
    file.seek(0)
    pid, _, command = (file.read().strip() or "unknown").partition(" ")
    return pid, command
