"""The website as a child: started, judged by what it says, and ended."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from dojo.child import ChildProcess
from dojo.errors import AppDidNotStart, AppDied, AppFlooded, AppHung, BadSetting
from dojo.site import app_process
from dojo.site.app_process import AppProcess
from dojo.site.request_failure import request_failure

FINE = """
import logging, os, time
from fastapi import FastAPI

app = FastAPI()

@app.get("/healthz")
def healthz():
    return {"pid": os.getpid(), "url": os.environ["DATABASE_URL"], "x": os.environ.get("EXTRA")}

@app.get("/die")
def die():
    os._exit(7)

@app.get("/say")
def say(line: str):
    print(line)

@app.get("/flood")
def flood():
    for _ in range(40):
        print("y" * (1 << 20))

@app.get("/fail")
def fail(kind: str):
    raise {"key": KeyError, "value": ValueError}[kind]("this one")

@app.get("/logged")
def logged(line: str):
    try:
        raise ValueError("of " + line)
    except ValueError:
        logging.exception("GET /logged failed id=%s", line)

@app.get("/hang")
async def hang():
    stuck()

def stuck():
    while True:
        time.sleep(0.01)
"""
FAIL_LINE = next(n for n, line in enumerate(FINE.splitlines(), 1) if "    raise" in line)
LOGGED_LINE = FINE.splitlines().index('        raise ValueError("of " + line)') + 1
STUCK_LINE = FINE.splitlines().index("        time.sleep(0.01)") + 1


def made(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "main.py").write_text(text)
    return folder


def start(tmp_path: Path, text: str = FINE, timeout_s: float = 15) -> AppProcess:
    return AppProcess.start(made(tmp_path, text), "postgres://x", start_timeout_s=timeout_s)


def test_a_fine_app(tmp_path: Path) -> None:
    """It answers with its settings, keeps port and log over a restart, and is gone at the end."""
    app = AppProcess.start(made(tmp_path, FINE), "postgres://x", env_extra={"EXTRA": "1"})
    with app:
        first = httpx.get(f"{app.base_url}/healthz").json()
        assert (first["url"], first["x"]) == ("postgres://x", "1")
        httpx.get(f"{app.base_url}/say", params={"line": "request abc"})
        port = app.port
        app.restart()
        app.assert_responsive()
        assert httpx.get(f"{app.base_url}/healthz").json()["pid"] != first["pid"]
        assert app.port == port
        assert app.log_lines("abc") == ("request abc",)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{app.base_url}/healthz")
    with pytest.raises(ProcessLookupError):
        os.kill(first["pid"], 0)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("x = 1\ndef f(:\n", "app/main.py:2", "SyntaxError"),
        ("\nimport no_such_module\n", "app/main.py:2", "no_such_module"),
        (
            "from fastapi import FastAPI\nfrom contextlib import asynccontextmanager\n"
            "@asynccontextmanager\nasync def up(app):\n    raise ValueError('no pool')\n    yield\n"
            "app = FastAPI(lifespan=up)\n",
            "app/main.py:5",
            "ValueError: no pool",
        ),
    ],
)
def test_an_app_that_can_not_start(tmp_path: Path, text: str, place: str, words: str) -> None:
    """The message has the file and line, the app's own words, and no frame of the framework."""
    with pytest.raises(AppDidNotStart, match=place) as caught:
        start(tmp_path, text)
    assert words in str(caught.value)
    assert "importlib" not in str(caught.value)
    assert "site-packages" not in str(caught.value)


def test_an_app_that_never_answers(tmp_path: Path) -> None:
    """An endless loop at start-up is found, with its line and function."""
    with pytest.raises(AppDidNotStart, match=r"after 2 s.*: it is at app/main\.py:[34] in spin"):
        start(tmp_path, "def spin():\n    n = 0\n    while True:\n        n += 1\nspin()\n", 2)


