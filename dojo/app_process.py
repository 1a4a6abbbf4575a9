"""The website as a child process: started, watched, restarted, and heard when it breaks down."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from os import environ
from pathlib import Path

import httpx

from dojo.errors import AppDidNotStart, AppDied, AppFlooded, AppHung, BadSetting
from dojo.leash import Leashed

__all__ = ["AppProcess"]

START_S = 15.0
ANSWER_S = 5.0
STOP_S = 3.0
FLOOD_BYTES = 32 << 20
FIRST_LINES, LAST_LINES = 200, 5000
USUAL_PORT = 3000  # where the dashboards look for it
LINE_BYTES = 4000


class AppProcess:
    """A running app. `base_url` is where it answers."""

    def __init__(self, app_dir: Path, database_url: str, start_timeout_s: float = START_S) -> None:
        if app_dir.name != "app":
            raise BadSetting(f"The app's folder must be called app, not {app_dir.name!r}.")
        self._app_dir, self._database_url = app_dir, database_url
        self._start_timeout_s = start_timeout_s
        self.port = _port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._launch()

    @classmethod
    def start(
        cls, app_dir: Path, database_url: str, start_timeout_s: float = START_S
    ) -> "AppProcess":
        """Start the app and wait until /healthz answers; AppDidNotStart if it doesn't."""
        return cls(app_dir, database_url, start_timeout_s)

    def __enter__(self) -> "AppProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launch(self) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._bytes = 0
        kept = {k: v for k, v in environ.items() if not k.startswith(("PYTHON", "DOJO_", "COV_"))}
        self._child = Leashed(
            [
                *(sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--no-access-log", "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "1", "--backlog", "4096"),
            ],
            cwd=self._app_dir.parent,
            env={
                **kept,
                "DATABASE_URL": self._database_url,
                "PYTHONUNBUFFERED": "1",
                "PYTHONFAULTHANDLER": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            nice=5,  # the load must be on time even when the app keeps every core busy
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._await_health()
        except BaseException:
            self.stop()
            raise

    def _read(self) -> None:
        output = self._child.output
        assert output is not None
        try:
            while line := output.readline(LINE_BYTES):
                self._bytes += len(line)
                text = line.decode(errors="replace").rstrip("\n")
                if len(self._first) < FIRST_LINES:
                    self._first.append(text)
                self._last.append(text)
        except ValueError:
            return  # closed while reading: the app was stopped

    def _await_health(self) -> None:
        until = time.monotonic() + self._start_timeout_s
        while time.monotonic() < until:
            if self._child.poll() is not None:
                self._reader.join(2)
                raise AppDidNotStart(f"The app ended before it answered. {self._traceback()}")
            if self._flooded():
                raise AppFlooded(self._flood_text())
            try:
                if httpx.get(f"{self.base_url}/healthz", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.02)
        raise AppDidNotStart(
            f"The app does not answer on /healthz after {self._start_timeout_s:g} s."
            f" {self._where_it_is()}"
        )

    def check(self) -> None:
        """AppDied if the app has ended by itself, AppFlooded if nobody could read its log."""
        if (status := self._child.poll()) is not None:
            self._reader.join(2)
            how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
            raise AppDied(
                f"The app ended in the middle of the run, with {how}. {self._traceback()}"
            )
        if self._flooded():
            raise AppFlooded(self._flood_text())

    def assert_responsive(self) -> None:
        """AppHung, with the place where it is, if /healthz does not answer."""
        self.check()
        try:
            httpx.get(f"{self.base_url}/healthz", timeout=ANSWER_S)
        except httpx.HTTPError:
            raise AppHung(
                f"The app runs, but answers nothing for {ANSWER_S:g} s. {self._where_it_is()}"
            ) from None

    def restart(self) -> None:
        """Stop the app as an operator would, and start it anew on the same port."""
        self.stop()
        self._launch()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if that is not enough."""
        self._child.signal(signal.SIGTERM)
        if self._child.wait(STOP_S) is None:
            self._child.signal(signal.SIGKILL)
        self._reader.join(2)
        self._child.stop()

    def log_lines(self, containing: str) -> tuple[str, ...]:
        """The kept lines of the app's output in which a text stands."""
        return tuple(line for line in list(self._last) if containing in line)

    def _flooded(self) -> bool:
        return self._bytes > FLOOD_BYTES

    def _flood_text(self) -> str:
        line = self._last[-1][:200] if self._last else ""
        return (
            f"The app wrote over {FLOOD_BYTES >> 20} MB of log, the last line: {line!r}."
            " Find what prints it in app/, and take it out."
        )

    def _traceback(self) -> str:
        """Where and why, from the last traceback in the output, without the framework's frames."""
        lines = list(self._last)
        starts = [i for i, line in enumerate(lines) if line.startswith("Traceback (most recent")]
        if not starts:
            return "Its last words:\n" + "\n".join(lines[-15:])
        trace = lines[starts[-1] :]
        own, keep = [], False
        for line in trace[1:]:
            if match := re.match(r'\s+File "(.+)", line (\d+)', line):
                keep = match[1].startswith(str(self._app_dir))
            elif not line.startswith(" "):
                keep = True
            if keep:
                own.append(line)
        place = self._place(trace)
        return f"{place}\n" + "\n".join(own[-30:]).replace(f"{self._app_dir.parent}/", "")

    def _where_it_is(self) -> str:
        """Have the app's threads write down where they are, and read it."""
        seen = len(self._last)
        self._child.signal(signal.SIGABRT)
        self._child.wait(2)
        self._reader.join(2)
        stacks = list(self._last)[min(seen, len(self._last)) :] or list(self._last)
        found = [line for line in stacks if line.strip().startswith(f'File "{self._app_dir}')]
        if not found:
            return "None of its threads is in a file of app/; look for what it waits for."
        text = "\n".join(found[:8]).replace(f"{self._app_dir.parent}/", "")
        return f"{self._place(found[:1])}\nIt is here, the innermost call first:\n{text}"

    def _place(self, trace: list[str]) -> str:
        """`app/file.py:line`, of the innermost frame of the app's own."""
        for line in reversed(trace):
            match = re.match(r'\s*File "(.+)", line (\d+)', line)
            if match and match[1].startswith(str(self._app_dir)):
                return f"See app/{Path(match[1]).relative_to(self._app_dir)}:{match[2]}."
        return ""


def _port() -> int:
    """3000 if it is free, else any."""
    for wanted in (USUAL_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise BadSetting("No port of 127.0.0.1 is free.")
