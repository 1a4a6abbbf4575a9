"""Takes away what a run has left behind: files, processes and shared memory of its user."""

import ctypes
import os
import pwd
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["disk_bytes", "remove_folder", "sweep_user"]

IPC_RMID = 0
BLOCK_BYTES = 512  # of st_blocks
ENTRY_BYTES = 4096  # at least, so that a million empty files count, too


def remove_folder(folder: Path) -> None:
    """With all that is in it, whatever its modes; nothing happens if it is not there."""
    for place, names, _ in os.walk(folder):
        for below in (Path(place, name) for name in names):
            if not below.is_symlink():
                with suppress(OSError):
                    below.chmod(0o700)  # before it is walked into
    shutil.rmtree(folder, ignore_errors=True)


def disk_bytes(folder: Path, enough: int) -> int:
    """How much of the disk a folder takes; it stops counting above `enough`."""
    total, folders = 0, [os.fspath(folder)]
    while folders and total <= enough:
        with suppress(OSError):
            for entry in os.scandir(folders.pop()):
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    total += max(status.st_blocks * BLOCK_BYTES, ENTRY_BYTES)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
    return total


def sweep_user(uid: int) -> None:
    """End all processes of a user that only submissions have, and free its shared memory.

    An account of the machine, such as `nobody`, has processes of others: nothing is done to it.
    """
    if _has_account(uid):
        return
    while pids := _processes_of(uid):
        for pid in pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
    for path in Path("/dev/shm").glob("*"):
        with suppress(OSError):
            if path.lstat().st_uid == uid:
                path.unlink()
    for identifier in _shared_memory_of(uid):
        ctypes.CDLL(None).shmctl(identifier, IPC_RMID, None)


def _has_account(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _processes_of(uid: int) -> list[int]:
    """Those that run; a zombie is its parent's affair."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.stat().st_uid == uid and not _is_zombie(folder):
                pids.append(int(folder.name))
    return pids


def _is_zombie(folder: Path) -> bool:
    return (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] == "Z"


def _shared_memory_of(uid: int) -> list[int]:
    """Segments of System V (proc(5), /proc/sysvipc/shm) whose owner a user is."""
    if sys.platform != "linux":
        return []
    with suppress(OSError, ValueError, IndexError):
        head, *lines = Path("/proc/sysvipc/shm").read_text(encoding="ascii").splitlines()
        columns = head.split()
        number, owner = columns.index("shmid"), columns.index("uid")
        rows = [line.split() for line in lines]
        return [int(row[number]) for row in rows if int(row[owner]) == uid]
    return []
