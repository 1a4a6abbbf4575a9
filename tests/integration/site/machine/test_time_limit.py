"""A time limit beside programs that really take the app's time. Linux only."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from dojo.site.machine.time_limit import TimeLimit
from dojo.site.machine.watch import MachineWatch, Roots

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")

SPIN = "import os, sys; os.sched_setaffinity(0, [int(sys.argv[1])])\nwhile True: pass"
LENGTH_S = 2.0


@contextmanager
def spinning() -> Iterator[int]:
    """The pid of a busy loop on one certain CPU."""
    cpu = str(min(os.sched_getaffinity(0)))
    child = subprocess.Popen([sys.executable, "-c", SPIN, cpu])
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def test_a_limit_grows_while_others_hold_the_cpu_that_the_app_waits_for() -> None:
    """Beside four loops on its CPU an app gets a fifth of it, so its limit is far from over."""
    with ExitStack() as stack:
        app, *_ = (stack.enter_context(spinning()) for _ in range(5))
        limit = stack.enter_context(TimeLimit(LENGTH_S, MachineWatch(Roots(app, app))))
        time.sleep(LENGTH_S)
        assert limit.stolen_s > 0.2 * LENGTH_S
        assert not limit.is_over
