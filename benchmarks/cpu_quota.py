"""A share of a core for this process and what it starts: a control group with a quota of its own.

Linux only, and only where groups may be made: as root, on version 1 or 2 of control groups.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["limited"]

CGROUP = Path("/sys/fs/cgroup")
SELF = Path("/proc/self/cgroup")
PERIOD_US = 100_000


@contextmanager
def limited(cores: float, root: Path = CGROUP, of_self: Path = SELF) -> Iterator[None]:
    """Let this process, and those that it starts in the block, use so many cores together.

    SystemExit, with what to do, where no group can be made.
    """
    try:
        own, parent, version = _own_group(root, of_self)
        group = parent / f"slo-dojo-{os.getpid()}"
        group.mkdir()
        try:
            _set_quota(group, round(cores * PERIOD_US), version)
            _enter(group)
        except OSError:
            group.rmdir()
            raise
    except OSError as error:
        raise SystemExit(f"a quota needs root on Linux with control groups: {error}") from error
    try:
        yield
    finally:
        _enter(own)
        group.rmdir()


def _set_quota(group: Path, quota_us: int, version: int) -> None:
    if version == 2:
        (group / "cpu.max").write_text(f"{quota_us} {PERIOD_US}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota_us))


def _enter(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()))


def _own_group(root: Path, of_self: Path) -> tuple[Path, Path, int]:
    """(group of this process, group in which another may be made, version) of the CPU controller.

    On version 2 a group that has processes can't hand the controller on, so the new one stands
    beside it. OSError if there is none.
    """
    for line in of_self.read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if "cpu" in controllers.split(","):
            own = root / "cpu" / path.lstrip("/")
            return own, own, 1
    own = root / path.lstrip("/")
    return own, own if own == root else own.parent, 2
