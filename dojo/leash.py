"""A child that dies with its parent, however the parent dies. Linux and macOS.

Between the two stands this file as a tiny process of its own. It holds the reading end of a pipe
whose writing end only the parent has; when the parent is gone, even by kill -9, the pipe closes and
the child's whole process group is ended. The child has a session of its own, so a Ctrl-C in the
terminal reaches it only through its parent.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

__all__ = ["Leashed"]

GRACE_S = 3.0
OPEN_FILES = 8192


class Leashed:
    """A running child. `pid` is the child's own."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdout: int | IO[bytes] | None = None,
        nice: int = 0,
        cpus: int = 0,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start `argv`; stderr goes where stdout goes. `cpus` 0: all. OSError if it can't start."""
        self._stop_signal = stop_signal
        reading, writing = os.pipe()
        command = [sys.executable, "-S", "-E", __file__, str(writing), str(nice), str(cpus)]
        self._keeper = subprocess.Popen(
            [*command, user or "-", str(int(stop_signal)), *argv],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            pass_fds=(writing,),
            start_new_session=True,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            line = told.readline().strip()
        if not line.isdigit():
            self._keeper.wait()
            raise OSError(f"{argv[0]} could not be started: {line or 'no reason given'}")
        self.pid = int(line)

    @property
    def output(self) -> IO[bytes] | None:
        """What the child prints, if `stdout` was a pipe."""
        return self._keeper.stdout

    def poll(self) -> int | None:
        """The child's exit status, negative for a signal; None while it runs."""
        status = self._keeper.poll()
        return 128 - status if status is not None and status > 128 else status

    def wait(self, timeout_s: float) -> int | None:
        """The exit status, or None if it still runs after that time."""
        try:
            self._keeper.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        return self.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child's process group, if it is still there."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                return

    def stop(self, grace_s: float = GRACE_S) -> None:
        """End the child: the stop signal, and SIGKILL to its group after the grace."""
        self.signal(self._stop_signal)
        if self.wait(grace_s) is None:
            self.signal(signal.SIGKILL)
            self.wait(GRACE_S)
        for pipe in (self._keeper.stdin, self._keeper.stdout):
            if pipe is not None:
                pipe.close()


def keep(argv: list[str]) -> int:
    """The keeper's whole life: start the child, end it when the pipe closes, pass its status on."""
    fd, nice, cpus, user, number, *command = argv
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(int(nice))
    if int(cpus) and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cpus)])
    _allow_open_files()
    with os.fdopen(int(fd), "w") as tell:
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **_as_user(user),  # type: ignore[call-overload]
            )
        except (OSError, subprocess.SubprocessError) as error:
            tell.write(f"{error}\n")
            return 127
        tell.write(f"{child.pid}\n")

    def end_with_parent() -> None:
        while os.read(0, 1):
            pass
        for last in (int(number), signal.SIGKILL):
            try:
                os.killpg(child.pid, last)
                child.wait(GRACE_S)
            except ProcessLookupError:
                return
            except subprocess.TimeoutExpired:
                continue

    threading.Thread(target=end_with_parent, daemon=True).start()
    status = int(child.wait())
    return 128 - status if status < 0 else status


def _as_user(user: str) -> dict[str, object]:
    if user == "-":
        return {}
    import pwd

    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _allow_open_files() -> None:
    """A burst against a slow app holds hundreds of connections; macOS allows 256 at first."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
