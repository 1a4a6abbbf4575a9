"""dojo.worker: orders in, messages out, and no child outlives its parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dojo.worker import INPUT_ENDED, Worker, WorkerEnded
from tests.support.processes import gone_within
from tests.support.project import ROOT

ECHO = "tests.support.echo_worker"


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker.start(ECHO, "echo") as worker:
        yield worker


def test_the_greeting_is_there_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the parent is, the module runs in the project's root, with its arguments."""
    monkeypatch.chdir(tmp_path)
    with Worker.start(ECHO, "echo", "a b") as worker:
        pid, folder, arguments, _ = worker.greeting
    assert (pid, folder, arguments) == (worker.pid, str(ROOT), ["echo", "a b"])


def test_messages_answer_orders_in_their_order(worker: Worker) -> None:
    """Many orders at once, and one of megabytes, come back as they were."""
    orders = [*range(500), {"text": "ä\n"}, os.urandom(5 << 20), None]
    for order in orders[:-2]:
        worker.send(order)
    assert [worker.receive() for _ in orders[:-2]] == orders[:-2]
    for order in orders[-2:]:
        worker.send(order)
    assert [worker.receive() for _ in orders[-2:]] == orders[-2:]


def test_the_end_of_its_input_ends_it(worker: Worker) -> None:
    """A worker that is stopped ends at once, with the status of one whose parent is gone."""
    worker.stop()
    assert worker.poll() == INPUT_ENDED
    worker.stop()


def test_one_that_hangs_is_killed(worker: Worker) -> None:
    """A worker that does not see the end of its input gets SIGKILL."""
    worker.send("sleep")
    assert worker.receive() == "asleep"
    worker.stop()
    assert worker.poll() == -signal.SIGKILL


def test_its_own_words_are_in_the_error(worker: Worker) -> None:
    """A worker that fails is quoted with its exit status and its standard error."""
    worker.send("fail")
    with pytest.raises(WorkerEnded, match=r"^exit status 7\. what went wrong$"):
        worker.receive()
    with pytest.raises(WorkerEnded, match="exit status 7"):
        worker.send("more")


def test_half_a_message_is_none(worker: Worker) -> None:
    """A worker that ends in the middle of a message has ended."""
    worker.send("half")
    with pytest.raises(WorkerEnded) as ended:
        worker.receive()
    assert (ended.value.status, ended.value.stderr) == (0, "")


def test_one_that_is_never_ready() -> None:
    """A worker that fails before its greeting is an error of the start, and is quoted."""
    with pytest.raises(WorkerEnded, match="before it was ready"):
        Worker.start(ECHO, "broken")
    with pytest.raises(WorkerEnded, match="No module named"):
        Worker.start("tests.support.no_such_module")


PARENT = """
import time
from dojo.worker import Worker
worker = Worker.start("tests.support.echo_worker", "echo")
print(worker.pid, flush=True)
time.sleep(60)
"""


def test_it_does_not_outlive_its_parent() -> None:
    """When the parent is killed with SIGKILL, the worker is gone within a second."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid)
        parent.kill()
        assert gone_within(pid, 1)
