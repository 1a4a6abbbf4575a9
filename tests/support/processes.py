"""Processes as the system sees them."""

import time

import psutil

__all__ = ["gone_within", "is_alive"]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    """Whether the process ends, or has ended, in that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_alive(pid):
            return True
        time.sleep(0.01)
    return False
