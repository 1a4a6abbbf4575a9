"""`dojo up` as a learner has it: in a process of its own, with a real Postgres and the real app."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from dojo.observability.targets import targets_folder
from dojo.slo.catalog import service_levels
from tests.support.project import ROOT

WAIT_S = 90.0
long = pytest.mark.long
OBJECTIVES = [
    objective.display_name
    for level in service_levels(ROOT).values()
    for objective in level.objectives
]


class Up:
    """A running `dojo up`; everything that it prints."""

    def __init__(self, state: Path, *options: str) -> None:
        self.state = state
        self._child = subprocess.Popen(
            [sys.executable, "-m", "dojo", "up", *options],
            cwd=ROOT,
            env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self.started: list[psutil.Process] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.output += line

    def await_that(self, holds: Callable[[], object]) -> None:
        until = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < until, f"it did not come about:\n{self.output}"
            assert self._child.poll() is None or holds(), self.output
            time.sleep(0.05)

    def await_text(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait for a text in the output, from a place on."""
        self.await_that(lambda: re.search(pattern, self.output[since:]))
        found = re.search(pattern, self.output[since:])
        assert found is not None
        return found

    @property
    def url(self) -> str:
        return self.await_text(r"the shop\s+(http://\S+)")[1]

    def note_processes(self) -> None:
        """Remember all that it has started, to be sure later that none of it is left."""
        self.started = psutil.Process(self._child.pid).children(recursive=True)

    def signal(self, number: signal.Signals) -> None:
        self._child.send_signal(number)

    def end(self) -> int:
        """Wait for its end; the exit status."""
        status = self._child.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self._child.stdout is not None
        self._child.stdout.close()
        return status

    def assert_nothing_left(self) -> None:
        """No process of its own lives on."""
        assert self.started, "nothing was noted"
        _, alive = psutil.wait_procs(self.started, timeout=WAIT_S)
        assert not alive


@contextmanager
def dojo_up(state: Path, *options: str) -> Iterator[Up]:
    running = Up(state, *options)
    try:
        yield running
    finally:
        if running._child.poll() is None:
            running.signal(signal.SIGKILL)
        running.end()


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def status(url: str) -> int:
    """The status of an answer; 0 without one."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_the_whole_of_it(tmp_path: Path) -> None:
    """Addresses, a line for each objective with real events, an exporter; then nothing is left."""
    with dojo_up(tmp_path, "--for", "6", "--port", "0", "--rate", "6") as running:
        page = get(running.url)
        load = running.await_text(r"its load sees\s+(http://\S+)")[1]
        running.await_text("Ready in")
        targets = {
            path.stem: json.loads(path.read_text())[0]["targets"]
            for path in targets_folder(tmp_path).glob("*.json")
        }
        running.note_processes()
        seen = get(load)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "<html" in page
    assert set(targets) == {"shop", "dojo"}
    assert targets["dojo"] == [load.removeprefix("http://").removesuffix("/metrics")]
    assert 'dojo_journey_duration_seconds_count{journey="page_load"' in seen
    assert not list(targets_folder(tmp_path).glob("*.json"))
    for name in OBJECTIVES:
        figures = re.search(
            rf"{re.escape(name)}: (met|missed|no events), .*since the start .*\((\d+) / (\d+)\)",
            running.output,
        )
        assert figures is not None, running.output
        assert int(figures[2]) <= int(figures[3])
    totals = [
        int(n) for n in re.findall(r"page loads.*since the start .*\(\d+ / (\d+)\)", running.output)
    ]
    assert totals
    assert max(totals) > 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(running.url.rpartition(":")[2])), 1).close()


@long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_ends_it_all(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C, a polite kill and a closed terminal: the last figures, status 0, nothing left."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Ready in")
        running.note_processes()
        running.signal(number)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "Ended; nothing is left running." in running.output
    assert OBJECTIVES[0] in running.output
    assert "Traceback" not in running.output


@long
def test_ctrl_c_while_it_starts(tmp_path: Path) -> None:
    """It can be ended before it is ready, too."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Postgres")
        running.note_processes()
        running.signal(signal.SIGINT)
        assert running.end() == 0, running.output
        running.assert_nothing_left()
    assert "Ready" not in running.output
    assert "Traceback" not in running.output


