"""Requests before anybody measures, so that what an app does once is done. They are not judged."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from dojo.load.plan import Step

__all__ = ["all_answered"]

AT_ONCE = 4


def all_answered(
    send: Callable[[str | Step, float], None], requests: Sequence[str | Step], at_most_s: float
) -> bool:
    """Send them, four at once; whether all got an answer.

    It ends at the first request that gets none, and after `at_most_s`: the load will show why.
    """
    until = time.monotonic() + at_most_s
    over = threading.Event()

    def load(request: str | Step) -> None:
        if time.monotonic() < until and not over.is_set():
            try:
                send(request, at_most_s)
            except httpx.HTTPError:
                over.set()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(load, requests))
    return not over.is_set()
