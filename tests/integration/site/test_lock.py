"""dojo.site.lock: one run at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.errors import BadSetting, GraderFault
from dojo.site import lock
from dojo.site.lock import alone
from tests.support.project import ROOT

NAME = f"slo-dojo-test-{os.getpid()}"  # nobody else's
HOLDER = """
import sys, time
from pathlib import Path
from dojo.site.lock import alone
with alone(Path(sys.argv[1]), print, machine=sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_waits_names_the_first_and_gives_up(tmp_path: Path) -> None:
    """While another process holds the lock, it is named once, and after the wait it is an error."""
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), NAME], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(GraderFault, match=f"process {holder.pid}"),
            alone(tmp_path, told.append, machine=NAME, wait_s=0.2),
        ):
            pytest.fail("two at once")
        assert len(told) == 1
        assert str(holder.pid) in told[0]
        holder.kill()
        holder.wait()
        with alone(tmp_path, told.append, machine=NAME, wait_s=5):
            assert (tmp_path / "run.lock").read_text() == str(os.getpid())


def test_who_waits_long_is_reminded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whom it waits for, again and again."""
    monkeypatch.setattr(lock, "REMINDED_EVERY_S", 0.05)
    lines: list[str] = []
    with (
        alone(tmp_path / "mine", pytest.fail, machine=NAME),
        pytest.raises(GraderFault),
        alone(tmp_path / "other", lines.append, machine=NAME, wait_s=1.0),
    ):
        pytest.fail("two at once")
    assert "waiting for its end" in lines[0]
    assert lines[1].startswith(f"Another run (process {os.getpid()}) still goes on, after ")


def test_the_lock_is_let_go_at_the_end(tmp_path: Path) -> None:
    """A run after a run does not wait, even if the first one failed."""
    with pytest.raises(RuntimeError), alone(tmp_path, pytest.fail, machine=NAME):
        raise RuntimeError
    with alone(tmp_path, pytest.fail, machine=NAME, wait_s=0):
        pass


def test_who_measures_no_time_locks_the_cache_alone(tmp_path: Path) -> None:
    """It runs beside a measuring run of another clone, and not beside one of its own."""
    mine, other = tmp_path / "mine", tmp_path / "other"
    notices: list[str] = []
    with (
        alone(other, pytest.fail, machine=NAME),
        alone(mine, pytest.fail, machine=None, wait_s=0),
        pytest.raises(GraderFault, match="has not ended"),
        alone(mine, notices.append, machine=None, wait_s=0.2),
    ):
        pytest.fail("two at once")
    assert notices == [
        f"Another run (process {os.getpid()}) has the same Postgres; waiting for its end."
    ]


def test_a_cache_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    """The message names the folder and the variable that moves it."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(BadSetting, match=r"file.*DOJO_CACHE"),
        alone(tmp_path / "file", pytest.fail, machine=NAME),
    ):
        pytest.fail("held")


def test_what_goes_on_for_long_is_named_with_the_way_to_end_it(tmp_path: Path) -> None:
    """Who waits for a live site is told at once that Ctrl-C there lets this run go on."""
    told: list[str] = []
    script = HOLDER.replace("print,", "print, command='./run dojo up',")
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path), NAME], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(GraderFault, match=f"dojo up \\(process {holder.pid}\\) has not ended"),
            alone(tmp_path, told.append, machine=NAME, wait_s=0.2),
        ):
            pytest.fail("two at once")
        assert len(told) == 1
        assert f"./run dojo up (process {holder.pid}) is running" in told[0]
        assert "Ctrl-C" in told[0]
        with (
            pytest.raises(GraderFault, match="has not ended"),
            alone(tmp_path, told.append, machine=NAME, wait_s=0.2, ask=lambda: True),
        ):
            pytest.fail("two at once")
        assert told[1:] == [
            f"./run dojo up (process {holder.pid}) pauses for this run, and goes on afterwards."
        ]
        told.clear()
        listens = iter([False, False])
        with (
            pytest.raises(GraderFault, match="has not ended"),
            alone(tmp_path, told.append, machine=NAME, wait_s=1, ask=lambda: next(listens, True)),
        ):
            pytest.fail("two at once")
        assert [text.endswith("goes on afterwards.") for text in told] == [False, True]
        with (
            pytest.raises(GraderFault, match="runs already"),
            alone(tmp_path, pytest.fail, machine=NAME, command="./run dojo up"),
        ):
            pytest.fail("two of a kind")
        holder.kill()


def test_the_lock_is_the_machine_s_and_not_the_cache_s(tmp_path: Path) -> None:
    """Another clone has another cache, and measures on the same machine."""
    messages: list[str] = []
    first, second = tmp_path / "first", tmp_path / "second"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(first), NAME], stdout=subprocess.PIPE, cwd=ROOT
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(GraderFault, match=f"process {holder.pid}\\) has not ended"),
            alone(second, messages.append, wait_s=0.2, machine=NAME),
        ):
            pytest.fail("two at once")
        assert len(messages) == 1
        holder.kill()
        holder.wait()
        with alone(second, pytest.fail, wait_s=5, machine=NAME):
            pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_lock_holds_for_other_users(tmp_path: Path) -> None:
    """Nobody needs a right to a file of somebody else's."""
    cache = tmp_path / "nobody"
    cache.mkdir(mode=0o700)
    os.chown(cache, 65534, 65534)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(folder.stat().st_mode | 0o111)
    script = HOLDER.replace("with alone", "import os\nos.setuid(65534)\nwith alone")
    with alone(tmp_path / "root", pytest.fail, machine=NAME):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                script.replace("print,", "print, wait_s=0.2,"),
                str(cache),
                NAME,
            ],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
    assert done.returncode != 0
    assert f"process {os.getpid()}" in done.stdout
    assert "GraderFault" in done.stderr
