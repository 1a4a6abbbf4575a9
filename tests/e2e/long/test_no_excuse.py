"""An app that takes the machine's time itself has no excuse: it stays red, and is never invalid.

Each case is the reference solution with something added that swamps the machine. Without it the
kata is green, so that what is red is the added part's work.
"""

from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.support.kata_run import KATAS, RunKata, appended
from tests.support.processes import busy_loops

KATA = KATAS[0]
SOLUTION = KATA / ".meta" / "solution.patch"

# begins within the burst, so that the app can start and is seen to have answered
WITHIN_THE_BURST = """

import os, signal, subprocess, sys, threading
from itertools import count

LOOP = "while True: pass"
pages = count(1)


@app.middleware("http")
async def swamp(request, call_next):
    if request.url.path == "/" and next(pages) == 100:
        begin()
    return await call_next(request)


def children(count, **options):
    for _ in range(count):
        subprocess.Popen([sys.executable, "-c", LOOP], **options)
"""
OWN_CHILDREN = "\n\ndef begin():\n    children(8)\n"
OWN_SESSION = "\n\ndef begin():\n    children(8, start_new_session=True)\n"
SIGCHLD_IGNORED = (
    "\n\ndef begin():\n    signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n    children(8)\n"
)
DOUBLE_FORK = """

def begin():
    for _ in range(8):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv(sys.executable, [sys.executable, "-c", LOOP])
            os._exit(0)
"""
RENICED = """

def begin():
    os.nice(14)
    children(8)
"""
PINNED = """

def begin():
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    children(8)
"""
HASHING_THREADS = """

def begin():
    import hashlib

    def hash_on():
        while True:
            hashlib.scrypt(b"password", salt=b"salt", n=4096, r=8, p=1)

    for _ in range(200):
        threading.Thread(target=hash_on, daemon=True).start()
"""


@pytest.mark.parametrize(
    "text",
    [OWN_CHILDREN, OWN_SESSION, SIGCHLD_IGNORED, DOUBLE_FORK, RENICED, PINNED, HASHING_THREADS],
    ids=[
        *("children", "children_in_sessions_of_their_own", "sigchld_ignored", "double_fork"),
        *("reniced", "pinned", "hashing_threads"),
    ],
)
def test_who_burns_the_cores_himself_is_not_met(
    text: str, run_kata: RunKata, tmp_path: Path
) -> None:
    """Its own processes are its own, however they were started, and its queue is its own queue."""
    run = run_kata(KATA, SOLUTION, edit=appended("main.py", WITHIN_THE_BURST + text))
    assert run.report is not None, run.output
    assert run.report["verdict"] == "not_met", run.output
    assert run.report["slo"] == "not_met", run.output
    assert run.returncode == 1
    assert left_behind() == []


def left_behind() -> list[int]:
    """Processes of an app, in whatever session: those that know a run's database."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if "/dojo_run_" in process.environ().get("DATABASE_URL", ""):
                found.append(process.pid)
    return found


def test_an_innocent_loop_beside_two_hundred_hashing_threads_excuses_nothing(
    run_kata: RunKata,
) -> None:
    """The threads wait for one another; what the loop took is a small share."""
    with busy_loops(1):
        run = run_kata(KATA, SOLUTION, edit=appended("main.py", WITHIN_THE_BURST + HASHING_THREADS))
    assert run.report is not None, run.output
    assert run.report["verdict"] == "not_met", run.output


def test_a_shipped_app_beside_busy_loops_is_not_met(run_kata: RunKata) -> None:
    """It is slow with them and without them."""
    with busy_loops(2):
        run = run_kata(KATA)
    assert run.report is not None, run.output
    assert run.report["verdict"] == "not_met", run.output


def test_a_solved_app_beside_busy_loops_is_never_not_met(run_kata: RunKata) -> None:
    """It is met, or the run says nothing and names who was busy; it is not called slow."""
    with busy_loops(4):
        run = run_kata(KATA, SOLUTION)
    assert run.report is not None, run.output
    assert run.report["slo"] != "not_met", run.output
    if run.report["verdict"] == "invalid":
        assert "while True" in run.output
        assert run.returncode == 11
