"""The user ids that only submissions have, if this is root: claimed one by one, and swept.

A sweep ends every process of a user, so it is for these ids alone, and for one that this call has
claimed: no account has one, and two calls on a machine never share one.
"""

import ctypes
import os
import pwd
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dojo.errors import BadSetting

__all__ = ["SUBMISSION_UIDS", "claimed_user", "sweep_user"]

SUBMISSION_UIDS = range(62_000, 63_000)
IPC_RMID = 0


@contextmanager
def claimed_user(number: int) -> Iterator[int]:
    """A user id that nobody else has for the length of the block; it is swept before and after.

    Of those that are free the one with that number is tried first, so that one after the other is
    used. The claim is the name of an abstract Unix socket (unix(7)), which ends with its holder.
    """
    accounts = {entry.pw_uid for entry in pwd.getpwall()}
    free = [uid for uid in SUBMISSION_UIDS if uid not in accounts]
    for place in range(len(free)):
        uid = free[(number + place) % len(free)]
        with socket.socket(socket.AF_UNIX) as claim:
            try:
                claim.bind(f"\0slo-dojo-submission-{uid}")
            except OSError:
                continue
            sweep_user(uid)  # what a call that was killed has left
            try:
                yield uid
            finally:
                sweep_user(uid)
            return
    raise BadSetting(f"The user ids from {SUBMISSION_UIDS[0]} on are all taken.")


def sweep_user(uid: int) -> None:
    """End all processes of a submission's user, and free its shared memory.

    ValueError for any other user: an account's processes are nobody's to end.
    """
    if uid not in SUBMISSION_UIDS:
        raise ValueError(f"user {uid} is no submission's")
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
