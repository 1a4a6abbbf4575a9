"""`benchmarks.cpu_quota`: which control group gets the quota, and what is said where none can."""

from pathlib import Path

import pytest

from benchmarks.cpu_quota import _own_group, _set_quota, limited


@pytest.mark.parametrize(
    ("lines", "own", "parent", "version"),
    [
        ("8:pids:/\n1:cpu,cpuacct:/a/b\n0::/\n", "cpu/a/b", "cpu/a/b", 1),
        ("1:cpu:/\n", "cpu", "cpu", 1),
        ("0::/user.slice/a.scope\n", "user.slice/a.scope", "user.slice", 2),
        ("0::/\n", "", "", 2),
    ],
)
def test_the_group_is_made_where_it_can_have_the_controller(
    lines: str, own: str, parent: str, version: int, tmp_path: Path
) -> None:
    """In the process's own on version 1, beside it on version 2."""
    of_self = tmp_path / "cgroup"
    of_self.write_text(lines)
    root = tmp_path / "root"
    assert _own_group(root, of_self) == (root / own, root / parent, version)


def test_half_a_core_is_half_of_each_period(tmp_path: Path) -> None:
    """As both versions want it written."""
    _set_quota(tmp_path, 50_000, 1)
    assert (tmp_path / "cpu.cfs_quota_us").read_text() == "50000"
    assert (tmp_path / "cpu.cfs_period_us").read_text() == "100000"
    _set_quota(tmp_path, 50_000, 2)
    assert (tmp_path / "cpu.max").read_text() == "50000 100000"


def test_without_control_groups_it_says_what_it_needs(tmp_path: Path) -> None:
    """And leaves nothing behind."""
    of_self = tmp_path / "cgroup"
    of_self.write_text("0::/\n")
    with (
        pytest.raises(SystemExit, match="needs root on Linux"),
        limited(0.5, tmp_path / "no", of_self),
    ):
        pytest.fail("limited")
    assert [each.name for each in tmp_path.iterdir()] == ["cgroup"]
