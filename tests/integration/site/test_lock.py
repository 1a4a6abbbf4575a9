"""dojo.site.lock: one run at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.errors import BadSetting, GraderFault
from dojo.site.lock import alone
from tests.support.project import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from dojo.site.lock import alone
with alone(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_waits_names_the_first_and_gives_up(tmp_path: Path) -> None:
    """While another process holds the lock, it is named once, and after the wait it is an error."""
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(GraderFault, match=f"process {holder.pid}"),
            alone(tmp_path, told.append, wait_s=0.2),
        ):
            pytest.fail("two at once")
        assert len(told) == 1
        assert str(holder.pid) in told[0]
        holder.kill()
        holder.wait()
        with alone(tmp_path, told.append, wait_s=5):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_the_lock_is_let_go_at_the_end(tmp_path: Path) -> None:
    """A run after a run does not wait, even if the first one failed."""
    with pytest.raises(RuntimeError), alone(tmp_path, pytest.fail):
        raise RuntimeError
    with alone(tmp_path, pytest.fail, wait_s=0):
        pass


def test_a_cache_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The message names the folder and the variable that moves it."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(BadSetting, match=r"file.*DOJO_CACHE"),
        alone(tmp_path / "file", pytest.fail),
    ):
        pytest.fail("held")


def test_what_goes_on_for_long_is_named_with_the_way_to_end_it(tmp_path: Path) -> None:
    """Who waits for a live site is told at once that Ctrl-C there lets this run go on."""
    told: list[str] = []
    script = HOLDER.replace("print)", "print, command='./run dojo up')")
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(GraderFault, match=f"dojo up \\(process {holder.pid}\\) has not ended"),
            alone(tmp_path, told.append, wait_s=0.2),
        ):
            pytest.fail("two at once")
        assert len(told) == 1
        assert f"./run dojo up (process {holder.pid}) is running" in told[0]
        assert "Ctrl-C" in told[0]
        with (
            pytest.raises(GraderFault, match="runs already"),
            alone(tmp_path, pytest.fail, command="./run dojo up"),
        ):
            pytest.fail("two of a kind")
        holder.kill()
