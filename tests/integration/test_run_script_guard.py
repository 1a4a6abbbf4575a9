"""The script `./run`: who makes the environment, when several calls come or one is broken off."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.support.run_outline import KATAS, RunOutline, run_outline


@pytest.fixture
def project(tmp_path: Path) -> RunOutline:
    return run_outline(tmp_path)


def test_two_calls_make_one_environment(project: RunOutline) -> None:
    """The second call waits for the first, says so, and finds everything there."""
    words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
    variables = project.environment | {"SLOW_S": "4"}
    with (
        subprocess.Popen(words, env=variables, cwd=project.root, stderr=subprocess.PIPE) as one,
        subprocess.Popen(words, env=variables, cwd=project.root, stderr=subprocess.PIPE) as two,
    ):
        messages = sorted(call.communicate(timeout=60)[1].decode() for call in (one, two))
    assert (one.returncode, two.returncode) == (0, 0)
    assert project.calls() == ["make", f"install {KATAS}"]
    assert messages[0].startswith("Another ./run is making the environment")
    assert messages[1].startswith("Making the environment in .venv with uv")


def test_a_call_that_died_holds_nobody_up(project: RunOutline) -> None:
    """A guard whose process is gone is cleared away."""
    with subprocess.Popen(["true"]) as gone:
        pass
    (project.root / ".venv.lock").mkdir()
    (project.root / ".venv.lock" / "pid").write_text(f"{gone.pid}\n")
    assert project.run("pytest", "katas").returncode == 0


@pytest.mark.parametrize("name", ["sleep", "overrun", "/usr/bin/runner"])
def test_a_process_that_took_over_the_number_holds_nobody_up(
    project: RunOutline, name: str
) -> None:
    """A guard whose number is another program's by now is cleared away, whatever its name."""
    with subprocess.Popen([name, "60"], executable="/bin/sleep") as stranger:
        (project.root / ".venv.lock").mkdir()
        (project.root / ".venv.lock" / "pid").write_text(f"{stranger.pid}\n")
        assert project.run("pytest", "katas").returncode == 0
        assert stranger.poll() is None
        stranger.kill()


def test_a_living_process_that_ps_cannot_show_is_waited_for(project: RunOutline) -> None:
    """Where `ps` has no -p, a process that is alive counts as the one that makes .venv."""
    (project.stand_ins / "ps").write_text("#!/bin/sh\nexit 1\n")
    (project.stand_ins / "ps").chmod(0o755)
    (project.root / ".venv.lock").mkdir()
    with subprocess.Popen(["sleep", "60"]) as holder:
        (project.root / ".venv.lock" / "pid").write_text(f"{holder.pid}\n")
        words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
        with subprocess.Popen(
            words, env=project.environment, cwd=project.root, stderr=subprocess.PIPE
        ) as waiting:
            assert waiting.stderr is not None
            assert waiting.stderr.readline().startswith(b"Another ./run is making")
            assert project.calls() == []
            holder.kill()
            holder.wait()
            waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert project.calls() == ["make", f"install {KATAS}"]


# a session that was started in the background ignores Ctrl-C, and its children would, too
TAKES_CTRL_C = (
    "import os, signal, sys; signal.signal(2, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


def test_ctrl_c_in_an_installation_leaves_no_process(project: RunOutline) -> None:
    """Status 130, no guard, and within seconds nothing of the script runs."""
    words = ["/bin/sh", str(project.root / "run"), "pytest", "katas"]
    with subprocess.Popen(
        [sys.executable, "-c", TAKES_CTRL_C, *words],
        env=project.environment | {"SLOW_S": "60"},
        cwd=project.root,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as interrupted:
        until = time.monotonic() + 30
        while not in_session(interrupted.pid, "sleep", "60") and time.monotonic() < until:
            time.sleep(0.05)
        os.killpg(interrupted.pid, signal.SIGINT)
        assert interrupted.wait(30) == 130
        until = time.monotonic() + 10
        while (left := in_session(interrupted.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == []
    assert not (project.root / ".venv.lock").exists()


def in_session(leader: int, *words: str) -> list[list[str]]:
    """The command lines of the living processes of a session; with `words` those that are these."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.cmdline())
        except (psutil.Error, OSError):
            continue
    return [line for line in found if not words or line == list(words)]
