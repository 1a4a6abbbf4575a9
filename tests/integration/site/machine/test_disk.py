"""How long a disk makes a writer wait, probed on a real one."""

import time
from pathlib import Path

import pytest

from dojo.site.machine import disk
from dojo.site.machine.disk import DiskFigures, DiskProbe

PRESSURE = """some avg10=0.00 avg60=0.00 avg300=0.00 total={some}
full avg10=0.00 avg60=0.00 avg300=0.00 total=1
"""


@pytest.fixture(autouse=True)
def probed_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "EVERY_S", 0.01)


def await_probes(folder: Path, probe: DiskProbe) -> DiskFigures:
    """The figures as soon as there are any."""
    until = time.monotonic() + 10
    while probe.figures.sync_max_s is None:
        assert time.monotonic() < until, list(folder.iterdir())
        time.sleep(0.01)
    return probe.figures


def test_each_write_is_forced_out_and_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes its time is seen as such."""
    force_out = disk._force_out

    def slow(descriptor: int) -> None:
        force_out(descriptor)
        time.sleep(0.03)

    monkeypatch.setattr(disk, "_force_out", slow)
    with DiskProbe(tmp_path, tmp_path / "no pressure") as probe:
        figures = await_probes(tmp_path, probe)
    assert figures.sync_p95_s is not None
    assert figures.sync_max_s is not None
    assert 0.03 <= figures.sync_p95_s <= figures.sync_max_s
    assert figures.waiting is None


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """The file is there while it is probed, and gone afterwards."""
    with DiskProbe(tmp_path, tmp_path / "no pressure") as probe:
        await_probes(tmp_path, probe)
        assert [path.name[:11] for path in tmp_path.iterdir()] == [".disk-probe"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_gives_no_figure(tmp_path: Path) -> None:
    """And ends nobody's run."""
    with DiskProbe(tmp_path / "missing", tmp_path / "no pressure") as probe:
        pass
    assert probe.figures == DiskFigures()


def test_without_a_folder_the_kernels_figure_is_taken(tmp_path: Path) -> None:
    """The share of the time in which somebody waited for a disk, by the growth of the total."""
    pressure = tmp_path / "io"
    pressure.write_text(PRESSURE.format(some=5_000_000))
    began = time.monotonic()
    with DiskProbe(None, pressure) as probe:
        pressure.write_text(PRESSURE.format(some=5_100_000))
        time.sleep(0.05)
    ended = time.monotonic()
    assert probe.figures.sync_max_s is None
    assert probe.figures.waiting is not None
    assert 0.1 / (ended - began) <= probe.figures.waiting <= 0.1 / 0.05


@pytest.mark.parametrize("text", ["", "some\n", "full total=1\n", "some total=x\n"])
def test_an_unreadable_pressure_is_no_figure(tmp_path: Path, text: str) -> None:
    """A kernel may have it switched off."""
    pressure = tmp_path / "io"
    pressure.write_text(text)
    with DiskProbe(None, pressure) as probe:
        pass
    assert probe.figures.waiting is None


def test_a_pressure_that_appears_meanwhile_is_no_figure(tmp_path: Path) -> None:
    """Its total counts from the machine's start, so one reading says nothing."""
    pressure = tmp_path / "io"
    with DiskProbe(None, pressure) as probe:
        pressure.write_text(PRESSURE.format(some=5_100_000))
    assert probe.figures.waiting is None