def test_a_stranger_on_the_port(tmp_path: Path) -> None:
    """A 200 from somebody else's server on the same port is not taken for the app's."""
    stranger = (
        "import http.server as h, sys, threading, time\n"
        "class Other(h.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n        self.send_response(200)\n        self.end_headers()\n"
        "port = int(sys.argv[sys.argv.index('--port') + 1])\n"
        "server = h.HTTPServer(('127.0.0.1', port), Other)\n"
        "threading.Thread(target=server.serve_forever, daemon=True).start()\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(AppDidNotStart, match="still not answering"):
        start(tmp_path, stranger, 2)


def test_an_app_that_dies(tmp_path: Path) -> None:
    """An exit in the middle is reported with its status."""
    with start(tmp_path) as app:
        app.check()
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{app.base_url}/die")
        with pytest.raises(AppDied, match="status 7"):
            app.assert_responsive(2)


def test_an_app_that_floods(tmp_path: Path) -> None:
    """More than 32 MB of log is a fault, and only a bounded part of it is kept."""
    with start(tmp_path) as app:
        httpx.get(f"{app.base_url}/flood", timeout=20)
        with pytest.raises(AppFlooded, match="32 MB"):
            app.check()
        assert len(app.log_lines("")) <= 50_200


def test_failures_of_an_app_that_logs_no_ids(tmp_path: Path) -> None:
    """The server's own tracebacks belong to the requests that failed, in their order."""
    with start(tmp_path) as app:
        for kind in ("value", "key", "value"):
            assert httpx.get(f"{app.base_url}/fail", params={"kind": kind}).status_code == 500
        app.restart()  # what was logged is all read by now
        found = app.failures(["first", "second", "third"])
        assert [found[name].exception for name in ("first", "second", "third")] == [
            "ValueError: this one",
            "KeyError: 'this one'",
            "ValueError: this one",
        ]
        assert {one.place for one in found.values()} == {f"app/main.py:{FAIL_LINE} in fail"}
        assert app.failures(["only one"]) == {}


def test_the_failure_of_one_request_is_found_by_its_id(tmp_path: Path) -> None:
    """The exception and its place; without a traceback the app's last line; else nothing."""
    with start(tmp_path) as app:
        httpx.get(f"{app.base_url}/logged", params={"line": "request-0001"})
        assert request_failure(app, "request-0001") == (
            f"ValueError: of request-0001, in app/main.py:{LOGGED_LINE} in logged"
        )
        httpx.get(f"{app.base_url}/say", params={"line": "GET / 500 request-0002"})
        app.restart()  # what was said is all read by now
        assert request_failure(app, "request-0002") == "GET / 500 request-0002"
        assert request_failure(app, "request-0003") == ""


def test_an_app_that_hangs(tmp_path: Path) -> None:
    """A blocked event loop is found, with the line and function that block it."""
    with start(tmp_path) as app:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{app.base_url}/hang", timeout=0.3)
        with pytest.raises(AppHung, match=rf"app/main\.py:{STUCK_LINE} in stuck"):
            app.assert_responsive(0.5)


def test_an_app_that_takes_no_connection_has_the_whole_time(tmp_path: Path) -> None:
    """A refusal comes at once, and is no silence of half a second; one that takes it again is."""
    with start(tmp_path) as app:
        own_url, closed = app.base_url, _closed_port()
        app.base_url = f"http://127.0.0.1:{closed}"
        back = threading.Timer(0.2, setattr, (app, "base_url", own_url))
        back.start()
        app.assert_responsive(15)
        back.join()
        app.base_url = f"http://127.0.0.1:{closed}"
        began = time.monotonic()
        with pytest.raises(AppHung, match=r"answered nothing for 0\.5 s"):
            app.assert_responsive(0.5)
        assert time.monotonic() - began >= 0.5


def _closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_killed_app_can_not_prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a grace the first signal is SIGKILL; with one it is SIGTERM."""
    signals: list[signal.Signals] = []
    send = ChildProcess.signal

    def noted(child: ChildProcess, number: signal.Signals) -> None:
        signals.append(number)
        send(child, number)

    monkeypatch.setattr(ChildProcess, "signal", noted)
    with start(tmp_path) as app:
        app.restart(grace_s=0.0)
        assert signals[:1] == [signal.SIGKILL]
        signals.clear()
        app.stop()
        assert signals[:1] == [signal.SIGTERM]


def test_an_app_is_stopped_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pid may be another process's later; one that is started again is stopped again."""
    killed: list[int] = []
    kill_group = os.killpg

    def noted(pid: int, number: int) -> None:
        killed.append(pid)
        kill_group(pid, number)

    with start(tmp_path) as app:
        app.stop(0.0)
        monkeypatch.setattr(os, "killpg", noted)
        app.stop()
        assert killed == []
        app.restart()
        pid = app.pid
    assert pid in killed


def test_a_port_that_is_taken_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where any port will do, another one is taken; a port that was asked for is insisted on."""
    find = app_process._free_port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(app_process, "_free_port", lambda wanted, _: wanted or port)
        with pytest.raises(BadSetting, match=f"took port {port}"):
            AppProcess.start(made(tmp_path, FINE), "postgres://x", port=port)
        monkeypatch.setattr(
            app_process,
            "_free_port",
            lambda wanted, host: port if wanted is None else find(wanted, host),
        )
        with AppProcess.start(tmp_path / "app", "postgres://x") as app:
            assert app.port != port


def test_settings_that_can_not_be(tmp_path: Path) -> None:
    """A folder of another name, or a port that is taken, is a bad setting, not the app's fault."""
    with pytest.raises(BadSetting, match="called app"):
        AppProcess.start(tmp_path, "postgres://x")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(BadSetting, match="taken"):
        AppProcess.start(made(tmp_path, FINE), "postgres://x", port=taken.getsockname()[1])
