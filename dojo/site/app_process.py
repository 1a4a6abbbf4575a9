"""The website as a child process: started, watched, restarted, and heard when it breaks down."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from os import environ, killpg
from pathlib import Path
from uuid import uuid4

import httpx

from dojo.child import ChildProcess
from dojo.errors import AppDidNotStart, AppDied, AppFlooded, AppHung, BadSetting
from dojo.report import Failure
from dojo.site.tracebacks import Frame, by_request, frames, read, words

__all__ = ["AppProcess"]

START_S = 15.0
ANSWER_S = 5.0
STOP_S = 3.0
END_S = 0.2  # when all is measured and nothing that the app still does can matter
POLL_S = 0.02
FLOOD_BYTES = 32 << 20
FIRST_LINES, LAST_LINES = 200, 50_000
LOOPBACK = "127.0.0.1"
USUAL_PORT = 3000  # where the dashboards look for it
LINE_BYTES = 4000
TOKEN = "X-Instance"
NOT_FOR_THE_APP = ("PYTHON", "DOJO_", "COV_", "UVICORN_", "WEB_CONCURRENCY")


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
        kept = {k: v for k, v in environ.items() if not k.startswith(NOT_FOR_THE_APP)}
        self._env = {
            **kept,
            "DATABASE_URL": database_url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **(env_extra or {}),
        }
        self._start_timeout_s = start_timeout_s
        self._host = host
        self.port = _free_port(port, host)
        self.base_url = f"http://{LOOPBACK}:{self.port}"
        self._log = _Log()

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
        be an address that loopback reaches: the grader itself never asks elsewhere.
        """
        app = cls(app_dir, database_url, port, env_extra, start_timeout_s, host)
        try:
            app._launch()
        except BadSetting:  # somebody else was quicker
            if port is not None:
                raise
            app = cls(app_dir, database_url, 0, env_extra, start_timeout_s, host)
            app._launch()
        return app

    def __enter__(self) -> "AppProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(END_S)

    def check(self) -> None:
        """AppDied if the app has ended by itself, AppFlooded if nobody could read its log."""
        if (status := self._child.poll()) is not None:
            self._reader.join(2)
            raise AppDied(
                f"The app ended in the middle of the run, with {_how(status)}. {self._traceback()}"
            )
        self._check_log()

    def assert_responsive(self, timeout_s: float = ANSWER_S) -> None:
        """AppHung, with the place where it is, if /healthz does not answer in time."""
        self.check()
        try:
            with _client(timeout_s) as client:
                client.get(f"{self.base_url}/healthz")
        except httpx.HTTPError:
            self.check()
            raise AppHung(
                f"The app runs, but has answered nothing for {timeout_s:g} s: {self._where_it_is()}"
            ) from None

    def restart(self, grace_s: float = STOP_S) -> None:
        """Stop the app as an operator would, and start it on the same port; the log goes on.

        Without a grace it is killed, as by a machine that fails.
        """
        self.stop(grace_s)
        self._launch()

    def stop(self, grace_s: float = STOP_S) -> None:
        """SIGTERM, and SIGKILL after the grace; to what the app has started as well."""
        self._child.signal(signal.SIGTERM)
        if self._child.wait(grace_s) is None:
            self._child.signal(signal.SIGKILL)
        with suppress(OSError):  # nobody left in its group
            killpg(self._child.pid, signal.SIGKILL)
        self._reader.join(2)
        if not self._reader.is_alive():  # else somebody still holds the pipe; closing would wait
            self._child.stop()

    def log_lines(self, containing: str) -> tuple[str, ...]:
        """The kept lines of the app's output in which a text stands, restarts included."""
        return tuple(line for line in self._log.lines() if containing in line)

    def tail(self, count: int) -> tuple[str, ...]:
        """The last lines of the app's output."""
        return tuple(self._log.lines()[-count:]) if count > 0 else ()

    def _launch(self) -> None:
        self._launched_at = self._log.count
        self._token = uuid4().hex  # on port 3000 somebody else's app may answer instead of ours
        self._child = ChildProcess(
            [
                *(sys.executable, "-m", "uvicorn", "app.main:app", "--host", self._host),
                *("--port", str(self.port), "--no-access-log", "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "1", "--backlog", "4096"),
                *("--header", f"{TOKEN}:{self._token}"),
            ],
            cwd=self._app_dir.parent,
            env=self._env,
            stdout=subprocess.PIPE,
            nice=5,  # the load must be on time even when the app keeps every core busy
        )
        self._reader = threading.Thread(target=self._log.read, args=(self._child,), daemon=True)
        self._reader.start()
        try:
            self._await_health()
        except BaseException:
            self.stop()
            raise

    def _await_health(self) -> None:
        until = time.monotonic() + self._start_timeout_s
        answered = ""
        with _client(min(1.0, self._start_timeout_s)) as client:
            while time.monotonic() < until:
                if (status := self._child.poll()) is not None:
                    self._reader.join(2)
                    if any("address already in use" in line for line in self._log.lines()[-3:]):
                        raise BadSetting(f"Somebody else took port {self.port}. Run it again.")
                    raise AppDidNotStart(
                        f"The app ended before it answered, with {_how(status)}."
                        f" {self._traceback()}"
                    )
                self._check_log()
                try:
                    answer = client.get(f"{self.base_url}/healthz")
                    ours = answer.headers.get(TOKEN) == self._token
                    code = answer.status_code if ours else 0
                except httpx.HTTPError:
                    code = 0
                if code == 200:
                    return
                answered = f" GET /healthz answers {code}, and must answer 200." if code else ""
                time.sleep(POLL_S)
        if answered:
            raise AppDidNotStart(f"The app runs, but is not ready.{answered} {self._traceback()}")
        raise AppDidNotStart(
            f"The app is still not answering after {self._start_timeout_s:g} s:"
            f" {self._where_it_is()}"
        )

    def _check_log(self) -> None:
        if self._log.bytes > FLOOD_BYTES:
            last = "".join(self.tail(1))[:200]
            raise AppFlooded(
                f"The app wrote over {FLOOD_BYTES >> 20} MB of log, the last line: {last!r}."
                " Find what prints it in app/, and take it out."
            )

    def failures(self, failed: Sequence[str]) -> Mapping[str, Failure]:
        """What the app logged about requests that came to grief, by request id.

        `failed` are their ids, in the order in which they ended.
        """
        lines = self._log.lines()
        told = {}
        for name, trace in by_request(lines, failed).items():
            frame = trace.innermost(self._is_own)
            place = f"{self._place(frame)} in {frame.function}" if frame else ""
            told[name] = Failure(words(trace.exception), place)
        return told

    def _traceback(self) -> str:
        """Where and why, from the last traceback in the output, without the framework's frames."""
        lines = self._log.lines(since=self._launched_at)
        fatal = [at for at, line in enumerate(lines) if "Fatal Python error" in line]
        traces = read(lines)
        if fatal and (not traces or fatal[-1] > traces[-1].start):
            return f"{lines[fatal[-1]]}: {self._deepest(lines[fatal[-1] :])}"
        if not traces:
            return "Its last words:\n" + "\n".join(lines[-15:])
        last, own, keep = traces[-1], list[str](), False
        for line in last.lines[1:-1]:
            if found := frames([line]):
                keep = self._is_own(found[0].file)
            if keep:
                own.append(line)
        frame = last.innermost(self._is_own)
        text = "\n".join([*own[-30:], *lines[last.end - 1 : last.end + 7]])
        return f"{f'See {self._place(frame)}.' if frame else ''}\n{text}".replace(
            f"{self._app_dir.parent}/", ""
        )

    def _where_it_is(self) -> str:
        """Have the app's threads write down where they are, which ends it, and read that."""
        seen = self._log.count
        self._child.signal(signal.SIGABRT)
        self._child.wait(2)
        self._reader.join(2)
        return self._deepest(self._log.lines(since=seen))

    def _deepest(self, stacks: Sequence[str]) -> str:
        """The innermost own frame in what faulthandler wrote, best of the current thread."""
        current = [at for at, line in enumerate(stacks) if line.startswith("Current thread")]
        for part in (stacks[current[0] :] if current else (), stacks):
            found = [frame for frame in frames(part) if self._is_own(frame.file)]
            if found:
                calls = "\n".join(f"  {self._place(one)} in {one.function}" for one in found[:8])
                first = f"{self._place(found[0])} in {found[0].function}"
                return f"it is at {first}\nThe innermost call first:\n{calls}"
        return "none of its threads is in a file of app/; look for what it awaits."

    def _is_own(self, file: str) -> bool:
        return Path(file).is_relative_to(self._app_dir)

    def _place(self, frame: Frame) -> str:
        """`app/file.py:line`."""
        return f"app/{Path(frame.file).relative_to(self._app_dir)}:{frame.line}"


class _Log:
    """What the app prints: its first and its last lines, however many there are between."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._lock = threading.Lock()
        self.count = self.bytes = 0

    def read(self, child: ChildProcess) -> None:
        assert child.output is not None
        with suppress(ValueError):  # closed while reading: the app was stopped
            while line := child.output.readline(LINE_BYTES):
                text = line.decode(errors="replace").rstrip("\n")
                with self._lock:
                    self.bytes += len(line)
                    self.count += 1
                    (self._first if len(self._first) < FIRST_LINES else self._last).append(text)

    def lines(self, since: int = 0) -> list[str]:
        """The kept lines, from line `since` on."""
        with self._lock:
            missing = self.count - len(self._first) - len(self._last)
            kept = [*self._first, *self._last]
            skip = since if since <= len(self._first) else max(len(self._first), since - missing)
            return kept[skip:]


def _client(timeout_s: float) -> httpx.Client:
    return httpx.Client(timeout=timeout_s, trust_env=False)  # a proxy would not know our loopback


def _how(status: int) -> str:
    try:
        return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
    except ValueError:
        return f"status {128 - status}"  # ChildProcess can't tell a status over 128 from a signal


def _free_port(wanted: int | None, host: str) -> int:
    """The wanted port; without a wish 3000 if it is free, else any."""
    for port in (USUAL_PORT, 0) if wanted is None else (wanted,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BadSetting(f"Port {wanted} of {host} is taken. Free it, or name another one.")