@long
def test_kill_9_leaves_no_process(tmp_path: Path) -> None:
    """Its children end by themselves; the next one drops the database and runs."""
    with dojo_up(tmp_path, "--port", "0") as running:
        running.await_text("Ready in")
        running.note_processes()
        running.signal(signal.SIGKILL)
        running.end()
        running.assert_nothing_left()
    with dojo_up(tmp_path, "--port", "0", "--for", "1", "--no-load") as running:
        assert running.end() == 0, running.output
    assert "No load." in running.output


@long
def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    """By whom, and how to take another; nothing is started."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with dojo_up(tmp_path, "--port", str(port)) as running:
            assert running.end() == 1
    assert re.fullmatch(
        rf"BadSetting: Port {port} is taken by .* \(process {os.getpid()}\)\. End that, or take"
        r" another port: --port \d+\n",
        running.output,
    )


@long
def test_a_broken_app_is_a_message_and_status_1(tmp_path: Path) -> None:
    """An app that can't start is told with file and line, without a traceback of ours."""
    app = copied_app(tmp_path)
    (app / "home.py").write_text("def broken(:\n")
    with dojo_up(tmp_path, "--port", "0", "--app", str(app)) as running:
        assert running.end() == 1
    assert "AppDidNotStart: " in running.output
    assert "app/home.py" in running.output
    assert "dojo/" not in running.output


def copied_app(folder: Path) -> Path:
    return Path(
        shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    )


@long
def test_a_change_of_the_app_is_served_while_the_load_goes_on(tmp_path: Path) -> None:
    """A new page, a broken file and its repair, a new migration: each is told, none ends it."""
    app = copied_app(tmp_path)
    main = (app / "main.py").read_text()
    options = ("--port", "0", "--rate", "9", "--reload", "--app", str(app))
    with dojo_up(tmp_path, *options) as running:
        url = running.url
        running.await_text("Ready in")
        assert status(f"{url}/new") == 404

        place = len(running.output)
        page = '\n\n@app.get("/new")\nasync def new() -> str:\n    return "new"\n'
        (app / "main.py").write_text(main + page)
        running.await_text(r"app/ has changed \(main.py\): the app was started anew", place)
        assert status(f"{url}/new") == 200

        place = len(running.output)
        (app / "main.py").write_text(main + "\ndef broken(:\n")
        running.await_text("The shop is down until app/ changes again", place)
        assert "app/main.py" in running.output[place:]
        assert "SyntaxError" in running.output[place:]
        assert status(f"{url}/healthz") == 0
        running.await_text(r"bad:.*\d+ connection", place)

        place = len(running.output)
        (app / "main.py").write_text(main)
        running.await_text("the app was started anew", place)
        assert status(f"{url}/new") == 404

        place = len(running.output)
        migration = app / "migrations" / "0002_broken.sql"
        migration.write_text("CREATE INDEX broken ON nosuchtable (id);\n")
        running.await_text("The shop goes on as it was", place)
        assert "nosuchtable" in running.output[place:]
        assert status(f"{url}/healthz") == 200

        place = len(running.output)
        migration.write_text("CREATE TABLE mended (id int);\n")
        running.await_text("on the new database", place)
        assert status(f"{url}/healthz") == 200

        running.await_text(r"page loads.*since the start .*\(\d+ / [1-9]\d*\)", place)
        running.note_processes()
        running.signal(signal.SIGINT)
        assert running.end() == 0
        running.assert_nothing_left()


@long
def test_an_app_that_dies_ends_it(tmp_path: Path) -> None:
    """Without --reload nothing would bring it back: status 1, and how it ended."""
    app = copied_app(tmp_path)
    with (app / "main.py").open("a") as main:
        main.write('\n\n@app.get("/die")\nasync def die() -> None:\n    import os\n\n')
        main.write("    os._exit(7)\n")
    with dojo_up(tmp_path, "--port", "0", "--no-load", "--app", str(app)) as running:
        url = running.url
        running.await_text("Ready in")
        assert status(f"{url}/die") == 0
        assert running.end() == 1
    assert "AppDied" in running.output
    assert "status 7" in running.output
