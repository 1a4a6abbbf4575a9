"""A whole run that is ended from outside leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.support.project import ROOT

GONE_S = 10.0


def started(tmp_path: Path) -> "subprocess.Popen[str]":
    shutil.copytree(ROOT / "app", tmp_path / "app", dirs_exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "katas/01-latency", "-s", "--app", str(tmp_path / "app")],
        cwd=ROOT,
        env={**os.environ, "DOJO_POSTGRES": "embedded", "DOJO_STATE": str(tmp_path / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # who started the tests may ignore it, as a shell does for what it runs in the background
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def children_in_the_burst(run: psutil.Process) -> list[psutil.Process]:
    """Every process of the run, as soon as the load generator is one of them."""
    while run.is_running():
        children: list[psutil.Process] = run.children(recursive=True)
        for child in children:
            try:
                if "dojo.load.generator" in child.cmdline():
                    return children
            except psutil.NoSuchProcess:
                continue
    raise AssertionError("the run ended before its burst")


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda run: run.send_signal(signal.SIGINT), 2),
        (lambda run: run.kill(), -signal.SIGKILL),
    ],
    ids=["ctrl-c", "kill -9"],
)
def test_nothing_is_left(
    tmp_path: Path, end: Callable[["subprocess.Popen[str]"], None], status: int
) -> None:
    """App, Postgres, proxy and generator are gone soon after, and the next run can start."""
    run = started(tmp_path)
    try:
        children = children_in_the_burst(psutil.Process(run.pid))
        assert len(children) >= 6
        end(run)
        output, _ = run.communicate(timeout=30)
    finally:
        run.kill()
    assert run.returncode == status, output
    _, alive = psutil.wait_procs(children, timeout=GONE_S)
    assert alive == []
