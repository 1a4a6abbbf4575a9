"""The machine, watched while somebody really uses it. Linux only: elsewhere nothing is seen."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from dojo.site.machine.processes import (
    Process,
    Scheduling,
    adopt_orphans,
    processes,
    thread_scheduling,
)
from dojo.site.machine.watch import CpuByProcess, MachineWatch, Roots, _Window

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")

SPIN = "while True: pass"
WATCH_S = 2.5


@contextmanager
def running(*argv: str) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(argv)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def test_a_busy_loop_outside_the_run_is_seen_by_name() -> None:
    """Its CPU counts as outside, and its command line says who it was."""
    with running(sys.executable, "-c", SPIN) as loop, running("sleep", "60") as app:
        with MachineWatch(Roots(app.pid, app.pid)) as watch:
            time.sleep(WATCH_S)
        outside = [each.outside_cores for each in watch.intervals(0.0)]
        named = {each.pid: each for each in watch.culprits(most=1000)}
    assert max(outside) > 0.05
    assert named[loop.pid].cores > 0.05
    assert SPIN in named[loop.pid].name


def test_a_busy_loop_of_the_run_is_not_outside() -> None:
    """What descends from the run's own roots excuses nothing."""
    with running(sys.executable, "-c", f"import os\nos.fork()\n{SPIN}") as app:
        with MachineWatch(Roots(os.getpid(), app.pid)) as watch:
            time.sleep(WATCH_S)
        family = {app.pid, *(p.pid for p in processes().values() if p.parent == app.pid)}
        for pid in family - {app.pid}:
            os.kill(pid, 9)
        assert not family & {each.pid for each in watch.culprits(1000)}


def test_who_must_wait_for_a_cpu_is_seen_to_wait() -> None:
    """Three loops on one core wait two seconds a second between them."""
    cpu = min(os.sched_getaffinity(0))
    code = f"import os\nos.sched_setaffinity(0, [{cpu}])\nos.fork()\nos.fork()\n{SPIN}"
    with running(sys.executable, "-c", code) as app:
        with MachineWatch(Roots(app.pid, app.pid)) as watch:
            time.sleep(WATCH_S)
        for each in processes().values():
            if each.parent == app.pid:
                for below in processes().values():
                    if below.parent == each.pid:
                        os.kill(below.pid, 9)
                os.kill(each.pid, 9)
    assert watch.sees_delay
    found = watch.intervals(0.0)
    whole_s = sum(each.length_s for each in found)
    assert sum(each.run.delay * each.length_s for each in found) / whole_s > 1.0


@pytest.mark.parametrize("schedstat", [None, "0 0 0\n"], ids=["no file", "not counted"])
def test_a_kernel_without_schedstat_is_seen_to_tell_nothing(
    tmp_path: Path, schedstat: str | None
) -> None:
    """Who was busy is still known by name."""
    with running(sys.executable, "-c", SPIN) as loop, running("sleep", "60") as app:
        for pid in (1, app.pid, loop.pid):
            task = tmp_path / str(pid) / "task" / str(pid)
            task.mkdir(parents=True)
            for name in ("stat", "cmdline"):
                (tmp_path / str(pid) / name).symlink_to(f"/proc/{pid}/{name}")
            if schedstat is not None:
                (task / "schedstat").write_text(schedstat)
        with MachineWatch(Roots(app.pid, app.pid), proc=tmp_path) as watch:
            time.sleep(WATCH_S)
    assert not watch.sees_delay
    assert watch.sees_others
    assert {each.app.delay for each in watch.intervals(0.0)} == {0.0}
    assert [each.pid for each in watch.culprits(1)] == [loop.pid]


def test_other_users_processes_may_be_hidden(tmp_path: Path) -> None:
    """Then the first process is not there (hidepid, proc(5)), and nobody can be named."""
    with running("sleep", "60") as app:
        (tmp_path / str(app.pid)).symlink_to(f"/proc/{app.pid}")
        with MachineWatch(Roots(app.pid, app.pid), proc=tmp_path) as watch:
            time.sleep(0.3)
    assert not watch.sees_others
    assert watch.sees_delay
    assert watch.culprits() == ()


def test_without_proc_ps_names_who_was_busy(tmp_path: Path) -> None:
    """As on macOS: no delay is known, and the busy loop is."""
    with (
        running(sys.executable, "-c", SPIN) as loop,
        running("sleep", "60") as app,
        MachineWatch(Roots(app.pid, app.pid), proc=tmp_path / "none") as watch,
    ):
        until = time.monotonic() + 60  # ps may count whole seconds
        while loop.pid not in {each.pid for each in watch.culprits(1000)}:
            assert time.monotonic() < until, watch.culprits(1000)
            time.sleep(0.2)
    assert not watch.sees_delay
    assert watch.sees_others


def test_who_was_busy_for_a_second_is_named_for_that_second() -> None:
    """In 45 s it would hardly count; who uses next to nothing all along stays what it is."""
    backup, daemon, loop = (own_process(number) for number in (2, 3, 4))
    watch = MachineWatch(Roots(os.getpid(), os.getpid()))
    watch._cpu.names = {each.key: each for each in (backup, daemon, loop)}
    for second in range(45):
        used = {daemon.key: 0.01, loop.key: 0.5, **({backup.key: 0.9} if second == 20 else {})}
        watch._windows.append(_Window(second, second + 1.0, sum(used.values()), {}, 0.0, used))
    cores = {each.pid: each.cores for each in watch.culprits()}
    assert cores == pytest.approx({backup.pid: 0.9, daemon.pid: 0.01, loop.pid: 0.5})
    assert watch.culprits()[0].pid == loop.pid


