"""The website as a child process: started, watched, restarted and stopped."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx

from dojo.child import ChildProcess
from dojo.environment import child_environment
from dojo.errors import AppDidNotStart, AppDied, AppFlooded, AppHung, BadSetting
from dojo.report import Failure
from dojo.site.app_family import AppFamily
from dojo.site.app_log import AppLog
from dojo.site.diagnosis import Diagnosis, exit_reason
from dojo.site.machine.processes import Scheduling, thread_scheduling
from dojo.site.machine.time_limit import TimeLimit
from dojo.site.machine.watch import MachineWatch, Roots
from dojo.site.visitor_client import open_visitor_client

__all__ = ["LOOPBACK", "AppProcess", "launch_scheduling"]

START_S = 15.0
NICE = 5  # the load must be on time even when the app keeps every core busy
ANSWER_S = 5.0
STOP_S = 3.0
LAST_STOP_S = 0.2  # after the measurement, when nothing that the app still does can matter
STACKS_S = 2.0  # for the app to write its stacks, and for the rest of its output to be read
POLL_S = 0.02
FLOOD_BYTES = 32 << 20
LOOPBACK = "127.0.0.1"
USUAL_PORT = 3000  # where the dashboards look for it
NULL_BYTES = "source code string cannot contain null bytes"
INSTANCE_HEADER = "X-Instance"


class AppProcess:
    """A running app, stopped at the end of a `with` block. `base_url` is where it answers."""

    def __init__(
        self,
        app_dir: Path,
        database_url: str,
        port: int | None = None,
        env_extra: Mapping[str, str] | None = None,
        start_timeout_s: float = START_S,
        host: str = LOOPBACK,
    ) -> None:
        if app_dir.name != "app":
            raise BadSetting(f"The app's folder must be called app, not {app_dir.name!r}.")
        self._app_dir = app_dir.resolve()
        self._env = child_environment(
            os.environ,
            DATABASE_URL=database_url,
            PYTHONUNBUFFERED="1",
            PYTHONFAULTHANDLER="1",
            PYTHONDONTWRITEBYTECODE="1",
            **(env_extra or {}),
        )
        self._start_timeout_s = start_timeout_s
        self._host = host
        self.port = _free_port(port, host)
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self._log = AppLog()
        self._diagnosis = Diagnosis(self._app_dir)
        self._stopped = False

    @classmethod
    def start(
        cls,
        app_dir: Path,
        database_url: str,
        port: int | None = None,
        env_extra: Mapping[str, str] | None = None,
        start_timeout_s: float = START_S,
        host: str = LOOPBACK,
    ) -> "AppProcess":
        """Start the app and wait until /healthz answers 200; AppDidNotStart if it doesn't.

        `port` None: 3000 if it is free, else any. BadSetting for a port that is taken. `host` must
        be an address that loopback reaches: the grader itself sends requests to no other.
        """
        app = cls(app_dir, database_url, port, env_extra, start_timeout_s, host)
        try:
            app._launch()
        except BadSetting:  # another process took the port meanwhile
            if port is not None:
                raise
            app = cls(app_dir, database_url, 0, env_extra, start_timeout_s, host)
            app._launch()
        return app

    def __enter__(self) -> "AppProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(LAST_STOP_S)

    @property
    def pid(self) -> int:
        """The app's own process; its supervisor is the parent."""
        return self._child.pid

    def check(self) -> None:
        """AppDied if the app has ended by itself, AppFlooded if its log is too long to read."""
        if (status := self._child.poll()) is not None:
            self._reader.join(STACKS_S)
            raise AppDied(
                f"The app ended in the middle of the run, with {exit_reason(status)}."
                f" {self._last_error()}"
            )
        self._check_log()

    def assert_responsive(self, timeout_s: float = ANSWER_S) -> None:
        """AppHung, with the place where it is, if /healthz does not answer in time."""
        self.check()
        with self._time_limit(timeout_s) as limit:
            while not limit.is_over:
                try:
                    with open_visitor_client(max(POLL_S, limit.left_s)) as client:
                        client.get(f"{self.base_url}/healthz")
                except httpx.HTTPError:  # which may come at once, long before the limit
                    self.check()
                    time.sleep(POLL_S)
                else:
                    return
        self.check()
        raise AppHung(
            f"The app runs, but has answered nothing for {timeout_s:g} s{_stolen(limit)}:"
            f" {self._current_call()}"
        )

    def restart(self, grace_s: float = STOP_S) -> None:
        """Stop the app as an operator would, and start it on the same port; the log goes on.

        Without a grace it is killed, as by a machine that fails.
        """
        self.stop(grace_s)
        self._launch()

    def stop(self, grace_s: float = STOP_S) -> None:
        """SIGTERM, and SIGKILL after the grace; to what the app has started as well.

        SIGKILL alone without a grace. Nothing happens to an app that was stopped before.
        """
        if self._stopped:
            return
        started = self._family.members(self._child)
        self._child.signal(signal.SIGTERM if grace_s else signal.SIGKILL)
        if self._child.wait(grace_s) is None:
            self._child.signal(signal.SIGKILL)
        with suppress(OSError):  # nobody left in its group
            os.killpg(self._child.pid, signal.SIGKILL)
        self._family.end(self._child, started)  # and what has left the group
        self._reader.join(STACKS_S)
        if not self._reader.is_alive():  # else somebody still holds the pipe; closing would wait
            self._child.stop()
        self._stopped = True  # its pid may soon be another process's

    def log_lines(self, containing: str) -> tuple[str, ...]:
        """The stored lines of the app's output in which a text stands, restarts included."""
        return self._log.containing(containing)

    def failures(self, failed: Sequence[str]) -> Mapping[str, Failure]:
        """What the app logged about requests that failed; see Diagnosis.failures."""
        return self._diagnosis.failures(self._log.lines(), failed)

    def failure(self, request_id: str) -> Failure | None:
        """The same about one request, whose id must stand beside it."""
        lines = self._log.lines()
        return self._diagnosis.failures(lines, [request_id], by_id_alone=True).get(request_id)

    def _launch(self) -> None:
        self._launched_at = self._log.count
        self._instance = uuid4().hex  # on port 3000 another app may answer in place of ours
        self._family = AppFamily(self._env["DATABASE_URL"])
        self._child = ChildProcess(
            [
                *(sys.executable, "-m", "uvicorn", "app.main:app", "--host", self._host),
                *("--port", str(self.port), "--no-access-log", "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "1", "--backlog", "4096"),
                *("--header", f"{INSTANCE_HEADER}:{self._instance}"),
            ],
            cwd=self._app_dir.parent,
            env=self._env,
            stdout=subprocess.PIPE,
            nice=NICE,
        )
        assert self._child.output is not None
        self._reader = threading.Thread(
            target=self._log.read, args=(self._child.output,), daemon=True
        )
        self._reader.start()
        self._stopped = False
        try:
            self._await_health()
        except BaseException:
            self.stop()
            raise

    def _await_health(self) -> None:
        last_status: int | None = None
        with (
            self._time_limit(self._start_timeout_s) as limit,
            open_visitor_client(min(1.0, self._start_timeout_s)) as client,
        ):
            while not limit.is_over:
                self._check_start()
                last_status = self._health(client)
                if last_status == 200:
                    return
                time.sleep(POLL_S)
        if last_status is not None:
            raise AppDidNotStart(
                f"The app runs, but is not ready. GET /healthz answers {last_status}, and must"
                f" answer 200. {self._last_error()}"
            )
        raise AppDidNotStart(
            f"The app is still not answering after {self._start_timeout_s:g} s{_stolen(limit)}:"
            f" {self._current_call()}"
        )

    def _time_limit(self, length_s: float) -> TimeLimit:
        watch = MachineWatch(Roots(os.getpid(), self._child.pid), launch_scheduling())
        return TimeLimit(length_s, watch)

    def _health(self, client: httpx.Client) -> int | None:
        """The status of our app's /healthz; None without an answer of it."""
        try:
            answer = client.get(f"{self.base_url}/healthz")
        except httpx.HTTPError:
            return None
        return answer.status_code if answer.headers.get(INSTANCE_HEADER) == self._instance else None

    def _check_start(self) -> None:
        if (status := self._child.poll()) is not None:
            self._reader.join(STACKS_S)
            if any("address already in use" in line for line in self._log.lines()[-3:]):
                raise BadSetting(f"Somebody else took port {self.port}. Run it again.")
            raise AppDidNotStart(
                f"The app ended before it answered, with {exit_reason(status)}."
                f" {self._last_error()}"
            )
        self._check_log()

    def _check_log(self) -> None:
        if self._log.bytes > FLOOD_BYTES:
            last = "".join(self._log.lines()[-1:])[:200]
            raise AppFlooded(
                f"The app wrote over {FLOOD_BYTES >> 20} MB of log. The last line: {last!r}."
                " Find what prints it in app/, and take it out."
            )

    def _last_error(self) -> str:
        error = self._diagnosis.last_error(self._log.lines(since=self._launched_at))
        if NULL_BYTES not in error:
            return error
        files = [  # Python does not say which
            str(path.relative_to(self._app_dir.parent))
            for path in sorted(self._app_dir.rglob("*.py"))
            if path.is_file() and b"\0" in path.read_bytes()
        ]
        return f"Not saved as UTF-8: {', '.join(files)}.{error}" if files else error

    def _current_call(self) -> str:
        """Have the app's threads write down where they are, which ends it, and read that."""
        before = self._log.count
        self._child.signal(signal.SIGABRT)
        self._child.wait(STACKS_S)
        self._reader.join(STACKS_S)
        return self._diagnosis.current_call(self._log.lines(since=before))


def launch_scheduling() -> Scheduling | None:
    """What the scheduler is asked for when an app is started; None where that can't be known."""
    own = thread_scheduling(os.getpid())
    return replace(own[0], nice=min(19, own[0].nice + NICE)) if own else None


def _stolen(limit: TimeLimit) -> str:
    """What was added to a limit, as part of a sentence; "" if next to nothing."""
    seconds = limit.stolen_s
    return f" (and {seconds:.1f} s more, which other programs took)" if seconds >= 0.1 else ""


def _free_port(wanted: int | None, host: str) -> int:
    """The wanted port; if none is wanted, 3000 if it is free, else any."""
    for port in (USUAL_PORT, 0) if wanted is None else (wanted,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BadSetting(f"Port {wanted} of {host} is taken. Free it, or name another one.")
