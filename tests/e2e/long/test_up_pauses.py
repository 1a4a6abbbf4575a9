"""`dojo up` beside a kata's run: it pauses for the run, and goes on however that ends."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.project import ROOT
from tests.support.up import dojo_up, get, status

KATA = "01-latency"
OPTIONS = ("--port", "0", "--board-port", "0", "--for", "15m")


def kata_run(state: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", f"katas/{KATA}"],
        cwd=ROOT,
        env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(state)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_it_pauses_for_a_kata_and_goes_on(tmp_path: Path) -> None:
    """A run that is killed lets it go on; one that ends shows its verdict and its report."""
    with dojo_up(tmp_path, *OPTIONS) as running:
        board = running.await_text(r"the board\s+(http://\S+)")[1]
        running.await_text("Ready in")
        assert status(f"{running.url}/healthz") == 200

        with kata_run(tmp_path) as killed:
            running.await_text(rf"A kata is run \(process {killed.pid}\), so this pauses")
            running.await_that(lambda: "Paused for the run of 01-latency" in get(board))
            assert status(f"{running.url}/healthz") == 0
            killed.send_signal(signal.SIGKILL)
        place = len(running.output)
        running.await_text("01-latency: the run was broken off")
        running.await_text("The shop goes on at", place)
        assert status(f"{running.url}/healthz") == 200

        place = len(running.output)
        with kata_run(tmp_path) as whole:
            running.await_text("A kata is run", place)
            assert whole.wait() in (0, 1, 10, 11)
        running.await_text(r"01-latency: \w+", place)
        running.await_text("The shop goes on at", place)
        link = re.search(r'href="(reports/01-latency/attempt-\d+\.html)"', get(board))
        assert link is not None
        assert "01-latency" in get(f"{board}/{link[1]}")
        assert status(f"{board}/reports/01-latency/../../run.lock") == 404

        running.note_processes()
        running.signal(signal.SIGINT)
        assert running.end() == 0
        running.assert_nothing_left()


def test_it_can_be_ended_in_a_pause(tmp_path: Path) -> None:
    """The run that it pauses for has nothing of it, and goes on."""
    with dojo_up(tmp_path, *OPTIONS) as running:
        running.await_text("Ready in")
        with kata_run(tmp_path) as run:
            running.await_text("A kata is run")
            running.signal(signal.SIGINT)
            assert running.end() == 0, running.output
            assert run.poll() is None
            run.send_signal(signal.SIGINT)
    assert "Traceback" not in running.output