def own_process(pid: int) -> Process:
    """This process, as if it had another pid."""
    return replace(processes()[os.getpid()], pid=pid)


def test_intervals_are_on_the_clock_that_is_asked_for() -> None:
    """They follow one another without a gap, and begin where the watch began."""
    with running("sleep", "60") as app:
        began = time.monotonic()
        with MachineWatch(Roots(app.pid, app.pid)) as watch:
            time.sleep(0.5)
    found = watch.intervals(began)
    assert len(found) >= 3
    assert 0 <= found[0].start_s < 0.4
    assert all(before.end_s == after.start_s for before, after in pairwise(found))


def test_an_app_that_renices_itself_is_noticed() -> None:
    """Its nice value is no longer the one that it was started with."""
    (given,) = thread_scheduling(os.getpid())[:1]
    code = "import os, time\nos.nice(3)\ntime.sleep(60)"
    with running(sys.executable, "-c", code) as app:
        time.sleep(0.3)
        with MachineWatch(Roots(os.getpid(), app.pid), given) as watch:
            time.sleep(0.2)
    assert f"nice {given.nice + 3}" in watch.own_priority


def test_an_app_that_pins_itself_is_noticed() -> None:
    """It has chosen its CPUs."""
    (given,) = thread_scheduling(os.getpid())[:1]
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is one CPU only")
    code = (
        "import os, time\nos.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\ntime.sleep(60)"
    )
    with running(sys.executable, "-c", code) as app:
        time.sleep(0.3)
        with MachineWatch(Roots(os.getpid(), app.pid), given) as watch:
            time.sleep(0.2)
    assert watch.own_priority


def test_an_app_that_asks_for_nothing_is_not_blamed() -> None:
    """What it was started with is what it has."""
    (given,) = thread_scheduling(os.getpid())[:1]
    with (
        running("sleep", "60") as app,
        MachineWatch(Roots(os.getpid(), app.pid), given) as watch,
    ):
        time.sleep(0.2)
    assert watch.own_priority == ""


@pytest.mark.parametrize("way", ["double fork", "SIGCHLD ignored"])
def test_a_daemon_stays_the_run_s_own(way: str) -> None:
    """Whoever detaches itself is adopted by the grader, so its CPU is never somebody else's."""
    script = f"""
import os, signal, sys, time
from dojo.site.machine.processes import adopt_orphans, processes
from dojo.site.machine.watch import MachineWatch, Roots
assert adopt_orphans()
app = os.fork()
if app == 0:
    if {way!r} == "SIGCHLD ignored":
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            until = time.monotonic() + 8
            while time.monotonic() < until:
                pass
        os._exit(0)
    time.sleep(8)
    os._exit(0)
time.sleep(0.5)
with MachineWatch(Roots(os.getpid(), app)) as watch:
    time.sleep({WATCH_S})
me = os.getpid()
adopted = [p.pid for p in processes().values() if p.parent == me and p.pid != app]
print(len(adopted), [c.pid for c in watch.culprits(1000) if c.pid in adopted])
for pid in [app, *adopted]:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["1", "[]"]


def stat(pid: int, parent: int, cpu_s: float, reaped_s: float = 0.0) -> Process:
    return Process(pid, parent, pid, f"p{pid}", cpu_s, reaped_s, 0, 0, kernel=False)


def test_children_that_ended_are_counted_once() -> None:
    """What a child used is counted while it lives, and the rest with the parent that reaped it."""
    cpu = CpuByProcess()
    cpu.look({1: stat(1, 0, 1.0), 2: stat(2, 1, 5.0)})
    used = cpu.look({1: stat(1, 0, 1.0, reaped_s=5.5)})
    assert used == {(1, 1): 0.5}


def test_children_that_lived_between_two_looks_are_counted() -> None:
    """A compiler's short-lived children were never seen, but their parent has their time."""
    cpu = CpuByProcess()
    cpu.look({1: stat(1, 0, 1.0)})
    assert cpu.look({1: stat(1, 0, 1.0, reaped_s=0.9)}) == {(1, 1): 0.9}


def test_a_new_process_has_used_what_it_says() -> None:
    """It was not there at the look before."""
    cpu = CpuByProcess()
    cpu.look({})
    assert cpu.look({7: stat(7, 1, 0.4)}) == {(7, 7): 0.4}


def test_a_pid_taken_anew_is_another_process() -> None:
    """Its time does not count against that of the one before."""
    cpu = CpuByProcess()
    cpu.look({7: stat(7, 1, 9.0)})
    again = Process(7, 1, 8888, "new", 0.2, 0.0, 0, 0, kernel=False)
    assert cpu.look({7: again}) == {(7, 8888): 0.2}


def test_nobody_can_be_named_for_what_the_kernel_does() -> None:
    """Its threads work for everybody, so their time is nobody's."""
    cpu = CpuByProcess()
    cpu.look({3: Process(3, 2, 3, "kworker", 0.0, 0.0, 0, 0, kernel=True)})
    assert cpu.look({3: Process(3, 2, 3, "kworker", 1.0, 0.0, 0, 0, kernel=True)}) == {}


def test_scheduling_is_compared_as_a_whole() -> None:
    """Another policy alone is another scheduling."""
    assert Scheduling(5, 0, "0-1") != Scheduling(5, 3, "0-1")


def test_orphans_are_adopted_on_linux() -> None:
    """The system lets any process do that for its own descendants."""
    done = subprocess.run(
        [sys.executable, "-c", "from dojo.site.machine.processes import *\nprint(adopt_orphans())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"
    assert callable(adopt_orphans)
