"""A child that dies with its parent, however the parent dies. Linux and macOS.

Between the two runs this file, as a small process of its own: the supervisor. It reads from a pipe
whose other end only the parent holds. When the parent is gone, even by kill -9, the pipe closes,
and the supervisor ends the child's whole process group. The child has a session of its own, so a
Ctrl-C in the terminal reaches it only through its parent. On Linux the supervisor adopts what
detaches itself from the child, and ends that after the child.

    python -S -E dojo/child.py [--nice N] [--cpus K] [--user NAME] [--signal N] [--report FD] -- …

The supervisor's standard input is that pipe. On FD it writes the child's pid, or why there is none.
A module of this project that takes orders is a `dojo.worker` instead, which needs no supervisor.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

__all__ = ["LEAST_OPEN_FILES", "ChildProcess", "allow_open_files", "open_files_allowed"]

GRACE_S = 3.0
ORPHAN_GRACE_S = 0.5  # between the stop signal and SIGKILL once the parent is gone
OPEN_FILES = 8192
LEAST_OPEN_FILES = 1024  # a slow app under load holds hundreds of connections
LAST_SIGNAL = 64
PR_SET_CHILD_SUBREAPER = 36


class ChildProcess:
    """A running child, stopped at the end of a `with` block. `pid` is the child's own."""

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
        command = [sys.executable, "-S", "-E", __file__, "--report", str(writing)]
        command += ["--nice", str(nice), "--cpus", str(cpus), "--signal", str(int(stop_signal))]
        command += ["--user", user] if user else []
        self._supervisor = subprocess.Popen(
            [*command, "--", *argv],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            pass_fds=(writing,),
            start_new_session=True,
        )
        os.close(writing)
        with os.fdopen(reading) as reports:
            report = reports.readline().strip()
        if not report.isdigit():
            self._supervisor.wait()
            self._close()
            raise OSError(f"{argv[0]} could not be started: {report or 'no reason given'}")
        self.pid = int(report)

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def output(self) -> IO[bytes] | None:
        """What the child prints, if `stdout` was a pipe."""
        return self._supervisor.stdout

    @property
    def supervisor_pid(self) -> int:
        """The process between the two, which has the child's environment."""
        return self._supervisor.pid

    def poll(self) -> int | None:
        """The child's exit status, negative for a signal; None while it runs."""
        status = self._supervisor.poll()
        if status is not None and 128 < status <= 128 + LAST_SIGNAL:
            return 128 - status
        return status

    def wait(self, timeout_s: float) -> int | None:
        """The exit status, or None if it still runs after that time."""
        try:
            self._supervisor.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        return self.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child's process group, if it is still there."""
        if self.poll() is None:
            _kill_group(self.pid, number)

    def stop(self, grace_s: float = GRACE_S) -> None:
        """End the child: the stop signal, and SIGKILL to its group after the grace."""
        self.signal(self._stop_signal)
        if self.wait(grace_s) is None:
            self.signal(signal.SIGKILL)
            self.wait(GRACE_S)
        if (self._supervisor.returncode or 0) < 0:  # somebody killed the supervisor, not the child
            _kill_group(self.pid, signal.SIGKILL)
        self._close()

    def _close(self) -> None:
        for pipe in (self._supervisor.stdin, self._supervisor.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def allow_open_files() -> None:
    """Raise this process's limit: a slow app holds hundreds of connections, macOS allows 256."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = open_files_allowed()
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def open_files_allowed() -> int:
    """How many files a child may have open at most: the hard limit, up to OPEN_FILES."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)


def supervise(argv: list[str]) -> int:
    """Start the child, end it when the pipe closes, and return its exit status."""
    split = argv.index("--")
    options = dict(zip(argv[:split:2], argv[1:split:2], strict=True))
    stop_signal = int(options.get("--signal", signal.SIGTERM))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # unlike SIG_IGN, not inherited by the child
    os.nice(int(options.get("--nice", 0)))
    if (cpus := int(options.get("--cpus", 0))) and sys.platform == "linux":
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cpus])
    allow_open_files()
    adopted = _adopt_orphans()
    with os.fdopen(int(options.get("--report", os.dup(2))), "w") as report:
        try:
            child = subprocess.Popen(
                argv[split + 1 :],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **_as_user(options.get("--user")),  # type: ignore[call-overload]
            )
        except (OSError, subprocess.SubprocessError, LookupError) as error:
            report.write(f"{error}\n")
            return 127
        report.write(f"{child.pid}\n")

    def end_with_parent() -> None:
        while os.read(0, 1):
            pass
        _kill_group(child.pid, stop_signal)
        time.sleep(ORPHAN_GRACE_S)
        _kill_group(child.pid, signal.SIGKILL)

    threading.Thread(target=end_with_parent, daemon=True).start()
    if hasattr(os, "waitid"):  # the pid stays ours, so that its group can't be somebody else's yet
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    else:
        child.wait()
    _kill_group(child.pid, signal.SIGKILL)  # what the child has left behind
    status = int(child.wait())
    if adopted:
        _kill_orphans()
    return 128 - status if status < 0 else status


def _adopt_orphans() -> bool:
    """Become the parent of whatever detaches itself from the child (prctl(2)); False elsewhere."""
    if sys.platform != "linux":
        return False
    import ctypes

    return int(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0


def _kill_orphans() -> None:
    """End what the child has left behind, until nobody is left, however it detached itself."""
    while True:
        for pid in _own_children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _own_children() -> list[int]:
    """By /proc/PID/stat (proc(5)): the state and the parent follow the name in brackets."""
    children = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                stat = (folder / "stat").read_text(errors="replace")
                if int(stat.rpartition(")")[2].split()[1]) == os.getpid():
                    children.append(int(folder.name))
    return children


def _kill_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(pid, number)


def _as_user(user: str | None) -> dict[str, object]:
    if user is None:
        return {}
    import pwd

    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[1:]))
