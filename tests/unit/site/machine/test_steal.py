"""What the host of a virtual machine took, from /proc/stat."""

from pathlib import Path

import pytest

from dojo.site.machine.processes import TICKS_PER_S
from dojo.site.machine.watch import _share_stolen, _used_and_stolen_s


def test_use_and_loss_are_those_of_all_cpus(tmp_path: Path) -> None:
    """Idle time and the wait for a disk are no use; guests count in their user's already."""
    (tmp_path / "stat").write_text(
        "cpu  100 20 30 9000 700 5 5 40 11 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
    )
    used_s, stolen_s = _used_and_stolen_s(tmp_path)
    assert used_s * TICKS_PER_S == pytest.approx(160)
    assert stolen_s * TICKS_PER_S == pytest.approx(40)


@pytest.mark.parametrize("text", ["", "cpu 1 2 3\n", "intr 5\n"])
def test_what_the_system_does_not_tell_is_nothing(text: str, tmp_path: Path) -> None:
    """An old kernel has fewer columns, macOS no such file."""
    assert _used_and_stolen_s(tmp_path / "none") == (0.0, 0.0)
    (tmp_path / "stat").write_text(text)
    assert _used_and_stolen_s(tmp_path) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("used_s", "stolen_s", "share"),
    [
        (0.8, 1.2, 0.6),  # two of eight CPUs were wanted: each lost six tenths of its time
        (2.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
        (-1.0, -1.0, 0.0),  # counters that went back, as after a machine was moved
    ],
)
def test_idle_cpus_do_not_thin_out_what_a_busy_one_lost(
    used_s: float, stolen_s: float, share: float
) -> None:
    """It is a share of the CPU time that was wanted."""
    before = (5.0, 7.0)
    after = (before[0] + used_s, before[1] + stolen_s)
    assert _share_stolen(before, after) == pytest.approx(share)
