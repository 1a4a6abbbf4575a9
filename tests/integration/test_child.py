"""dojo.child: a child that dies with its parent."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from dojo.child import ChildProcess
from tests.support.processes import gone_within
from tests.support.project import ROOT


def python(text: str) -> list[str]:
    """A command that runs a few lines of Python."""
    return [sys.executable, "-S", "-c", text]


def first_line(child: ChildProcess) -> str:
    """The next line that the child prints."""
    assert child.output is not None
    return child.output.readline().decode().strip()


FAMILY = """
import subprocess, sys, time
other = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
print(other.pid, flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
from dojo.child import ChildProcess
child = ChildProcess([sys.executable, "-S", "-c", sys.argv[1]], stdout=subprocess.PIPE)
print(child.pid, child.output.readline().decode().strip(), flush=True)
time.sleep(60)
"""


DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        sleep = [sys.executable, "-S", "-c", "import os, time; print(os.getpid(), flush=True);"]
        sleep[-1] += "time.sleep(60)"
        os.execve(sys.executable, sleep, {})
    os._exit(0)
os.wait()
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts a daemon")
@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "crashed"])
def test_a_daemon_does_not_outlive_the_child(crash: bool) -> None:
    """Neither a session of its own, nor another parent, nor an empty environment saves it."""
    with ChildProcess(python(DAEMON), stdout=subprocess.PIPE) as child:
        daemon = int(first_line(child))
        if crash:
            child.signal(signal.SIGKILL)
            assert child.wait(10) == -signal.SIGKILL
    assert gone_within(daemon, 5)


def test_the_pid_is_the_childs_own() -> None:
    """`pid` is what the child itself sees as its pid."""
    with ChildProcess(
        python("import os; print(os.getpid(), flush=True); input()"), stdout=subprocess.PIPE
    ) as child:
        assert first_line(child) == str(child.pid)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("raise SystemExit(0)", 0),
        ("raise SystemExit(7)", 7),
        ("raise SystemExit(255)", 255),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os.kill(os.getpid(), 15)", -15),
    ],
)
def test_the_exit_status_is_passed_on(text: str, status: int) -> None:
    """An exit status arrives as it is, and a signal as its negative number."""
    with ChildProcess(python(text)) as child:
        assert child.wait(10) == status
        assert child.poll() == status


def test_a_command_that_is_not_there_is_an_os_error() -> None:
    """A command that can't be started raises OSError that names it."""
    with pytest.raises(OSError, match=r"/no/such/command could not be started.*No such file"):
        ChildProcess(["/no/such/command"])


def test_an_unknown_user_is_an_os_error() -> None:
    """A user who does not exist is the reason in the message."""
    with pytest.raises(OSError, match="nobody-of-that-name"):
        ChildProcess(python("pass"), user="nobody-of-that-name")


def test_stop_ends_the_child_and_what_it_started() -> None:
    """Stopping ends the child's whole process group."""
    with ChildProcess(python(FAMILY), stdout=subprocess.PIPE) as child:
        grandchild = int(first_line(child))
        child.stop()
        assert child.poll() == -signal.SIGTERM
        assert gone_within(grandchild, 1)


def test_what_a_child_leaves_behind_is_ended() -> None:
    """A child that exits by itself leaves nothing of its group running."""
    text = FAMILY.rsplit("time", 1)[0]
    with ChildProcess(python(text), stdout=subprocess.PIPE) as child:
        grandchild = int(first_line(child))
        assert child.wait(10) == 0
        assert gone_within(grandchild, 1)


def test_a_child_that_ignores_the_stop_signal_is_killed() -> None:
    """After the grace comes SIGKILL."""
    with ChildProcess(python(STUBBORN), stdout=subprocess.PIPE) as child:
        assert first_line(child) == "ready"
        child.stop(grace_s=0.1)
        assert child.poll() == -signal.SIGKILL


def test_the_stop_signal_can_be_chosen() -> None:
    """A server that shuts down on SIGINT gets SIGINT, at its default disposition."""
    text = """
import signal
try:
    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, flush=True)
    signal.pause()
except KeyboardInterrupt:
    raise SystemExit(5)
"""
    with ChildProcess(python(text), stdout=subprocess.PIPE, stop_signal=signal.SIGINT) as child:
        assert first_line(child) == "True"
        child.stop()
        assert child.poll() == 5


@pytest.mark.parametrize("text", [FAMILY, STUBBORN], ids=["with a grandchild", "stubborn"])
def test_the_group_is_gone_within_a_second_of_kill_9(text: str) -> None:
    """When the parent is killed with SIGKILL, nothing of the child's group outlives a second."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, text], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split() if word.isdigit()]
        assert all(psutil.pid_exists(pid) for pid in pids)
        parent.kill()
        parent.wait()
        until = time.monotonic() + 1
        assert pids
        for pid in pids:
            assert gone_within(pid, until - time.monotonic()), pid


def test_a_ctrl_c_in_the_terminal_does_not_reach_the_child() -> None:
    """The child is in a session of its own, so the terminal's SIGINT passes it by."""
    with (
        ChildProcess(python("input()")) as child,
        ChildProcess(python("import time; time.sleep(60)")) as two,
    ):
        assert os.getsid(two.pid) == two.pid
        assert os.getsid(two.pid) != os.getsid(0)
        assert child.pid != two.pid


def test_a_child_whose_supervisor_was_killed_is_ended_all_the_same() -> None:
    """If only the supervisor is killed, stopping still ends the child."""
    with ChildProcess(python("import time; time.sleep(60)")) as child:
        psutil.Process(child.pid).parent().kill()
        assert child.wait(5) is not None
        child.stop()
        assert gone_within(child.pid, 1)


def test_niceness_and_open_files_are_the_childs() -> None:
    """The child runs at the niceness asked for and may open as many files as the limit allows."""
    text = """
import os, resource
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
print(os.nice(0), soft >= (8192 if hard < 0 else min(hard, 8192)), flush=True)
"""
    with ChildProcess(python(text), stdout=subprocess.PIPE, nice=5) as child:
        assert first_line(child) == f"{os.nice(0) + 5} True"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can bind a process to cpus")
def test_a_child_can_be_held_to_one_cpu() -> None:
    """`cpus` limits the child to that many processors."""
    with ChildProcess(
        python("import os; print(len(os.sched_getaffinity(0)), flush=True)"),
        stdout=subprocess.PIPE,
        cpus=1,
    ) as child:
        assert first_line(child) == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_can_start_a_child_as_nobody() -> None:
    """With `user` the child has that user's id and no group of root's."""
    with ChildProcess(["/usr/bin/id"], stdout=subprocess.PIPE, user="nobody") as child:
        identity = first_line(child)
        assert "(nobody)" in identity
        assert "root" not in identity
