"""How many cores a run may use: the machine's, less its affinity and its control group's quota."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["quota_cores", "usable_cores"]

CGROUP = Path("/sys/fs/cgroup")
SELF = Path("/proc/self/cgroup")


def usable_cores() -> float:
    """Cores that this process may use at the same time; a quota can make that a fraction."""
    if sys.platform == "linux":
        allowed = float(len(os.sched_getaffinity(0)))
    else:
        allowed = float(os.cpu_count() or 1)
    quota = quota_cores()
    return allowed if quota is None else min(allowed, quota)


def quota_cores(root: Path = CGROUP, of_self: Path = SELF) -> float | None:
    """The narrowest CPU quota of this process's control groups, in cores; None without any.

    Version 2: cpu.max of the group and of each group above it. Version 1: the same with
    cpu.cfs_quota_us and cpu.cfs_period_us of the cpu controller.
    """
    quotas = [quota for folder in _folders(root, of_self) if (quota := _quota(folder)) is not None]
    return min(quotas, default=None)


def _folders(root: Path, of_self: Path) -> Iterator[Path]:
    """The folders of this process's groups, from its own up to the root of the hierarchy."""
    try:
        lines = of_self.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            tops = [root, root / "unified"]
        elif "cpu" in controllers.split(","):
            tops = [root / "cpu", root / controllers]
        else:
            continue
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for top in tops:
            for depth in range(len(parts), -1, -1):
                yield top.joinpath(*parts[:depth])


def _quota(folder: Path) -> float | None:
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
        return None if quota == "max" else int(quota) / int(period)
    with suppress(OSError, ValueError, ZeroDivisionError):
        quota_us = int((folder / "cpu.cfs_quota_us").read_text(encoding="ascii"))
        period_us = int((folder / "cpu.cfs_period_us").read_text(encoding="ascii"))
        return None if quota_us < 0 else quota_us / period_us
    return None
