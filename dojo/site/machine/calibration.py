"""How fast one core of this machine is, beside the machine on which the katas were measured.

A fixed piece of work of the kind that a web application does (text, JSON, hashes, dictionaries) is
timed by the CPU time that it takes, which neighbours hardly change. It is measured for every run,
before the app is there: on battery or when it is hot a laptop is a slower machine than an hour ago.
"""

import hashlib
import json
import time

__all__ = ["REFERENCE_S", "core_speed", "measure_core"]

REFERENCE_S = 0.00136  # CPU seconds of `_work` on a core of the machine that set the demands
GOES = 40  # a twentieth of a second, where a core is as fast


def core_speed() -> float:
    """Speed of one core: 1 is the reference machine, 0.5 needs twice the time."""
    return REFERENCE_S / measure_core()


def measure_core(goes: int = GOES) -> float:
    """CPU seconds that the fixed work takes here: the least of several goes."""
    return min(_cpu_s() for _ in range(goes))


def _cpu_s() -> float:
    began = time.thread_time()
    _work()
    return max(time.thread_time() - began, 1e-6)


def _work() -> int:
    """A few pages' worth of what a web application does."""
    rows = [
        {"id": number, "name": f"product {number}", "price": number * 7 % 1000}
        for number in range(400)
    ]
    text = json.dumps(rows)
    total = 0
    for _ in range(4):
        by_name = {row["name"]: row for row in json.loads(text)}
        page = "".join(f"<li>{name}: {by_name[name]['price']}</li>" for name in sorted(by_name))
        total += len(page) + hashlib.sha256(page.encode()).digest()[0]
    return total
