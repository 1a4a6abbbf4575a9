"""Cores that may be used: quotas of control groups, version 1 and 2."""

from pathlib import Path

import pytest

from dojo.site.machine.cores import quota_cores, usable_cores


def group(root: Path, path: str, **files: str) -> None:
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("max 100000\n", "max 100000\n", None),
        ("150000 100000\n", "max 100000\n", 1.5),
        ("150000 100000\n", "50000 100000\n", 0.5),  # the group above is narrower
        ("max 100000\n", "50000 100000\n", 0.5),
        ("nonsense\n", "", None),
    ],
)
def test_the_narrowest_quota_counts(
    tmp_path: Path, inner: str, outer: str, expected: float | None
) -> None:
    """Version 2: the group's own cpu.max and that of each group above it."""
    group(tmp_path, "user/run", cpu__max=inner)
    group(tmp_path, "user", cpu__max=outer)
    of_self = tmp_path / "cgroup"
    of_self.write_text("0::/user/run\n")
    assert quota_cores(tmp_path, of_self) == expected


@pytest.mark.parametrize(("quota", "expected"), [("-1\n", None), ("25000\n", 0.25)])
def test_version_one_is_read_too(tmp_path: Path, quota: str, expected: float | None) -> None:
    """Version 1: cfs quota over period, of the cpu controller."""
    group(tmp_path, "cpu,cpuacct/box", cpu__cfs_quota_us=quota, cpu__cfs_period_us="100000\n")
    of_self = tmp_path / "cgroup"
    of_self.write_text("12:memory:/\n4:cpu,cpuacct:/box\n1:name=systemd:/\n0::/\n")
    assert quota_cores(tmp_path, of_self) == expected


def test_without_control_groups_there_is_no_quota(tmp_path: Path) -> None:
    """As on macOS."""
    assert quota_cores(tmp_path, tmp_path / "none") is None


def test_some_cores_may_be_used() -> None:
    """On any machine."""
    assert usable_cores() > 0
