"""How fast one core of this machine is, beside the machine on which the katas were measured.

A fixed piece of work of the kind that a web application does (text, JSON, hashes, dictionaries) is
timed by the CPU time that it takes, which neighbours hardly change. The best of several goes is
kept for the machine, so that it costs a fraction of a second once.
"""

import hashlib
import json
import platform
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["REFERENCE_S", "core_speed", "measure_core"]

REFERENCE_S = 0.00136  # CPU seconds of `_work` on a core of the machine that set the demands
GOES = 40
FILE = "machine.json"
CPU_INFO = Path("/proc/cpuinfo")


def core_speed(cache: Path) -> float:
    """Speed of one core: 1 is the reference machine, 0.5 needs twice the time. Kept in `cache`."""
    machine = _machine()
    file = cache / FILE
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads(file.read_text(encoding="utf-8"))
        if known["machine"] == machine and known["core_s"] > 0:
            return REFERENCE_S / float(known["core_s"])
    core_s = measure_core()
    with suppress(OSError):  # a cache that can't be written costs the time again, and no more
        cache.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"machine": machine, "core_s": core_s}), encoding="utf-8")
    return REFERENCE_S / core_s


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


def _machine() -> str:
    """Tells this machine and Python from others."""
    model = platform.processor()
    with suppress(OSError):
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return "|".join([platform.node(), platform.machine(), model, platform.python_version()])
