"""What the log of a Postgres server says: a full disk, or data that can't be used."""

import errno
import os
import re
from pathlib import Path

__all__ = ["DISK_FULL", "end_of_log", "is_damaged"]

DISK_FULL = "the disk is full"
SHARED_MEMORY = (
    "/dev/shm is too small (the disk is not full); give a container --shm-size=256m, or: mount -o"
    " remount,size=256m /dev/shm"
)
ENDED_BY = re.compile(r"\b(FATAL|PANIC): |could not (find the database system|access the server)")
DAMAGE = tuple(
    re.compile(sign)
    for sign in (
        r"could not find the database system",
        r"could not locate a valid checkpoint record",
        r"incorrect checksum|checksum mismatch|invalid checksum",
        r"invalid (data|magic number|page|primary checkpoint|record|contents)",
        r"database files are incompatible with server",
        r"is not a valid data directory|is missing or contains invalid|corrupt",
        r"could not open (file|directory) \"(global|base|pg_)[^\"]*\": No such file",
        r"could not read file .* read \d+ of \d+",
        r"could not access the server configuration file .*: No such file",
        r"configuration file .* contains errors|could not load .*\.conf",
        r"required WAL directory|in lock file|could not read lock file",
        r"password authentication failed",
        r"database \"postgres\" does not exist",
    )
)


def end_of_log(log: Path) -> str:
    """The end of a log; if a disk or the shared memory was full, that first."""
    end = log.read_text(errors="replace").strip()[-600:]
    full = [line for line in end.splitlines() if os.strerror(errno.ENOSPC) in line]
    if not full:
        return end
    if any("shared memory" in line for line in full):
        return f"{SHARED_MEMORY} ({end})"
    return f"{DISK_FULL} ({end})\nMake room there."


def is_damaged(log: str) -> bool:
    """Whether a log says that the data themselves can't be used, as after a power cut.

    For whatever else a server did not start (a port, memory, a full disk) the data stay. Only what
    ended the server counts: a sound recovery from a crash reads up to an invalid record, too.
    """
    ends = [line for line in log.splitlines() if ENDED_BY.search(line)]
    return any(sign.search(line) for line in ends for sign in DAMAGE)
