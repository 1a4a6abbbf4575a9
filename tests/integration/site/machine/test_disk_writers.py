"""Who wrote to a disk, read from folders made as /proc is."""

import os
import time
from pathlib import Path

import pytest

from dojo.report import Culprit
from dojo.site.machine import disk, disk_writers
from dojo.site.machine.disk import DiskProbe
from dojo.site.machine.disk_writers import DiskWriters

STAT = Path("/proc/self/stat")
RUN, OTHER = 11, 22

pytestmark = pytest.mark.skipif(not STAT.exists(), reason="only Linux has /proc")


def write(proc: Path, pid: int, megabytes: int) -> None:
    """A process that has written so much."""
    folder = proc / str(pid)
    folder.mkdir(exist_ok=True)
    text = f"rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: {megabytes * 1_000_000}\n"
    (folder / "io").write_text(text)
    stat = STAT.read_text().replace(str(os.getpid()), str(pid), 1)
    (folder / "stat").write_text(stat)
    (folder / "cmdline").write_text(f"writer\0{pid}")


def culprits(proc: Path, run_mb: int, other_mb: int) -> tuple[Culprit, ...]:
    """After 10 MB of each from before, and then so much in next to no time."""
    write(proc, RUN, 10)
    write(proc, OTHER, 10)
    writers = DiskWriters(proc)
    write(proc, RUN, 10 + run_mb)
    write(proc, OTHER, 10 + other_mb)
    return writers.culprits({RUN})


def test_who_writes_much_is_named(tmp_path: Path) -> None:
    """With what it wrote since then."""
    (found,) = culprits(tmp_path, run_mb=0, other_mb=5000)
    assert (found.pid, found.name, found.cores) == (OTHER, "writer 22", 0.0)
    assert found.written_mb_per_s > 10
    assert "process 'writer 22' (22) wrote" in found.described
    assert "MB a second" in found.described


@pytest.mark.parametrize(("run_mb", "other_mb"), [(0, 0), (5000, 0), (5000, 5000), (5000, 15000)])
def test_a_run_that_writes_much_itself_can_blame_nobody(
    tmp_path: Path, run_mb: int, other_mb: int
) -> None:
    """Nor can one beside which nobody wrote."""
    assert culprits(tmp_path, run_mb, other_mb) == ()


def test_nobody_is_blamed_where_nothing_can_be_read(tmp_path: Path) -> None:
    """No /proc, or processes of other users."""
    assert DiskWriters(tmp_path / "none").culprits({RUN}) == ()


@pytest.mark.parametrize(("sync_s", "blamed"), [(0.0, False), (1.1, True)])
def test_nobody_is_blamed_for_a_quick_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sync_s: float, blamed: bool
) -> None:
    """However much was written."""
    monkeypatch.setattr(disk, "EVERY_S", 0.01)
    monkeypatch.setattr(disk, "SLOW_SYNC_S", 1.0)  # a busy machine's disk is no slower
    monkeypatch.setattr(disk, "_force_out", lambda descriptor: time.sleep(sync_s))
    monkeypatch.setattr(disk, "DiskWriters", lambda: DiskWriters(tmp_path))
    monkeypatch.setattr(disk_writers, "MANY_MB_PER_S", 0.001)
    write(tmp_path, OTHER, 10)
    with DiskProbe(tmp_path) as probe:
        write(tmp_path, OTHER, 5000)
        until = time.monotonic() + 10
        while probe.figures.sync_p95_s is None and time.monotonic() < until:
            time.sleep(0.01)
        assert bool(probe.culprits({RUN})) is blamed
